"""Checking a whole vault: pages, audit chain, visits against the log, hash and signature of every
signed note. Reports, never repairs, and names the first bad row by identifier only.
"""

import hashlib
import hmac
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scribe.errors import DiskFull, StoreError, VaultDamaged
from scribe.ids import EncounterId
from scribe.records import VisitState, VisitSummary
from scribe.signoff import signature
from scribe.signoff.audit import Act
from scribe.store import anchor, notes, opening
from scribe.store.database import Database
from scribe.store.notes import StoredNote
from scribe.store.opening import Opened
from scribe.store.trail import MARK, Trail

VERSION = "version "
"""Opens the detail of a row that fixes a signed note: version, then content hash."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaultReport:
    """What was checked, and what does not hold; `problems` is empty for a sound vault."""

    visits: int
    notes: int
    audit_rows: int
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything is what was written."""
        return not self.problems


def verify_vault(folder: Path, passphrase: str) -> VaultReport:
    """Check everything in a vault that no program has open; a good result is logged in it.

    Raises what opening raises: VaultMissing, VaultBusy, WrongPassphrase, VaultDamaged.
    """
    opened = opening.take(folder, passphrase)
    try:
        report = examine(opened)
        if report.ok:
            # The finding matters more than its row: a full disk must not hide it.
            with suppress(DiskFull):
                trail_of(opened).append(Act.VERIFY, "vault", f"{report.notes} notes")
            drop_anchor(opened)
        return report
    finally:
        opened.close()


def examine(opened: Opened) -> VaultReport:
    """Check an open vault; writes nothing."""
    problems = [f"database: {each}" for each in opened.database.problems()]
    counts = {"visits": 0, "notes": 0, "audit": 0}
    try:
        for table in counts:
            found = opened.database.execute(f"SELECT count(*) FROM {table}")
            counts[table] = int(found[0][0])
        problems.extend(_log_problems(opened))
        problems.extend(_note_problems(opened))
    except StoreError as error:
        problems.append(error.message)
    return VaultReport(
        visits=counts["visits"],
        notes=counts["notes"],
        audit_rows=counts["audit"],
        problems=tuple(problems),
    )


def trail_of(opened: Opened) -> Trail:
    """The audit log of an open vault, acting for the clinician whose vault it is."""
    found = opened.database.execute("SELECT value FROM meta WHERE name = 'clinician'")
    actor = str(found[0][0]) if found else ""
    return Trail(opened.database, opened.keys.audit, actor=actor, clock=now)


def drop_anchor(opened: Opened) -> None:
    """Remember, outside the database, where its log stands now. Raises VaultDamaged."""
    trail = trail_of(opened)
    last = trail.last()
    # One that does not fit is evidence and is never written over.
    if last is not None and not anchor.fault(opened.folder, opened.keys.audit, trail.at):
        anchor.drop(opened.folder, opened.keys.audit, last)


def _log_problems(opened: Opened) -> Iterator[str]:
    """The chain itself, then every visit against the last mark that the log holds of it."""
    trail = trail_of(opened)
    broken = trail.broken()
    if broken:
        yield broken
    adrift = anchor.fault(opened.folder, opened.keys.audit, trail.at)
    if adrift:
        yield adrift
    marks: dict[str, str] = {}
    for row in trail.rows():
        if row.act in (Act.CREATE, Act.EDIT) and row.detail.startswith(MARK):
            marks[row.object_id] = row.detail
        elif row.act == Act.DELETE:
            marks.pop(row.object_id, None)
    listed = {each.id: each for each in notes.summaries(opened.database)}
    for visit, body in notes.bodies(opened.database):
        kept = marks.pop(visit, "")
        if not hmac.compare_digest(kept, trail.visit_mark(body)):
            yield f"visit {visit} is not what the audit log says was last saved"
        elif not _listed_as_saved(opened, visit, listed[visit]):
            yield f"visit {visit} is listed otherwise than it was saved"
    for gone in marks:
        yield f"visit {gone} is in the audit log and no longer in the vault"


def _listed_as_saved(opened: Opened, visit: EncounterId, line: VisitSummary) -> bool:
    saved = notes.visit_as_saved(opened.database, visit)
    signed = len(notes.stored_notes(opened.database, visit))
    state = (saved.state, VisitState.SIGNED, VisitState.AMENDED)[min(signed, 2)]
    encounter = saved.encounter
    return (line.state, line.patient_label, line.date_of_service, line.template_id) == (
        state,
        encounter.patient_label,
        encounter.date_of_service,
        encounter.template_id,
    )


def _note_problems(opened: Opened) -> Iterator[str]:
    """Each note by itself, then the versions of a visit against each other and against the log."""
    public_keys = tuple(bytes.fromhex(each.public_key) for each in opened.key_file.signing_keys)
    trail = trail_of(opened)
    signed: dict[str, str] = {}
    for row in trail.rows():
        if row.act == Act.SIGN:
            signed[row.object_id] = row.detail
        elif row.act == Act.DELETE:
            signed.pop(row.object_id, None)
    last: StoredNote | None = None
    for stored in notes.stored_notes(opened.database):
        fault = _note_fault(stored, public_keys) or _chain_fault(stored, last)
        adrift = "" if fault else _checkpoint_fault(stored, trail)
        if adrift:
            yield adrift
        if not fault and signed.pop(stored.id, "") != sign_detail(stored.version, stored.sha256):
            fault = "is not the one the audit log says was signed"
        if fault:
            yield f"note {stored.id} (version {stored.version} of visit {stored.visit}) {fault}"
            signed.pop(stored.id, None)
        last = stored
    for note in signed:
        yield f"note {note} is in the audit log and no longer in the vault"


def require_sound_notes(
    database: Database, visit: EncounterId, public_keys: Sequence[bytes]
) -> None:
    """Every version of this visit's note is what was signed, and follows the one before it.
    Raises VaultDamaged, which names the note.
    """
    last: StoredNote | None = None
    for stored in notes.stored_notes(database, visit):
        fault = _note_fault(stored, public_keys) or _chain_fault(stored, last)
        if fault:
            raise VaultDamaged(f"Signed note {stored.id} (version {stored.version}) {fault}.")
        last = stored


def _checkpoint_fault(stored: StoredNote, trail: Trail) -> str:
    """A note vouches, under its signature, for the log up to where it stood (notes of the first
    schema do not): somebody who has the key of the log, but not the passphrase, cannot rewrite it.
    """
    note = notes.to_note(stored)
    row = trail.at(note.log_seq) if note.log_seq else None
    if note.log_seq and (row is None or row.sha256 != note.log_sha256):
        return f"audit row {note.log_seq} is not the one that note {stored.id} was signed after"
    return ""


def _note_fault(stored: StoredNote, public_keys: Sequence[bytes]) -> str:
    if hashlib.sha256(stored.content).hexdigest() != stored.sha256:
        return "does not match its content hash"
    if not any(signature.verify_hash(k, stored.sha256, stored.signature) for k in public_keys):
        return "does not carry a valid signature"
    note = notes.to_note(stored)
    if (note.id, note.version, note.coded.encounter.id) != (
        stored.id,
        stored.version,
        stored.visit,
    ):
        return "lies under another number than it was signed with"
    return ""


def _chain_fault(stored: StoredNote, last: StoredNote | None) -> str:
    first = last is None or last.visit != stored.visit
    number, previous = (1, "") if first or last is None else (last.version + 1, last.sha256)
    if stored.version != number or notes.to_note(stored).previous_sha256 != previous:
        return "does not follow the version before it"
    return ""


def sign_detail(version: int, sha256: str) -> str:
    """What the log says of a signed note."""
    return f"{VERSION}{version} {sha256}"


def now() -> datetime:
    """The time of this computer, with its zone."""
    return datetime.now().astimezone()
