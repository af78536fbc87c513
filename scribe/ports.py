"""The outside world as five Protocols; no code lives here, only what a part must be able to do.

Real parts: `audio/capture.py`, `worker/host.py` (speech and writer), `store/`. Fakes: `fakes.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from scribe.events import Stop, Tell, silence
from scribe.ids import EncounterId, ModelId
from scribe.records import (
    AuditRow,
    Completion,
    Prompt,
    Samples,
    SignedNote,
    Utterance,
    Visit,
    VisitSummary,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """An input device as the sound system names it; `default` marks the one in use elsewhere."""

    index: int
    name: str
    default: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupMade:
    """A backup that was verified by restoring it; `size` in bytes, `at` aware."""

    path: Path
    at: datetime
    size: int
    visits: int
    notes: int
    recordings: int
    psychotherapy: bool
    """Whether psychotherapy notes are in it."""
    same_disk: bool
    """It lies on the disk of the vault: what takes the one takes the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored from a backup that was `made` at this aware time."""

    folder: Path
    clinician: str
    made: datetime
    visits: int
    notes: int
    recordings: int
    psychotherapy: bool


class Microphone(Protocol):
    """Blocks of sound from an input device."""

    def devices(self) -> tuple[Device, ...]:
        """Input devices, default first. Raises SoundLibraryMissing."""
        ...

    def start(self, on_block: Callable[[Samples], None], device: int | None = None) -> None:
        """Call `on_block` with mono samples at 16 kHz until `stop`, from a thread of the sound
        system, which may do nothing but hand the block on.
        Raises NoMicrophone, MicrophoneBusy, SoundLibraryMissing.
        """
        ...

    def stop(self) -> None:
        """End the stream; harmless when not started."""
        ...


class Recogniser(Protocol):
    """Speech in, final utterances out. A file is a microphone that is faster than real time."""

    @property
    def model_id(self) -> ModelId:
        """The model that hears."""
        ...

    def hear(self, samples: Samples) -> tuple[Utterance, ...]:
        """Take the next samples (16 kHz mono, any length) and return the utterances that became
        final by them, ids and times counted from the start of the recording.
        Raises EngineLost, EngineTimeout, WeightsError, TooLittleMemory.
        """
        ...

    def flush(self) -> tuple[Utterance, ...]:
        """End of recording: the last utterances. The next `hear` starts a new recording at 0 s."""
        ...

    def close(self) -> None:
        """Let the model go; harmless when called twice."""
        ...


class Writer(Protocol):
    """A language model that rewrites a stretch of source text. Its answer is untrusted."""

    @property
    def model_id(self) -> ModelId:
        """The model that writes."""
        ...

    def write(self, prompt: Prompt) -> Completion:
        """Answer one prompt, deterministically (greedy).
        Raises EngineLost, EngineTimeout, WeightsError, TooLittleMemory.
        """
        ...

    def close(self) -> None:
        """Let the model go; harmless when called twice."""
        ...


class Backups(Protocol):
    """The backups of an unlocked vault. Usable while the vault is in use."""

    def last(self) -> datetime | None:
        """When the newest one was made, or None."""
        ...

    def folder(self) -> Path | None:
        """Where the newest one was put; it may have been taken away since."""
        ...

    def due(self, at: datetime | None = None) -> bool:
        """Whether the clinician has to be reminded `at` this time (None: now)."""
        ...

    def make(
        self,
        target: Path,
        *,
        psychotherapy_passphrase: str | None = None,
        tell: Tell = silence,
        stop: Stop | None = None,
    ) -> BackupMade:
        """Write and verify one into a folder. Raises StoreError and its kinds, Cancelled."""
        ...


class NoteStore(Protocol):
    """Where visits and signed notes are kept. Every act leaves an audit row."""

    def save(self, visit: Visit) -> None:
        """Insert or replace the unsigned state of a visit. Raises StepRefused once signed."""
        ...

    def load(self, encounter: EncounterId) -> Visit:
        """The visit with all versions of its note. Raises StoreError if there is none."""
        ...

    def list(self) -> tuple[VisitSummary, ...]:
        """All visits, newest first."""
        ...

    def sign(self, visit: Visit, note: SignedNote) -> None:
        """Keep a signed version, its visit and its audit row in one transaction."""
        ...

    def audit(self) -> tuple[AuditRow, ...]:
        """All audit rows in order."""
        ...


class Store(NoteStore, Protocol):
    """An unlocked vault: notes, the keys of recordings, and the clinician's signature."""

    @property
    def backups(self) -> Backups:
        """Making backups of this vault, and when to."""
        ...

    def audio_key(self, encounter: EncounterId) -> bytes:
        """The 32-byte key of this visit's recording, made on first use, and only for a visit that
        is stored with the consent of everybody present. Raises ConsentNeeded.
        """
        ...

    def withdraw(self, visit: Visit) -> None:
        """Keep a visit whose consent was taken back and destroy its recording."""
        ...

    def shred(self, encounter: EncounterId, why: str) -> bool:
        """Destroy the key and the file of a recording; whether there was one. Raises StepRefused
        under a legal hold.
        """
        ...

    def log_head(self) -> tuple[int, str]:
        """Number and hash of the last audit row: a note takes them up before it is signed."""
        ...

    def recording_path(self, encounter: EncounterId) -> Path:
        """Where this visit's encrypted recording lies."""
        ...

    def sign_digest(self, sha256: str, passphrase: str) -> str:
        """A signature over a note's content hash; asks for the passphrase anew each time.
        Raises WrongPassphrase.
        """
        ...

    def record(self, act: str, object_id: str, detail: str = "") -> None:
        """Put an act of another room (an export, say) into the audit log: identifiers and counts
        only, never patient text.
        """
        ...

    def close(self) -> None:
        """Lock: forget the keys and free the vault for another program."""
        ...
