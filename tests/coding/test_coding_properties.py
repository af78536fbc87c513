"""What must not change a verdict, and what must never break the check."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.codec import to_json
from scribe.coding.check import check
from scribe.coding.request import Request, read_requests
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText, Severity, Sex

CASES = Path(__file__).parent / "cases"
_NOT_A_CASE = ("watch", "fires")


def _requests() -> list[Request]:
    found: list[Request] = []
    for path in sorted(CASES.glob("*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            row = {key: value for key, value in json.loads(line).items() if key not in _NOT_A_CASE}
            if any(row["note"].values()):
                found += read_requests(json.dumps(row))
    return found


REQUESTS = _requests()
SECTIONS = ("subjective", "objective", "assessment", "plan")


def verdict(request: Request) -> set[tuple[str, str]]:
    findings = check(request.note, request.encounter, request.diagnoses)
    return {
        (str(each.severity), str(each.rule_id))
        for each in findings
        if each.severity is not Severity.INFO
    }


@cache
def verdicts() -> dict[str, set[tuple[str, str]]]:
    """What is said of every case as it stands."""
    return {request.id: verdict(request) for request in REQUESTS}


def changed(request: Request, change: Callable[[str], str], *sections: str) -> Request:
    parts = {name: getattr(request.note, name) for name in SECTIONS}
    parts |= {name: change(parts[name]) for name in sections or SECTIONS}
    return replace(request, note=NoteText(**parts))


def _capitals(text: str) -> str:
    return " ".join(word if len(word) <= 3 else word.upper() for word in text.split(" "))


def _small(text: str) -> str:
    return " ".join(word.lower() if word[1:].islower() else word for word in text.split(" "))


WIDTHS: dict[str, Callable[[str], str]] = {
    "two spaces": lambda text: text.replace(" ", "  "),
    "tabs": lambda text: text.replace(" ", "\t"),
    "around": lambda text: f"  \n{text} \n ",
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
}
CASES_OF_LETTERS: dict[str, Callable[[str], str]] = {"capitals": _capitals, "small": _small}
ADDED = (
    "No chest pain.",
    "No rash, no cough.",
    "Denies sore throat.",
    "Mother has diabetes.",
    "Father had gout.",
    "Family history of glaucoma.",
    "Lives alone.",
)


def differing(
    change: Callable[[str], str], *sections: str, but: Callable[[Request], bool]
) -> list[str]:
    """The cases of which more or less is said after a change of these sections."""
    return [
        request.id
        for request in REQUESTS
        if not but(request)
        and verdict(changed(request, change, *sections)) != verdicts()[request.id]
    ]


def _none(request: Request) -> bool:
    return False


def _title_or_disease(request: Request) -> bool:
    """In capitals "MS. JONES" and "MS. WEAKNESS" cannot be told apart."""
    return any("MS. " in getattr(request.note, name) for name in SECTIONS)


def _diabetes_coded(request: Request) -> bool:
    """Then the diabetes of the mother is not unrelated: it is all that the note says of it."""
    return any(
        each.code.startswith(("E08", "E09", "E10", "E11", "E13")) for each in request.diagnoses
    )


@pytest.mark.parametrize("how", WIDTHS)
def test_white_space_changes_no_verdict(how: str) -> None:
    assert differing(WIDTHS[how], but=_none) == []


@pytest.mark.parametrize("how", CASES_OF_LETTERS)
def test_the_case_of_letters_changes_no_verdict(how: str) -> None:
    assert differing(CASES_OF_LETTERS[how], but=_title_or_disease) == []


def _with(sentence: str, *, first: bool) -> Callable[[str], str]:
    def change(text: str) -> str:
        if not text.strip():
            return text  # a sentence in an empty Assessment would be what was assessed
        whole = text.rstrip() if text.rstrip().endswith((".", "!", "?")) else f"{text.rstrip()}."
        return f"{sentence} {whole}" if first else f"{whole} {sentence}"

    return change


@pytest.mark.parametrize("first", [True, False], ids=["before", "behind"])
@pytest.mark.parametrize("sentence", ADDED)
def test_an_added_denial_or_relative_changes_no_verdict(sentence: str, first: bool) -> None:
    skipped = _diabetes_coded if "diabetes" in sentence else _none
    section = SECTIONS[(ADDED.index(sentence) + 2 * first) % 4]
    assert differing(_with(sentence, first=first), section, but=skipped) == []


_POINTS = re.compile(
    r"\b(?:this|it|that|these|which|they|since|residual|caused?|due|explain\w*|both|all|also|still"
    r"|again|none|she|he|her|his)\b|\?|\d\."
)


def _reversed(text: str) -> str:
    """The sentences in the opposite order, where none points to another one."""
    if _POINTS.search(text.lower()) or not text.endswith("."):
        return text
    return " ".join(reversed(re.split(r"(?<=\.)\s+", text)))


@pytest.mark.parametrize("section", SECTIONS)
def test_the_order_of_unrelated_sentences_changes_no_verdict(section: str) -> None:
    texts = [getattr(request.note, section) for request in REQUESTS]
    assert section == "plan" or sum(_reversed(text) != text for text in texts) >= 5
    assert differing(_reversed, section, but=_none) == []


def test_two_runs_agree_to_the_byte() -> None:
    for request in REQUESTS[::3]:
        runs = [
            [to_json(each) for each in check(request.note, request.encounter, request.diagnoses)]
            for _ in range(2)
        ]
        assert runs[0] == runs[1]


def _check(
    note: NoteText, *codes: str, day: date = date(2026, 3, 2), age: int | None = None
) -> list[str]:
    encounter = Encounter(
        id=EncounterId("e1"), date_of_service=day, age=age, sex=Sex.FEMALE, procedures=("97110",)
    )
    claim = tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))
    return [each.rule_id for each in check(note, encounter, claim)]


FULL = NoteText(
    subjective="Weak for two weeks, no numbness.",
    objective="Strength 4/5.",
    assessment="Generalized weakness.",
    plan="CBC.",
)


@pytest.mark.parametrize(
    "note",
    [
        NoteText(),
        NoteText(subjective=" \n\t "),
        NoteText(assessment="Weakness"),
        NoteText(plan="."),
        NoteText(subjective="\x00\x01\x1b[31m weakness \x7f", plan="\ufeff\u202e"),
        NoteText(assessment="\u0441\u043b\u0430 \u5f31\u3044 \u0636\u0639 \U0001f600 weakness"),
        NoteText(objective="4/5 " * 5000),
        NoteText(plan="?" * 10_000),
        NoteText(subjective="x" * 100_000),
    ],
    ids=["empty", "blank", "one", "dot", "control", "scripts", "grades", "questions", "one word"],
)
def test_no_note_breaks_the_check(note: NoteText) -> None:
    assert _check(note, "R53.1", "G70.00", "I69.354", "M25.552") == _check(
        note, "R53.1", "G70.00", "I69.354", "M25.552"
    )


@pytest.mark.parametrize("age", [-1, 0, 65, 130, None])
@pytest.mark.parametrize("day", [date(1999, 1, 1), date(2026, 3, 2), date(2050, 12, 31)])
def test_no_age_and_no_day_breaks_the_check(age: int | None, day: date) -> None:
    assert isinstance(_check(FULL, "R53.1", "U09.9", "G35", age=age, day=day), list)


@pytest.mark.parametrize(
    "codes",
    [
        (),
        ("",),
        ("R53.1",) * 50,
        tuple(f"M25.5{n:02d}" for n in range(100)) * 2,
        ("\x00", "\u5f31"),
    ],
    ids=["none", "blank", "repeated", "two hundred", "odd"],
)
def test_no_list_of_codes_breaks_the_check(codes: tuple[str, ...]) -> None:
    assert isinstance(_check(FULL, *codes), list)


def test_a_very_long_note_is_checked() -> None:
    text = "She feels weak. Denies stroke, possible ALS, left arm 4/5, numb since May. " * 2000
    assert "R531-DOC-UNSUPPORTED" not in _check(NoteText(subjective=text), "R53.1")


WORDS = (
    "weakness weak muscle generalized facial droop fatigue debility frail sarcopenia worse since "
    "possible no denies mother resolved stroke MS ALS myasthenia left right hip arm 4/5 5/5 for 3 "
    "months lost 20 lb slurred speech sudden cannot stand ED CBC gait normal . , ; ?"
)
CLINICAL = [
    *WORDS.split(),
    "\n",
]


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.sampled_from(CLINICAL), max_size=40),
    section=st.sampled_from(SECTIONS),
    codes=st.lists(
        st.sampled_from(["R53.1", "G70.00", "G35.D", "I69.354", "M25.552", "N18.9", "R53.83"]),
        max_size=5,
    ),
    age=st.integers(-1, 130),
)
def test_any_run_of_clinical_words_is_checked_and_quoted_exactly(
    words: list[str], section: str, codes: list[str], age: int
) -> None:
    note = NoteText(**{section: " ".join(words)})
    encounter = Encounter(id=EncounterId("e1"), date_of_service=date(2026, 3, 2), age=age)
    claim = tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(codes, 1))
    for finding in check(note, encounter, claim):
        for quote in finding.evidence:
            assert note.of(quote.section)[quote.start : quote.end] == quote.text
