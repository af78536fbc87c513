"""Scripted stand-ins for every port: for tests, and for trying the window without weights.

They keep the contracts of `ports.py` and nothing more; no test double lives anywhere else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256 as _sha256
from pathlib import Path

import numpy as np

from scribe.consent import gate
from scribe.errors import Cancelled, StepRefused, StoreError, WrongPassphrase
from scribe.events import Progress, Stop, Tell, silence
from scribe.ids import EncounterId, ModelId
from scribe.ports import BackupMade, Device
from scribe.records import (
    SAMPLE_RATE,
    AuditRow,
    Completion,
    Prompt,
    Samples,
    SignedNote,
    Utterance,
    Visit,
    VisitState,
    VisitSummary,
)

BLOCK = SAMPLE_RATE // 2


def tone(seconds: float, *, rms: float = 0.05) -> Samples:
    """Sound that is plainly there: a 220 Hz tone of the given loudness."""
    t = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    sound: Samples = (np.sin(2 * np.pi * 220 * t) * rms * np.sqrt(2)).astype(np.float32)
    return sound


@dataclass
class FakeMicrophone:
    """Hands over `sound` in half-second blocks as soon as it is started."""

    sound: Samples = field(default_factory=lambda: tone(5.0))
    named: tuple[str, ...] = ("Built-in microphone", "USB headset")
    fault: Exception | None = None
    started: bool = False

    def devices(self) -> tuple[Device, ...]:
        """See ports.Microphone."""
        return tuple(
            Device(index=number, name=name, default=number == 0)
            for number, name in enumerate(self.named)
        )

    def start(self, on_block: Callable[[Samples], None], device: int | None = None) -> None:
        """See ports.Microphone."""
        if self.fault is not None:
            raise self.fault
        self.started = True
        for begin in range(0, len(self.sound), BLOCK):
            on_block(self.sound[begin : begin + BLOCK])

    def stop(self) -> None:
        """See ports.Microphone."""
        self.started = False


@dataclass
class FakeRecogniser:
    """Knows in advance what will be said: an utterance is final once its end has been heard."""

    said: tuple[Utterance, ...] = ()
    fault: Exception | None = None
    fault_after: float = 0.0
    closed: bool = False
    _heard: float = 0.0
    _next: int = 0

    @property
    def model_id(self) -> ModelId:
        """See ports.Recogniser."""
        return ModelId("fake-speech")

    def hear(self, samples: Samples) -> tuple[Utterance, ...]:
        """See ports.Recogniser."""
        self._heard += len(samples) / SAMPLE_RATE
        if self.fault is not None and self._heard > self.fault_after:
            raise self.fault
        first = self._next
        while self._next < len(self.said) and self.said[self._next].end <= self._heard:
            self._next += 1
        return self.said[first : self._next]

    def flush(self) -> tuple[Utterance, ...]:
        """See ports.Recogniser."""
        rest = self.said[self._next :]
        self._heard, self._next = 0.0, 0
        return rest

    def close(self) -> None:
        """See ports.Recogniser."""
        self.closed = True


@dataclass
class FakeWriter:
    """Answers a prompt with the text whose key occurs in its source, else with NONE."""

    answers: Mapping[str, str] = field(default_factory=dict)
    faults: list[Exception] = field(default_factory=list)
    """Raised one by one before it answers."""
    asked: list[Prompt] = field(default_factory=list)
    closed: bool = False

    @property
    def model_id(self) -> ModelId:
        """See ports.Writer."""
        return ModelId("fake-writer")

    def write(self, prompt: Prompt) -> Completion:
        """See ports.Writer."""
        self.asked.append(prompt)
        if self.faults:
            raise self.faults.pop(0)
        text = next((text for key, text in self.answers.items() if key in prompt.user), "NONE")
        return Completion(text=text)

    def close(self) -> None:
        """See ports.Writer."""
        self.closed = True


@dataclass
class ScriptedBackups:
    """Makes no file; says what it is told to. By itself it refuses: what forgets everything must
    not say that it was backed up.
    """

    made: BackupMade | None = None
    overdue: bool = False
    place: Path | None = None
    asked: list[Path] = field(default_factory=list)

    def last(self) -> datetime | None:
        """See ports.Backups."""
        return None if self.made is None else self.made.at

    def folder(self) -> Path | None:
        """See ports.Backups."""
        return self.place

    def due(self, at: datetime | None = None) -> bool:
        """See ports.Backups."""
        return self.overdue

    def make(
        self,
        target: Path,
        *,
        psychotherapy_passphrase: str | None = None,
        tell: Tell = silence,
        stop: Stop | None = None,
    ) -> BackupMade:
        """See ports.Backups."""
        self.asked.append(target)
        tell(Progress(step="copy", done=0, total=0))
        if stop is not None and stop.is_set():
            raise Cancelled("The backup was stopped.")
        if self.made is None:
            raise StoreError("Nothing is kept here, so there is nothing to back up.", advice="")
        self.overdue = False
        return self.made


@dataclass
class MemoryStore:
    """A vault that forgets everything when the program ends."""

    passphrase: str = "correct horse battery"
    folder: Path = Path()
    visits: dict[EncounterId, Visit] = field(default_factory=dict)
    rows: list[AuditRow] = field(default_factory=list)
    open: bool = True
    keyed: set[EncounterId] = field(default_factory=set)
    backups: ScriptedBackups = field(default_factory=ScriptedBackups)

    def save(self, visit: Visit) -> None:
        """See ports.NoteStore."""
        gate.require_kept(visit)
        kept = self.visits.get(visit.encounter.id)
        if kept is not None and kept.state in (VisitState.SIGNED, VisitState.AMENDED):
            raise StepRefused("This visit is signed; its note can only be amended.")
        self.visits[visit.encounter.id] = visit
        self._row("edit", visit.encounter.id)

    def load(self, encounter: EncounterId) -> Visit:
        """See ports.NoteStore."""
        if encounter not in self.visits:
            raise StoreError("There is no such visit in this vault.")
        self._row("view", encounter)
        return self.visits[encounter]

    def list(self) -> tuple[VisitSummary, ...]:
        """See ports.NoteStore."""
        newest = sorted(self.visits.values(), key=lambda each: each.updated, reverse=True)
        return tuple(
            VisitSummary(
                id=each.encounter.id,
                patient_label=each.encounter.patient_label,
                date_of_service=each.encounter.date_of_service,
                template_id=each.encounter.template_id,
                state=each.state,
                updated=each.updated,
            )
            for each in newest
        )

    def sign(self, visit: Visit, note: SignedNote) -> None:
        """See ports.NoteStore."""
        self.visits[visit.encounter.id] = replace(visit, notes=(*visit.notes, note))
        self._row("sign", note.id)

    def audit(self) -> tuple[AuditRow, ...]:
        """See ports.NoteStore."""
        return tuple(self.rows)

    def audio_key(self, encounter: EncounterId) -> bytes:
        """See ports.Store."""
        if encounter not in self.keyed:
            gate.require_recording(self.visits[encounter])
            self.keyed.add(encounter)
        return _sha256(encounter.encode()).digest()

    def withdraw(self, visit: Visit) -> None:
        """See ports.Store."""
        self.save(visit)
        self.shred(visit.encounter.id, "consent withdrawn")

    def shred(self, encounter: EncounterId, why: str) -> bool:
        """See ports.Store."""
        had = encounter in self.keyed
        self.keyed.discard(encounter)
        self.recording_path(encounter).unlink(missing_ok=True)
        if had:
            self._row("shred", encounter)
        return had

    def log_head(self) -> tuple[int, str]:
        """See ports.Store."""
        return len(self.rows), f"{len(self.rows):064}"

    def recording_path(self, encounter: EncounterId) -> Path:
        """See ports.Store."""
        return self.folder / f"{encounter}.rec"

    def sign_digest(self, sha256: str, passphrase: str) -> str:
        """See ports.Store."""
        if passphrase != self.passphrase:
            raise WrongPassphrase("This passphrase does not open the vault.")
        return f"fake:{sha256[:16]}"

    def record(self, act: str, object_id: str, detail: str = "") -> None:
        """See ports.Store."""
        self._row(act, object_id)

    def close(self) -> None:
        """See ports.Store."""
        self.open = False

    def _row(self, act: str, object_id: str) -> None:
        now = datetime.now(UTC)
        self.rows.append(
            AuditRow(seq=len(self.rows) + 1, at=now, actor="fake", act=act, object_id=object_id)
        )
