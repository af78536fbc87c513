"""A transcript, a draft and its findings as text for a terminal. Shows records; decides nothing."""

from collections.abc import Iterator

from scribe import notetext
from scribe.ids import UtteranceId
from scribe.records import (
    CodedDiagnosis,
    CodedNote,
    Draft,
    Finding,
    Severity,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
)

_MARKS = {Support.UNSUPPORTED: "  (!) not borne out: ", Support.REPAIRED: "  (as spoken) "}


def transcript(heard: Transcript) -> Iterator[str]:
    """One line an utterance."""
    if not heard.utterances:
        yield "    nothing was said"
    for each in heard.utterances:
        who = "" if each.speaker is Speaker.UNKNOWN else f"{each.speaker.value.capitalize()}: "
        yield f"{notetext.clock(each.start):>6}  {who}{each.text}"


def draft(note: Draft, heard: Transcript | None = None) -> Iterator[str]:
    """The note by section and heading, each sentence with the seconds behind it."""
    if not note.statements:
        yield ""
        yield "NOTE"
        yield "    nothing to write down"
    spoken = {each.id: each for each in heard.utterances} if heard else {}
    section = None
    for paragraph in notetext.sections(note.statements):
        if paragraph.section is not section:
            section = paragraph.section
            yield ""
            yield section.value.upper()
        if paragraph.heading:
            yield f"  {paragraph.heading}"
        for each in paragraph.statements:
            yield f"    {each.text}{_seconds(each, spoken)}{_mark(each)}"
    if note.omissions:
        yield ""
        yield "SAID, NOT IN THE NOTE"
        yield from (f"    {each.kind}: {each.text}" for each in note.omissions)


def _seconds(statement: Statement, spoken: dict[UtteranceId, Utterance]) -> str:
    behind = [spoken[each] for each in statement.evidence if each in spoken]
    if not behind:
        return ""
    start, end = min(each.start for each in behind), max(each.end for each in behind)
    return f"  [{notetext.clock(start)}-{notetext.clock(end)}]"


def _mark(statement: Statement) -> str:
    mark = _MARKS.get(statement.support, "")
    return mark + statement.reason if statement.support is Support.UNSUPPORTED else mark.rstrip()


def coding(note: CodedNote) -> Iterator[str]:
    """The diagnosis list and what the rules say about it."""
    yield ""
    yield f"DIAGNOSES ({note.tables})" if note.tables else "DIAGNOSES"
    yield from claim(note.diagnoses)
    yield ""
    yield "CODING CHECK"
    yield from findings(note.findings)


def claim(diagnoses: tuple[CodedDiagnosis, ...]) -> Iterator[str]:
    """One line a code."""
    if not diagnoses:
        yield "    none"
    for each in diagnoses:
        yield f"    {each.rank}. {each.code}  ({each.origin.value})"


def findings(found: tuple[Finding, ...]) -> Iterator[str]:
    """What the rules say, the most serious first, numbered from 1."""
    if not found:
        yield "    no findings"
    for number, each in enumerate(found, start=1):
        yield from _finding(each, number)


def _finding(finding: Finding, number: int) -> Iterator[str]:
    head = f"{number:>2}. {finding.severity.value.upper():<5}"
    yield f"{head} {finding.rule_id}: {finding.message}"
    for quote in finding.evidence:
        yield f"          in the note: “{quote.text}” ({quote.section.value})"
    for each in finding.suggestions:
        why = f" - {each.why}" if each.why else ""
        yield f"          suggested: {each.code} {each.title}{why}"
    for source in finding.citations:
        yield f"          source: {source.source}, {source.place}"
    if finding.note:
        yield f"          note: {finding.note}"
    if finding.sequencing:
        yield f"          order: {finding.sequencing}"
    if finding.override:
        yield f"          stays only if: {finding.override}"


def blocks(found: tuple[Finding, ...]) -> bool:
    """Whether any finding stands in the way of signing."""
    return any(each.severity is Severity.BLOCK for each in found)
