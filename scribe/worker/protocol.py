"""What the program and a model process say to each other: frozen messages as length-framed JSON
with at most one block of sound. No process, no model and no file is handled here.

A model process is treated as hostile: whatever it sends is read through the strict codec, and a
fault it names is looked up in a closed table, so nothing it says can run in the window's process.
"""

import struct
from dataclasses import dataclass
from typing import IO

import numpy as np

from scribe import codec, errors
from scribe.ids import ModelId
from scribe.records import Completion, Prompt, Samples, Utterance

_HEAD = struct.Struct(">II")
MAX_FRAME = 64 * 1024 * 1024
"""Bytes; a longer frame is a fault of the other side, not something to allocate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """First message to a new process: which engine, where its weights lie, how many threads."""

    kind: str
    model_id: ModelId
    path: str
    threads: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hear:
    """The next samples follow as the frame's block: float32, 16 kHz mono."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flush:
    """End of the recording."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """Answer this prompt."""

    prompt: Prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The engine is loaded; `seconds` it took."""

    seconds: float
    offline: bool
    """True where the kernel refuses network sockets to this process."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """Utterances that became final."""

    utterances: tuple[Utterance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The answer to a prompt."""

    completion: Completion


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an audio file says about itself: length in seconds, `rate` in Hz."""

    seconds: float
    rate: int
    channels: int
    format: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """The next samples of a file are the frame's block; none: the file was read to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A known fault, named by its class in `errors`; anything else is a bug of the process."""

    error: str
    message: str


Message = Load | Hear | Flush | Write | Ready | Final | Written | Opened | Sound | Failed
_KINDS: dict[str, type[Message]] = {
    each.__name__: each
    for each in (Load, Hear, Flush, Write, Ready, Final, Written, Opened, Sound, Failed)
}
_FAULTS: dict[str, type[errors.ScribeError]] = {
    each.__name__: each
    for each in (
        errors.WeightsMissing,
        errors.WeightsCorrupt,
        errors.TooLittleMemory,
        errors.AudioUnusable,
        errors.EngineError,
    )
}


def send(pipe: IO[bytes], message: Message, samples: Samples | None = None) -> None:
    """Write one frame: the message and, for Hear and Sound, its samples."""
    name = type(message).__name__.encode()
    head = name + b"\n" + codec.to_json(message).encode()
    block = b"" if samples is None else np.ascontiguousarray(samples, dtype="<f4").tobytes()
    pipe.write(_HEAD.pack(len(head), len(block)) + head + block)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[Message, Samples] | None:
    """Read one frame; None at the end of the stream.

    Raises EngineError when the bytes are not a frame of ours.
    """
    start = pipe.read(_HEAD.size)
    if not start:
        return None
    if len(start) < _HEAD.size:
        raise errors.EngineError("The model process broke off in the middle of an answer.")
    head_size, block_size = _HEAD.unpack(start)
    if head_size > MAX_FRAME or block_size > MAX_FRAME or block_size % 4:
        raise errors.EngineError("The model process sent an answer of an impossible size.")
    head, block = pipe.read(head_size), pipe.read(block_size)
    if len(head) < head_size or len(block) < block_size:
        raise errors.EngineError("The model process broke off in the middle of an answer.")
    name, _, body = head.partition(b"\n")
    kind = _KINDS.get(name.decode("ascii", "replace"))
    if kind is None:
        raise errors.EngineError("The model process sent a message of an unknown kind.")
    try:
        message: Message = codec.from_json(kind, body, what="A message between our processes")
    except errors.TranscriptUnusable as error:
        raise errors.EngineError("The model process sent an unreadable answer.") from error
    return message, np.frombuffer(block, dtype="<f4")


def fault(failed: Failed) -> errors.ScribeError:
    """The error a model process reported, as one of the few it may report."""
    return _FAULTS.get(failed.error, errors.EngineError)(failed.message)


def reportable(error: errors.ScribeError) -> Failed:
    """A known error as the message that reports it."""
    return Failed(error=type(error).__name__, message=error.message)
