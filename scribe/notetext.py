"""How the statements of a draft become the four section texts, and where each statement stands in
them; the window, the exports and the coding check all read a note through this one form.
"""

from dataclasses import dataclass

from scribe.ids import StatementId, UtteranceId
from scribe.records import NoteText, Section, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a statement stands: characters `start` to `end` of the text of `section`."""

    section: Section
    start: int
    end: int
    statement_id: StatementId
    utterances: tuple[UtteranceId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """The statements under one heading, in reading order."""

    section: Section
    heading: str
    statements: tuple[Statement, ...]


def sections(statements: tuple[Statement, ...]) -> tuple[Paragraph, ...]:
    """Statements grouped by section (in SOAP order) and, within it, by heading as first met."""
    groups: dict[tuple[Section, str], list[Statement]] = {}
    for section in Section:
        for each in statements:
            if each.section is section:
                groups.setdefault((section, each.heading), []).append(each)
    return tuple(
        Paragraph(section=section, heading=heading, statements=tuple(group))
        for (section, heading), group in groups.items()
    )


def render(statements: tuple[Statement, ...]) -> NoteText:
    """The four sections as plain text: one line per heading, "Heading: sentence sentence"."""
    texts, _ = _laid_out(statements)
    return NoteText(
        subjective=texts[Section.SUBJECTIVE],
        objective=texts[Section.OBJECTIVE],
        assessment=texts[Section.ASSESSMENT],
        plan=texts[Section.PLAN],
    )


def locate(statements: tuple[Statement, ...]) -> tuple[Span, ...]:
    """Where each statement stands in what `render` gives, in order of section and place."""
    return _laid_out(statements)[1]


def _laid_out(
    statements: tuple[Statement, ...],
) -> tuple[dict[Section, str], tuple[Span, ...]]:
    texts = dict.fromkeys(Section, "")
    spans: list[Span] = []
    for paragraph in sections(statements):
        text = texts[paragraph.section]
        text += "\n" if text else ""
        text += f"{paragraph.heading}:" if paragraph.heading else ""
        for each in paragraph.statements:
            text += " " if text and not text.endswith("\n") else ""
            spans.append(
                Span(
                    section=paragraph.section,
                    start=len(text),
                    end=len(text) + len(each.text),
                    statement_id=each.id,
                    utterances=each.evidence,
                )
            )
            text += each.text
        texts[paragraph.section] = text
    return texts, tuple(spans)


def clock(seconds: float) -> str:
    """Seconds as m:ss, from one hour on h:mm:ss."""
    whole = int(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{left:02}" if hours else f"{minutes}:{left:02}"
