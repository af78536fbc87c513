"""What a click does to the claim and the note: nothing it should not, then what it should."""

import pytest

from gui import edits
from scribe.ids import StatementId, utterance_id
from scribe.records import (
    CodedDiagnosis,
    Section,
    Statement,
    Support,
)


def claim(*codes: str) -> edits.Claim:
    return edits.ranked(CodedDiagnosis(code=code, rank=0) for code in codes)


def codes(diagnoses: edits.Claim) -> list[str]:
    assert [each.rank for each in diagnoses] == list(range(1, len(diagnoses) + 1))
    return [each.code for each in diagnoses]


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(edits.add(claim("R53.1"), "  "), id="adding nothing"),
        pytest.param(edits.add(claim("R53.1"), "r53.1"), id="adding a code twice"),
        pytest.param(edits.remove(claim("R53.1"), "R54"), id="removing what is not there"),
        pytest.param(edits.move(claim("R53.1"), "R54", 1), id="moving what is not there"),
        pytest.param(edits.move(claim("R53.1"), "R53.1", -1), id="moving the first up"),
        pytest.param(edits.change(claim("R53.1"), "R53.1", ""), id="changing to nothing"),
        pytest.param(edits.change(claim("R53.1"), "R53.1", "r53.1 "), id="changing to itself"),
    ],
)
def test_the_claim_stays(changed: edits.Claim) -> None:
    assert changed == claim("R53.1")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        pytest.param(edits.add(claim("R54"), " r53.1 "), ["R54", "R53.1"], id="add goes last"),
        pytest.param(edits.remove(claim("A00", "B00"), "A00"), ["B00"], id="remove"),
        pytest.param(edits.move(claim("A00", "B00"), "B00", -1), ["B00", "A00"], id="move up"),
        pytest.param(edits.move(claim("A00", "B00"), "A00", 1), ["B00", "A00"], id="move down"),
        pytest.param(
            edits.change(claim("A00", "B00"), "A00", "C00"), ["C00", "B00"], id="change in place"
        ),
        pytest.param(
            edits.change(claim("A00", "B00"), "A00", "B00"), ["B00"], id="change to a known one"
        ),
    ],
)
def test_the_claim_changes(changed: edits.Claim, expected: list[str]) -> None:
    assert codes(changed) == expected


def sentence(number: int, section: Section, support: Support = Support.SUPPORTED) -> Statement:
    return Statement(
        id=StatementId(f"s{number}"),
        section=section,
        heading="History",
        text=f"Sentence {number}.",
        evidence=(utterance_id(number),),
        support=support,
    )


NOTE = (sentence(1, Section.SUBJECTIVE), sentence(2, Section.PLAN, Support.UNSUPPORTED))


def test_typing_the_same_words_changes_nothing() -> None:
    assert edits.reword(NOTE, StatementId("s2"), "Sentence 2.") == NOTE


def test_other_words_are_typed_and_keep_their_evidence() -> None:
    _, changed = edits.reword(NOTE, StatementId("s2"), "Other words.")
    assert (changed.support, changed.reason) == (Support.TYPED, "")
    assert changed.evidence == (utterance_id(2),)


@pytest.mark.parametrize(
    ("section", "order"),
    [
        (Section.SUBJECTIVE, ["s1", "s3", "s2"]),
        (Section.OBJECTIVE, ["s1", "s3", "s2"]),
        (Section.ASSESSMENT, ["s1", "s3", "s2"]),
        (Section.PLAN, ["s1", "s2", "s3"]),
    ],
)
def test_an_added_sentence_ends_its_section(section: Section, order: list[str]) -> None:
    statements, made = edits.append(NOTE, section, "")
    assert made == "s3"
    assert [each.id for each in statements] == order


def test_an_added_sentence_never_takes_an_id_that_is_in_use() -> None:
    statements, first = edits.append(edits.drop(NOTE, StatementId("s1")), Section.PLAN, "a")
    assert len({each.id for each in statements}) == 2
    assert first not in {"s2"}
