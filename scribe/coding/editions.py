"""One edition of the code set and the file in which an imported one is kept; knows no code.

The file is plain text, written whole or not at all: a first line that names the form, then name,
first and last day and the edition of the notes, then the SHA-256 of all that follows: the codes,
an empty line, the notes.
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scribe.errors import CodingError
from scribe.files import write_whole

SUFFIX = ".codes"
_FORM = "clinic-scribe code table 1"
_DAMAGED = "Import the official file again with: scribe codes import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One fiscal year of the code set, in force from `first` to `last` (dates of service).

    `file` and `sha256` are those of an imported edition.
    """

    id: str
    name: str
    first: date
    last: date
    notes_of: str
    file: Path | None = None
    sha256: str = ""

    def days_from(self, day: date) -> int:
        """How many days a date lies outside this edition; 0 inside."""
        return max(0, (self.first - day).days, (day - self.last).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The lines of an imported edition, in the form of the shipped tables."""

    codes: list[str]
    notes: list[str]


def in_folder(folder: Path) -> tuple[Edition, ...]:
    """The imported editions of a folder, none if it is not there. Raises CodingError."""
    try:
        found = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
        return tuple(_described(path) for path in found)
    except OSError as error:
        raise CodingError(
            f"The imported code tables cannot be read ({error.strerror}).", advice=_DAMAGED
        ) from error


def read(edition: Edition) -> Content:
    """The lines of an imported edition. Raises CodingError if they are not what was written."""
    path = edition.file or Path()
    try:
        body = path.read_bytes().split(b"\n", 6)[6]
    except (OSError, IndexError) as error:
        raise _damaged(path) from error
    if hashlib.sha256(body).hexdigest() != edition.sha256:
        raise _damaged(path)
    codes, _, notes = body.decode("utf-8").partition("\n\n")
    return Content(codes=codes.split("\n"), notes=[line for line in notes.split("\n") if line])


def write(edition: Edition, codes: str, notes: str, folder: Path) -> Edition:
    """Keep an edition in `folder`, which is made if need be; one of the same dates is replaced.

    Raises CodingError with nothing changed.
    """
    body = f"{codes}\n{notes}".encode()
    sha256 = hashlib.sha256(body).hexdigest()
    days = (edition.first.isoformat(), edition.last.isoformat())
    head = "\n".join((_FORM, edition.name, *days, edition.notes_of, sha256, ""))
    path = folder / f"{days[0]}_{days[1]}{SUFFIX}"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(path, head.encode() + body)
    except OSError as error:
        raise CodingError(
            f"The code table could not be written ({error.strerror}); nothing was changed.",
            advice="Make room on the disk, or see who may write to the data folder.",
        ) from error
    return _described(path)


def _described(path: Path) -> Edition:
    with path.open("rb") as file:
        lines = [file.readline(1000).rstrip(b"\n") for _ in range(6)]
    try:
        form, name, first, last, notes_of, sha256 = (line.decode("utf-8") for line in lines)
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError as error:
        raise _damaged(path) from error
    if form != _FORM:
        raise _damaged(path)
    return Edition(
        id=path.stem,
        name=name,
        first=days[0],
        last=days[1],
        notes_of=notes_of,
        file=path,
        sha256=sha256,
    )


def _damaged(path: Path) -> CodingError:
    return CodingError(f"The imported code table {path.name} is damaged.", advice=_DAMAGED)
