"""The keys of recordings, and what leaves a vault: recordings shredded, visits deleted, legal
holds, retention. Every act has its audit row, and what was deleted is out of the file and its log
when the act returns.

A recording is destroyed by its key: without it the file is noise, wherever copies of it lie. Copies
of the database made before (backups) still hold the key; nothing here can reach those.
"""

from contextlib import suppress
from datetime import UTC, date
from pathlib import Path
from secrets import token_bytes

from scribe.consent import gate
from scribe.errors import BadInput, StepRefused, StoreError
from scribe.ids import EncounterId
from scribe.signoff.audit import Act
from scribe.store import keyfile, keys, notes, retention
from scribe.store.opening import Opened
from scribe.store.retention import Holding, Kind, Removal, Rules
from scribe.store.trail import Trail

RECORDINGS = "recordings"
SUFFIX = ".rec"
_HELD = "This visit is under a legal hold; nothing of it was deleted."


class Keeping:
    """The recordings and the deletions of one open vault."""

    def __init__(self, opened: Opened, trail: Trail) -> None:
        self._opened, self._database, self._trail = opened, opened.database, trail

    # ------------------------------------------------------------ recordings

    def key_of(self, visit: EncounterId) -> bytes:
        """The 32-byte key of a recording, made on first use, and made only for a visit that is
        stored with the consent of everybody present.

        Raises ConsentNeeded, StoreError for an unknown visit, VaultDamaged, DiskFull.
        """
        wrapping = self._opened.keys.wrap
        with self._database.transaction():
            found = self._database.execute(
                "SELECT wrapped FROM audio_keys WHERE visit_id = ?", (visit,)
            )
            if found:
                return keys.unwrap(wrapping, found[0][0], about=visit)
            gate.require_recording(notes.visit_as_saved(self._database, visit))
            key = token_bytes(keyfile.KEY_BYTES)
            wrapped = keys.wrap(wrapping, key, about=visit)
            self._database.execute("INSERT INTO audio_keys VALUES (?, ?)", (visit, wrapped))
            self._trail.append(Act.RECORDING_KEY, visit)
            return key

    def path_of(self, visit: EncounterId) -> Path:
        """Where an encrypted recording lies. Raises StoreError."""
        folder = self._opened.folder / RECORDINGS
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as exc:
            raise StoreError(f"The recordings cannot be stored ({exc.strerror}).") from exc
        return folder / f"{visit}{SUFFIX}"

    def shred(self, visit: EncounterId, why: str) -> bool:
        """Destroy the key and the file of a recording; whether there was a key. `why` is for the
        log: no patient text. Raises StepRefused under a legal hold, DiskFull.
        """
        with self._database.transaction():
            self._refuse_held(visit)
            had = self.drop_key(visit, why)
        self.sweep()
        return had

    def drop_withdrawn(self, visit: EncounterId) -> None:
        """The key of a recording whose consent was taken back; a legal hold keeps it."""
        if self.is_held(visit):
            self._trail.append(Act.HOLD, visit, "consent withdrawn, recording kept")
        else:
            self.drop_key(visit, "consent withdrawn")

    def drop_key(self, visit: EncounterId, why: str) -> bool:
        """The part of `shred` that belongs into a transaction; `sweep` has to follow it."""
        found = self._database.execute("SELECT 1 FROM audio_keys WHERE visit_id = ?", (visit,))
        if found:
            self._database.execute("DELETE FROM audio_keys WHERE visit_id = ?", (visit,))
            self._trail.append(Act.SHRED, visit, why)
        return bool(found)

    def sweep(self) -> None:
        """Empty the log of the database, then remove recordings that no key opens any more."""
        self._database.checkpoint()
        kept = {str(row[0]) for row in self._database.execute("SELECT visit_id FROM audio_keys")}
        for path in self._recordings():
            if path.name.partition(".")[0] not in kept:
                # It is noise already; a file that is still open goes with the next sweep.
                with suppress(OSError):
                    path.unlink()

    def _recordings(self) -> list[Path]:
        folder = self._opened.folder / RECORDINGS
        return sorted(folder.glob(f"*{SUFFIX}")) if folder.is_dir() else []

    # ------------------------------------------------------------ visits

    def delete(self, visit: EncounterId) -> None:
        """Delete a visit that was never signed, with its recording and all that was heard.

        Raises StepRefused when it is signed or under a legal hold, StoreError if there is none.
        """
        with self._database.transaction():
            if not notes.visit_exists(self._database, visit):
                raise StoreError("There is no such visit in this vault.", advice="")
            self._refuse_held(visit)
            if notes.stored_notes(self._database, visit):
                raise StepRefused("A signed note is not deleted.", advice="See the retention.")
            self.drop_key(visit, "visit deleted")
            self._remove_visit(visit)
        self.sweep()

    def _remove_visit(self, visit: EncounterId) -> None:
        for note in notes.stored_notes(self._database, visit):
            self._database.execute("DELETE FROM notes WHERE id = ?", (note.id,))
            self._trail.append(Act.DELETE, note.id, f"version {note.version}")
        self._database.execute("DELETE FROM visits WHERE id = ?", (visit,))
        self._trail.append(Act.DELETE, visit)

    # ------------------------------------------------------------ legal holds

    def hold(self, visit: EncounterId, reason: str) -> None:
        """Nothing of this visit may be deleted until `release`. The reason stays in the vault.

        Raises BadInput without a reason, StoreError for a visit that is not there.
        """
        if not reason.strip():
            raise BadInput("A legal hold needs a reason.", advice="Nothing was changed.")
        with self._database.transaction():
            if not notes.visit_exists(self._database, visit):
                raise StoreError("There is no such visit in this vault.", advice="")
            row = self._trail.append(Act.HOLD, visit)
            self._database.execute(
                "INSERT INTO holds VALUES (?, ?, ?) ON CONFLICT (visit_id) DO UPDATE SET"
                " reason = excluded.reason",
                (visit, row.at.isoformat(), reason.strip()),
            )

    def release(self, visit: EncounterId) -> None:
        """End a legal hold. Raises StoreError when there is none."""
        with self._database.transaction():
            if not self.is_held(visit):
                raise StoreError("This visit is not under a legal hold.", advice="")
            self._database.execute("DELETE FROM holds WHERE visit_id = ?", (visit,))
            self._trail.append(Act.RELEASE, visit)

    def is_held(self, visit: EncounterId) -> bool:
        """Whether a legal hold is on this visit."""
        return bool(self._database.execute("SELECT 1 FROM holds WHERE visit_id = ?", (visit,)))

    def _refuse_held(self, visit: EncounterId) -> None:
        if self.is_held(visit):
            raise StepRefused(_HELD, advice="Release the hold first, if it is over.")

    # ------------------------------------------------------------ retention

    def holdings(self) -> tuple[Holding, ...]:
        """What the vault has of each visit. Raises VaultDamaged."""
        recorded = {row[0] for row in self._database.execute("SELECT visit_id FROM audio_keys")}
        held = {row[0] for row in self._database.execute("SELECT visit_id FROM holds")}
        signed: dict[EncounterId, date] = {}
        for stored in notes.stored_notes(self._database):
            at = notes.to_note(stored).attestation.at
            # Where the zones differ the later day counts; the database reckons in UTC.
            day = max(at.date(), at.astimezone(UTC).date())
            signed[stored.visit] = max(day, signed.get(stored.visit, day))
        return tuple(
            Holding(
                visit=each.id,
                date_of_service=each.date_of_service,
                signed=signed.get(each.id),
                recorded=each.id in recorded,
                held=each.id in held,
            )
            for each in notes.summaries(self._database)
        )

    def preview(self, rules: Rules, today: date) -> tuple[Removal, ...]:
        """What `apply` would remove today. Changes nothing. Raises VaultDamaged."""
        return retention.due(self.holdings(), rules, today)

    def apply(self, rules: Rules, today: date) -> tuple[Removal, ...]:
        """Remove what is due, all or nothing, and say what went. The database itself refuses a
        signed note under six years and everything under a hold. Raises StepRefused, DiskFull.
        """
        with self._database.transaction():
            removals = self.preview(rules, today)
            for each in removals:
                self._remove(each, today)
            self._trail.append(Act.RETENTION, "vault", _counted(removals))
        self.sweep()
        return removals

    def _remove(self, removal: Removal, today: date) -> None:
        if removal.kind is Kind.RECORDING:
            self.drop_key(removal.visit, "retention")
            return
        self._database.execute(
            "INSERT INTO disposals VALUES (?, ?, ?)",
            (removal.visit, today.isoformat(), removal.why),
        )
        self._remove_visit(removal.visit)


def _counted(removals: tuple[Removal, ...]) -> str:
    kinds = [each.kind for each in removals]
    return ", ".join(f"{kinds.count(kind)} {kind.value}" for kind in Kind)
