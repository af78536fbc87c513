"""Turns the official ICD-10-CM sources into the tables of the coding module; run by hand, yearly.

Usage: python packaging/build_tables.py [target folder]. Plain text, sorted, no dates: the same
sources give the same bytes everywhere. April 2026 is written whole, the other years as changes.
Reading the official files is the work of scribe/coding/official.py.
"""

import sys
from pathlib import Path

from scribe.coding.official import (
    Row,
    apply_addenda,
    code_lines,
    note_lines,
    read_tabular,
    unpacked,
)

SOURCES = Path(__file__).parent / "icd10cm"
TARGET = Path(__file__).parent.parent / "scribe" / "coding" / "tables"

CODE_HEAD = (
    "# code\tleaf\tparent (chapters, blocks and categories only)\tseventh characters\ttitle\n"
)
NOTE_HEAD = "# code\tkind\ttext\n"


def tabular(year: int) -> dict[str, Row]:
    """The Tabular List of April of that year."""
    packed = (SOURCES / f"icd10cm-tabular-{year}-04.xml.xz").read_bytes()
    return read_tabular(unpacked(packed))[1]


def code_changes(base: dict[str, Row], rows: dict[str, Row]) -> str:
    """What to take away (-) from the base year and what to put in (+)."""
    gone = [f"-{code}\n" for code in base if code not in rows]
    new = [
        f"+{row.line()}\n"
        for code, row in rows.items()
        if code not in base or base[code].line() != row.line()
    ]
    return CODE_HEAD + "".join(gone + new)


def note_changes(base: dict[str, Row], rows: dict[str, Row]) -> str:
    """All notes of a code are replaced (-, then +) when one of them differs."""
    lines = []
    for code in dict.fromkeys([*base, *rows]):
        old = base[code].notes if code in base else []
        new = rows[code].notes if code in rows else []
        if old != new:
            lines += [f"-{code}\n"] if old else []
            lines += [f"+{code}\t{kind}\t{text}\n" for kind, text in new]
    return NOTE_HEAD + "".join(lines)


def build() -> dict[str, str]:
    """All table files by name."""
    april_2025, april_2026 = tabular(2025), tabular(2026)
    addenda = (SOURCES / "icd10cm_order_addenda_2027.txt").read_text(encoding="utf-8")
    fy2027 = apply_addenda(april_2026, addenda)
    return {
        "fy2026-codes.tsv": CODE_HEAD + code_lines(april_2026),
        "fy2026-notes.tsv": NOTE_HEAD + note_lines(april_2026),
        "fy2025-codes.changes.tsv": code_changes(april_2026, april_2025),
        "fy2025-notes.changes.tsv": note_changes(april_2026, april_2025),
        "fy2027-codes.changes.tsv": code_changes(april_2026, fy2027),
        "fy2027-notes.changes.tsv": note_changes(april_2026, fy2027),
    }


def main() -> None:
    """Write the table files."""
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else TARGET
    target.mkdir(parents=True, exist_ok=True)
    for name, text in build().items():
        (target / name).write_bytes(text.encode())
        print(f"{name}: {len(text):,} characters")


if __name__ == "__main__":
    main()
