"""Rows of all chunks to the statements of the note: order, headings, chief complaint, nothing
twice. Nothing is worded here, so nothing that was not said ("normal", "not discussed") can appear.
"""

from collections.abc import Iterable
from dataclasses import replace

from scribe.draft.evidence import is_negated
from scribe.draft.lexicon import Lexicon, stems
from scribe.draft.repair import REASON, Row
from scribe.draft.rewrite import finished
from scribe.draft.template import Phase, Template
from scribe.ids import statement_id
from scribe.records import Section, Statement, Support

_CHIEF, _PROBLEMS = "Chief complaint", "Problems"


def assemble(rows: Iterable[Row], template: Template, lexicon: Lexicon) -> tuple[Statement, ...]:
    """Statements in reading order, numbered from 1; within a heading in the order of speech."""
    in_time = sorted(rows, key=lambda each: each.at)
    once = _without_repeats(_under_one_heading(in_time), lexicon)
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


NEAR = 2
"""Turns a sentence that goes on may be behind the one it goes on about."""


_TOGETHER = (
    {Section.SUBJECTIVE}, {Section.OBJECTIVE}, {Section.ASSESSMENT}, {Section.PLAN},
    {Section.ASSESSMENT, Section.PLAN},
)  # fmt: skip


def _under_one_heading(rows: list[Row]) -> list[Row]:
    """What goes on about the sentence before stands under that sentence's heading."""
    placed: list[Row] = []
    for row in rows:
        before = placed[-1] if placed else None
        near = before is not None and row.at[0] - before.at[0] <= NEAR
        same = before is not None and {before.section, row.section} in _TOGETHER
        if row.goes_on and near and before and same:
            row = replace(row, section=before.section, heading=before.heading)
        placed.append(row)
    return placed


def _without_repeats(rows: list[Row], lexicon: Lexicon) -> list[Row]:
    """Drop a row whose content words, numbers, medicines and sides all stand, with the same
    polarity, in another row of the section that rests on the same speech; of equal ones the first
    stays. Under the same heading equal rows need not share their evidence.
    """
    gists = [_gist(row, lexicon) for row in rows]
    kept: list[Row] = []
    for at, row in enumerate(rows):
        held = any(
            _holds(rows[other], row, gists[other], gists[at], first=other < at)
            for other in range(len(rows))
            if other != at
        )
        if not held and not _is_summed_up(at, rows, gists):
            kept.append(row)
    return kept


def _holds(
    other: Row, row: Row, more: frozenset[str], less: frozenset[str], *, first: bool
) -> bool:
    if other.section is not row.section or Support.UNSUPPORTED in (other.support, row.support):
        return False
    if more == less:
        same_heading = other.heading == row.heading
        return first and (same_heading or bool(set(row.evidence) & set(other.evidence)))
    if row.heading == _PROBLEMS or other.heading == _PROBLEMS:
        return False  # a problem is a title, not a repetition
    if REASON.search(row.text) and not REASON.search(other.text):
        return False
    if ("not" in more) != ("not" in less) or not set(row.evidence) & set(other.evidence):
        return False
    return bool(less) and less < more


def _is_summed_up(at: int, rows: list[Row], gists: list[frozenset[str]]) -> bool:
    """True for a sentence that only lists what others under its heading say one by one ("takes
    aspirin and metoprolol", and each of them with its dose).
    """
    row = rows[at]
    if len(row.evidence) < 2 or "not" in gists[at]:
        return False
    single = [
        other
        for other, each in enumerate(rows)
        if other != at
        and each.heading == row.heading
        and each.support is not Support.UNSUPPORTED
        and "not" not in gists[other]
        and len(each.evidence) <= len(row.evidence)
        and set(each.evidence) & set(row.evidence)
        and not gists[other] <= gists[at]
    ]
    together = frozenset().union(*(gists[other] for other in single))
    return len(single) > 1 and bool(gists[at]) and gists[at] <= together


def _gist(row: Row, lexicon: Lexicon) -> frozenset[str]:
    content = stems(lexicon.content(row.text))
    denied = frozenset({"not"}) if is_negated(row.text, lexicon) else frozenset()
    return content | lexicon.critical(row.text) | denied


def _chief_complaint(rows: list[Row], template: Template) -> tuple[Row, ...]:
    section, heading = template.place(Phase.HISTORY, _CHIEF)
    if heading != _CHIEF:
        return ()
    for row in rows:
        match = REASON.search(row.text) if row.section is Section.SUBJECTIVE else None
        if match and row.support is not Support.UNSUPPORTED:
            text = finished(match["what"]) or f"{match['what'].strip().capitalize()}."
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
