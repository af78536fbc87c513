"""A vault out of a backup: all its files in a new folder, each compared with the manifest, and the
check whether the vault in it is whole. Used to verify a backup that was just written and to restore
one; never touches a vault that is there.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from scribe.errors import BackupUnusable
from scribe.events import Stop, Tell
from scribe.store import anchor, following, keyfile, verify
from scribe.store.backupfile import ALTERED, CONTENTS, MANIFEST, Contents, Counter, Manifest, Reader
from scribe.store.database import Database
from scribe.store.keeping import RECORDINGS
from scribe.store.opening import DATABASE, Opened
from scribe.store.verify import VaultReport

TABLES = ("visits", "notes", "audit", "audio_keys")
"""Whose rows are counted: those that every schema has."""

PSYCHOTHERAPY_FILES = (keyfile.CURRENT, following.DATABASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Replica:
    """The files of a backup in `folder`; nothing of it was opened yet."""

    folder: Path
    contents: Contents
    manifest: Manifest

    @property
    def recordings(self) -> int:
        """How many recordings are among them."""
        return sum(each.name.startswith(f"{RECORDINGS}/") for each in self.manifest.parts)


def unpack(reader: Reader, folder: Path, *, tell: Tell, stop: Stop, keep: bool) -> Replica:
    """Write every file of an unlocked backup into the new `folder`, and compare it, read back,
    with the manifest. `keep` waits for each until it is on the disk.

    Raises BackupUnusable, Cancelled, StoreError; OSError, a full disk among them.
    """
    contents = reader.contents()
    # Each byte is written once and read once.
    progress = Counter("check", 2 * contents.size, tell, stop)
    folder.mkdir(mode=0o700)
    keyfile.write(folder, reader.start.key_file)
    written: list[str] = []
    while (part := reader.next_part())[0] != MANIFEST:
        name, size = part
        if name in written or name == CONTENTS:
            raise BackupUnusable("This backup holds a part twice.")
        written.append(name)
        path = folder / name
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with _new(path) as file:
            for block in reader.blocks(size):
                file.write(block)
                progress.add(len(block))
            if keep:
                file.flush()
                os.fsync(file.fileno())
        # Whoever sweeps up what was left behind sees that this is not.
        os.utime(folder.parent)
    manifest = reader.manifest(part[1])
    _require_files(manifest, written, contents)
    for each in manifest.parts[1:]:
        if _digest(folder / each.name, progress) != each.sha256:
            raise BackupUnusable("A file of this backup is not the one that was copied.")
    if keep:
        for inner in {(folder / name).parent for name in written}:
            keyfile.sync_folder(inner)
    return Replica(folder=folder, contents=contents, manifest=manifest)


def require_sound(replica: Replica, opened: Opened) -> VaultReport:
    """Check the vault that was opened out of `replica`: every page, the chain of the log, every
    visit and every signature, and that it has as many rows as there were.

    Raises BackupUnusable, which names what is wrong.
    """
    report = verify.examine(opened)
    if not report.ok:
        raise BackupUnusable(f"The vault in this backup is not sound: {report.problems[0]}.")
    row = verify.trail_of(opened).at(replica.contents.log_seq)
    if (
        rows(opened.database) != replica.contents.rows
        or row is None
        or row.sha256 != replica.contents.log_sha256
    ):
        raise BackupUnusable("The vault in this backup has not all that there was.")
    return report


def rows(database: Database) -> tuple[tuple[str, int], ...]:
    """How many rows each table has."""
    return tuple(
        (table, int(database.execute(f"SELECT count(*) FROM {table}")[0][0])) for table in TABLES
    )


def _require_files(manifest: Manifest, written: list[str], contents: Contents) -> None:
    """What was written is what the manifest names, and a vault has at least these."""
    named = [each.name for each in manifest.parts]
    needed = {DATABASE, anchor.ANCHOR}
    if contents.psychotherapy:
        needed |= {f"{following.FOLDER}/{each}" for each in PSYCHOTHERAPY_FILES}
    if named != [CONTENTS, *written] or needed - set(written):
        raise BackupUnusable(ALTERED)


def _new(path: Path) -> BinaryIO:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags, 0o600), "wb")


def _digest(path: Path, progress: Counter) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        for block in progress.blocks(file, os.fstat(file.fileno()).st_size):
            digest.update(block)
    return digest.hexdigest()
