"""All that the tables say about one code, gathered for showing; judges nothing."""

from dataclasses import dataclass
from datetime import date

from scribe.coding.spoken_codes import normalise
from scribe.coding.tables import Table, all_tables, nearest_table, tables_for
from scribe.errors import BadInput

_LONGEST = 60
"""Characters of the longest code as it is typed or spelled in words."""
_MOST_LEAVES = 60
KINDS = (
    "inclusion",
    "includes",
    "excludes1",
    "excludes2",
    "code-first",
    "use-additional",
    "code-also",
)
"""The kinds of notes in the order in which they are shown."""
_OWN_ONLY = "inclusion"
"""Inclusion terms name the code at which they stand; all other notes bind what is below as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Above:
    """A heading above a code, or a code below it."""

    code: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOf:
    """A note that binds a code. `at` is where it is written when that is not the code itself."""

    kind: str
    text: str
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """One code as an edition has it. `leaves` are the billable codes below a heading, the first
    ones; `leaves_total` counts all. `valid` are the first and last day, of the editions here, of
    each stretch in which it is billable; `remark` says when no edition covers the date.
    """

    code: str
    title: str
    edition: str
    billable: bool
    above: tuple[Above, ...]
    leaves: tuple[Above, ...]
    leaves_total: int
    valid: tuple[tuple[date, date], ...]
    notes: tuple[NoteOf, ...]
    remark: str = ""


def describe(written: str, day: date) -> Described:
    """What the edition of `day`, or the nearest, says about a code. Raises BadInput if the string
    is no code or the code is not in that edition; the message then says in which it is.
    """
    table = nearest_table(day)
    code = normalise(written) if len(written) <= _LONGEST else ""
    if not code.isprintable() or not table.exists(code):
        raise _unknown(code, table)
    billable = table.is_billable(code)
    leaves = () if billable else table.leaves(code)
    return Described(
        code=code,
        title=table.title(code),
        edition=table.edition,
        billable=billable,
        above=tuple(Above(code=each, title=table.title(each)) for each in table.ancestors(code)),
        leaves=tuple(Above(code=each, title=table.title(each)) for each in leaves[:_MOST_LEAVES]),
        leaves_total=len(leaves),
        valid=_valid(code),
        notes=_notes(code, table),
        remark=outside(day),
    )


def outside(day: date) -> str:
    """A sentence for a date that no edition here covers, or ""."""
    if tables_for(day) is not None:
        return ""
    return (
        f"No code table here covers {day.isoformat()}; this is {nearest_table(day).edition}, the "
        "nearest. Codes change every 1 October."
    )


def nearest_with(code: str) -> Table | None:
    """The newest edition that has a code, or None."""
    return next((each for each in reversed(all_tables()) if each.exists(code)), None)


def when_billable(code: str) -> str:
    """The days on which a code is billable, of the editions here, as a phrase; "" if never."""
    spans = (f"{first.isoformat()} to {last.isoformat()}" for first, last in _valid(code))
    return " and ".join(spans)


def _unknown(code: str, table: Table) -> BadInput:
    shown = f"“{code}”" if code.isprintable() and 0 < len(code) <= _LONGEST else "This"
    others = [each.edition for each in all_tables() if each.exists(code)]
    if others:
        return BadInput(
            f"{shown} is not in {table.edition}, but in {', '.join(others)}.",
            advice="Give the date of the visit with --date.",
        )
    return BadInput(
        f"{shown} is no code of {table.edition}.",
        advice='Look for it by words: scribe codes search "..."',
    )


def _valid(code: str) -> tuple[tuple[date, date], ...]:
    """Stretches that touch are one. Editions that overlap count by their own dates."""
    found: list[tuple[date, date]] = []
    for table in all_tables():
        if not table.is_billable(code):
            continue
        first, last = table.about.first, table.about.last
        if found and first.toordinal() <= found[-1][1].toordinal() + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def _notes(code: str, table: Table) -> tuple[NoteOf, ...]:
    return tuple(
        NoteOf(kind=kind, text=note.text, at="" if note.owner == code else note.owner)
        for kind in KINDS
        for note in table.notes(code, kind)
        if kind != _OWN_ONLY or note.owner in (code, _stem(code, table))
    )


def _stem(code: str, table: Table) -> str:
    """Of a full code that only adds a seventh character, what it was added to."""
    above = table.ancestors(code)
    whole = (
        above
        and code in table.children(above[0])
        and table.title(code).startswith(f"{table.title(above[0])}, ")
    )
    return above[0] if whole and len(code) == 8 else code
