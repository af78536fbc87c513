"""What is read from a note: sentences, standing, ties, sides; positions are always exact."""

import pytest

from scribe.coding import deficits, links, mentions
from scribe.coding.deficits import Part, Side
from scribe.coding.links import Tie
from scribe.coding.mentions import WEAKNESS, Extent
from scribe.coding.status import Status
from scribe.coding.text import fold, read
from scribe.records import NoteText, Section


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("She is weak.", Status.ESTABLISHED),
        ("Not only tired but weak.", Status.ESTABLISHED),
        ("The weakness has not improved.", Status.ESTABLISHED),
        ("No improvement in the weakness.", Status.ESTABLISHED),
        ("No pain, weak legs.", Status.ESTABLISHED),
        ("Denies pain but is weak.", Status.ESTABLISHED),
        ("Weakness likely due to a virus.", Status.ESTABLISHED),
        ("Her daughter says she is weak.", Status.ESTABLISHED),
        ("Weakness resolved in May and is back.", Status.ESTABLISHED),
        ("Denies numbness, tingling, weakness or falls.", Status.NEGATED),
        ("No fever, no weakness.", Status.NEGATED),
        ("She does not feel weak.", Status.NEGATED),
        ("Weakness: denied.", Status.NEGATED),
        ("Weakness has resolved.", Status.HISTORICAL),
        ("She is no longer weak.", Status.HISTORICAL),
        ("Call if weakness develops.", Status.HYPOTHETICAL),
        ("Her mother was weak.", Status.FAMILY),
        ("Family history of weakness.", Status.FAMILY),
        ("Her husband is weak.", Status.OTHER_PERSON),
        ("Possible weakness.", Status.UNCERTAIN),
    ],
)
def test_the_standing_of_weakness(text: str, status: Status) -> None:
    found = [
        each for each in mentions.find(read(NoteText(assessment=text))) if each.kind == WEAKNESS
    ]
    assert [each.status for each in found] == [status]


@pytest.mark.parametrize(
    "text",
    [
        "Weak stream and a weak voice.",
        "Weakly positive test.",
        "Bladder weakness.",
        "A weakness for chocolate.",
        "A week ago.",
        "Weak pulses in both feet.",
        "Strengths and weaknesses of the plan.",
        "Pain 4/5 today.",
        "Strength 5/5.",
    ],
)
def test_what_is_no_weakness(text: str) -> None:
    assert not mentions.find(read(NoteText(objective=text)))


@pytest.mark.parametrize(
    ("text", "extent"),
    [
        ("Generalized weakness.", Extent.GENERAL),
        ("Weak in both arms and legs.", Extent.GENERAL),
        ("Left-sided weakness.", Extent.ONE_SIDE),
        ("Right hand weakness.", Extent.PART),
        ("Facial weakness.", Extent.FACE),
        ("Weakness.", Extent.UNQUALIFIED),
    ],
)
def test_the_extent_of_weakness(text: str, extent: Extent) -> None:
    found = [
        each for each in mentions.find(read(NoteText(assessment=text))) if each.kind == WEAKNESS
    ]
    assert [each.extent for each in found] == [extent]


@pytest.mark.parametrize(
    ("text", "ties"),
    [
        ("ALS. Weakness.", []),
        ("Weakness after starting at the gym. ALS stable.", []),
        ("Weakness following a visit, ALS known.", []),
        ("Weakness not due to ALS.", [Tie.DENIED]),
        ("Weakness unrelated to the ALS.", [Tie.DENIED]),
        ("Weakness possibly due to ALS.", [Tie.UNCERTAIN]),
        ("Weakness due to possible ALS.", [Tie.UNCERTAIN]),
        ("Weakness due to ALS.", [Tie.STATED]),
        ("ALS causing weakness.", [Tie.STATED]),
        ("ALS with marked weakness.", [Tie.STATED]),
        ("ALS-related weakness.", [Tie.STATED]),
        ("Known ALS; the weakness is due to it.", [Tie.STATED]),
        ("Weakness since her stroke.", [Tie.STATED]),
    ],
)
def test_ties(text: str, ties: list[Tie]) -> None:
    page = read(NoteText(assessment=text))
    assert [each.tie for each in links.find(page, mentions.find(page))] == ties


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Weakness in both legs.", set()),
        ("Generalized weakness.", set()),
        ("Left MCA stroke.", set()),
        ("No left arm weakness.", set()),
        ("Left MCA stroke with right arm weakness.", {(Side.RIGHT, Part.ARM)}),
        ("Left arm and leg are weak.", {(Side.LEFT, Part.ARM), (Side.LEFT, Part.LEG)}),
        ("RLE 4/5, LLE 5/5.", {(Side.RIGHT, Part.LEG)}),
        ("L grip 4-/5, R grip 5/5.", {(Side.LEFT, Part.ARM)}),
        ("Right-sided weakness, right handed.", {(Side.RIGHT, Part.SIDE)}),
    ],
)
def test_sides(text: str, found: set[tuple[Side, Part]]) -> None:
    page = read(NoteText(objective=text))
    assert {(each.side, each.part) for each in deficits.find(page, mentions.find(page))} == found


@pytest.mark.parametrize(
    ("text", "hand"),
    [
        ("Left hand is weak.", None),
        ("Right side is weak.", None),
        ("She is left-handed.", (False, True)),
        ("Right hand dominant.", (True, False)),
        ("Her dominant hand is the left.", (False, True)),
        ("Ambidextrous.", (True, True)),
        ("Left non-dominant side.", (True, False)),
    ],
)
def test_handedness(text: str, hand: tuple[bool, bool] | None) -> None:
    found = deficits.handedness(read(NoteText(subjective=text)))
    assert (None if found is None else (found.right, found.left)) == hand


def test_folding_keeps_every_position() -> None:
    text = "\u0130stanbul\u2019s We\u00c4k\u00a0\n\u00df"
    assert len(fold(text)) == len(text)


def test_a_note_without_any_stop_is_cut_into_bounded_sentences() -> None:
    page = read(NoteText(plan="weak no " * 2000))
    assert len(page.sentences) > 20
    assert max(each.end - each.start for each in page.sentences) <= 600


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Possible   myasthenia   gravis", "myasthenia   gravis"),
        ("  weak \t legs,  no   stroke", "weak \t legs"),
        ("a\n\n  b   c d", "b   c"),
        ("weak", "weak"),
    ],
)
def test_a_quote_gives_the_words_as_they_were_written(text: str, words: str) -> None:
    page = read(NoteText(plan=text))
    short = " ".join(words.split())
    start = page.folded[Section.PLAN].index(short)
    quote = page.quote(Section.PLAN, start, start + len(short))
    assert quote.text == words
    assert text[quote.start : quote.end] == words
