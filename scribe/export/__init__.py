"""What a signed note can be turned into, and putting the result on disk whole or not at all.

A new format is one file with `render` and `SUFFIX`, and one line in EXPORTERS.
"""

import errno
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from scribe.errors import DiskFull, ExportError
from scribe.export import text
from scribe.files import write_whole
from scribe.records import SignedNote


class Render(Protocol):
    """A signed note, with the versions before it (oldest first), as the bytes of a file."""

    def __call__(self, note: SignedNote, earlier: tuple[SignedNote, ...] = ()) -> bytes:
        """Raises ExportError when this note has no such form."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """One format: how it is made and how its files end."""

    render: Render
    suffix: str


EXPORTERS: dict[str, Exporter] = {
    "text": Exporter(render=text.render, suffix=text.SUFFIX),
}

_FULL = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)


def write(note: SignedNote, kind: str, path: Path, *, earlier: tuple[SignedNote, ...] = ()) -> None:
    """Render `note` and put it at `path`, replacing a file there in one step, private to this user.

    Raises ExportError for an unknown kind, an unsigned note or an unwritable place, DiskFull.
    """
    if kind not in EXPORTERS:
        raise ExportError(
            "There is no such export format.", advice=f"Known are: {', '.join(EXPORTERS)}."
        )
    if not note.sha256 or not note.signature:
        raise ExportError("Only a signed note can be exported.", advice="Sign it first.")
    content = EXPORTERS[kind].render(note, earlier)
    try:
        write_whole(path, content)
    except OSError as exc:
        if exc.errno in _FULL:
            raise DiskFull("The disk is full; the note was not exported and is kept.") from exc
        raise ExportError(
            f"The export cannot be written there ({exc.strerror}).",
            advice="The note is kept. Choose another folder.",
        ) from exc
