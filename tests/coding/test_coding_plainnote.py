"""Notes as plain text: what is no heading, what is one, and what belongs to which section."""

import pytest

from scribe.coding.plainnote import read_note
from scribe.records import NoteText

NO_HEADING = [
    pytest.param("", id="empty"),
    pytest.param("Weakness.", id="a sentence"),
    pytest.param("Plan discussed with the patient.", id="a sentence that begins like one"),
    pytest.param("A walker is used.", id="a single letter without a colon"),
    pytest.param("Her assessment: fine", id="not at the beginning of a line"),
    pytest.param("Planning: see below", id="a longer word"),
    pytest.param("Assessment of gait: normal", id="more words before the colon"),
]


@pytest.mark.parametrize("text", NO_HEADING)
def test_no_heading(text: str) -> None:
    assert read_note(text) is None


HEADINGS = [
    pytest.param("Assessment: HTN.", id="on the line"),
    pytest.param("ASSESSMENT\n  HTN.", id="on a line of its own"),
    pytest.param("A: HTN.", id="letter"),
    pytest.param("a) HTN.", id="letter with a bracket"),
    pytest.param("## Assessment\n\nHTN.", id="Markdown heading"),
    pytest.param("**Assessment:** HTN.", id="bold"),
    pytest.param("Assessment and Plan:\nHTN.", id="both in one"),
    pytest.param("Assessment/Plan: HTN.", id="both with a stroke"),
    pytest.param("Dr. No, 2026\nAssessment: HTN.", id="lines before it"),
]


@pytest.mark.parametrize("text", HEADINGS)
def test_the_assessment_is_found(text: str) -> None:
    assert read_note(text) == NoteText(assessment="HTN.")


def test_every_section_has_its_own_lines() -> None:
    note = read_note("S: tired.\nO: 4/5.\nmore\nA: HTN.\nP: walk.\n\nrest")
    assert note == NoteText(
        subjective="tired.", objective="4/5.\nmore", assessment="HTN.", plan="walk.\n\nrest"
    )
