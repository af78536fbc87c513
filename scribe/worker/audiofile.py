"""Our side of reading an audio file made elsewhere: a process that has only this file reads it, and
what it says is checked like what any model process says. No decoder is loaded here.
"""

import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from threading import Timer
from types import TracebackType
from typing import Self

from scribe import children
from scribe.errors import AudioUnusable, EngineError
from scribe.records import Samples
from scribe.worker import protocol
from scribe.worker.protocol import Failed, Message, Opened, Sound

PATIENCE = 30.0
"""Seconds a file may take to say what it is."""

# A numeric library reserves address space for every thread it might want.
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class AudioFile:
    """An audio file while it is read; `info` says what it is."""

    def __init__(
        self, path: Path, *, command: tuple[str, ...] | None = None, patience: float = PATIENCE
    ) -> None:
        """Raises AudioUnusable if it is missing, empty, cut short (as far as its header tells), not
        audio, too long, or asks its reader for more than a recording needs.
        """
        try:
            # A pipe or a device by that name would keep us waiting for ever.
            if not stat.S_ISREG(path.stat().st_mode):
                raise AudioUnusable(f"{path.name} is not a file.")
            with path.open("rb") as file:
                self._process = subprocess.Popen(
                    command or children.command("scribe.worker.reader"),
                    stdin=file,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=children.environment(**_ONE_THREAD),
                )
        except FileNotFoundError as exc:
            raise AudioUnusable(f"There is no file {path.name}.") from exc
        except OSError as exc:
            raise AudioUnusable(f"{path.name} cannot be opened for reading.") from exc
        late = Timer(patience, self._process.kill)
        late.start()
        try:
            self.info = self._described()
        except AudioUnusable:
            self.close()
            raise
        finally:
            late.cancel()

    def blocks(self) -> Iterator[Samples]:
        """Mono 16 kHz blocks of about half a second, full scale -1..1; call once.

        Raises AudioUnusable when the file turns out to be damaged; what came before was yielded.
        """
        while True:
            message, samples = self._next()
            if not isinstance(message, Sound):
                raise self._unreadable()
            if not len(samples):
                return
            yield samples

    def close(self) -> None:
        """End the reader, however far it has come; harmless when called twice."""
        self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _described(self) -> Opened:
        message, _ = self._next()
        if not isinstance(message, Opened):
            raise self._unreadable()
        return message

    def _next(self) -> tuple[Message, Samples]:
        stdout = self._process.stdout
        assert stdout is not None
        try:
            frame = protocol.receive(stdout)
        except EngineError as exc:
            raise self._unreadable() from exc
        if frame is None:
            raise self._unreadable()
        if isinstance(frame[0], Failed):
            raise AudioUnusable(frame[0].message)
        return frame

    @staticmethod
    def _unreadable() -> AudioUnusable:
        return AudioUnusable("The file made its reader fail: it is damaged, or made to do harm.")


def probe(path: Path) -> Opened:
    """What the file says about itself. Raises AudioUnusable."""
    with AudioFile(path) as file:
        return file.info
