"""The audit chain: every row carries the hash of the row before it. Pure; storing is elsewhere.

Rows hold identifiers, counts and times, never patient text.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from scribe import codec
from scribe.records import AuditRow


class Act(StrEnum):
    """What can be done to a vault or a visit (45 CFR 164.312(b): record and examine activity)."""

    CREATE = "create"
    UNLOCK = "unlock"
    FAILED_UNLOCK = "failed-unlock"
    VIEW = "view"
    EDIT = "edit"
    SIGN = "sign"
    OVERRIDE = "override"
    EXPORT = "export"
    VERIFY = "verify"
    DELETE = "delete"
    SHRED = "shred"
    """The key of a recording was destroyed, and with it the recording."""
    RECORDING_KEY = "recording-key"
    SETTINGS = "settings"
    CONSENT_GIVEN = "consent-given"
    CONSENT_WITHDRAWN = "consent-withdrawn"
    ARRIVAL = "arrival"
    HOLD = "hold"
    RELEASE = "release"
    RETENTION = "retention"
    PSYCHOTHERAPY = "psychotherapy"
    CLOCK = "clock"
    """The clock of the computer stands before the last row; the order of rows is their number."""
    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"
    RECOVERY_KEY = "recovery-key"
    ESCROW = "escrow"
    BREAK_GLASS = "break-glass"
    QUICK_UNLOCK = "quick-unlock"
    ROTATE = "rotate"
    KEY_FILE = "key-file"
    BACKUP = "backup"
    """A backup was written and verified by restoring it."""
    RESTORED = "restored"


_LATER = ("user", "install")
"""Columns that the first rows of an old log do not have; empty, they are not hashed."""


def digest(row: AuditRow) -> str:
    """Hex SHA-256 over the canonical form of everything in the row but its own hash."""
    content = codec.plain(row)
    del content["sha256"]
    for later in _LATER:
        if not content[later]:
            del content[later]
    return codec.sha256(content)


def follow(
    last: AuditRow | None,
    *,
    at: datetime,
    actor: str,
    act: str,
    object_id: str,
    detail: str = "",
    user: str = "",
    install: str = "",
) -> AuditRow:
    """The row after `last` (None starts a chain). `at` is an aware datetime."""
    bare = AuditRow(
        seq=1 if last is None else last.seq + 1,
        at=at,
        actor=actor,
        act=act,
        object_id=object_id,
        detail=detail,
        previous="" if last is None else last.sha256,
        user=user,
        install=install,
    )
    return replace(bare, sha256=digest(bare))


def verify(rows: Iterable[AuditRow]) -> str | None:
    """None for an unbroken chain from row 1, else what is wrong with the first bad row.

    A chain cut off at its end is still unbroken: only an anchor kept elsewhere can show that.
    """
    previous = ""
    for seq, row in enumerate(rows, start=1):
        if row.seq != seq:
            return f"audit row {seq} is missing (row {row.seq} stands in its place)"
        if row.previous != previous:
            return f"audit row {seq} does not follow the row before it"
        if row.sha256 != digest(row):
            return f"audit row {seq} was changed"
        previous = row.sha256
    return None
