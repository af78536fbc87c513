"""Reads the stored editions, shipped and imported, as rows and notes; knows no hierarchy.

One edition is shipped whole, the others as changes against it.
"""

from functools import cache
from importlib.resources import files

from scribe.coding import editions
from scribe.coding.editions import Edition
from scribe.errors import CodingError

StoredRow = tuple[bool, str, str, str]
"""Leaf, parent, seventh characters and title, as in the file."""

_FOLDER = files("scribe.coding") / "tables"
_BASE = "fy2026"


def rows(edition: Edition) -> dict[str, StoredRow]:
    """The rows of an edition by code. Raises CodingError if they cannot be read."""
    base = _base_rows()
    if edition.file is not None:
        own = _parsed(editions.read(edition).codes)
        # A row that has not changed is kept once: a whole year is some 10 MB in memory.
        return {code: base[code] if base.get(code) == row else row for code, row in own.items()}
    if edition.id == _BASE:
        return base
    changed = dict(base)
    for line in _lines(f"{edition.id}-codes.changes.tsv"):
        if line[0] == "-":
            changed.pop(line[1:], None)
        else:
            changed.update(_parsed([line[1:]]))
    return changed


def notes(edition: Edition) -> dict[str, list[tuple[str, str]]]:
    """The notes of an edition, kind and text, by the code at which they stand. Raises
    CodingError.
    """
    found: dict[str, list[tuple[str, str]]] = {}
    if edition.file is not None:
        _put(found, editions.read(edition).notes)
        return found
    _put(found, _lines(f"{_BASE}-notes.tsv"))
    if edition.id != _BASE:
        changes = _lines(f"{edition.id}-notes.changes.tsv")
        for line in changes:
            if line[0] == "-":
                found.pop(line[1:], None)
        _put(found, [line[1:] for line in changes if line[0] == "+"])
    return found


@cache
def _base_rows() -> dict[str, StoredRow]:
    return _parsed(_lines(f"{_BASE}-codes.tsv"))


def _parsed(lines: list[str]) -> dict[str, StoredRow]:
    split = (line.split("\t") for line in lines)
    try:
        return {
            code: (leaf == "1", parent, seventh, title)
            for code, leaf, parent, seventh, title in split
        }
    except ValueError as error:
        raise CodingError("A code table is damaged.") from error


def _put(found: dict[str, list[tuple[str, str]]], lines: list[str]) -> None:
    try:
        for line in lines:
            code, kind, text = line.split("\t")
            found.setdefault(code, []).append((kind, text))
    except ValueError as error:
        raise CodingError("The notes of a code table are damaged.") from error


def _lines(name: str) -> list[str]:
    try:
        text = (_FOLDER / name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CodingError(
            f"The code table {name} of this program cannot be read.",
            advice="Install the program again.",
        ) from error
    return [line for line in text.split("\n") if line and line[0] != "#"]
