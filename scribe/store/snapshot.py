"""The vault at one moment, copied while it is in use, and written into the form of a backup. The
database stands still for the copy alone; recordings are read where they lie, for they only grow.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scribe import __version__
from scribe.errors import StoreError, VaultDamaged
from scribe.events import Stop
from scribe.signoff.audit import Act
from scribe.store import anchor, following, keyfile, keys, replica
from scribe.store.backupfile import CONTENTS, Contents, Counter, Writer
from scribe.store.database import Database
from scribe.store.keeping import RECORDINGS, SUFFIX
from scribe.store.keyfile import KeyFile
from scribe.store.opening import DATABASE, Opened
from scribe.store.trail import Trail
from scribe.store.verify import now


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """`files` are copies of ours with their names in the backup, `recordings` the vault's own."""

    key_file: KeyFile
    contents: Contents
    files: tuple[tuple[str, Path], ...]
    recordings: tuple[Path, ...]


def take(
    opened: Opened, trail: Trail, copy: Path, psychotherapy_passphrase: str | None, stop: Stop
) -> Snapshot:
    """Copy what changes into the new folder `copy`. Raises WrongPassphrase, VaultDamaged, DiskFull,
    Cancelled, StoreError, OSError.
    """
    database = opened.database
    copy.mkdir(mode=0o700)
    with database.still():
        key_file, _ = keyfile.read(opened.folder)
        keys.require_mark(key_file, opened.keys.file)
        adrift = anchor.fault(opened.folder, opened.keys.audit, trail.at)
        last = trail.last()
        if adrift or last is None:
            raise VaultDamaged(f"This vault is not sound: {adrift or 'its log is empty'}.")
        made, schema = now(), int(database.execute("PRAGMA user_version")[0][0])
        counted = replica.rows(database)
        known = {str(row[0]) for row in database.execute("SELECT visit_id FROM audio_keys")}
        database.copy(copy / DATABASE, stop)
    anchor.lay(copy, opened.keys.audit, last)
    files = [(name, copy / name) for name in (DATABASE, anchor.ANCHOR)]
    if psychotherapy_passphrase is not None:
        files += _psychotherapy(opened.folder, trail, copy, psychotherapy_passphrase, stop)
    recordings = _recordings(opened.folder, known)
    contents = Contents(
        vault_id=key_file.vault_id,
        made=made,
        program=__version__,
        schema=schema,
        size=sum(_size(each) for each in (*(path for _, path in files), *recordings)),
        rows=counted,
        log_seq=last.seq,
        log_sha256=last.sha256,
        psychotherapy=len(files) > 2,
    )
    return Snapshot(key_file=key_file, contents=contents, files=tuple(files), recordings=recordings)


def write(taken: Snapshot, opened: Opened, part: Path, progress: Counter) -> None:
    """Write the snapshot into the new file `part`, on the disk when this returns. Raises OSError,
    StoreError, Cancelled.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(part, flags, 0o600), "wb") as file:
        writer = Writer(file, taken.key_file, opened.keys.backup)
        writer.put_record(CONTENTS, taken.contents)
        for name, path in taken.files:
            with path.open("rb") as source:
                _put(writer, name, source, progress)
        for path in taken.recordings:
            if (tape := _opened(path, opened.database)) is not None:
                with tape:
                    _put(writer, f"{RECORDINGS}/{path.name}", tape, progress)
        writer.finish()
        file.flush()
        os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            # What is verified should be what lies on the disk, not what is in memory of it.
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def psychotherapy_notes(folder: Path, passphrase: str) -> Iterator[tuple[KeyFile, Database]]:
    """The database of psychotherapy notes in this folder, opened by its author. Raises
    WrongPassphrase, VaultBusy while she has it open, VaultDamaged.
    """
    key_file, entry = following.enter(folder, passphrase)
    salt = bytes.fromhex(key_file.db_salt)
    path, key = folder / following.DATABASE, entry.keys.database
    database = Database(path, key, salt, schema=following.SCHEMA)
    try:
        yield key_file, database
    finally:
        database.close()


def _psychotherapy(
    vault: Path, trail: Trail, copy: Path, passphrase: str, stop: Stop
) -> list[tuple[str, Path]]:
    """Only their author can have them copied: it takes her passphrase."""
    folder, place = vault / following.FOLDER, copy / following.FOLDER
    if not keyfile.exists(folder) or not (folder / following.DATABASE).exists():
        return []
    place.mkdir(mode=0o700)
    with psychotherapy_notes(folder, passphrase) as (key_file, database):
        trail.append(Act.PSYCHOTHERAPY, following.FOLDER, "copied for a backup")
        database.copy(place / following.DATABASE, stop)
        keyfile.write(place, key_file)
    return [(f"{following.FOLDER}/{each}", place / each) for each in replica.PSYCHOTHERAPY_FILES]


def _recordings(vault: Path, known: set[str]) -> tuple[Path, ...]:
    """Those that a key in the database opens; another is noise that waits to be removed."""
    folder = vault / RECORDINGS
    found = sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []
    return tuple(each for each in found if each.name.partition(".")[0] in known)


def _opened(path: Path, database: Database) -> BinaryIO | None:
    """A recording, or None when it was shredded meanwhile."""
    try:
        return path.open("rb")
    except FileNotFoundError as exc:
        visit = path.name.partition(".")[0]
        if database.execute("SELECT 1 FROM audio_keys WHERE visit_id = ?", (visit,)):
            raise StoreError(f"The recording of visit {visit} is gone.") from exc
        return None


def _put(writer: Writer, name: str, source: BinaryIO, progress: Counter) -> None:
    """As far as the file is long now: a recording may be growing."""
    size = os.fstat(source.fileno()).st_size
    writer.put(name, size, progress.blocks(source, size))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
