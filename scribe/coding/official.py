"""Reads the official ICD-10-CM files (Tabular XML, order file, order addenda) into rows; knows no
dates and no folder.

Sources of the forms: CMS/NCHS Tabular List XML; CMS "ICD-10-CM order file" layout (order number in
columns 1-5, code in 7-13, 0 heading or 1 billable in 15, short title in 17-76, title from 78); the
addenda put "Add:", "Delete:", "Revise from:" or "Revise to:" before the same columns.
"""

import lzma
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from scribe.errors import CodingError

LARGEST = 128_000_000
"""Bytes of the largest file that is read; the Tabular List of April 2026 has 10 million."""
_FEWEST = 30_000
"""Codes of the smallest list taken for whole; April 2026 has 40,000 without seventh characters."""

_NOTE_KINDS = {
    "inclusionTerm": "inclusion",
    "includes": "includes",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code-first",
    "useAdditionalCode": "use-additional",
    "codeAlso": "code-also",
}
# S06 alone takes seventh characters away again, in the wording of its note.
_EXCEPTION = re.compile(r"7th characters D and S do not apply to codes in category (\w+) with 6th")
_CODE = re.compile(r"[A-Z][0-9A-Z][0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_ORDER = re.compile(r"\d{5} [0-9A-Z]{3,7} *[01] ")
_CHANGE = re.compile(r"(?:Add:|Delete:|Revise (?:from|to):)")
_XZ = b"\xfd7zXZ\x00"


class Kind(StrEnum):
    """Which of the official files it is."""

    TABULAR = "tabular list"
    ORDER = "order file"
    ADDENDA = "order addenda"


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


def unpacked(content: bytes) -> bytes:
    """The file itself, if it came xz-compressed. Raises CodingError if it is damaged or too big."""
    if not content.startswith(_XZ):
        return content
    reader = lzma.LZMADecompressor(memlimit=LARGEST * 2)
    try:
        whole = reader.decompress(content, max_length=LARGEST)
    except lzma.LZMAError as error:
        raise CodingError("The compressed file is damaged.") from error
    if not reader.eof:
        raise CodingError("The compressed file is not whole, or too large for a code table.")
    return whole


def kind_of(content: bytes) -> Kind:
    """Which official file this is, by its content. Raises CodingError if it is none."""
    start = content[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return Kind.TABULAR
    first = start.split(b"\n", 1)[0].decode("latin-1")
    if _CHANGE.match(first):
        return Kind.ADDENDA
    if _ORDER.match(first):
        return Kind.ORDER
    raise CodingError("This is not an official ICD-10-CM file: neither Tabular XML nor order file.")


def text_of(content: bytes) -> str:
    """An order file as text; older ones are not in UTF-8."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def read_tabular(content: bytes) -> tuple[str, dict[str, Row]]:
    """The year of one Tabular List, and every chapter, block and code by its code, in reading
    order. Raises CodingError if this is no such list or one that our reading does not fit.
    """
    root = _tree(content)
    exceptions = {m[1] for note in root.iter("note") for m in _EXCEPTION.finditer(note.text or "")}
    if exceptions != {"S06"}:
        raise CodingError(
            f"The exceptions for seventh characters have changed ({sorted(exceptions)}); this "
            "program would read the list wrongly.",
            advice="Nothing was changed. Install a newer version of this program.",
        )
    rows: list[Row] = []
    for chapter in root.findall("chapter"):
        number = _clean(chapter.findtext("name"))
        if not number.isdecimal():
            raise CodingError("The Tabular List has a chapter without a number.")
        key = f"CH{int(number):02d}"
        title = _clean(chapter.findtext("desc"))
        rows.append(Row(code=key, title=title, leaf=False, notes=_notes_of(chapter)))
        for section in chapter.findall("section"):
            first, _, last = (section.get("id") or "").partition("-")
            block = f"{first}-{last or first}"
            title = _clean(section.findtext("desc"))
            rows.append(
                Row(code=block, title=title, leaf=False, parent=key, notes=_notes_of(section))
            )
            for category in section.findall("diag"):
                rows.extend(_rows_of(category, block, {}))
    return _clean(root.findtext("version")), _checked({row.code: row for row in rows})


def read_order(text: str, base: dict[str, Row]) -> dict[str, Row]:
    """The rows of an order file, which lists every full code, seventh characters and all. Chapters,
    blocks and notes, which it does not hold, are those of `base`. Raises CodingError.
    """
    rows = {code: row for code, row in base.items() if _is_group(code)}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        if not _ORDER.match(line):
            raise CodingError(f"Line {number} is not a line of an ICD-10-CM order file.")
        code = dotted(line[6:13].strip())
        old = base.get(code)
        rows[code] = Row(
            code=code,
            title=_clean(line[77:]),
            leaf=line[14] == "1",
            parent=old.parent if old else _block_of(code, base),
            notes=old.notes if old else [],
        )
    return _checked(rows)


def apply_addenda(base: dict[str, Row], text: str) -> dict[str, Row]:
    """The tables of the following year. Deletions come first, so that a code that turns from leaf
    to heading (deleted and added again) survives. Raises CodingError if they do not fit `base`.
    """
    changes = list(_changes(text))
    deleted = {code for verb, _, code, _ in changes if verb == "Delete"}
    added = {code for verb, _, code, _ in changes if verb == "Add"}
    _check_fit(base, changes, deleted)
    rows = {code: row for code, row in base.items() if code not in deleted - added}
    for verb, leaf, code, title in changes:
        if verb in ("Add", "Revise to"):
            old = base.get(code)
            rows[code] = Row(
                code=code,
                title=title,
                leaf=leaf,
                parent=old.parent if old else _block_of(code, base),
                seventh=old.seventh if old else {},
                notes=old.notes if old else [],
            )
    return _checked(rows)


def code_lines(rows: dict[str, Row]) -> str:
    """All codes, one a line: code, leaf, parent, seventh characters, title."""
    return "".join(f"{row.line()}\n" for row in rows.values())


def note_lines(rows: dict[str, Row]) -> str:
    """All notes, one a line: code, kind, text."""
    return "".join(
        f"{row.code}\t{kind}\t{text}\n" for row in rows.values() for kind, text in row.notes
    )


def dotted(compact: str) -> str:
    """G3500 -> G35.00."""
    return compact if len(compact) == 3 else f"{compact[:3]}.{compact[3:]}"


def _tree(content: bytes) -> ET.Element:
    # The official files declare no document type; one could name other files or grow without end.
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        raise CodingError("The file declares XML entities; an official Tabular List has none.")
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise CodingError("The file is not whole XML.") from error
    if root.tag != "ICD10CM.tabular":
        raise CodingError("The file is XML, but not an ICD-10-CM Tabular List.")
    return root


def _clean(text: str | None) -> str:
    """Text on one line with single spaces."""
    return " ".join((text or "").split())


def _notes_of(element: ET.Element) -> list[tuple[str, str]]:
    """The instructional notes written at this element, in order."""
    return [
        (_NOTE_KINDS[child.tag], _clean(note.text))
        for child in element
        if child.tag in _NOTE_KINDS
        for note in child.findall("note")
        if _clean(note.text)
    ]


def _seventh_of(element: ET.Element) -> dict[str, str]:
    """The seventh characters written here; a line without one continues the line before it."""
    found: dict[str, str] = {}
    for extension in element.findall("sevenChrDef/extension"):
        text, char = _clean(extension.text), extension.get("char")
        if char:
            found[char] = text
        elif found:
            last = next(reversed(found))
            found[last] = f"{found[last]}; {text}"
    return found


def _rows_of(element: ET.Element, parent: str, inherited: dict[str, str]) -> Iterator[Row]:
    """This code and all codes under it, depth first."""
    code = _clean(element.findtext("name"))
    written = _seventh_of(element)
    inherited = written or inherited
    below = element.findall("diag")
    if not below and code.startswith("S06") and re.fullmatch(r"\w{3}\.\w\w[78]", code):
        written = {char: text for char, text in inherited.items() if char not in "DS"}
    title = _clean(element.findtext("desc"))
    notes = _notes_of(element)
    yield Row(code=code, title=title, leaf=not below, parent=parent, seventh=written, notes=notes)
    for child in below:
        yield from _rows_of(child, "", inherited)


def _changes(text: str) -> Iterator[tuple[str, bool, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if not _CHANGE.match(line):
            continue  # the totals, in words, at the end
        code = dotted(line[15:22].strip())
        if line[13:14] not in ("0", "1") or not _CODE.fullmatch(code):
            raise CodingError(f"Line {number} is not a line of ICD-10-CM order addenda.")
        yield line[:13].strip(" :"), line[13] == "1", code, _clean(line[84:])


def _check_fit(
    base: dict[str, Row], changes: list[tuple[str, bool, str, str]], deleted: set[str]
) -> None:
    """What is deleted or revised must be there, what is added must not."""
    for verb, _, code, _ in changes:
        wrong = (code not in base) if verb != "Add" else (code in base and code not in deleted)
        # A full code with its seventh character is no row of its own in a Tabular List.
        if wrong and len(code) < 8:
            raise CodingError(
                f"The addenda do not fit the table before them: {verb.lower()} {code}.",
                advice="Nothing was changed. Check that the addenda follow the table in force on "
                "the day before --from.",
            )


def _block_of(code: str, base: dict[str, Row]) -> str:
    """The block that a new three-character category belongs to, else nothing."""
    if len(code) != 3:
        return ""
    before = max((each for each in base if len(each) == 3 and each < code), default="")
    return base[before].parent if before else ""


def _checked(rows: dict[str, Row]) -> dict[str, Row]:
    codes = [code for code in rows if not _is_group(code)]
    if len(codes) < _FEWEST:
        raise CodingError(f"Only {len(codes):,} codes were found: this list is not whole.")
    for row in rows.values():
        if not _is_group(row.code) and not _CODE.fullmatch(row.code):
            raise CodingError("The list holds a code that has not the form of ICD-10-CM.")
        texts = (row.title, *row.seventh.values(), *(text for _, text in row.notes))
        if not row.title or not all(text.isprintable() for text in texts):
            raise CodingError(f"The title or a note of {row.code} cannot be read.")
        if any("|" in text for text in row.seventh.values()):
            raise CodingError(f"The seventh characters of {row.code} cannot be read.")
    return rows


def _is_group(code: str) -> bool:
    return "-" in code or code.startswith("CH")
