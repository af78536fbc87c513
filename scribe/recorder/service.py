"""One recording from the microphone to the encrypted file: a loop over what the window asks and
what the microphone gives. It knows no window, no process and no visit but its identifier, and holds
no key but this recording's.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Protocol

from scribe import errors
from scribe.audio.recording import RecordingWriter
from scribe.audio.samples import level
from scribe.ids import EncounterId
from scribe.ports import Microphone
from scribe.recorder import messages
from scribe.recorder.messages import (
    AskDevices,
    Asked,
    AskLock,
    AskStatus,
    Finished,
    Gap,
    GoOn,
    Halt,
    Hold,
    Refused,
    Said,
    Start,
    Status,
)
from scribe.recorder.seal import Opener
from scribe.records import SAMPLE_RATE, Samples

TOLD_SECONDS = 0.2
"""How much sound lies between two tellings of how far it is."""
WATCH_SECONDS = 0.25
"""How long it waits before it looks whether sound still arrives."""
SILENT_SECONDS = 1.0
"""Without a block for so long, the microphone is gone or the computer slept."""
IDLE_SECONDS = 30.0
"""A recorder that is asked nothing ends, for the sound system never looks for new devices."""

Inbox = SimpleQueue[Asked | Samples | None]


def clock() -> float:
    """Seconds that go on while the computer sleeps, where the system has such a clock."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot is None else time.clock_gettime(boot)


class Sink(Protocol):
    """Where recorded sound is kept: `audio.recording.RecordingWriter`."""

    def append(self, samples: Samples) -> None:
        """Keep these samples. Raises DiskFull, StoreError."""
        ...

    def close(self) -> None:
        """Mark the recording complete. Raises DiskFull, StoreError."""
        ...


@dataclass
class _Recording:
    encounter: EncounterId
    path: Path
    key: bytes
    file: Sink | None = None
    seconds: float = 0.0
    told: float = 0.0
    last: float = 0.0
    silent: bool = False
    held: bool = False


class Service:
    """Answers a window until one recording is finished; then the process ends, its key with it."""

    def __init__(
        self,
        microphone: Microphone,
        tell: Callable[[Said], None],
        now: Callable[[], float] = clock,
        new_file: Callable[[Path, bytes], Sink] = RecordingWriter,
    ) -> None:
        self._microphone = microphone
        self._tell = tell
        self._now = now
        self._new_file = new_file
        self._opener = Opener()
        self._inbox: Inbox = SimpleQueue()
        self._recording: _Recording | None = None
        self._asked_at = now()
        self._done = False

    def put(self, what: Asked | Samples | None) -> None:
        """From any thread: a question of the window, a block of sound, or None when nobody is left
        to ask; a recording is then completed.
        """
        self._inbox.put(what)

    def run(self) -> None:
        """Until a recording is finished, nobody is left, or nobody asked for long."""
        while not self._done:
            try:
                what = self._inbox.get(timeout=WATCH_SECONDS)
            except Empty:
                self._watch()
                continue
            if what is None:
                self._finish()
                return
            try:
                self.answer(what)
            except errors.ScribeError as error:
                self._fail(error)

    # ------------------------------------------------------------ answers

    def answer(self, what: Asked | Samples) -> None:
        """One thing from the inbox. Raises the errors that `run` reports."""
        self._asked_at = self._now()
        match what:
            case AskDevices():
                self._tell(messages.Devices(devices=self._microphone.devices()))
            case AskLock():
                self._tell(messages.Lock(public=self._opener.public))
            case AskStatus():
                self._status()
            case Start():
                self._start(what)
            case Hold() | GoOn():
                self._hold(isinstance(what, Hold))
            case Halt():
                self._finish()
            case block:
                self._keep(block)

    def _start(self, what: Start) -> None:
        if self._recording is not None:
            self._tell(Refused(error="DeviceError", message="A recording is running already."))
            return
        key = self._opener.open(what.sealed, about=what.encounter)
        made = _Recording(what.encounter, Path(what.path), key, last=self._now())
        self._recording = made
        self._microphone.start(self._inbox.put, what.device)
        made.last = self._now()

    def _keep(self, block: Samples) -> None:
        made = self._recording
        if made is None:
            return
        now = self._now()
        missing, made.last = now - made.last, now
        if missing > SILENT_SECONDS and made.file is not None:
            self._tell(Gap(encounter=made.encounter, seconds=made.seconds, missing=missing))
        made.silent = False
        if made.held:
            return
        if made.file is None:
            # Only now, so that a microphone that does not open leaves no empty recording behind;
            # and now the window may read along.
            made.file = self._new_file(made.path, made.key)
            self._status()
        made.file.append(block)
        made.seconds += len(block) / SAMPLE_RATE
        if made.seconds - made.told >= TOLD_SECONDS:
            made.told = made.seconds
            loud = level(block, made.seconds)
            self._status(rms=loud.rms, peak=loud.peak)

    def _hold(self, held: bool) -> None:
        if self._recording is not None:
            self._recording.held = held
            self._status()

    def _status(self, *, rms: float = 0.0, peak: float = 0.0) -> None:
        made = self._recording
        if made is not None:
            self._tell(
                Status(
                    encounter=made.encounter,
                    seconds=made.seconds,
                    rms=rms,
                    peak=peak,
                    silent=made.silent,
                    held=made.held,
                )
            )

    def _watch(self) -> None:
        """Nothing came for a moment."""
        made, now = self._recording, self._now()
        if made is None:
            self._done = now - self._asked_at > IDLE_SECONDS
        elif not made.silent and now - made.last > SILENT_SECONDS:
            # The library gives no sign when a device is unplugged: its blocks just stop.
            made.silent = True
            self._status()

    # ------------------------------------------------------------ the end

    def _fail(self, error: errors.ScribeError) -> None:
        if self._recording is not None and self._recording.file is not None:
            self._finish(error)
            return
        self._microphone.stop()
        self._recording = None
        self._tell(Refused(error=type(error).__name__, message=error.message))

    def _finish(self, error: errors.ScribeError | None = None) -> None:
        """What the microphone gave before it was closed is kept."""
        made = self._recording
        if made is None:
            return
        self._microphone.stop()
        if error is None:
            error = self._take_rest()
        self._recording = None
        self._done = True
        if made.file is not None:
            if error is None:
                error = _closed(made.file)
            else:
                _closed(made.file)
        self._tell(
            Finished(
                encounter=made.encounter,
                seconds=made.seconds,
                error=type(error).__name__ if error else "",
                message=error.message if error else "",
            )
        )

    def _take_rest(self) -> errors.ScribeError | None:
        with suppress(Empty):
            while True:
                what = self._inbox.get_nowait()
                if not isinstance(what, Asked | None):
                    try:
                        self._keep(what)
                    except errors.StoreError as error:
                        return error
        return None


def _closed(file: Sink) -> errors.ScribeError | None:
    try:
        file.close()
    except errors.StoreError as error:
        return error
    return None
