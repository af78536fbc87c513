"""The small process above a window: it starts the window and the recorder, passes lines between
them, and holds nothing of a patient, so that it may live on when a window is locked.

Python cannot wipe memory: a window that locks ends, and a new one that shows only the unlock screen
takes its place. The recorder goes on meanwhile. Nothing but the standard library is loaded here.

    window  -> us   "recorder LINE"  pass LINE on; starts the recorder when there is none
                    "locking LINE"   I end now; give LINE to the window after me
    us -> window    "begin WHY YES LINE"  always the first: see `Why`; whether there is a recorder;
                                          the line of the window before
                    "recorder LINE"  what the recorder said;  "recorder-gone"  its process ended
                    "raise"          somebody started the program again: come to the front
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

from scribe import children

QUIT, FAILED, LOCKED = 0, 1, 75
"""How a window ends: closed by the person, not able to start (it said why), or locked. Anything
else is a crash.
"""
LOCK_SECONDS = 1.8
"""A window that has not ended so long after it said "locking" is killed: two seconds are promised,
and the kernel needs some of them to take its memory away."""
WATCH_SECONDS = 0.25
QUICK_SECONDS = 5.0
"""After two windows in a row that crashed sooner than this there is no third."""
LAST_SECONDS = 5.0
"""How long the recorder has to complete its file when the program ends."""


class Why(StrEnum):
    """Why a window is started."""

    STARTED = "started"
    LOCKED = "locked"
    CRASHED = "crashed"


@dataclass(eq=False)
class _Child:
    """One process, and the thread that hands on what it says."""

    process: subprocess.Popen[bytes]
    name: str
    began: float = field(default_factory=time.monotonic)
    listener: Thread | None = None

    def tell(self, line: bytes) -> None:
        """A child that is gone is told nothing."""
        pipe = self.process.stdin
        with suppress(OSError, ValueError):
            if pipe is not None:
                pipe.write(line.rstrip(b"\n") + b"\n")
                pipe.flush()

    def leave(self) -> None:
        """Nothing more will be said to it; that is how a recorder is asked to finish."""
        with suppress(OSError):
            if self.process.stdin is not None:
                self.process.stdin.close()


_Event = tuple[_Child, bytes | None]
"""What a child said; None: it is gone."""


class Supervisor:
    """Runs windows, one after the other, and at most one recorder."""

    def __init__(
        self,
        window: tuple[str, ...],
        recorder: tuple[str, ...],
        *,
        asked_again: Callable[[], bool] = lambda: False,
    ) -> None:
        """Commands of both; `asked_again` tells once that the program was started a second time."""
        self._window_command = window
        self._recorder_command = recorder
        self._asked_again = asked_again
        self._events: SimpleQueue[_Event] = SimpleQueue()
        self._window: _Child | None = None
        self._recorder: _Child | None = None
        self._locking: bytes | None = None
        self._deadline = 0.0
        self._crashes = 0

    def run(self) -> int:
        """Until the person closes a window. Returns QUIT or FAILED."""
        self._open(Why.STARTED, b"")
        code: int | None = None
        try:
            while code is None:
                with suppress(Empty):
                    code = self._take(*self._events.get(timeout=WATCH_SECONDS))
                self._watch()
        finally:
            self._end()
        return code

    # ------------------------------------------------------------ children

    def _start(self, command: tuple[str, ...], name: str) -> _Child:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=children.environment(),
        )
        child = _Child(process, name)
        # A daemon: it waits for a line of a child, and the child may outlive our wish to wait.
        child.listener = Thread(target=self._listen, args=(child,), daemon=True)
        child.listener.start()
        return child

    def _listen(self, child: _Child) -> None:
        said: IO[bytes] | None = child.process.stdout
        assert said is not None
        with said:
            for line in said:
                self._events.put((child, line))
        child.process.wait()
        self._events.put((child, None))

    def _open(self, why: Why, line: bytes) -> None:
        self._locking = None
        recording = b"yes" if self._recorder is not None else b"no"
        self._window = self._start(self._window_command, "window")
        self._window.tell(b" ".join((b"begin", why.value.encode(), recording, line)))

    # ------------------------------------------------------------ what happens

    def _take(self, child: _Child, line: bytes | None) -> int | None:
        """One event; the exit code when it was the last one."""
        if line is None:
            child.leave()
        if child is self._window:
            if line is None:
                return self._window_ended(child)
            self._window_said(line)
        elif child is self._recorder and self._window is not None:
            if line is None:
                self._recorder = None
                self._window.tell(b"recorder-gone")
            else:
                self._window.tell(b"recorder " + line)
        return None

    def _window_said(self, line: bytes) -> None:
        word, _, rest = line.partition(b" ")
        if word == b"locking":
            self._locking = rest
            self._deadline = time.monotonic() + LOCK_SECONDS
        elif word == b"recorder":
            if self._recorder is None:
                self._recorder = self._start(self._recorder_command, "recorder")
            self._recorder.tell(rest)

    def _window_ended(self, window: _Child) -> int | None:
        code = window.process.returncode
        if self._locking is not None:
            self._open(Why.LOCKED, self._locking)
            return None
        if code in (QUIT, FAILED):
            return code
        quick = time.monotonic() - window.began < QUICK_SECONDS
        self._crashes = self._crashes + 1 if quick else 0
        if self._crashes > 1:
            return FAILED
        self._open(Why.CRASHED, b"")
        return None

    def _watch(self) -> None:
        window = self._window
        if window is None:
            return
        if self._locking is not None and time.monotonic() > self._deadline:
            window.process.kill()
        if self._asked_again():
            window.tell(b"raise")

    def _end(self) -> None:
        """Leave no process behind; the recorder may complete its file first."""
        for child in (self._window, self._recorder):
            if child is not None:
                child.leave()
        if self._window is not None:
            self._window.process.kill()
            self._window.process.wait()
        if self._recorder is not None:
            try:
                self._recorder.process.wait(timeout=LAST_SECONDS)
            except subprocess.TimeoutExpired:
                self._recorder.process.kill()
                self._recorder.process.wait()
        for child in (self._window, self._recorder):
            if child is not None and child.listener is not None:
                child.listener.join()


class Instance:
    """The one running program of this user: a lock that the system frees when its holder dies, and
    a note by which a second start asks the first one to come to the front.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._fd: int | None = None

    def take(self) -> bool:
        """Whether this is the only one. If not, the other one is asked to come to the front."""
        fd = os.open(self._folder / "window.lock", os.O_RDWR | os.O_CREAT, 0o600)
        if _locked(fd):
            self._fd = fd
            self.asked_again()
            return True
        os.close(fd)
        with suppress(OSError):
            (self._folder / "window.raise").touch(mode=0o600)
        return False

    def asked_again(self) -> bool:
        """Whether somebody tried to start another one since this was last asked."""
        try:
            (self._folder / "window.raise").unlink()
        except OSError:
            return False
        return True

    def free(self) -> None:
        """Let another program have it."""
        fd, self._fd = self._fd, None
        if fd is not None:
            os.close(fd)


def _locked(fd: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt  # noqa: PLC0415  (Windows only)

            msvcrt.locking(fd, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl  # noqa: PLC0415  (not on Windows)

            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def end_by_signal() -> None:
    """A polite end of this process (a logout, say) ends its children as well."""

    def leave(number: int, frame: object) -> None:
        raise SystemExit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), leave)
    # The terminal sends it to every process of ours; the window decides.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
