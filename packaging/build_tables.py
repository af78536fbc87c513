"""Turns the official ICD-10-CM sources into the tables of the coding module; run by hand, yearly.

Usage: python packaging/build_tables.py [target folder]. Plain text, sorted, no dates: the same
sources give the same bytes everywhere. April 2026 is written whole, the other years as changes.
"""

import lzma
import re
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

SOURCES = Path(__file__).parent / "icd10cm"
TARGET = Path(__file__).parent.parent / "scribe" / "coding" / "tables"

NOTE_KINDS = {
    "inclusionTerm": "inclusion",
    "includes": "includes",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code-first",
    "useAdditionalCode": "use-additional",
    "codeAlso": "code-also",
}
# S06 alone takes seventh characters away again, in the wording of its note.
EXCEPTION = re.compile(r"7th characters D and S do not apply to codes in category (\w+) with 6th")
CODE_HEAD = (
    "# code\tleaf\tparent (chapters, blocks and categories only)\tseventh characters\ttitle\n"
)
NOTE_HEAD = "# code\tkind\ttext\n"


@dataclass(kw_only=True)
class Row:
    """One line of the Tabular List; `seventh` is stored only where it is written."""

    code: str
    title: str
    leaf: bool
    parent: str = ""
    seventh: dict[str, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)

    def line(self) -> str:
        """The row of the code file, without the end of line."""
        seventh = "|".join(f"{char}={text}" for char, text in self.seventh.items())
        return "\t".join((self.code, "1" if self.leaf else "0", self.parent, seventh, self.title))


def clean(text: str | None) -> str:
    """Text on one line with single spaces."""
    return " ".join((text or "").split())


def notes_of(element: ET.Element) -> list[tuple[str, str]]:
    """The instructional notes written at this element, in order."""
    return [
        (NOTE_KINDS[child.tag], clean(note.text))
        for child in element
        if child.tag in NOTE_KINDS
        for note in child.findall("note")
        if clean(note.text)
    ]


def seventh_of(element: ET.Element) -> dict[str, str]:
    """The seventh characters written here; a line without one continues the line before it."""
    found: dict[str, str] = {}
    for extension in element.findall("sevenChrDef/extension"):
        text, char = clean(extension.text), extension.get("char")
        if char:
            found[char] = text
        elif found:
            last = next(reversed(found))
            found[last] = f"{found[last]}; {text}"
    return found


def rows_of(element: ET.Element, parent: str, inherited: dict[str, str]) -> Iterator[Row]:
    """This code and all codes under it, depth first."""
    code = clean(element.findtext("name"))
    written = seventh_of(element)
    inherited = written or inherited
    below = element.findall("diag")
    if not below and code.startswith("S06") and re.fullmatch(r"\w{3}\.\w\w[78]", code):
        written = {char: text for char, text in inherited.items() if char not in "DS"}
    title = clean(element.findtext("desc"))
    notes = notes_of(element)
    yield Row(code=code, title=title, leaf=not below, parent=parent, seventh=written, notes=notes)
    for child in below:
        yield from rows_of(child, "", inherited)


def read_tabular(path: Path) -> dict[str, Row]:
    """Every chapter, block and code of one Tabular List by its code, in reading order."""
    root = ET.fromstring(lzma.decompress(path.read_bytes()))
    exceptions = {m[1] for note in root.iter("note") for m in EXCEPTION.finditer(note.text or "")}
    if exceptions != {"S06"}:
        raise SystemExit(f"{path.name}: exceptions for seventh characters changed: {exceptions}")
    rows: list[Row] = []
    for chapter in root.findall("chapter"):
        key = f"CH{int(clean(chapter.findtext('name'))):02d}"
        title = clean(chapter.findtext("desc"))
        rows.append(Row(code=key, title=title, leaf=False, notes=notes_of(chapter)))
        for section in chapter.findall("section"):
            first, _, last = (section.get("id") or "").partition("-")
            block = f"{first}-{last or first}"
            title = clean(section.findtext("desc"))
            rows.append(
                Row(code=block, title=title, leaf=False, parent=key, notes=notes_of(section))
            )
            for category in section.findall("diag"):
                rows.extend(rows_of(category, block, {}))
    return {row.code: row for row in rows}


def dotted(compact: str) -> str:
    """G3500 -> G35.00."""
    return compact if len(compact) == 3 else f"{compact[:3]}.{compact[3:]}"


def apply_addenda(base: dict[str, Row], text: str) -> dict[str, Row]:
    """The tables of the following year. Deletions come first, so that a code that turns from leaf
    to heading (deleted and added again) survives.
    """
    rows = dict(base)
    changes = [
        (line[:13].strip(" :"), line[13] == "1", dotted(line[15:22].strip()), clean(line[84:]))
        for line in text.splitlines()
        if re.match(r"(Add:|Delete:|Revise (from|to):)", line)
    ]
    deleted = {code for verb, _, code, _ in changes if verb == "Delete"}
    added = {code for verb, _, code, _ in changes if verb == "Add"}
    for code in deleted - added:
        rows.pop(code, None)
    for verb, leaf, code, title in changes:
        if verb == "Revise to":
            rows[code] = Row(
                code=code,
                title=title,
                leaf=leaf,
                parent=rows[code].parent,
                seventh=rows[code].seventh,
                notes=rows[code].notes,
            )
        elif verb == "Add":
            old = base.get(code)
            rows[code] = Row(
                code=code,
                title=title,
                leaf=leaf,
                parent=old.parent if old else block_of(code, base),
                seventh=old.seventh if old else {},
                notes=old.notes if old else [],
            )
    return rows


def block_of(code: str, base: dict[str, Row]) -> str:
    """The block that a new three-character category belongs to, else nothing."""
    if len(code) != 3:
        return ""
    before = max((each for each in base if len(each) == 3 and each < code), default="")
    return base[before].parent if before else ""


def code_file(rows: dict[str, Row]) -> str:
    """The whole code file of one year."""
    return CODE_HEAD + "".join(f"{row.line()}\n" for row in rows.values())


def note_file(rows: dict[str, Row]) -> str:
    """The whole note file of one year."""
    lines = (f"{row.code}\t{kind}\t{text}\n" for row in rows.values() for kind, text in row.notes)
    return NOTE_HEAD + "".join(lines)


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
    april_2025 = read_tabular(SOURCES / "icd10cm-tabular-2025-04.xml.xz")
    april_2026 = read_tabular(SOURCES / "icd10cm-tabular-2026-04.xml.xz")
    addenda = (SOURCES / "icd10cm_order_addenda_2027.txt").read_text(encoding="utf-8")
    fy2027 = apply_addenda(april_2026, addenda)
    return {
        "fy2026-codes.tsv": code_file(april_2026),
        "fy2026-notes.tsv": note_file(april_2026),
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
