"""Reads what was typed to add a code, be it a code, one spelled in words, or words for it; shows
what there is to choose from and chooses nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from scribe.coding import describe, search
from scribe.coding.spoken_codes import normalise, well_formed
from scribe.coding.tables import Table, nearest_table, tables_for

MOST = 10
"""Choices shown at once."""
_LONGEST_CODE = 60
"""Characters of the longest code as it is typed or spelled in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A code to choose. `valid`: in the edition in force on the day; `billable_on`: the days of a
    code that is only in other editions. `below` counts the billable codes below a heading. `term`
    is the inclusion term that fits better than the title, `matched` the words that led here.
    """

    code: str
    title: str
    billable: bool
    valid: bool
    below: int = 0
    term: str = ""
    matched: tuple[str, ...] = ()
    billable_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """The answer to one text. `code` is the code that the whole text means, known or not, or ""
    when it is words; `heading`: it is only a heading, one of the codes below it is needed. `more`
    counts the billable codes below it that there was no room for; `remark` says when no edition
    covers the day.
    """

    text: str
    code: str
    heading: bool
    choices: tuple[Choice, ...]
    edition: str
    remark: str = ""
    more: int = 0


def look_up(text: str, day: date, limit: int = MOST) -> Looked:
    """What `text` can mean on a date of service, best first, at most `limit` choices.

    A heading comes with what is below it; a code that is not in force on the day, with what is in
    its place. Never raises on any text. Raises CodingError when the tables cannot be read.
    """
    table, limit = nearest_table(day), max(0, limit)
    code = _code(text)
    if code:
        shown = list(_by_code(code, table, day))
    else:
        shown = [_found(each, table, day) for each in search.search(text, day, limit)]
    left = sum(max(1, each.below) for each in shown[limit:])
    return Looked(
        text=text,
        code=code,
        heading=table.exists(code) and not table.is_billable(code),
        choices=tuple(shown[:limit]),
        edition=table.edition,
        remark=describe.outside(day),
        more=left if code else 0,
    )


def _code(text: str) -> str:
    """The code that a text means, as a clinician types or says it; "" when it is words."""
    typed = text.strip()
    if not typed or len(typed) > _LONGEST_CODE:
        return ""
    code = normalise(typed)
    return code if code.isprintable() and well_formed(code) else ""


def _found(match: search.Match, table: Table, day: date) -> Choice:
    shown = _choice(match.code, table, day)
    return replace(shown, term=match.term, matched=match.matched)


def _by_code(code: str, table: Table, day: date) -> Iterator[Choice]:
    """The code itself, then what is below it or, if it is unknown, below the nearest above it."""
    if table.exists(code):
        yield _choice(code, table, day)
        yield from _below(code, table, day)
        return
    if (elsewhere := _elsewhere(code)) is not None:
        yield elsewhere
    near = code
    while len(near) > 3 and not table.exists(near):
        near = near[:-1].rstrip(".")
    if table.exists(near):
        yield _choice(near, table, day)
        yield from _below(near, table, day)


def _below(code: str, table: Table, day: date) -> Iterator[Choice]:
    """All billable codes when they fit on one list, else the codes and headings directly below."""
    if table.is_billable(code):
        return
    leaves = table.leaves(code)
    shown = leaves if len(leaves) < MOST else table.children(code)
    yield from (_choice(each, table, day) for each in shown)


def _choice(code: str, table: Table, day: date) -> Choice:
    billable = table.is_billable(code)
    return Choice(
        code=code,
        title=table.title(code),
        billable=billable,
        valid=tables_for(day) is not None,
        below=0 if billable else len(table.leaves(code)),
    )


def _elsewhere(code: str) -> Choice | None:
    """A code that another edition has and that of the day has not."""
    table = describe.nearest_with(code)
    if table is None:
        return None
    return Choice(
        code=code,
        title=table.title(code),
        billable=table.is_billable(code),
        valid=False,
        billable_on=describe.when_billable(code),
    )
