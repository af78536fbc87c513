"""Rows of all chunks to the statements of the note: order, headings, chief complaint, nothing
twice. Nothing is worded here, so nothing that was not said ("normal", "not discussed") can appear.
"""

import re
from collections.abc import Iterable

from scribe.draft.lexicon import Lexicon, numbers_in, stems
from scribe.draft.repair import Row
from scribe.draft.rewrite import finished
from scribe.draft.template import Phase, Template
from scribe.ids import statement_id
from scribe.records import Section, Statement, Support

_PRESENTS = re.compile(
    r"\bpresent(?:s|ed|ing)?\s+(?:here\s+)?(?:today\s+)?(?:with|for|because of)\s+(.{4,90}?)"
    r"(?:[.;,](?:\s|$)|\s+(?:since|that|which|for the past|for the last)\b)",
    re.IGNORECASE,
)
_CHIEF = "Chief complaint"


def assemble(rows: Iterable[Row], template: Template, lexicon: Lexicon) -> tuple[Statement, ...]:
    """Statements in reading order, numbered from 1; within a heading in the order of speech."""
    once = _without_repeats(list(rows), lexicon)
    chief = _chief_complaint(once, template)
    placed = sorted(
        (*chief, *once), key=lambda each: template.order(each.section, each.heading)
    )  # sorted is stable: the order of speech survives within a heading
    return tuple(
        Statement(
            id=statement_id(number),
            section=each.section,
            heading=each.heading,
            text=each.text,
            evidence=each.evidence,
            support=each.support,
            reason=each.reason,
        )
        for number, each in enumerate(placed, start=1)
    )


def _without_repeats(rows: list[Row], lexicon: Lexicon) -> list[Row]:
    """Drop a row whose content words, numbers and polarity equal an earlier row's under the same
    heading.
    """
    seen: set[tuple[Section, str, frozenset[str]]] = set()
    kept: list[Row] = []
    for row in rows:
        key = (row.section, row.heading, _gist(row, lexicon))
        if key not in seen:
            seen.add(key)
            kept.append(row)
    return kept


def _gist(row: Row, lexicon: Lexicon) -> frozenset[str]:
    denied = frozenset(word for word in lexicon.negation if f" {word} " in f" {row.text.lower()} ")
    content = stems(lexicon.content(row.text))
    return content | numbers_in(row.text) | (frozenset({"not"}) if denied else frozenset())


def _chief_complaint(rows: list[Row], template: Template) -> tuple[Row, ...]:
    section, heading = template.place(Phase.HISTORY, _CHIEF)
    if heading != _CHIEF:
        return ()
    for row in rows:
        match = _PRESENTS.search(row.text) if row.section is Section.SUBJECTIVE else None
        if match and row.support is not Support.UNSUPPORTED:
            text = finished(match.group(1)) or f"{match.group(1).strip().capitalize()}."
            return (
                Row(
                    section=section,
                    heading=heading,
                    text=text,
                    evidence=row.evidence,
                    support=row.support,
                    reason=row.reason,
                ),
            )
    return ()
