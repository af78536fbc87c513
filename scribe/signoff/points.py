"""What still stands between a note and a signature, one record for each point, so that a window can
say it in words of its own and an error by rule and number, without patient text. Pure.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scribe import codec
from scribe.records import (
    CodedNote,
    Finding,
    Omission,
    Override,
    Seen,
    Severity,
    Statement,
    Support,
)

MIN_REASON = 10
"""Shortest typed reason for signing over a blocking finding, counted without runs of spaces."""

MUST_SEE = ("risk", "medicine", "dose")
"""Kinds of what was said and is not in the note that nobody may sign without having opened."""

_DOSE = re.compile(
    r"\b(?:mg|mcg|µg|ug|ml|grams?|milligrams?|micrograms?|millilit(?:er|re)s?|units?|tablets?"
    r"|pills?|capsules?|puffs?|drops?|doses?)\b",
    re.IGNORECASE,
)


class PointKind(StrEnum):
    """What has to be done about a point."""

    EMPTY = "empty"
    FINDING = "finding"
    """Correct the claim or type a reason; `fault` says what a reason that was typed lacks."""
    STATEMENT = "statement"
    """Open a sentence that the recording does not bear out."""
    OMISSION = "omission"
    """Open something that was said and is not in the note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One thing that is left to do. The record it is about is there to be shown, not to be logged:
    `told` is all that may leave the screen.
    """

    kind: PointKind
    told: str
    fault: str = ""
    finding: Finding | None = None
    statement: Statement | None = None
    omission: Omission | None = None


def left(
    coded: CodedNote,
    overrides: Sequence[Override],
    seen: Collection[str],
) -> tuple[Point, ...]:
    """Everything that is left, findings first; empty when the note may be signed.

    A blocking finding is answered by fixing it (then the rules no longer report it) or by an
    override with a typed reason; an unsupported statement, and an omission of risk, medicine or
    dose, by having been opened: its name is in `seen`.
    """
    return (*_empty(coded), *_findings(coded, overrides), *_unseen(coded, seen))


def must_open(coded: CodedNote) -> tuple[Statement | Omission, ...]:
    """What has to be opened before signing, in reading order, statements first."""
    return (
        *(each for each in coded.draft.statements if each.support is Support.UNSUPPORTED),
        *(each for each in coded.draft.omissions if is_grave(each)),
    )


def is_grave(omission: Omission) -> bool:
    """Whether it is about risk, a medicine or a dose."""
    dose = omission.kind == "number" and _DOSE.search(omission.text) is not None
    return omission.kind in MUST_SEE or dose


def name(what: Statement | Omission) -> str:
    """What something that can be opened is called; never patient text."""
    if isinstance(what, Statement):
        return str(what.id)
    return f"{what.kind} {' '.join(what.evidence)}"


def seen_as(what: Statement | Omission) -> Seen:
    """The mark of having opened it with the words it has now."""
    return Seen(what=name(what), sha256=codec.sha256(what.text))


def still_seen(coded: CodedNote, marks: Collection[Seen]) -> tuple[str, ...]:
    """The names of what had to be opened and was, with the words it has now."""
    return tuple(name(each) for each in must_open(coded) if seen_as(each) in marks)


def _empty(coded: CodedNote) -> Iterator[Point]:
    if not coded.draft.statements:
        yield Point(kind=PointKind.EMPTY, told="The note has no statements.")


def _findings(coded: CodedNote, overrides: Sequence[Override]) -> Iterator[Point]:
    for each in coded.findings:
        if each.severity is not Severity.BLOCK:
            continue
        fault = override_fault(each, overrides)
        if fault:
            told = f"Rule {each.rule_id}: {fault}."
            yield Point(kind=PointKind.FINDING, told=told, fault=fault, finding=each)


def _unseen(coded: CodedNote, seen: Collection[str]) -> Iterator[Point]:
    for each in must_open(coded):
        if name(each) in seen:
            continue
        if isinstance(each, Statement):
            told = f"Statement {each.id} is not borne out by the recording and was not opened."
            yield Point(kind=PointKind.STATEMENT, told=told, statement=each)
        else:
            told = f"Something said ({name(each)}) is not in the note and was not opened."
            yield Point(kind=PointKind.OMISSION, told=told, omission=each)


def override_fault(finding: Finding, overrides: Sequence[Override]) -> str:
    """Why a blocking finding is not answered by these, or nothing. A reason that names codes holds
    for a finding about those codes only.
    """
    given = [
        each
        for each in overrides
        if each.rule_id == finding.rule_id and (not each.codes or each.codes == finding.codes)
    ]
    if not given:
        return "needs a correction or a typed reason"
    faults = [_fault(each) for each in given]
    return "" if "" in faults else faults[0]


def _fault(override: Override) -> str:
    reason = " ".join(override.reason.split())
    if len(reason) < MIN_REASON or not any(letter.isalpha() for letter in reason):
        return f"the typed reason is shorter than {MIN_REASON} characters"
    if not override.by.strip():
        return "the typed reason does not say whose it is"
    if override.at.utcoffset() is None:
        return "the time of the typed reason has no time zone"
    return ""
