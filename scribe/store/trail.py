"""The audit log in the database: appending a row, and a keyed mark over each row and each visit, so
that a page of the file put back to an older state does not fit what the log says.
"""

import hmac
from collections.abc import Callable, Iterable
from datetime import datetime

from scribe.errors import VaultDamaged
from scribe.records import AuditRow
from scribe.signoff import audit
from scribe.signoff.audit import Act
from scribe.store.database import Database, Row
from scribe.store.install import install_id

_COLUMNS = "seq, at, actor, act, object_id, detail, previous, sha256, user, install"
GUEST = "u-clinic"
"""The user of rows that somebody else than the clinician of this vault wrote."""

MARK = "mark "
"""Opens the detail of a row that fixes the state of a visit."""


BEHIND_SECONDS = 2.0
"""A clock is set right by a second or so every day; further back is an anomaly."""


class Trail:
    """Appends to and reads the audit log of one open database."""

    def __init__(
        self, database: Database, key: bytes, *, actor: str, clock: Callable[[], datetime]
    ) -> None:
        """Rows say `actor` did it, at the aware time that `clock` tells."""
        self._database, self._key, self._clock = database, key, clock
        self.actor = actor
        known: dict[str, str] = dict(database.execute("SELECT name, value FROM meta"))
        theirs = actor == known.get("clinician", actor)
        self.user = known.get("user_id", "") if theirs else GUEST
        self.install = install_id()

    def append(self, act: Act | str, object_id: str, detail: str = "") -> AuditRow:
        """One row more, in the transaction that is open or in one of its own."""
        with self._database.transaction():
            last, now = self.last(), self._clock()
            behind = 0.0 if last is None else (last.at - now).total_seconds()
            if last is not None and behind > BEHIND_SECONDS:
                told = f"{behind:.0f} s before row {last.seq}"
                last = self._insert(last, now, Act.CLOCK, "clock", told)
            return self._insert(last, now, str(act), object_id, detail)

    def _insert(
        self, last: AuditRow | None, at: datetime, act: str, object_id: str, detail: str
    ) -> AuditRow:
        row = audit.follow(
            last,
            at=at,
            actor=self.actor,
            act=str(act),
            object_id=object_id,
            detail=detail,
            user=self.user,
            install=self.install,
        )
        self._database.execute(
            f"INSERT INTO audit ({_COLUMNS}, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*_values(row), self._row_mark(row)),
        )
        return row

    def last(self) -> AuditRow | None:
        """The newest row, or None. Raises VaultDamaged."""
        found = self._database.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq DESC LIMIT 1")
        return _row(found[0]) if found else None

    def latest(self, acts: Iterable[Act], object_id: str) -> AuditRow | None:
        """The newest row of one of these acts on this object, or None. Raises VaultDamaged."""
        named = [str(act) for act in acts]
        found = self._database.execute(
            f"SELECT {_COLUMNS} FROM audit WHERE object_id = ?"
            f" AND act IN ({', '.join('?' for _ in named)}) ORDER BY seq DESC LIMIT 1",
            (object_id, *named),
        )
        return _row(found[0]) if found else None

    def at(self, seq: int) -> AuditRow | None:
        """The row of this number, or None. Raises VaultDamaged."""
        found = self._database.execute(f"SELECT {_COLUMNS} FROM audit WHERE seq = ?", (seq,))
        return _row(found[0]) if found else None

    def rows(self) -> tuple[AuditRow, ...]:
        """All rows in order, not yet verified. Raises VaultDamaged."""
        found = self._database.execute(f"SELECT {_COLUMNS} FROM audit ORDER BY seq")
        return tuple(_row(each) for each in found)

    def broken(self) -> str | None:
        """What is wrong with the first bad row, or None."""
        rows = self.rows()
        marks = self._database.execute("SELECT mac FROM audit ORDER BY seq")
        for row, (mark,) in zip(rows, marks, strict=True):
            if not hmac.compare_digest(str(mark), self._row_mark(row)):
                return audit.verify(rows) or f"audit row {row.seq} was not written by this vault"
        return audit.verify(rows)

    def visit_mark(self, body: str) -> str:
        """The keyed mark of the stored form of a visit; says nothing about its content."""
        return MARK + hmac.digest(self._key, b"visit\x00" + body.encode(), "sha256").hex()

    def _row_mark(self, row: AuditRow) -> str:
        return hmac.digest(self._key, b"row\x00" + row.sha256.encode(), "sha256").hex()


def _values(row: AuditRow) -> Row:
    who = (row.seq, row.at.isoformat(), row.actor, row.act, row.object_id)
    return (*who, row.detail, row.previous, row.sha256, row.user, row.install)


def _row(row: Row) -> AuditRow:
    seq, at, actor, act, object_id, detail, previous, sha256, user, install = row
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as exc:
        raise VaultDamaged(f"The time of audit row {seq} is not what was written.") from exc
    return AuditRow(
        seq=seq,
        at=moment,
        actor=actor,
        act=act,
        object_id=object_id,
        detail=detail,
        previous=previous,
        sha256=sha256,
        user=user,
        install=install,
    )
