"""The SQL of visits and signed notes: records in, records out. No key, no audit row, no policy."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from scribe import codec
from scribe.errors import BadInput, StoreError, VaultDamaged
from scribe.ids import EncounterId, NoteId, TemplateId
from scribe.records import SignedNote, Visit, VisitState, VisitSummary
from scribe.signoff import review
from scribe.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNote:
    """A signed note as it lies in the database: `content` is the very bytes that were hashed."""

    id: NoteId
    visit: EncounterId
    version: int
    content: bytes
    sha256: str
    signature: str


def body_of(visit: Visit) -> str:
    """The stored form of a visit: JSON without its notes, which have rows of their own."""
    return codec.to_json(replace(visit, notes=()))


def put_visit(database: Database, visit: Visit, body: str) -> None:
    """Insert or replace one visit."""
    database.execute(
        "INSERT INTO visits (id, patient_label, date_of_service, template_id, state, updated, body)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " patient_label = excluded.patient_label, date_of_service = excluded.date_of_service,"
        " template_id = excluded.template_id, state = excluded.state, updated = excluded.updated,"
        " body = excluded.body",
        (
            visit.encounter.id,
            visit.encounter.patient_label,
            visit.encounter.date_of_service.isoformat(),
            visit.encounter.template_id,
            visit.state.value,
            visit.updated.isoformat(),
            body,
        ),
    )


def set_state(database: Database, visit: EncounterId, state: VisitState, at: datetime) -> None:
    """Move a visit on without touching its content."""
    database.execute(
        "UPDATE visits SET state = ?, updated = ? WHERE id = ?",
        (state.value, at.isoformat(), visit),
    )


def put_note(database: Database, note: SignedNote) -> None:
    """Insert one signed version."""
    database.execute(
        "INSERT INTO notes (id, visit_id, version, content, sha256, signature)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            note.id,
            note.coded.encounter.id,
            note.version,
            review.content(note),
            note.sha256,
            note.signature,
        ),
    )


def visit_exists(database: Database, visit: EncounterId) -> bool:
    """Whether there is such a visit."""
    return bool(database.execute("SELECT 1 FROM visits WHERE id = ?", (visit,)))


def visit_as_saved(database: Database, visit: EncounterId) -> Visit:
    """The visit as its body says, as it was before any signature. Raises StoreError if there is
    none, VaultDamaged.
    """
    found = database.execute("SELECT body FROM visits WHERE id = ?", (visit,))
    if not found:
        raise StoreError("There is no such visit in this vault.", advice="")
    try:
        return codec.from_json(Visit, found[0][0], what="The stored visit")
    except BadInput as exc:
        raise VaultDamaged("A stored visit is not what was written.") from exc


def visit_or_none(database: Database, visit: EncounterId) -> Visit | None:
    """The visit as its body says, or None if there is none that can be read."""
    try:
        return visit_as_saved(database, visit)
    except StoreError:
        return None


def visit_with_notes(database: Database, visit: EncounterId) -> Visit:
    """The visit as it stands, with all versions of its note. Raises StoreError if there is none,
    VaultDamaged.
    """
    saved = visit_as_saved(database, visit)
    state, updated = database.execute("SELECT state, updated FROM visits WHERE id = ?", (visit,))[0]
    try:
        now = replace(saved, state=VisitState(state), updated=datetime.fromisoformat(updated))
    except ValueError as exc:
        raise VaultDamaged("A stored visit is not what was written.") from exc
    return replace(now, notes=tuple(to_note(each) for each in stored_notes(database, visit)))


def stored_notes(database: Database, visit: EncounterId | None = None) -> tuple[StoredNote, ...]:
    """The signed versions of one visit, or of all, in order."""
    where, values = ("WHERE visit_id = ? ", (visit,)) if visit else ("", ())
    found = database.execute(
        "SELECT id, visit_id, version, content, sha256, signature FROM notes "
        f"{where}ORDER BY visit_id, version",
        values,
    )
    return tuple(
        StoredNote(id=i, visit=v, version=n, content=c, sha256=h, signature=s)
        for i, v, n, c, h, s in found
    )


def to_note(stored: StoredNote) -> SignedNote:
    """Read a stored note. Raises VaultDamaged."""
    try:
        bare = codec.from_json(SignedNote, stored.content, what="The stored note")
    except BadInput as exc:
        raise VaultDamaged("A stored note is not what was written.") from exc
    return replace(bare, sha256=stored.sha256, signature=stored.signature)


def bodies(database: Database) -> Iterator[tuple[EncounterId, str]]:
    """Identifier and stored form of every visit, one in memory at a time."""
    for (visit,) in database.execute("SELECT id FROM visits ORDER BY id"):
        for (body,) in database.execute("SELECT body FROM visits WHERE id = ?", (visit,)):
            yield EncounterId(visit), body


def summaries(database: Database) -> tuple[VisitSummary, ...]:
    """One line per visit, newest first."""
    found = database.execute(
        "SELECT id, patient_label, date_of_service, template_id, state, updated FROM visits"
    )
    try:
        lines = [
            VisitSummary(
                id=EncounterId(visit),
                patient_label=label,
                date_of_service=date.fromisoformat(day),
                template_id=TemplateId(template),
                state=VisitState(state),
                updated=datetime.fromisoformat(updated),
            )
            for visit, label, day, template, state, updated in found
        ]
    except ValueError as exc:
        raise VaultDamaged("The list of visits is not what was written.") from exc
    # By instant, not by text: two visits may have been written in different time zones.
    return tuple(sorted(lines, key=lambda each: each.updated, reverse=True))
