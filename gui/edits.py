"""What a click or a key press does to the claim and the note: pure functions over records.

No clinical rule lives here: which code is right is said by the coding module; this only carries out
what the clinician chose.
"""

from collections.abc import Iterable
from dataclasses import replace

from scribe.ids import StatementId, statement_id
from scribe.records import (
    CodedDiagnosis,
    Finding,
    Origin,
    Section,
    Severity,
    Statement,
    Support,
)

Claim = tuple[CodedDiagnosis, ...]
Statements = tuple[Statement, ...]

SEVERITY_ORDER = (Severity.BLOCK, Severity.WARN, Severity.INFO)


# ---------------------------------------------------------------- the claim


def ranked(diagnoses: Iterable[CodedDiagnosis]) -> Claim:
    """The diagnoses in the order given, ranks counted anew from 1."""
    return tuple(replace(each, rank=number) for number, each in enumerate(diagnoses, start=1))


def typed(code: str) -> str:
    """A code as it was typed, without the blanks around it and in capitals."""
    return code.strip().upper()


def add(claim: Claim, code: str, origin: Origin = Origin.TYPED) -> Claim:
    """The claim with `code` last; unchanged if it is empty or on the claim already."""
    code = typed(code)
    if not code or code in (each.code for each in claim):
        return claim
    return ranked((*claim, CodedDiagnosis(code=code, rank=0, origin=origin)))


def remove(claim: Claim, code: str) -> Claim:
    """The claim without `code`."""
    return ranked(each for each in claim if each.code != code)


def move(claim: Claim, code: str, by: int) -> Claim:
    """The claim with `code` moved up (negative) or down by places, as far as it goes."""
    order = list(claim)
    at = next((n for n, each in enumerate(order) if each.code == code), None)
    if at is None:
        return claim
    moved = order.pop(at)
    order.insert(max(0, min(len(order), at + by)), moved)
    return ranked(order)


def change(claim: Claim, old: str, new: str, origin: Origin = Origin.TYPED) -> Claim:
    """The claim with `new` in the place of `old`; `old` is dropped if `new` is there already."""
    new = typed(new)
    if not new or new == old:
        return claim
    if new in (each.code for each in claim):
        return remove(claim, old)
    made = CodedDiagnosis(code=new, rank=0, origin=origin)
    return ranked(made if each.code == old else each for each in claim)


# ---------------------------------------------------------------- the note


def reword(statements: Statements, which: StatementId, text: str) -> Statements:
    """The note with other words for one sentence: the clinician's own, with the same evidence."""
    return tuple(
        replace(each, text=text, support=Support.TYPED, reason="")
        if each.id == which and each.text != text
        else each
        for each in statements
    )


def drop(statements: Statements, which: StatementId) -> Statements:
    """The note without one sentence."""
    return tuple(each for each in statements if each.id != which)


def append(statements: Statements, section: Section, text: str) -> tuple[Statements, StatementId]:
    """The note with a sentence of the clinician's own at the end of a section, and its id."""
    taken = {each.id for each in statements}
    number = len(statements) + 1
    while statement_id(number) in taken:
        number += 1
    made = Statement(
        id=statement_id(number),
        section=section,
        heading=next((s.heading for s in reversed(statements) if s.section is section), ""),
        text=text,
        evidence=(),
        support=Support.TYPED,
    )
    at = max(
        (n for n, each in enumerate(statements, start=1) if each.section is section),
        default=_end_before(statements, section),
    )
    return (*statements[:at], made, *statements[at:]), made.id


def _end_before(statements: Statements, section: Section) -> int:
    """Where a section that is still empty begins."""
    earlier = tuple(Section)[: tuple(Section).index(section)]
    return sum(each.section in earlier for each in statements)


# ---------------------------------------------------------------- findings


def by_severity(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """What blocks first; within a severity in the order given."""
    return tuple(sorted(findings, key=lambda each: SEVERITY_ORDER.index(each.severity)))
