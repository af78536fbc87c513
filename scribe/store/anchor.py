"""The anchor: where the audit log stood last, in a file beside the database, so that a database put
back to an older state (by a hand, a backup or a folder-syncing program) is noticed.

It cannot notice the whole folder being put back: that takes a copy of the anchor kept elsewhere.
"""

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from scribe import codec
from scribe.errors import BadInput, DiskFull, StoreError
from scribe.files import write_whole
from scribe.records import AuditRow
from scribe.store.keyfile import FULL

ANCHOR = "vault.anchor"
_MOST_BYTES = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """The last row of the log when it was written, under a keyed mark."""

    seq: int
    sha256: str
    mark: str = ""


def lay(folder: Path, key: bytes, first: AuditRow) -> None:
    """Remember `first` in a new vault, none without its anchor. Raises DiskFull, StoreError."""
    try:
        _write(folder, key, first)
    except OSError as exc:
        if exc.errno in FULL:
            raise DiskFull("The disk is full; no vault was created.") from exc
        raise StoreError(f"The vault cannot be created in this folder ({exc.strerror}).") from exc


def drop(folder: Path, key: bytes, last: AuditRow) -> None:
    """Remember `last`. A failure is not told: the anchor before it stays and still holds."""
    with suppress(OSError):
        _write(folder, key, last)


def _write(folder: Path, key: bytes, row: AuditRow) -> None:
    bare = Anchor(seq=row.seq, sha256=row.sha256)
    write_whole(folder / ANCHOR, codec.canonical(replace(bare, mark=_mark(key, bare))))


def fault(folder: Path, key: bytes, row_at: Callable[[int], AuditRow | None]) -> str | None:
    """Why the log in the database is not the one that was anchored, or None. `row_at` gives the
    row of a number, or None past the end.
    """
    try:
        with (folder / ANCHOR).open("rb") as file:
            anchor = codec.from_json(Anchor, file.read(_MOST_BYTES), what="The anchor")
    except (OSError, BadInput):
        return "the anchor of the audit log is missing or unreadable"
    if not hmac.compare_digest(anchor.mark.encode(), _mark(key, anchor).encode()):
        return "the anchor of the audit log was not written by this vault"
    row = row_at(anchor.seq)
    if row is None:
        return (
            f"the audit log has been at row {anchor.seq} and does not reach it: "
            "the database is an older copy or was cut"
        )
    if row.sha256 != anchor.sha256:
        return f"audit row {anchor.seq} is not the one that was anchored"
    return None


def _mark(key: bytes, anchor: Anchor) -> str:
    content = codec.canonical(replace(anchor, mark=""))
    return hmac.digest(key, b"anchor\x00" + content, "sha256").hex()
