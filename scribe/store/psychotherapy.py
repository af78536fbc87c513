"""Psychotherapy notes: a database of their own under a key of their own, for their author alone. No
list, search, export, backup share or clinic's key of the vault reaches them.

    folder/psychotherapy/
    ├── vault.key          the author's passphrase and recovery key, and nothing else
    └── psychotherapy.db   SQLCipher, with another root key than the vault's

45 CFR 164.501: they record or analyse what was said in counselling and are separated from the rest
of the record. What EXCLUDED names is no psychotherapy note, wherever it stands; it belongs into the
progress note. 45 CFR 164.508(a)(2): others may use them only with an authorization.

They are opened by the passphrase alone, which is asked for with each opening. The author's recovery
key sets a new one here as it does for the vault; the clinic's key does not.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_hex
from types import TracebackType

from scribe.errors import BadInput, StoreError, VaultDamaged
from scribe.ids import EncounterId
from scribe.signoff.audit import Act
from scribe.store import following, keyfile, keys
from scribe.store.database import Database
from scribe.store.following import DATABASE, FOLDER, SCHEMA
from scribe.store.keyfile import KdfCost, KeyFile
from scribe.store.keys import Entry
from scribe.store.trail import Trail

__all__ = [
    "DATABASE",
    "EXCLUDED",
    "FOLDER",
    "SCHEMA",
    "Line",
    "PsychotherapyNotes",
    "open_notes",
]

EXCLUDED = (
    "medication prescription and monitoring",
    "counselling session start and stop times",
    "the modalities and frequencies of treatment furnished",
    "results of clinical tests",
    "any summary of diagnosis, functional status, treatment plan, symptoms, prognosis or progress",
)
"""What 45 CFR 164.501 takes out of the definition, in short."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One psychotherapy note without its text."""

    id: str
    visit: EncounterId
    written: datetime
    changed: datetime


class PsychotherapyNotes:
    """The opened notes of one author; to be closed as soon as they were read or written."""

    def __init__(self, database: Database, trail: Trail) -> None:
        """Taken over from `open_notes`. The rows of `trail` hold identifiers only."""
        self._database, self._trail = database, trail

    def write(self, visit: EncounterId, text: str) -> str:
        """Keep a new note and return its identifier. Raises BadInput for an empty one, DiskFull."""
        if not text.strip():
            raise BadInput("The note is empty.", advice="Nothing was kept.")
        note = f"t-{token_hex(8)}"
        at = self._trail.append(Act.PSYCHOTHERAPY, note, "written").at.isoformat()
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO notes VALUES (?, ?, ?, ?, ?)", (note, visit, at, at, text)
            )
        return note

    def rewrite(self, note: str, text: str) -> None:
        """Other words for a note. Raises BadInput for empty ones, StoreError for no such note."""
        if not text.strip():
            raise BadInput("The note is empty.", advice="Nothing was changed.")
        self._require(note)
        at = self._trail.append(Act.PSYCHOTHERAPY, note, "rewritten").at.isoformat()
        with self._database.transaction():
            self._database.execute(
                "UPDATE notes SET content = ?, changed = ? WHERE id = ?", (text, at, note)
            )
        self._database.checkpoint()

    def read(self, note: str) -> str:
        """The text of a note; there is no reading without its audit row. Raises StoreError."""
        self._require(note)
        self._trail.append(Act.PSYCHOTHERAPY, note, "read")
        return str(self._database.execute("SELECT content FROM notes WHERE id = ?", (note,))[0][0])

    def list(self, visit: EncounterId) -> tuple[Line, ...]:
        """The notes of one visit, oldest first, without their text."""
        found = self._database.execute(
            "SELECT id, visit_id, written, changed FROM notes WHERE visit_id = ? ORDER BY rowid",
            (visit,),
        )
        self._trail.append(Act.PSYCHOTHERAPY, visit, f"list of {len(found)}")
        try:
            return tuple(
                Line(
                    id=str(note),
                    visit=EncounterId(about),
                    written=datetime.fromisoformat(written),
                    changed=datetime.fromisoformat(changed),
                )
                for note, about, written, changed in found
            )
        except ValueError as exc:
            raise VaultDamaged("The list of notes is not what was written.") from exc

    def delete(self, note: str) -> None:
        """Delete a note; its text is out of the file and its log. Raises StoreError."""
        self._require(note)
        self._trail.append(Act.PSYCHOTHERAPY, note, "deleted")
        with self._database.transaction():
            self._database.execute("DELETE FROM notes WHERE id = ?", (note,))
        self._database.checkpoint()

    def close(self) -> None:
        """Let go of the key; harmless when called twice."""
        self._database.close()

    def _require(self, note: str) -> None:
        if not self._database.execute("SELECT 1 FROM notes WHERE id = ?", (note,)):
            raise StoreError("There is no such psychotherapy note.", advice="")

    def __enter__(self) -> "PsychotherapyNotes":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def open_notes(
    vault: Path, passphrase: str, cost: KdfCost, trail: Trail, recipient: str = ""
) -> PsychotherapyNotes:
    """Open the psychotherapy notes beside the vault in folder `vault`; make the place for them on
    first use, where a guess at the passphrase costs as much as at the vault's own (`cost`).
    `recipient` is the public half of the author's recovery key, which opens them from then on.

    Raises WrongPassphrase, VaultDamaged, DiskFull, StoreError.
    """
    folder = vault / FOLDER
    if not keyfile.exists(folder):
        _make(folder, passphrase, cost)
    following.seal(vault, passphrase, recipient)
    key_file, entry = following.enter(folder, passphrase)
    database = _database(folder, key_file, entry, create=not (folder / DATABASE).exists())
    try:
        trail.append(Act.PSYCHOTHERAPY, FOLDER, "opened")
    except BaseException:
        database.close()
        raise
    return PsychotherapyNotes(database, trail)


def _make(folder: Path, passphrase: str, cost: KdfCost) -> None:
    """The database follows with the first opening: without a key file it would be noise."""
    # The vault itself has this cost; it was checked when that was made.
    key_file, _ = keys.new_root(passphrase, cost=cost, test_cost=cost)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as exc:
        raise StoreError(f"The psychotherapy notes cannot be kept ({exc.strerror}).") from exc
    keyfile.write(folder, key_file)


def _database(folder: Path, key_file: KeyFile, entry: Entry, *, create: bool) -> Database:
    salt = bytes.fromhex(key_file.db_salt)
    return Database(folder / DATABASE, entry.keys.database, salt, create=create, schema=SCHEMA)
