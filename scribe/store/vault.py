"""The vault: visits, signed notes, keys of recordings and the clinician's signature, each act with
its audit row. No SQL and no cryptography of its own; it says in what order things are done.

    folder/            0700
    ├── vault.key      key file, and vault.key.old, its second copy
    ├── vault.db       SQLCipher database (with -wal while open)
    ├── vault.anchor   where the audit log stood last
    ├── vault.lock     held while a program has the vault open; empty
    ├── vault.quick    only while quick unlock is on
    ├── failed-unlocks.json   times only, for the wait after a wrong passphrase
    └── recordings/    encrypted frames, one file per visit
"""

import re
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from scribe import codec
from scribe.consent import gate
from scribe.errors import BadInput, DiskFull, StepRefused, StoreError
from scribe.ids import EncounterId
from scribe.records import AuditRow, SignedNote, Visit, VisitState, VisitSummary
from scribe.signoff import review, signature
from scribe.signoff.audit import Act
from scribe.store import consents, keyfile, keystore, notes, opening, psychotherapy, quick
from scribe.store.access import VAULT, Access
from scribe.store.arrival import arrive
from scribe.store.backup import Backups
from scribe.store.database import Database
from scribe.store.founding import found
from scribe.store.keeping import Keeping
from scribe.store.keyfile import KdfCost, KeyFile
from scribe.store.keys import Entry
from scribe.store.keystore import FindKeystore
from scribe.store.moment import SYSTEM, Clock
from scribe.store.opening import Opened, Way
from scribe.store.psychotherapy import PsychotherapyNotes
from scribe.store.trail import Trail
from scribe.store.verify import (
    VaultReport,
    drop_anchor,
    examine,
    require_sound_notes,
    sign_detail,
    verify_vault,
)

__all__ = ["Vault", "VaultReport", "create_vault", "exists", "open_vault", "verify_vault"]

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Vault:
    """An unlocked vault; implements ports.Store. Usable from any thread, by one at a time."""

    def __init__(self, opened: Opened, trail: Trail, access: Access) -> None:
        """Taken over from `create_vault`, `open_vault` or one of `entrances`."""
        self._opened, self._trail, self.access = opened, trail, access
        self.keeping = Keeping(opened, trail)
        self.backups = Backups(opened, trail)

    @property
    def folder(self) -> Path:
        """Where the vault lies."""
        return self._opened.folder

    @property
    def clinician(self) -> str:
        """Whose vault this is: the actor of every audit row."""
        return self._trail.actor

    @property
    def public_key(self) -> bytes:
        """The clinician's raw Ed25519 public key, 32 bytes."""
        return self.access.public_key

    # ------------------------------------------------------------ visits and notes

    def save(self, visit: Visit) -> None:
        """Insert or replace the unsigned state of a visit.

        Raises StepRefused once it is signed, ConsentNeeded for what was heard without consent,
        BadInput for an unusable identifier, DiskFull.
        """
        gate.require_kept(visit)
        with self._database.transaction():
            if notes.stored_notes(self._database, visit.encounter.id):
                raise StepRefused("This visit is signed.", advice="Add an addendum instead.")
            self._put(visit)

    def load(self, encounter: EncounterId) -> Visit:
        """The visit with all versions of its note, each verified to the last byte; there is no
        view without its audit row.

        Raises StoreError if there is none, VaultDamaged (also for a note that was changed after it
        was signed), DiskFull.
        """
        with self._database.transaction():
            require_sound_notes(self._database, encounter, self.access.public_keys)
            visit = notes.visit_with_notes(self._database, encounter)
            self._trail.append(Act.VIEW, encounter)
        return visit

    def withdraw(self, visit: Visit) -> None:
        """Keep a visit whose consent was taken back (`session.withdraw`), and destroy its
        recording: its key is gone from the vault when this returns. Under a legal hold the
        recording stays, and the log says so. Raises StepRefused, DiskFull.
        """
        with self._database.transaction():
            self.save(visit)
            self.keeping.drop_withdrawn(visit.encounter.id)
        self.keeping.sweep()

    def shred(self, encounter: EncounterId, why: str) -> bool:
        """Destroy the recording of a visit. Raises StepRefused under a legal hold, DiskFull."""
        return self.keeping.shred(encounter, why)

    def list(self) -> tuple[VisitSummary, ...]:
        """All visits, newest first. Raises VaultDamaged, DiskFull."""
        with self._database.transaction():
            found = notes.summaries(self._database)
            self._trail.append(Act.VIEW, VAULT, f"list of {len(found)}")
        return found

    def sign(self, visit: Visit, note: SignedNote) -> None:
        """Keep a signed version, its visit and its audit rows in one transaction. A first version
        closes the visit; a later one leaves it as it is and marks it amended.

        Raises StepRefused when the note is not this visit's next version or does not carry this
        clinician's signature; DiskFull.
        """
        if note.coded.encounter.id != visit.encounter.id:
            raise StepRefused("This note belongs to another visit.")
        gate.require_kept(visit)
        if not review.verify_note(note, self.public_key):
            raise StepRefused("The signature does not fit this note.", advice="Sign it again.")
        heard = "" if visit.transcript is None else codec.sha256(visit.transcript)
        if heard and note.transcript_sha256 not in ("", heard):
            raise StepRefused("The transcript is not the one this note was signed with.")
        with self._database.transaction():
            self._require_log(note)
            earlier = notes.stored_notes(self._database, visit.encounter.id)
            previous = earlier[-1].sha256 if earlier else ""
            if (note.version, note.previous_sha256) != (len(earlier) + 1, previous):
                raise StepRefused("This note does not follow the version that is stored.")
            if not earlier:
                self._put(visit)
            notes.put_note(self._database, note)
            state = VisitState.AMENDED if earlier else VisitState.SIGNED
            notes.set_state(self._database, visit.encounter.id, state, note.attestation.at)
            self._trail.append(Act.SIGN, note.id, sign_detail(note.version, note.sha256))
            if not note.addendum:
                for each in note.overrides:
                    self._trail.append(Act.OVERRIDE, note.id, each.rule_id)
        drop_anchor(self._opened)

    def audit(self) -> tuple[AuditRow, ...]:
        """All audit rows in order. Raises VaultDamaged."""
        return self._trail.rows()

    def verify(self) -> VaultReport:
        """Check every page, note and audit row while the vault is open; a good result is logged."""
        report = examine(self._opened)
        if report.ok:
            # The finding matters more than its row: a full disk must not hide it.
            with suppress(DiskFull):
                self._trail.append(Act.VERIFY, VAULT, f"{report.notes} notes")
            drop_anchor(self._opened)
        return report

    def record(self, act: Act | str, object_id: str, detail: str = "") -> None:
        """Put an act of another room (an export, say) into the audit log: identifiers and counts
        only, never patient text. Raises DiskFull; StepRefused for an export after quick unlock.
        """
        if act == Act.EXPORT and self.access.way is Way.KEYSTORE:
            self.access.require_fresh()
        self._trail.append(act, object_id, detail)

    # ------------------------------------------------------------ keys

    def audio_key(self, encounter: EncounterId) -> bytes:
        """The 32-byte key of this visit's recording, made on first use, and made only for a visit
        that is stored with the consent of everybody present.

        Raises BadInput, ConsentNeeded, StoreError for an unknown visit, VaultDamaged, DiskFull.
        """
        _require_plain(encounter)
        return self.keeping.key_of(encounter)

    def recording_path(self, encounter: EncounterId) -> Path:
        """Where this visit's encrypted recording lies. Raises BadInput, StoreError."""
        _require_plain(encounter)
        return self.keeping.path_of(encounter)

    def log_head(self) -> tuple[int, str]:
        """Number and hash of the last row of the log. A note takes them up before it is signed, so
        that its signature vouches for the log as well. Raises VaultDamaged.
        """
        last = self._trail.last()
        return (0, "") if last is None else (last.seq, last.sha256)

    def sign_digest(self, sha256: str, passphrase: str) -> str:
        """A signature over a note's content hash (64 hex digits); the passphrase opens the signing
        key anew each time, and a wrong one is logged.

        Raises WrongPassphrase, TooSoon, VaultDamaged; StepRefused where it is open to read only.
        """
        return signature.sign_hash(self.access.signing_key(passphrase), sha256)

    def psychotherapy(self, passphrase: str) -> PsychotherapyNotes:
        """The author's psychotherapy notes, by the passphrase typed now; close them when done.

        Raises WrongPassphrase, TooSoon; StepRefused where the vault is open to read only.
        """
        self.access.confirm(passphrase)
        cost = self.access.passphrase_cost
        paper = self.access.recovery_recipient
        return psychotherapy.open_notes(self.folder, passphrase, cost, self._trail, paper)

    # ------------------------------------------------------------ life

    def close(self) -> None:
        """Write everything back and free the vault; harmless when called twice."""
        try:
            # Locked already, or damaged while it was open: neither may keep it from closing.
            with suppress(StoreError):
                drop_anchor(self._opened)
        finally:
            self._opened.close()

    def __enter__(self) -> "Vault":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def _database(self) -> Database:
        return self._opened.database

    def _require_log(self, note: SignedNote) -> None:
        row = self._trail.at(note.log_seq)
        if row is None or row.sha256 != note.log_sha256:
            raise StepRefused("This note does not vouch for the log of this vault.")

    def _put(self, visit: Visit) -> None:
        _require_plain(visit.encounter.id)
        known = notes.visit_exists(self._database, visit.encounter.id)
        before = notes.visit_or_none(self._database, visit.encounter.id)
        body = notes.body_of(visit)
        for about, detail in consents.changes(before, visit):
            self._trail.append(about, visit.encounter.id, detail)
        notes.put_visit(self._database, visit, body)
        act = Act.EDIT if known else Act.CREATE
        self._trail.append(act, visit.encounter.id, self._trail.visit_mark(body))


def exists(folder: Path) -> bool:
    """Whether a vault lies in this folder."""
    return keyfile.exists(folder)


def create_vault(
    folder: Path,
    passphrase: str,
    *,
    clinician: str,
    cost: KdfCost | None = None,
    test_cost: KdfCost | None = None,
    clock: Clock = SYSTEM,
) -> Vault:
    """Make a vault in an absent or empty folder, whole or not at all, and open it. Its setup is
    finished when the key of `access.take_recovery_key` was printed and `access.confirm_recovery`ed.

    `cost` None makes a guess at the passphrase cost about a second on this machine; `test_cost`
    has no floor and is for tests only. Raises VaultExists, BadInput for a passphrase that is too
    short or an empty name, DiskFull, StoreError.
    """
    opened, trail, access = found(
        folder, passphrase, clinician=clinician, cost=cost, test_cost=test_cost, clock=clock
    )
    return Vault(opened, trail, access)


def open_vault(
    folder: Path,
    passphrase: str,
    *,
    clock: Clock = SYSTEM,
    find_keystore: FindKeystore = keystore.named,
) -> Vault:
    """Unlock the vault in this folder.

    Raises VaultMissing, VaultBusy (within a second), TooSoon, WrongPassphrase, VaultDamaged,
    DiskFull, StoreError.
    """

    def then(key_file: KeyFile, entry: Entry) -> None:
        quick.renew_if_on(folder, key_file, entry.root, find_keystore, clock.now())

    opened = opening.take(folder, passphrase, clock=clock, then=then)
    trail, access = arrive(opened, Act.UNLOCK, clock=clock, find_keystore=find_keystore)
    return Vault(opened, trail, access)


def _require_plain(encounter: EncounterId) -> None:
    """Identifiers become file names: nothing may lead out of the folder."""
    if not _PLAIN_ID.fullmatch(encounter):
        raise BadInput("This is not an identifier of a visit.")
