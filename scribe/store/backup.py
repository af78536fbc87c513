"""Making a backup of an open vault: one file, whole or not at all, verified by restoring it before
it gets its name and its row in the log. One that fails leaves nothing behind.

45 CFR 164.308(a)(7)(ii)(A): retrievable exact copies of electronic protected health information.
"""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from threading import Lock

from scribe.errors import (
    BackupUnusable,
    BadInput,
    DiskFull,
    StepRefused,
    StoreError,
    VaultDamaged,
)
from scribe.events import Never, Progress, Stop, Tell, silence
from scribe.ports import BackupMade
from scribe.signoff.audit import Act
from scribe.store import following, keyfile, keys, leftovers, opening, replica, snapshot
from scribe.store.access import VAULT
from scribe.store.backupfile import Counter, Reader
from scribe.store.opening import Opened, Way
from scribe.store.snapshot import Snapshot
from scribe.store.trail import Trail
from scribe.store.verify import now

DUE = timedelta(hours=48)
"""Age of the newest backup at which the clinician is reminded. HIPAA Security Rule, proposed
45 CFR 164.308(a)(13)(ii)(B), 90 FR 898: copies no more than 48 hours old."""

ENDING = ".scribe-backup"
_FOLDER = "backup_folder"
"""Where the database remembers the folder of the newest backup."""

_COPY, _CHECK = "copy", "vault"
_KEPT = "No backup was made. Older ones are kept."
_NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""What some memory sticks and network drives answer, which cannot sync a folder."""


class Backups:
    """The backups of one open vault; implements ports.Backups."""

    def __init__(self, opened: Opened, trail: Trail) -> None:
        self._opened, self._trail = opened, trail
        self._making = Lock()

    def last(self) -> datetime | None:
        """When the newest backup was made that could be restored. Raises VaultDamaged."""
        row = self._trail.latest((Act.BACKUP,), VAULT)
        return None if row is None else row.at

    def folder(self) -> Path | None:
        """Where the newest backup was put; it may have been taken away since."""
        found = self._opened.database.execute("SELECT value FROM meta WHERE name = ?", (_FOLDER,))
        return Path(found[0][0]) if found else None

    def due(self, at: datetime | None = None) -> bool:
        """Whether the newest backup is older than 48 hours `at` this aware time (None: now). A
        vault without visits needs none; one that never had any is as old as its first row.
        """
        if not self._opened.database.execute("SELECT 1 FROM visits LIMIT 1"):
            return False
        first = self._trail.at(1)
        newest = self.last() or (None if first is None else first.at)
        # A clock that was set back must not keep the reminder away.
        return newest is None or abs((at or now()) - newest) > DUE

    def make(
        self,
        target: Path,
        *,
        psychotherapy_passphrase: str | None = None,
        tell: Tell = silence,
        stop: Stop | None = None,
    ) -> BackupMade:
        """Write a backup and verify it by restoring it beside the vault. `target` is a folder, in
        which the file gets a name of its own, or a file that is not there yet. The vault can be
        used meanwhile. Psychotherapy notes are left out without their author's passphrase.

        Raises BadInput, StepRefused (for who came in by the clinic's key, and while another one
        is made), WrongPassphrase, VaultDamaged, DiskFull, Cancelled, StoreError. Then there is no
        new backup, and those before are as they were.
        """
        if self._opened.way is Way.ESCROW:
            raise StepRefused(
                "The vault is open for reading only.",
                advice="No backup was made. Set a new passphrase, then open it with that.",
            )
        if not self._making.acquire(blocking=False):
            raise StepRefused("A backup is being made already.", advice="Wait until it is done.")
        try:
            return self._make(target, psychotherapy_passphrase, tell, stop or Never())
        finally:
            self._making.release()

    def _make(self, target: Path, passphrase: str | None, tell: Tell, stop: Stop) -> BackupMade:
        opened = self._opened
        path = _free_place(target.absolute(), opened)
        leftovers.sweep_workshops(opened.folder)
        with _told():
            shop = opening.workshop(opened.folder)
        part = path.with_name(f"{path.name}.{token_hex(4)}.part")
        try:
            tell(Progress(step="copy", done=0, total=0))
            with _told():
                taken = snapshot.take(opened, self._trail, shop / _COPY, passphrase, stop)
            _require_room(taken, path.parent, shop)
            with _told():
                counter = Counter("write", taken.contents.size, tell, stop)
                snapshot.write(taken, opened, part, counter)
                shutil.rmtree(shop / _COPY)
                found = self._verify(part, shop / _CHECK, passphrase, tell, stop)
                return self._place(part, path, found)
        finally:
            opening.discard(shop)
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _verify(
        self, part: Path, folder: Path, passphrase: str | None, tell: Tell, stop: Stop
    ) -> replica.Replica:
        """Restore the backup into a private folder beside the vault and examine it there."""
        with part.open("rb") as file:
            reader = Reader(file)
            key_file = reader.start.key_file
            keys.require_mark(key_file, self._opened.keys.file)
            reader.unlock(self._opened.keys.backup)
            found = replica.unpack(reader, folder, tell=tell, stop=stop, keep=False)
        restored = opening.hold(folder, key_file, self._opened.keys)
        try:
            replica.require_sound(found, restored)
        finally:
            restored.close()
        if found.contents.psychotherapy and passphrase is not None:
            inner = folder / following.FOLDER
            with snapshot.psychotherapy_notes(inner, passphrase) as (_, database):
                if database.problems():
                    raise BackupUnusable("The psychotherapy notes in this backup are damaged.")
        return found

    def _place(self, part: Path, path: Path, found: replica.Replica) -> BackupMade:
        """Its name and its row in the log, or neither."""
        counted = dict(found.contents.rows)
        size, recordings = part.stat().st_size, found.recordings
        placed = False
        try:
            with self._opened.database.transaction():
                row = self._trail.append(
                    Act.BACKUP,
                    VAULT,
                    f"{counted['visits']} visits, {counted['notes']} notes, "
                    f"{recordings} recordings, log up to row {found.contents.log_seq}",
                )
                self._opened.database.execute(
                    "INSERT INTO meta VALUES (?, ?)"
                    " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                    (_FOLDER, str(path.parent)),
                )
                _require_new(path)
                part.rename(path)
                placed = True
                _sync_folder(path.parent)
        except BaseException:
            if placed:
                path.unlink(missing_ok=True)
            raise
        return BackupMade(
            path=path,
            at=row.at,
            size=size,
            visits=counted["visits"],
            notes=counted["notes"],
            recordings=recordings,
            psychotherapy=found.contents.psychotherapy,
            same_disk=_disk(path) == _disk(self._opened.folder),
        )


# ---------------------------------------------------------------- inside


def _free_place(target: Path, opened: Opened) -> Path:
    """A new file for the backup; what an earlier one left there that was killed is removed."""
    mark = f"vault-{opened.key_file.vault_id[:8]}-"
    name = f"{mark}{now():%Y%m%d-%H%M%S}{ENDING}"
    path = target / name if target.is_dir() else target
    if not path.parent.is_dir():
        raise BadInput("There is no such folder for the backup.", advice=_KEPT)
    if path.resolve().is_relative_to(opened.folder.resolve()):
        raise BadInput(
            "A backup inside the vault would be lost with it.",
            advice="No backup was made. Choose a folder on another disk.",
        )
    _require_new(path)
    for part in path.parent.glob(f"{mark}*{ENDING}.*.part"):
        with suppress(OSError):
            part.unlink()
    return path


def _require_new(path: Path) -> None:
    if path.exists():
        raise BadInput(
            "There is a file of this name already; it was left as it is.",
            advice="No backup was made. Choose another name.",
        )


def _require_room(taken: Snapshot, target: Path, shop: Path) -> None:
    """Say beforehand that it will not fit: once for the file, once to restore it beside the vault,
    where the copy of the database is gone by then.
    """
    size = taken.contents.size
    copied = sum(path.stat().st_size for _, path in taken.files)
    here = shutil.disk_usage(shop).free + copied
    if _disk(target) == _disk(shop):
        lacking = 2 * size - here
    else:
        lacking = max(size - here, size - shutil.disk_usage(target).free)
    if lacking > 0:
        raise DiskFull(f"There is no room for a backup: {lacking / 1e6:.0f} MB too little. {_KEPT}")


def _disk(path: Path) -> int:
    return path.stat().st_dev


def _sync_folder(folder: Path) -> None:
    try:
        keyfile.sync_folder(folder)
    except OSError as exc:
        if exc.errno not in _NO_FOLDER_SYNC:
            raise


@contextmanager
def _told() -> Iterator[None]:
    """Faults on the way in the words of a backup."""
    try:
        yield
    except DiskFull as exc:
        raise DiskFull(f"The disk is full. {_KEPT}") from exc
    except BackupUnusable as exc:
        raise VaultDamaged(
            f"{exc.message} {_KEPT}",
            advice="Run: scribe vault verify. If that finds nothing, choose another disk.",
        ) from exc
    except OSError as exc:
        if exc.errno in keyfile.FULL:
            raise DiskFull(f"The disk is full. {_KEPT}") from exc
        raise StoreError(
            f"The backup could not be written ({os.strerror(exc.errno or 0)}). {_KEPT}",
            advice="Check the disk, or choose another one.",
        ) from exc
