"""Takes over an official code file that came after this program; checks it, then writes one file.

Nothing is written before the file has been read whole, fits the dates and resembles the edition
before it.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from scribe.coding import editions, official
from scribe.coding.editions import Edition
from scribe.coding.official import Kind, Row
from scribe.coding.tables import Table, nearest_table, tables_for
from scribe.errors import BadInput, CodingError

_LONGEST = 366
"""Days; an edition is in force for a fiscal year at most."""
_ALIKE = 0.9
"""The part of the codes before that a new edition still has; of FY2026 it is 0.999 in FY2027."""
_NAME_LENGTH = 80
_YEAR_IN_NAME = re.compile(r"(?<!\d)(20\d\d)(?!\d)")
_ADDENDA_TOTAL = re.compile(r"^\s*(\d+) codes in icd10cm_order_(\d{4})", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import brought, against the edition in force on the day before it."""

    name: str
    kind: str
    first: date
    last: date
    file: str
    billable: int
    new: tuple[str, ...]
    gone: tuple[str, ...]
    before: str


def import_file(path: Path, first: date, last: date, folder: Path, *, name: str = "") -> Imported:
    """Check an official file and keep it in `folder` as the edition from `first` to `last`.

    The caller adds the folder to the tables. Raises BadInput for a file, dates or a name that
    cannot be used and CodingError for a file that is not what it should be; nothing is changed.
    """
    _check_dates(first, last)
    content = official.unpacked(_content(path))
    kind = official.kind_of(content)
    before = tables_for(first - timedelta(days=1)) or nearest_table(first)
    year, rows = _rows(kind, content, before, first)
    _check_year(year or _year_in(path.name), first, last)
    named = name.strip() or f"ICD-10-CM {year} imported from {path.name}".replace("  ", " ")
    if len(named) > _NAME_LENGTH or not named.isprintable():
        raise BadInput(f"The name of an edition is one line of at most {_NAME_LENGTH} characters.")
    edition = Edition(
        id="new",
        name=named,
        first=first,
        last=last,
        notes_of=year if kind is Kind.TABULAR else before.about.notes_of,
    )
    table = Table(edition, {code: _plain(row) for code, row in rows.items()})
    new, old = set(table.billable()), set(before.billable())
    if len(new & old) < _ALIKE * len(old):
        raise CodingError(
            f"The file has only {len(new & old):,} of the {len(old):,} billable codes of "
            f"{before.edition}; it is not the whole code set.",
            advice="Nothing was changed. Import the Tabular List or the order file of the year.",
        )
    if kind is Kind.ADDENDA:
        _check_totals(official.text_of(content), old=len(old), new=len(new))
    written = editions.write(edition, official.code_lines(rows), official.note_lines(rows), folder)
    return Imported(
        name=named,
        kind=kind.value,
        first=first,
        last=last,
        file=str(written.file),
        billable=len(new),
        new=tuple(sorted(new - old)),
        gone=tuple(sorted(old - new)),
        before=before.edition,
    )


def _check_dates(first: date, last: date) -> None:
    if last < first:
        raise BadInput("The last day of the edition lies before its first.")
    if (last - first).days >= _LONGEST:
        raise BadInput("An edition of ICD-10-CM is in force for one fiscal year at most.")
    if first == date.min:
        raise BadInput("The first day of the edition is not a date of any visit.")


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > official.LARGEST:
            raise BadInput(f"{path.name} is too large for a code table.")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}).") from error


def _rows(kind: Kind, content: bytes, before: Table, first: date) -> tuple[str, dict[str, Row]]:
    """The year that the file itself gives, if it does, and its rows."""
    if kind is Kind.TABULAR:
        return official.read_tabular(content)
    base = before.official_rows()
    if kind is Kind.ORDER:
        return "", official.read_order(official.text_of(content), base)
    if before.about.days_from(first - timedelta(days=1)):
        raise CodingError(
            f"Addenda change the table of the day before, and none covers {first.isoformat()}.",
            advice="Nothing was changed. Import the Tabular List or the order file instead.",
        )
    return "", official.apply_addenda(base, official.text_of(content))


def _year_in(name: str) -> str:
    years = set(_YEAR_IN_NAME.findall(name))
    return years.pop() if len(years) == 1 else ""


def _check_year(year: str, first: date, last: date) -> None:
    """A list for fiscal year Y is in force from 1 October of the year before (45 CFR 162.1002)."""
    if not year.isdecimal() or len(year) != 4:
        return
    opens, closes = date(int(year) - 1, 10, 1), date(int(year), 9, 30)
    if first < opens or last > closes:
        raise BadInput(
            f"The file is that of {year}, in force from {opens.isoformat()} to "
            f"{closes.isoformat()}; the dates given reach beyond."
        )


def _check_totals(text: str, *, old: int, new: int) -> None:
    """The addenda say at their end how many codes there were and are."""
    totals = [int(match[1]) for match in _ADDENDA_TOTAL.finditer(text)]
    if totals and totals != [old, new]:
        raise CodingError(
            f"The addenda lead from {totals[0]:,} to {totals[-1]:,} codes, the tables here from "
            f"{old:,} to {new:,}.",
            advice="Nothing was changed. Import the Tabular List or the order file instead.",
        )


def _plain(row: Row) -> tuple[bool, str, str, str]:
    _, _, parent, seventh, title = row.line().split("\t")
    return row.leaf, parent, seventh, title
