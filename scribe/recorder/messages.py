"""What a window and the recorder process say to each other, one line each; no sound travels here.

The lines pass through the supervisor, which must learn nothing: the recording's key is sealed for
the recorder alone, and what the recorder tells is how long and how loud. Sound is read from the
encrypted file by whoever has the key.
"""

from dataclasses import dataclass
from typing import TypeVar

from scribe import codec, errors
from scribe.ids import EncounterId
from scribe.ports import Device

T = TypeVar("T")

# ---------------------------------------------------------------- to the recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class AskDevices:
    """Which input devices are there?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLock:
    """I am about to tell you a key: what should it be sealed with?"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Record this visit into a new file at `path`. `sealed`: its key, see `seal.py`."""

    encounter: EncounterId
    path: str
    sealed: str
    device: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Take no sound until `GoOn`: somebody in the room has not agreed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoOn:
    """Take sound again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Close the microphone and complete the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskStatus:
    """A new window is there: what is being recorded?"""


# ---------------------------------------------------------------- from the recorder


@dataclass(frozen=True, slots=True, kw_only=True)
class Devices:
    """The input devices, default first."""

    devices: tuple[Device, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The public half of the key pair that this process made for itself."""

    public: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """How far the recording of `encounter` is: `seconds` taken; loudness in full-scale units 0..1.

    `silent`: no sound arrives from the microphone. `held`: none is taken.
    """

    encounter: EncounterId
    seconds: float
    rms: float = 0.0
    peak: float = 0.0
    silent: bool = False
    held: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """For `missing` seconds no sound arrived, `seconds` into the recording of `encounter`."""

    encounter: EncounterId
    seconds: float
    missing: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Finished:
    """The recording of `encounter` is complete and the key forgotten; `error` names why it ended
    before it was asked to, if it did.
    """

    encounter: EncounterId
    seconds: float
    error: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What was asked for cannot be done; nothing is being recorded."""

    error: str
    message: str


Asked = AskDevices | AskLock | Start | Hold | GoOn | Halt | AskStatus
Said = Devices | Lock | Status | Gap | Finished | Refused

_ASKED: dict[str, type[Asked]] = {
    each.__name__: each for each in (AskDevices, AskLock, Start, Hold, GoOn, Halt, AskStatus)
}
_SAID: dict[str, type[Said]] = {
    each.__name__: each for each in (Devices, Lock, Status, Gap, Finished, Refused)
}
_FAULTS: dict[str, type[errors.ScribeError]] = {
    each.__name__: each
    for each in (
        errors.NoMicrophone,
        errors.MicrophoneBusy,
        errors.SoundLibraryMissing,
        errors.DeviceError,
        errors.DiskFull,
        errors.StoreError,
    )
}
LONGEST = 64 * 1024
"""Bytes; a longer line is none of ours."""


def line(message: Asked | Said) -> bytes:
    """One message as one line, its end included."""
    return f"{type(message).__name__} {codec.to_json(message)}\n".encode()


def asked(line: bytes) -> Asked:
    """What a window asked for. Raises EngineError for a line that is none of ours."""
    return _read(line, _ASKED)


def said(line: bytes) -> Said:
    """What the recorder said. Raises EngineError for a line that is none of ours."""
    return _read(line, _SAID)


def _read(line: bytes, kinds: dict[str, type[T]]) -> T:
    name, _, body = line.strip().partition(b" ")
    kind = kinds.get(name.decode("ascii", "replace"))
    if kind is None or len(line) > LONGEST:
        raise errors.EngineError("A line between our processes is not one of ours.")
    try:
        return codec.from_json(kind, body, what="A line between our processes")
    except errors.TranscriptUnusable as error:
        raise errors.EngineError("A line between our processes is unreadable.") from error


def fault(told: Finished | Refused) -> errors.ScribeError:
    """The error the recorder reports, as one of the few it may report."""
    return _FAULTS.get(told.error, errors.DeviceError)(told.message)
