"""Getting hold of a vault folder: the single-instance lock, the key file, the database, in that
order; and building a new folder whole or not at all. Knows no visit.
"""

import json
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from secrets import token_hex

from filelock import FileLock, Timeout

from scribe.errors import (
    DiskFull,
    StoreError,
    VaultBusy,
    VaultDamaged,
    VaultExists,
    VaultMissing,
    WrongPassphrase,
)
from scribe.files import write_whole
from scribe.store import keyfile, keys
from scribe.store.database import Database
from scribe.store.keyfile import KeyFile
from scribe.store.keys import VaultKeys

DATABASE = "vault.db"
LOCK = "vault.lock"
FAILED = "failed-unlocks.json"
MOST_FAILED = 100
"""Failed unlocks remembered until the next good one can put them into the audit log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A vault folder in our hands until `close`."""

    folder: Path
    lock: FileLock
    key_file: KeyFile
    keys: VaultKeys = field(repr=False)
    database: Database
    repaired: bool
    """The current key file was damaged and has been written anew from the one before it."""

    def close(self) -> None:
        """Write everything back and let another program have it."""
        try:
            self.database.close()
        finally:
            self.lock.release()


def take(folder: Path, passphrase: str) -> Opened:
    """Open an existing vault.

    Raises VaultMissing, VaultBusy (within a second), WrongPassphrase, VaultDamaged, DiskFull,
    StoreError.
    """
    folder = folder.absolute()
    if not keyfile.exists(folder):
        if (folder / DATABASE).exists():
            raise VaultDamaged("The key file of this vault is missing; its notes cannot be read.")
        raise VaultMissing("There is no vault in this folder.")
    lock = _locked(folder)
    try:
        key_file, from_previous = keyfile.read(folder)
        try:
            unlocked = keys.unlock(key_file, passphrase)
        except WrongPassphrase:
            _remember_failure(folder)
            raise
        if from_previous:
            keyfile.write(folder, key_file)
        return Opened(
            folder=folder,
            lock=lock,
            key_file=key_file,
            keys=unlocked,
            database=_database(folder, key_file, unlocked),
            repaired=from_previous,
        )
    except BaseException:
        lock.release()
        raise


def require_free(folder: Path) -> None:
    """Raises VaultExists unless the folder is absent or empty: nothing is ever overwritten."""
    if keyfile.exists(folder) or (folder / DATABASE).exists():
        raise VaultExists("There is a vault in this folder already; it was left as it is.")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise VaultExists(
            "The folder for the new vault is not empty; it was left as it is.",
            advice="Choose an empty folder.",
        )


def workshop(folder: Path) -> Path:
    """A private folder beside `folder` to build a vault in. Raises DiskFull, StoreError."""
    beside = folder.with_name(f".{folder.name}.{token_hex(4)}.new")
    try:
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside.mkdir(mode=0o700)
    except OSError as exc:
        raise _creation_fault(exc) from exc
    return beside


def put_in_place(built: Path, folder: Path) -> None:
    """Turn the finished `built` into `folder` in one rename. Raises VaultExists, StoreError."""
    try:
        keyfile.sync_folder(built)
        if os.name == "nt" and folder.exists():
            folder.rmdir()
        built.rename(folder)
        keyfile.sync_folder(folder.parent)
    except OSError as exc:
        require_free(folder)
        raise _creation_fault(exc) from exc


def discard(built: Path) -> None:
    """Remove what was built and never put in place."""
    shutil.rmtree(built, ignore_errors=True)


def hold(folder: Path, key_file: KeyFile, unlocked: VaultKeys) -> Opened:
    """Like `take`, for a vault just built, whose keys are at hand."""
    lock = _locked(folder)
    try:
        database = _database(folder, key_file, unlocked)
    except BaseException:
        lock.release()
        raise
    return Opened(
        folder=folder,
        lock=lock,
        key_file=key_file,
        keys=unlocked,
        database=database,
        repaired=False,
    )


def failures(folder: Path) -> tuple[datetime, ...]:
    """When a wrong passphrase was tried since the last good one, oldest first."""
    try:
        kept = json.loads((folder / FAILED).read_text(encoding="utf-8"))
        return tuple(datetime.fromisoformat(each) for each in kept)
    except (OSError, ValueError, TypeError, RecursionError):
        return ()


def forget_failures(folder: Path) -> None:
    """They stand in the audit log now."""
    with suppress(OSError):
        (folder / FAILED).unlink(missing_ok=True)


def _remember_failure(folder: Path) -> None:
    times = [*failures(folder), datetime.now().astimezone()][-MOST_FAILED:]
    # Refusing comes first: a full disk must not turn a wrong passphrase into another error.
    with suppress(OSError):
        text = json.dumps([each.isoformat() for each in times])
        write_whole(folder / FAILED, text.encode())


def _locked(folder: Path) -> FileLock:
    # thread_local off: the window may close the vault from another thread than opened it.
    lock = FileLock(
        folder / LOCK, timeout=0, mode=0o600, thread_local=False, fallback_to_soft=False
    )
    try:
        lock.acquire()
    except Timeout as exc:
        raise VaultBusy("Another program has this vault open.") from exc
    except (OSError, NotImplementedError) as exc:
        raise StoreError(
            "The vault folder cannot be locked.",
            advice="Nothing was changed. Put the vault on a disk of this computer.",
        ) from exc
    return lock


def _database(folder: Path, key_file: KeyFile, unlocked: VaultKeys) -> Database:
    return Database(folder / DATABASE, unlocked.database, bytes.fromhex(key_file.db_salt))


def _creation_fault(error: OSError) -> StoreError:
    if error.errno in keyfile.FULL:
        return DiskFull("The disk is full; no vault was created.")
    return StoreError(
        f"The vault cannot be created in this folder ({error.strerror}).",
        advice="Choose another folder.",
    )
