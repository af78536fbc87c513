"""The encrypted database file: opening, gates, transactions, migrations. Only importer of
sqlcipher3; knows no visit and no note.

A raw key is always given together with its salt (96 hex digits): with the key alone the salt is
read from page 1 of the file *before* the log is replayed, and a power cut in the middle of that
page would make the whole file unreadable for ever.
"""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.resources import files
from pathlib import Path
from secrets import token_hex
from threading import RLock
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from scribe.errors import Cancelled, DiskFull, StepRefused, StoreError, VaultBusy, VaultDamaged
from scribe.events import Stop
from scribe.store.keyfile import FULL, KEY_BYTES, SALT_BYTES

PLAINTEXT_HEADER = b"SQLite format 3\x00"
SCHEMA = "migrations"
"""The folder of the vault's own migrations."""

WAIT = 0.2
"""Seconds to wait for another connection; there should never be one."""

Row = tuple[Any, ...]

_BEFORE_READING = (
    "PRAGMA locking_mode = EXCLUSIVE",  # a second program is refused, and no -shm file is needed
    "PRAGMA trusted_schema = OFF",
    "PRAGMA cell_size_check = ON",
    "PRAGMA temp_store = MEMORY",  # nothing is sorted or staged on disk
)
_BEFORE_WRITING = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA fullfsync = ON",
    "PRAGMA checkpoint_fullfsync = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",  # else REPLACE deletes without asking the delete triggers
)

_CHANGES = (
    sqlcipher.SQLITE_INSERT,
    sqlcipher.SQLITE_UPDATE,
    sqlcipher.SQLITE_DELETE,
    sqlcipher.SQLITE_CREATE_TABLE,
    sqlcipher.SQLITE_DROP_TABLE,
    sqlcipher.SQLITE_DROP_TRIGGER,
    sqlcipher.SQLITE_ALTER_TABLE,
    sqlcipher.SQLITE_ATTACH,
)
_CORRUPT = (sqlcipher.SQLITE_CORRUPT, sqlcipher.SQLITE_NOTADB)
_BUSY = (sqlcipher.SQLITE_BUSY, sqlcipher.SQLITE_LOCKED)


class Database:
    """One open connection. Usable from any thread, by one at a time (the others wait)."""

    def __init__(
        self,
        path: Path,
        key: bytes,
        salt: bytes,
        *,
        create: bool = False,
        schema: str = SCHEMA,
    ) -> None:
        """Open, or `create`, the file. `key` is 32 bytes, `salt` 16; `schema` names the folder of
        its migrations.

        Raises VaultDamaged, VaultBusy, DiskFull, StoreError (also for a newer schema).
        """
        if len(key) != KEY_BYTES or len(salt) != SALT_BYTES:
            # SQLCipher would silently take a raw key of another length for a passphrase.
            raise ValueError("the database key must be 32 bytes and its salt 16")
        self._path, self._schema = path, schema
        self._lock = RLock()
        self._inside = False
        _look_at(path, create=create)
        try:
            self._connection = sqlcipher.connect(
                str(path), timeout=WAIT, isolation_level=None, check_same_thread=False
            )
        except sqlcipher.Error as exc:
            raise _translated(exc, path) from exc
        try:
            self._prepare(key, salt, create=create)
        except BaseException:
            self.close()
            raise

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement and return all its rows. Raises StoreError and its kinds;
        StepRefused for a change to what is signed or logged.
        """
        with self._lock:
            try:
                return list(self._connection.execute(sql, values).fetchall())
            except sqlcipher.Error as exc:
                raise _translated(exc, self._path) from exc

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: committed and synced when the block ends, rolled back when it raises.
        A block inside a block belongs to the outer one.
        """
        with self._lock:
            if self._inside:
                yield
                return
            self.execute("BEGIN IMMEDIATE")
            self._inside = True
            try:
                yield
                self.execute("COMMIT")
            except BaseException:
                # SQLite may have rolled back by itself (disk full); then this is refused.
                with suppress(sqlcipher.Error):
                    self._connection.rollback()
                raise
            finally:
                self._inside = False

    def only_log(self) -> None:
        """From now on nothing is written but rows of the audit log: StepRefused for the rest."""

        def allow(action: int, table: str | None, *_: str | None) -> int:
            refused = action in _CHANGES and table != "audit"
            return int(sqlcipher.SQLITE_DENY if refused else sqlcipher.SQLITE_OK)

        with self._lock:
            self._connection.set_authorizer(allow)

    def rekey(self, key: bytes, salt: bytes) -> None:
        """Encrypt every page anew under another key and salt; only for a copy that nobody needs if
        this is cut off. Open it anew afterwards. Raises DiskFull, StoreError.
        """
        with self._lock:
            self.execute("PRAGMA journal_mode = DELETE")  # there is no rekeying in WAL
            self.execute(f"PRAGMA rekey = \"x'{key.hex()}{salt.hex()}'\"")
            if _first_bytes(self._path) != salt:
                raise StoreError("The database could not be encrypted under a new key.")

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody else reads or writes until the block ends."""
        with self._lock:
            yield

    def copy(self, path: Path, stop: Stop) -> None:
        """A compact copy as it is now in a new private file, under the same key and salt. Raises
        Cancelled, VaultDamaged, DiskFull, StoreError.
        """
        _make_private(path)
        with self._lock:
            self._connection.set_progress_handler(lambda: int(stop.is_set()), 10_000)
            try:
                self.execute("VACUUM INTO ?", (str(path),))
            except StoreError as exc:
                if stop.is_set():
                    raise Cancelled("The copy was stopped.") from exc
                raise
            finally:
                self._connection.set_progress_handler(None, 0)

    def checkpoint(self) -> None:
        """Write the log back into the file and empty it, so that what was deleted is in neither.
        Raises StoreError when a reader keeps it from that.
        """
        busy, *_ = self.execute("PRAGMA wal_checkpoint(TRUNCATE)")[0]
        if busy:
            raise VaultBusy("The log of the database could not be emptied.")

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the pages of the file: every page is read and authenticated."""
        try:
            # The check reads the file as it lies there, in which a power cut can leave half a page
            # whose whole is in the log.
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            found = [str(row[0]) for row in self.execute("PRAGMA cipher_integrity_check")]
            structure = [str(row[0]) for row in self.execute("PRAGMA integrity_check(10)")]
        except VaultDamaged as error:
            return (error.message,)
        return tuple(found + [each for each in structure if each != "ok"])

    def close(self) -> None:
        """Write the log back into the file and let go; harmless when called twice."""
        with self._lock:
            self._connection.close()

    # ------------------------------------------------------------ opening

    def _prepare(self, key: bytes, salt: bytes, *, create: bool) -> None:
        self._connection.enable_load_extension(False)
        # Its own log would go to the terminal.
        self.execute("PRAGMA cipher_log_level = NONE")
        self.execute(f"PRAGMA key = \"x'{key.hex()}{salt.hex()}'\"")
        self._gate()
        for pragma in _BEFORE_READING:
            self.execute(pragma)
        version = self._version()
        newest = len(_migrations(self._schema))
        if version > newest:
            raise StoreError(
                "This vault was written by a newer version of the program.",
                advice="Nothing was changed. Update the program.",
            )
        if version == 0 and not create:
            raise VaultDamaged("The database of this vault is empty.")
        for pragma in _BEFORE_WRITING:
            self.execute(pragma)
        self._migrate(version)
        self._check_disk(salt)

    def _gate(self) -> None:
        """Refuse to go on with a library that takes no key and would write plaintext."""
        version = self.execute("PRAGMA cipher_version")
        keyed = self.execute("PRAGMA cipher_status")
        if not version or not version[0][0] or not keyed or str(keyed[0][0]) != "1":
            raise StoreError(
                "The database library on this machine does not encrypt.",
                advice="Nothing was written. Install the program again.",
            )

    def _check_disk(self, salt: bytes) -> None:
        """The file itself must begin with our salt. After a power cut page 1 may still be only
        in the log, so the log is written back before the file is called damaged.
        """
        if _first_bytes(self._path) != salt:
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if _first_bytes(self._path) != salt:
            raise VaultDamaged("The database file does not begin with the salt of this vault.")

    def _version(self) -> int:
        return int(self.execute("PRAGMA user_version")[0][0])

    def _migrate(self, version: int) -> None:
        scripts = _migrations(self._schema)
        for number, script in enumerate(scripts[version:], start=version + 1):
            with self.transaction():
                for statement in _statements(script):
                    self.execute(statement)
                self.execute(f"PRAGMA user_version = {number}")


def _look_at(path: Path, *, create: bool) -> None:
    if create:
        if path.exists():
            raise StoreError("There is a database here already; it was left as it is.")
        _make_private(path)
        return
    if not path.exists():
        raise VaultDamaged("The database of this vault is missing.")
    if _first_bytes(path) == PLAINTEXT_HEADER:
        raise VaultDamaged("The database of this vault is not encrypted.")


def _make_private(path: Path) -> None:
    """An empty file made by us, so that it is private from its first byte."""
    try:
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as exc:
        raise StoreError(f"The database cannot be created ({exc.strerror}).") from exc


def _first_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(SALT_BYTES)
    except OSError as exc:
        raise VaultDamaged(f"The database cannot be read ({exc.strerror}).") from exc


def _migrations(schema: str) -> tuple[str, ...]:
    """The numbered scripts 0001_*.sql, 0002_*.sql ... in order, without a gap."""
    folder = files("scribe.store") / schema
    found = sorted(each.name for each in folder.iterdir() if each.name.endswith(".sql"))
    numbers = [int(re.match(r"\d*", name).group() or 0) for name in found]  # type: ignore[union-attr]  # \d* always matches
    if numbers != list(range(1, len(found) + 1)):
        raise StoreError("The migrations of this build are not numbered 1, 2, 3 ...")
    return tuple((folder / name).read_text(encoding="utf-8") for name in found)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: a script run as a whole would commit in between."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlcipher.complete_statement(pending):
            yield pending
            pending = ""


def _translated(error: sqlcipher.Error, path: Path) -> StoreError | StepRefused:
    """A fault of the library in our own words; its text may hold values and is not repeated."""
    code = (getattr(error, "sqlite_errorcode", None) or sqlcipher.SQLITE_ERROR) & 0xFF
    if code == sqlcipher.SQLITE_FULL or (code == sqlcipher.SQLITE_IOERR and _no_room(path)):
        return DiskFull("The disk is full. The last complete state of the vault is kept.")
    if code in _CORRUPT:
        return VaultDamaged("The database of this vault is damaged.")
    if code == sqlcipher.SQLITE_AUTH:
        return StepRefused(
            "The vault is open for reading only.",
            advice="Nothing was changed. Set a new passphrase, then open it with that.",
        )
    if code in _BUSY:
        return VaultBusy("Another program has this vault open.")
    if isinstance(error, sqlcipher.ProgrammingError) and "closed" in str(error):
        return StoreError("The vault is locked.", advice="Unlock it with your passphrase.")
    if code == sqlcipher.SQLITE_IOERR:
        return StoreError("The disk reported an error. The last complete state is kept.")
    if code == sqlcipher.SQLITE_CONSTRAINT and str(error).startswith("immutable: "):
        reason = str(error).removeprefix("immutable: ")
        return StepRefused(f"Refused by the vault: {reason}.", advice="Add an addendum instead.")
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return StoreError(f"The database refused a request ({name}).")


def _no_room(path: Path) -> bool:
    """Whether an I/O error was really a lack of room, which SQLite does not always tell apart:
    try to write a little further than the longest file of the database reaches.
    """
    probe = path.with_name(f"{path.name}.{token_hex(4)}.probe")
    block = bytes(64 * 1024)
    try:
        end = max((each.stat().st_size for each in path.parent.glob(path.name + "*")), default=0)
        handle = os.open(probe, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            os.lseek(handle, end, os.SEEK_SET)
            if os.write(handle, block) < len(block):
                return True
            os.fsync(handle)
        finally:
            os.close(handle)
    except OSError as error:
        return error.errno in FULL
    finally:
        with suppress(OSError):
            probe.unlink(missing_ok=True)
    return False
