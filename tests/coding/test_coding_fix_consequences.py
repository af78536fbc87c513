"""No ready fix and no suggestion leads into a block that was not there before it was taken."""

import json
from datetime import date
from pathlib import Path

import pytest

from scribe.coding.check import check
from scribe.coding.fixes import Claim, codes, fixed
from scribe.coding.request import Request, read_requests
from scribe.coding.rule import AFTER, UNREADY
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, Finding, NoteText, Severity

CASES = Path(__file__).parent / "cases"
_NOT_READ = ("watch", "fires", "says", "expect", "why")
LEFT_OVER: dict[str, str] = {}
"""Case and rule of a fix that may lead into another block, and the official reason. None so far."""


def requests(path: Path) -> list[Request]:
    found: list[Request] = []
    for line in path.read_text("utf-8").splitlines():
        row = {key: value for key, value in json.loads(line).items() if key not in _NOT_READ}
        found += read_requests(json.dumps(row))
    return found


def blocks(findings: tuple[Finding, ...]) -> list[Finding]:
    return [each for each in findings if each.severity is Severity.BLOCK]


def new_blocks(
    before: tuple[Finding, ...], after: tuple[Finding, ...], old: Claim, new: Claim
) -> list[str]:
    """The blocks of the later check that none of the earlier ones stands for: a block stands for
    one of the same rule about the same code, or about the code that came in its place.
    """
    came = set(codes(new)) - set(codes(old))
    went = set(codes(old)) - set(codes(new))
    found = []
    for each in blocks(after):
        about = set(each.codes)
        known = [
            earlier
            for earlier in blocks(before)
            if earlier.rule_id == each.rule_id
            and (about & set(earlier.codes) or (about & came and went & set(earlier.codes)))
        ]
        if not known:
            found.append(str(each.rule_id))
    return found


@pytest.mark.parametrize("path", sorted(CASES.glob("*.jsonl")), ids=lambda path: str(path.stem))
def test_no_ready_fix_of_any_case_leads_into_another_block(path: Path) -> None:
    tried = 0
    for request in requests(path):
        before = check(request.note, request.encounter, request.diagnoses)
        for each in before:
            for choice in range(max(1, len(each.suggestions))):
                made = fixed(each, request.diagnoses, choice)
                if made is None:
                    continue
                tried += 1
                later = check(request.note, request.encounter, made)
                added = new_blocks(before, later, request.diagnoses, made)
                told = (request.id, each.rule_id, choice, codes(made), added)
                assert not added or f"{request.id} {each.rule_id}" in LEFT_OVER, told
    assert tried or path.stem == "legitimate"


@pytest.mark.parametrize("path", sorted(CASES.glob("*.jsonl")), ids=lambda path: str(path.stem))
def test_no_suggestion_is_blocked_when_it_is_entered_by_hand(path: Path) -> None:
    """In place of the code at fault, where it says that it must stand. One that belongs to several
    is taken with them by the ready fix.
    """
    for request in requests(path):
        before = check(request.note, request.encounter, request.diagnoses)
        for each in blocks(before):
            for choice, suggestion in enumerate(each.suggestions):
                open_ = suggestion.code.endswith("-") or suggestion.why.endswith("-")
                if open_ or UNREADY in suggestion.why:
                    continue
                if fixed(each, request.diagnoses, choice) is not None:
                    continue
                claim = entered(suggestion.code, suggestion.why, each, request.diagnoses)
                later = check(request.note, request.encounter, claim)
                added = new_blocks(before, later, request.diagnoses, claim)
                assert added == [], (request.id, each.rule_id, suggestion.code, codes(claim))


def entered(code: str, why: str, finding: Finding, claim: Claim) -> Claim:
    gone = (*finding.codes[:1], code)
    rest = [each for each in claim if each.code not in gone]
    first = why.partition(AFTER)[2]
    if first and all(each.code != first for each in rest):
        rest.insert(0, CodedDiagnosis(code=first, rank=0))
    at = 1 + max((n for n, each in enumerate(rest) if each.code == first), default=-1)
    listed = [*rest[:at], CodedDiagnosis(code=code, rank=0), *rest[at:]]
    return tuple(
        CodedDiagnosis(code=each.code, rank=rank) for rank, each in enumerate(listed, start=1)
    )


def said(note: NoteText, *listed: str) -> dict[tuple[str, str], str]:
    """The reasons of all suggestions, by rule and code."""
    encounter = Encounter(id=EncounterId("e1"), date_of_service=date(2026, 3, 2), age=60)
    claim = tuple(CodedDiagnosis(code=code, rank=rank) for rank, code in enumerate(listed, 1))
    return {
        (str(each.rule_id), one.code): one.why
        for each in check(note, encounter, claim)
        for one in each.suggestions
    }


PLAIN = NoteText(
    subjective="Weak for two weeks.", objective="Strength 4/5.", assessment="Generalized weakness."
)


@pytest.mark.parametrize(
    ("note", "listed", "rule", "code", "against"),
    [
        pytest.param(
            PLAIN, ("R53.7",), "GEN-CODE-UNKNOWN", "R53.0", "code first", id="needs-a-neoplasm"
        ),
        pytest.param(
            NoteText(assessment="Debility.", plan="Rest."),
            ("R53.1", "R54"),
            "R531-DEBILITY-ONLY",
            "R53.81",
            "exclude each other",
            id="excluded-by-what-stays",
        ),
        pytest.param(
            NoteText(assessment="Left arm weakness left over from the stroke in 2024."),
            ("I69.33", "R53.1"),
            "GEN-CODE-NONBILLABLE",
            "I69.331",
            "the note names the other side",
            id="the-other-side",
        ),
        pytest.param(
            NoteText(assessment="Sarcopenia."),
            ("M62.84", "R53.1"),
            "R531-EX1-M6284",
            "R53.1",
            "the note states the other",
            id="against-what-is-stated",
        ),
    ],
)
def test_what_stands_against_a_suggestion_is_said(
    note: NoteText, listed: tuple[str, ...], rule: str, code: str, against: str
) -> None:
    why = said(note, *listed)[rule, code]
    assert UNREADY in why
    assert against in why


def test_where_a_suggestion_must_stand_is_said_and_done() -> None:
    note = NoteText(assessment="Weakness due to Lambert-Eaton syndrome, small cell lung cancer.")
    encounter = Encounter(id=EncounterId("e1"), date_of_service=date(2026, 3, 2), age=60)
    claim = (CodedDiagnosis(code="R53.1", rank=1), CodedDiagnosis(code="C34.91", rank=2))
    (found,) = [each for each in check(note, encounter, claim) if each.rule_id == "R531-MYASTHENIA"]
    assert f"{AFTER}C34.91" in found.suggestions[0].why
    assert codes(fixed(found, claim) or ()) == ("C34.91", "G73.1")


def test_nothing_stands_against_an_ordinary_suggestion() -> None:
    note = NoteText(assessment="Generalized weakness due to myasthenia gravis.")
    assert UNREADY not in said(note, "R53.1")["R531-MYASTHENIA", "G70.00"]
    note = NoteText(assessment="TIA with right arm weakness that has resolved.")
    assert UNREADY not in said(note, "R53.1")["R531-NEURO-OTHER", "G45.9"]
