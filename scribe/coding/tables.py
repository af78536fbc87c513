"""The ICD-10-CM tables by date of service: codes, titles, hierarchy and notes; no rules here.

Sources: CMS/NCHS Tabular Lists of April 2025 and April 2026 and the FY2027 order-file addenda,
built by `packaging/build_tables.py`; and the editions that this user has imported (`editions.py`).
Codes are dotted ("R53.1"), blocks are ranges ("R50-R69"), chapters are "CH18".
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from scribe.coding import editions, stored
from scribe.coding.editions import Edition
from scribe.coding.official import Row
from scribe.coding.references import Reference, references

EDITIONS = (
    Edition(
        id="fy2025",
        name="ICD-10-CM FY2025 (tables of April 2025)",
        first=date(2024, 10, 1),
        last=date(2025, 9, 30),
        notes_of="April 2025",
    ),
    Edition(
        id="fy2026",
        name="ICD-10-CM FY2026 (tables of April 2026)",
        first=date(2025, 10, 1),
        last=date(2026, 9, 30),
        notes_of="April 2026",
    ),
    Edition(
        id="fy2027",
        name="ICD-10-CM FY2027 (April 2026 with the FY2027 addenda)",
        first=date(2026, 10, 1),
        last=date(2027, 9, 30),
        notes_of="April 2026",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNote:
    """An instructional note and the code, block or chapter at which it is written."""

    owner: str
    kind: str
    text: str

    @property
    def references(self) -> tuple[Reference, ...]:
        """The codes that the note names."""
        return references(self.text)


class Table:
    """One edition. Read-only; every look-up takes a dotted code in upper case."""

    def __init__(self, edition: Edition, rows: dict[str, tuple[bool, str, str, str]]) -> None:
        self.about = edition
        self._rows = rows
        self._notes: dict[str, tuple[TableNote, ...]] | None = None
        self._sorted: list[str] = []
        self._blocks: dict[str, tuple[str, ...]] = {}

    @property
    def edition(self) -> str:
        """Its name, as shown to the clinician."""
        return self.about.name

    def exists(self, code: str) -> bool:
        """Whether the code, heading or billable, is in this edition (never a chapter or block)."""
        return (code in self._rows and not _is_group(code)) or self._split(code) is not None

    def is_billable(self, code: str) -> bool:
        """Whether the code may stand on a claim: no code below it and no character missing."""
        row = self._rows.get(code)
        if row is None:
            return self._split(code) is not None
        return row[0] and (len(code) == 8 or not self._seventh(code))

    def title(self, code: str) -> str:
        """The official title; of a full code with its seventh character. "" if there is none."""
        if row := self._rows.get(code):
            return row[3]
        if split := self._split(code):
            return f"{self._rows[split[0]][3]}, {self._seventh(split[0])[split[1]]}"
        return ""

    def children(self, code: str) -> tuple[str, ...]:
        """The codes directly below, in order; full seven-character codes below a stem."""
        row = self._rows.get(code)
        if row is None or _is_group(code):
            return ()
        if row[0]:
            if len(code) == 8:
                return ()
            return tuple(f"{_padded(code)}{char}" for char in self._seventh(code))
        return tuple(each for each in self._below(code) if self._parent(each) == code)

    def leaves(self, code: str) -> tuple[str, ...]:
        """All billable codes at or below this one, in order."""
        if self.is_billable(code):
            return (code,)
        return tuple(leaf for child in self.children(code) for leaf in self.leaves(child))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Everything above the code: codes, blocks, chapter, nearest first."""
        found = []
        above = self._parent(code)
        while above:
            found.append(above)
            above = self._parent(above)
        if len(found) >= 2 and found[-1].startswith("CH"):
            found[-1:-1] = self._outer_blocks(found[-2], found[-1])
        return tuple(found)

    def notes(self, code: str, kind: str) -> tuple[TableNote, ...]:
        """Notes of one kind at the code and everything above it, nearest first.

        Kinds: inclusion, includes, excludes1, excludes2, code-first, use-additional, code-also.
        """
        every = self._all_notes()
        return tuple(
            note
            for owner in (code, *self.ancestors(code))
            for note in every.get(owner, ())
            if note.kind == kind
        )

    def excludes1(self, code: str) -> tuple[TableNote, ...]:
        """The Excludes1 notes that bind this code, inherited ones included."""
        return self.notes(code, "excludes1")

    def written(self, code: str) -> tuple[TableNote, ...]:
        """The notes that stand at this very code, block or chapter, of all kinds."""
        return self._all_notes().get(code, ())

    def terms(self, code: str) -> tuple[str, ...]:
        """The inclusion terms and "includes" notes that stand at this very code."""
        kinds = ("inclusion", "includes")
        return tuple(note.text for note in self.written(code) if note.kind in kinds)

    def codes(self) -> Iterator[str]:
        """Every heading and code, without those that only add a seventh character."""
        return (code for code in self._rows if not _is_group(code))

    def billable(self) -> Iterator[str]:
        """Every billable code of the edition."""
        for code, row in self._rows.items():
            if row[0]:
                yield from self.leaves(code)

    def official_rows(self) -> dict[str, Row]:
        """The edition in the form in which official files are read, notes included."""
        notes = self._all_notes()
        return {
            code: Row(
                code=code,
                title=title,
                leaf=leaf,
                parent=parent,
                seventh=_characters(seventh),
                notes=[(note.kind, note.text) for note in notes.get(code, ())],
            )
            for code, (leaf, parent, seventh, title) in self._rows.items()
        }

    def _parent(self, code: str) -> str:
        if code not in self._rows and (split := self._split(code)):
            return split[0]
        row = self._rows.get(code)
        if row is None:
            return ""
        if row[1] or len(code) == 3 or _is_group(code):
            return row[1]
        shorter = code[:-1].rstrip(".")
        while len(shorter) >= 3 and shorter not in self._rows:
            shorter = shorter[:-1].rstrip(".")
        return shorter if len(shorter) >= 3 else ""

    def _split(self, code: str) -> tuple[str, str] | None:
        """The stem and seventh character of a full code that is not a row of its own."""
        if len(code) != 8:
            return None
        stem, char = code[:7], code[7]
        while len(stem) >= 3:
            row = self._rows.get(stem)
            if row and row[0] and not _is_group(stem):
                return (stem, char) if char in self._seventh(stem) else None
            if stem[-1] not in "X.":
                return None
            stem = stem[:-1]
        return None

    def _seventh(self, code: str) -> dict[str, str]:
        at = code
        while at and not _is_group(at):
            if written := self._rows[at][2]:
                return _characters(written)
            at = self._parent(at)
        return {}

    def _below(self, code: str) -> list[str]:
        if not self._sorted:
            self._sorted = sorted(self._rows)
        start = bisect_left(self._sorted, code)
        end = bisect_left(self._sorted, f"{code}~")
        return self._sorted[start + 1 : end]

    def _outer_blocks(self, block: str, chapter: str) -> tuple[str, ...]:
        if block not in self._blocks:
            first, last = block.split("-")
            self._blocks[block] = tuple(
                code
                for code, row in self._rows.items()
                if row[1] == chapter
                and code != block
                and code.split("-")[0] <= first
                and code.split("-")[1] >= last
            )
        return self._blocks[block]

    def _all_notes(self) -> dict[str, tuple[TableNote, ...]]:
        if self._notes is None:
            self._notes = _load_notes(self.about)
        return self._notes


class _Shelf:
    """The editions of this process: the shipped ones and those of the user's folders."""

    def __init__(self) -> None:
        self.imported: dict[Path, tuple[Edition, ...]] = {}

    def newest_first(self) -> tuple[Edition, ...]:
        """Imported before shipped, so that an update may replace a part of a shipped year."""
        own = sorted(self._own(), key=lambda each: each.first, reverse=True)
        return (*own, *reversed(EDITIONS))

    def oldest_first(self) -> tuple[Edition, ...]:
        return tuple(sorted((*EDITIONS, *self._own()), key=lambda each: each.first))

    def _own(self) -> list[Edition]:
        return [edition for folder in self.imported.values() for edition in folder]


_SHELF = _Shelf()


def add_folder(folder: Path) -> None:
    """Let the editions imported into `folder` (which need not exist) count from now on. Adding it
    again reads it again. Raises CodingError, with nothing added, if one of them is damaged.
    """
    _SHELF.imported[folder] = editions.in_folder(folder)


def remove_folder(folder: Path) -> None:
    """Let the editions of `folder` count no more."""
    _SHELF.imported.pop(folder, None)


def tables_for(day: date) -> Table | None:
    """The edition in force on a date of service, or None outside all of them; those shipped cover
    2024-10-01 to 2027-09-30.
    """
    for edition in _SHELF.newest_first():
        if edition.first <= day <= edition.last:
            return _load(edition)
    return None


def nearest_table(day: date) -> Table:
    """The edition in force, or else the one nearest to the date of service."""
    known = _SHELF.newest_first()
    return tables_for(day) or _load(min(known, key=lambda each: each.days_from(day)))


def all_tables() -> tuple[Table, ...]:
    """Every loaded edition, oldest first."""
    return tuple(_load(edition) for edition in _SHELF.oldest_first())


def known_editions() -> tuple[Edition, ...]:
    """Every edition that counts, shipped and imported, oldest first; none is read for it."""
    return _SHELF.oldest_first()


def dotted(compact: str) -> str:
    """R531 -> R53.1; shorter strings are returned as they are."""
    return compact if len(compact) <= 3 else f"{compact[:3]}.{compact[3:]}"


def _is_group(code: str) -> bool:
    return "-" in code or code.startswith("CH")


def _characters(written: str) -> dict[str, str]:
    pairs = (each.partition("=") for each in written.split("|")) if written else ()
    return {char: text for char, _, text in pairs}


def _padded(stem: str) -> str:
    return dotted(stem.replace(".", "").ljust(6, "X"))


@cache
def _load(edition: Edition) -> Table:
    return Table(edition, stored.rows(edition))


@cache
def _load_notes(edition: Edition) -> dict[str, tuple[TableNote, ...]]:
    return {
        code: tuple(TableNote(owner=code, kind=kind, text=text) for kind, text in notes)
        for code, notes in stored.notes(edition).items()
    }
