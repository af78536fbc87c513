"""What a program leaves that was killed in the middle of its work, and when it may be removed:
parts of files, a database under keys never in force, a folder that never became a vault.
"""

import shutil
import time
from contextlib import suppress
from pathlib import Path

from scribe.store.keyfile import SALT_BYTES, KeyFile, sync_folder

PARTS = ("vault.*.part", "failed-unlocks.json.*.part", "vault.db*.probe")
ABANDONED = 60.0
"""Seconds without a change after which such a folder is left over: building takes one second."""


def sweep(folder: Path) -> None:
    """Remove parts of files; only for whoever holds the lock of this vault."""
    for pattern in PARTS:
        for part in folder.glob(pattern):
            with suppress(OSError):
                part.unlink()


def sweep_workshops(folder: Path) -> None:
    """Remove folders in which this vault was to be built and that nobody touches any more."""
    moment = time.time()
    for built in folder.parent.glob(f".{folder.name}.*.new"):
        with suppress(OSError):
            if not built.is_symlink() and moment - built.stat().st_mtime > ABANDONED:
                shutil.rmtree(built, ignore_errors=True)


def finish_swap(folder: Path, key_file: KeyFile, database: str, new_database: str) -> None:
    """Put a database under new keys in its place when the key file names its salt and not the salt
    of the one in place: the key file is what decides. Any other is removed, for it was cut off
    while it was copied or before its key file was written. Raises OSError.
    """
    new = folder / new_database
    if not new.exists():
        return
    salt = bytes.fromhex(key_file.db_salt)
    if _salt_of(new) == salt != _salt_of(folder / database):
        # A log of the database before would be replayed into the new one.
        for suffix in ("-wal", "-shm", "-journal"):
            (folder / (database + suffix)).unlink(missing_ok=True)
        new.replace(folder / database)
        sync_folder(folder)
    for each in folder.glob(new_database + "*"):
        each.unlink()


def _salt_of(database: Path) -> bytes:
    try:
        with database.open("rb") as file:
            return file.read(SALT_BYTES)
    except FileNotFoundError:
        return b""
