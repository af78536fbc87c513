"""Getting hold of a vault folder: the single-instance lock, the key file, the database, in that
order; and building a new folder whole or not at all. Knows no visit.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
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
from scribe.store import delays, keyfile, keys, leftovers, rekey
from scribe.store.database import Database
from scribe.store.keyfile import FIRST_FORMAT, KeyFile
from scribe.store.keys import Entry, VaultKeys
from scribe.store.moment import SYSTEM, Clock

DATABASE = "vault.db"
LOCK = "vault.lock"
NEW_DATABASE = "vault.db.new"
"""A database under keys to come; it takes its place when the key file begins with its salt."""

KEPT_AUDIT_KEY = "audit_key"
"""Where the database keeps the audit key of the root key it was begun with."""


class Way(StrEnum):
    """By what a vault was opened."""

    PASSPHRASE = "passphrase"
    RECOVERY = "recovery"
    KEYSTORE = "keystore"
    ESCROW = "escrow"


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
    way: Way = Way.PASSPHRASE

    def close(self) -> None:
        """Write everything back and let another program have it."""
        try:
            self.database.close()
        finally:
            self.lock.release()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A locked vault folder and what its key file says, before any secret was tried."""

    folder: Path
    lock: FileLock
    key_file: KeyFile
    from_previous: bool

    def settle(self, key_file: KeyFile) -> None:
        """Make `key_file`, which a secret has just opened, the one on disk. Raises DiskFull."""
        if self.from_previous or key_file is not self.key_file:
            keyfile.write(self.folder, key_file)
        else:
            keyfile.settle(self.folder)

    def open(self, key_file: KeyFile, unlocked: VaultKeys, way: Way) -> Opened:
        """Open the database under the keys of `key_file`. Raises VaultDamaged, DiskFull."""
        try:
            leftovers.finish_swap(self.folder, key_file, DATABASE, NEW_DATABASE)
        except OSError as exc:
            raise StoreError(f"The database cannot be put in place ({exc.strerror}).") from exc
        salt = bytes.fromhex(key_file.db_salt)
        database = Database(self.folder / DATABASE, unlocked.database, salt)
        try:
            return Opened(
                folder=self.folder,
                lock=self.lock,
                key_file=key_file,
                keys=replace(unlocked, audit=_audit_key(database, unlocked)),
                database=database,
                repaired=self.from_previous,
                way=way,
            )
        except BaseException:
            database.close()
            raise


@contextmanager
def held(folder: Path) -> Iterator[Held]:
    """The vault in this folder, ours until closed; let go when the block raises.

    Raises VaultMissing, VaultBusy (within a second), VaultDamaged, StoreError.
    """
    folder = folder.absolute()
    if not keyfile.exists(folder):
        if (folder / DATABASE).exists():
            raise VaultDamaged("The key file of this vault is missing; its notes cannot be read.")
        raise VaultMissing("There is no vault in this folder.")
    lock = _locked(folder)
    try:
        leftovers.sweep(folder)
        leftovers.sweep_workshops(folder)
        key_file, from_previous = keyfile.read(folder)
        yield Held(folder=folder, lock=lock, key_file=key_file, from_previous=from_previous)
    except BaseException:
        lock.release()
        raise


def take(
    folder: Path,
    passphrase: str,
    *,
    clock: Clock = SYSTEM,
    then: Callable[[KeyFile, Entry], None] = lambda key_file, entry: None,
) -> Opened:
    """Open an existing vault. `then` is told what the passphrase gave, before the database opens.

    Raises VaultMissing, VaultBusy (within a second), TooSoon, WrongPassphrase, VaultDamaged,
    DiskFull, StoreError.
    """
    with held(folder) as ours:
        key_file, entry = enter(ours, passphrase, clock)
        ours.settle(key_file)
        then(key_file, entry)
        return ours.open(key_file, entry.keys, Way.PASSPHRASE)


def enter(ours: Held, passphrase: str, clock: Clock) -> tuple[KeyFile, Entry]:
    """What the passphrase gives, and the key file in its present format (not yet written).

    Raises TooSoon, WrongPassphrase, VaultDamaged, StoreError.
    """
    delays.keep(ours.folder, clock)
    try:
        entry = keys.enter(ours.key_file, passphrase)
    except WrongPassphrase:
        delays.remember(ours.folder, clock)
        raise
    if ours.key_file.format == FIRST_FORMAT:
        return rekey.upgraded(ours.key_file, entry, passphrase), entry
    return ours.key_file, entry


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
        try:
            keyfile.sync_folder(folder.parent)
        except OSError:
            folder.rename(built)  # nobody would be told of a vault that is there
            raise
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
        ours = Held(folder=folder, lock=lock, key_file=key_file, from_previous=False)
        return ours.open(key_file, unlocked, Way.PASSPHRASE)
    except BaseException:
        lock.release()
        raise


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


def _audit_key(database: Database, unlocked: VaultKeys) -> bytes:
    """The log is chained and marked from its first row on, so its key outlives the root key: after
    a rotation it lies in the database, wrapped.
    """
    kept = database.execute("SELECT value FROM meta WHERE name = ?", (KEPT_AUDIT_KEY,))
    if not kept:
        return unlocked.audit
    try:
        wrapped = bytes.fromhex(kept[0][0])
    except ValueError as exc:
        raise VaultDamaged("A wrapped key in the vault is not what was written.") from exc
    return keys.unwrap(unlocked.wrap, wrapped, about=KEPT_AUDIT_KEY)


def _creation_fault(error: OSError) -> StoreError:
    if error.errno in keyfile.FULL:
        return DiskFull("The disk is full; no vault was created.")
    return StoreError(
        f"The vault cannot be created in this folder ({error.strerror}).",
        advice="Choose another folder.",
    )
