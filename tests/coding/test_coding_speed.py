"""What keeps a long text quick: many expressions in one pass, and work that grows with the text."""

import re
import sys
from datetime import date
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.coding.check import check
from scribe.coding.conditions import terms
from scribe.coding.lexicon import Lexicon, beginnings
from scribe.coding.words import whole_words
from scribe.ids import EncounterId
from scribe.records import CodedDiagnosis, Encounter, NoteText

BEGINNINGS = [
    pytest.param("weak", {"wea"}, id="a word"),
    pytest.param("ms", {"ms"}, id="a short word"),
    pytest.param("(?:acute )?flu", {"acu", "flu"}, id="something that may be missing"),
    pytest.param("(?:old |new )*ms", {"old", "new", "ms"}, id="any number of words"),
    pytest.param("(?:a|b)+c", {"a", "b"}, id="one or more"),
    pytest.param("a{2}b", {"a"}, id="a count"),
    pytest.param("[ab]c", {"ac", "bc"}, id="a class"),
    pytest.param("[0-5]/5", {f"{n}/5" for n in range(6)}, id="a narrow range"),
    pytest.param(r"\w+ ms", {""}, id="any word"),
    pytest.param("[^a]b", {""}, id="all but a letter"),
    pytest.param("[a-z]b", {""}, id="a wide range"),
    pytest.param(r"(?<!\w)(?=a)b", {"b"}, id="a look aside"),
    pytest.param("a?", {"a", ""}, id="perhaps nothing"),
]


@pytest.mark.parametrize(("expression", "expected"), BEGINNINGS)
def test_how_an_expression_begins(expression: str, expected: set[str]) -> None:
    assert beginnings(expression) == expected


def test_hardly_any_name_of_a_disease_must_be_looked_for_everywhere() -> None:
    found = [
        key
        for key, entry in terms().items()
        if "" in beginnings(whole_words(tuple(entry["terms"])).pattern)
    ]
    assert len(found) <= 5, "such a name slows down every check: begin it with a letter"


def by_itself(
    known: dict[str, re.Pattern[str]], text: str, start: int, end: int
) -> dict[str, list[tuple[int, int]]]:
    found = {
        name: [match.span() for match in pattern.finditer(text, start, end)]
        for name, pattern in known.items()
    }
    return {name: spans for name, spans in found.items() if spans}


KNOWN = {name: whole_words(tuple(entry["terms"])) for name, entry in terms().items()}
LEXICON = Lexicon(KNOWN)
WORDS = (
    "multiple sclerosis", "ms", "acute", "chronic", "on", "stroke", "mca", "infarct", "severe",
    "vitamin d", "deficiency", "iron", "anemia", "type 2", "diabetes", "diabetic", "neuropathy",
    "peripheral", "steroid", "induced", "myopathy", "end-stage", "renal", "disease", "covid-19",
    "long", "the", "flu", "shot", "of", "due to", "left", "x", ",", ".", "-", "(", "guillain-barré",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    words=st.lists(st.sampled_from(WORDS), max_size=25),
    glue=st.sampled_from([" ", "  ", "-", ""]),
    cut=st.integers(0, 30),
)
def test_one_pass_finds_what_each_expression_finds(words: list[str], glue: str, cut: int) -> None:
    text = glue.join(words)
    start, end = min(cut, len(text)), max(min(cut, len(text)), len(text) - cut)
    found = LEXICON.places(text, start, end)
    spans = {name: [match.span() for match in matches] for name, matches in found.items()}
    assert spans == by_itself(KNOWN, text, start, end)


ENCOUNTER = Encounter(id=EncounterId("e1"), date_of_service=date(2026, 3, 2), age=70)
CLAIM = tuple(
    CodedDiagnosis(code=code, rank=rank)
    for rank, code in enumerate(("R53.1", "G70.00", "I69.354", "M25.552", "E11.9"), start=1)
)
LONG = {
    "sentences": "She feels weak. Denies stroke, possible ALS, left arm 4/5, numb since May. ",
    "no stops": "weak and tired due to ms and als with left arm weakness ",
    "lines": "weak\n",
    "grades": "4/5 ",
    "shorthand": "dr. ",
    "face": "Facial droop and left arm weakness, sudden. ",
    "plain": "They walked to the shop and bought some bread today. ",
}


def calls(text: str) -> int:
    """How many functions, of Python and of C, a check of this text calls."""
    count = 0

    def counted(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    earlier = sys.getprofile()
    sys.setprofile(counted)
    try:
        check(NoteText(assessment=text), ENCOUNTER, CLAIM)
    finally:
        sys.setprofile(earlier)
    return count


@pytest.mark.parametrize("name", LONG)
def test_twice_the_text_is_no_more_than_twice_the_work(name: str) -> None:
    some = LONG[name] * (12_000 // len(LONG[name]))
    check(NoteText(assessment=some), ENCOUNTER, CLAIM)
    assert calls(some + some) <= 2.2 * calls(some)
