"""The one text form of a note, and where its statements stand in it."""

from hypothesis import given
from hypothesis import strategies as st

from scribe import notetext
from scribe.ids import statement_id, utterance_id
from scribe.records import NoteText, Section, Statement, Support


def made(number: int, section: Section, heading: str, text: str) -> Statement:
    return Statement(
        id=statement_id(number),
        section=section,
        heading=heading,
        text=text,
        evidence=(utterance_id(number),),
        support=Support.SUPPORTED,
    )


NOTE = (
    made(1, Section.SUBJECTIVE, "History", "Left arm weaker."),
    made(2, Section.SUBJECTIVE, "History", "No numbness."),
    made(3, Section.PLAN, "Tests", "MRI of the brain."),
    made(4, Section.OBJECTIVE, "", "Strength 4/5."),
    made(5, Section.PLAN, "Follow-up", "In 4 weeks."),
)


def test_render() -> None:
    assert notetext.render(NOTE) == NoteText(
        subjective="History: Left arm weaker. No numbness.",
        objective="Strength 4/5.",
        plan="Tests: MRI of the brain.\nFollow-up: In 4 weeks.",
    )


def test_nothing_renders_to_nothing() -> None:
    assert notetext.render(()) == NoteText()
    assert notetext.locate(()) == ()


def test_sections_group_by_section_and_heading() -> None:
    groups = [(each.section, each.heading) for each in notetext.sections(NOTE)]
    assert groups == [
        (Section.SUBJECTIVE, "History"),
        (Section.OBJECTIVE, ""),
        (Section.PLAN, "Tests"),
        (Section.PLAN, "Follow-up"),
    ]


@given(
    st.lists(
        st.tuples(st.sampled_from(Section), st.sampled_from(["", "A", "B"]), st.text(max_size=20)),
        max_size=12,
    )
)
def test_every_span_holds_its_statement(rows: list[tuple[Section, str, str]]) -> None:
    note = tuple(made(number, *row) for number, row in enumerate(rows, start=1))
    by_id = {each.id: each for each in note}
    text = notetext.render(note)
    spans = notetext.locate(note)
    assert sorted(span.statement_id for span in spans) == sorted(by_id)
    for span in spans:
        statement = by_id[span.statement_id]
        assert text.of(span.section)[span.start : span.end] == statement.text
        assert span.utterances == statement.evidence
