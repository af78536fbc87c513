"""The only door between threads and widgets; nothing else in the window may start a thread.

Work runs in named lanes. A lane is one thread, so what belongs to one resource (the vault, the
speech model) never meets itself; different lanes run side by side. Every answer comes back on the
Qt thread through one signal, in the order it was told.

Workers hold neither a callback nor a widget: callbacks wait in a table on the Qt thread and a
worker knows only its ticket number. Otherwise the last reference to a QObject could drop on a
worker's thread, and Qt objects must die where they live.
"""

import gc
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from threading import Event as Flag
from threading import Thread
from typing import Any, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from scribe.errors import Cancelled, ScribeError
from scribe.events import Event, Stop, Tell

T = TypeVar("T")


class Lane(StrEnum):
    """The threads of the program besides Qt's own and the sound system's."""

    RECORD = "record"
    SPEECH = "speech"
    WRITER = "writer"
    WORK = "work"
    """Everything short: the vault (which only this lane may touch) and the coding check."""
    BACKUP = "backup"
    """Minutes of copying and checking; the vault itself lets one in at a time."""
    CODES = "codes"
    """Looking codes up; its first search of an edition builds an index for a second or two."""


Job = Callable[[Tell, Stop], T]


class Handle:
    """One running job; `stop` asks it to end at its next pause and never kills it."""

    def __init__(self) -> None:
        self._flag = Flag()

    def stop(self) -> None:
        """Ask the job to end."""
        self._flag.set()

    def is_set(self) -> bool:
        """Whether the job was asked to end; what the job itself looks at."""
        return self._flag.is_set()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    job: Job[Any]
    handle: Handle
    on_event: Callable[[Event], None]
    on_done: Callable[[Any], None]
    on_error: Callable[[ScribeError], None]
    on_end: Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    ticket: int
    kind: Literal["event", "done", "error", "cancelled", "bug"]
    payload: Any = None


def _nothing(*_: object) -> None:
    """The callback of those who do not want to know."""


class Tasks(QObject):
    """Run core functions off the Qt thread; hand every answer back on it.

    Signals:
        _back: carries a report from any thread to the Qt thread.
    """

    _back = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lanes: dict[Lane, ThreadPoolExecutor] = {}
        self._entries: dict[int, _Entry] = {}
        self._tickets = 0
        self._closed = False
        self._back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        lane: Lane,
        job: Job[T],
        *,
        on_error: Callable[[ScribeError], None],
        on_event: Callable[[Event], None] = _nothing,
        on_done: Callable[[T], None] = _nothing,
        on_end: Callable[[], None] = _nothing,
    ) -> Handle:
        """Queue `job(tell, stop)` in `lane`; callbacks run on the Qt thread.

        Exactly one of these follows: `on_done(result)`; `on_error(error)` for a known fault;
        nothing for Cancelled; a re-raise on the Qt thread for a bug. `on_end` comes last, always.
        """
        handle = Handle()
        if self._closed:
            return handle
        self._tickets += 1
        ticket = self._tickets
        self._entries[ticket] = _Entry(
            job=job,
            handle=handle,
            on_event=on_event,
            on_done=on_done,
            on_error=on_error,
            on_end=on_end,
        )
        self._lane(lane).submit(self._work, ticket)
        return handle

    @property
    def busy(self) -> bool:
        """Whether any job is queued, running or not yet reported."""
        return bool(self._entries)

    def stop(self) -> None:
        """Ask all jobs to stop and take no new ones; `close` waits for them."""
        self._closed = True
        for entry in self._entries.values():
            entry.handle.stop()

    def close(self, last: Sequence[tuple[Lane, Callable[[], object]]] = ()) -> None:
        """Ask all jobs to stop, run each `last` act in its lane, and wait for the lanes.

        No callback comes after this. Raises what a `last` act raised.
        """
        self.stop()
        ends = [self._lane(lane).submit(act) for lane, act in last]
        for pool in self._lanes.values():
            pool.shutdown(wait=True)
        self._entries.clear()
        for end in ends:
            end.result()

    def last(self, lane: Lane, act: Callable[[], object], seconds: float) -> bool:
        """Stop everything, run `act` in its lane and wait for it at most so long; whether it is
        done. For a process that ends right after. Raises what `act` raised.
        """
        self.stop()
        end = self._lane(lane).submit(act)
        try:
            end.result(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def _lane(self, lane: Lane) -> ThreadPoolExecutor:
        if lane not in self._lanes:
            self._lanes[lane] = ThreadPoolExecutor(max_workers=1, thread_name_prefix=lane.value)
        return self._lanes[lane]

    def _work(self, ticket: int) -> None:
        """In the lane's thread: run the job and report how it ended."""
        self._back.emit(self._outcome(ticket))

    def _outcome(self, ticket: int) -> _Report:
        # The entry stays in the table until the Qt thread has seen the report, so nothing in it
        # can die in this thread.
        entry = self._entries[ticket]
        if entry.handle.is_set():
            return _Report(ticket=ticket, kind="cancelled")
        try:
            result = entry.job(self._teller(ticket), entry.handle)
        except Cancelled:
            return _Report(ticket=ticket, kind="cancelled")
        except ScribeError as error:
            return _Report(ticket=ticket, kind="error", payload=error)
        except Exception as bug:  # noqa: BLE001 - re-raised on the Qt thread, see `_deliver`
            return _Report(ticket=ticket, kind="bug", payload=bug)
        return _Report(ticket=ticket, kind="done", payload=result)

    def _teller(self, ticket: int) -> Tell:
        def tell(event: Event) -> None:
            self._back.emit(_Report(ticket=ticket, kind="event", payload=event))

        return tell

    @Slot(object)
    def _deliver(self, report: _Report) -> None:
        if self._closed:
            return
        if report.kind == "event":
            self._entries[report.ticket].on_event(report.payload)
            return
        entry = self._entries.pop(report.ticket)
        try:
            if report.kind == "bug":
                raise report.payload
            if report.kind == "done":
                entry.on_done(report.payload)
            elif report.kind == "error":
                entry.on_error(report.payload)
        finally:
            entry.on_end()


class Lines(QObject):
    """Reads lines from a pipe in a thread of its own and hands them over on the Qt thread.

    Signals:
        heard(bytes): one line, without its end. ended: the other side is gone.
    """

    heard = Signal(bytes)
    ended = Signal()

    def __init__(self, fd: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._fd = fd

    def first(self) -> bytes:
        """The first line, waited for here and now; before `start`."""
        line = bytearray()
        while (byte := os.read(self._fd, 1)) not in (b"\n", b""):
            line += byte
        return bytes(line)

    def start(self) -> None:
        """Hand over what comes from now on."""
        # A daemon, and no buffered file: nothing may have to wait for a line that never comes.
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        rest = b""
        while chunk := os.read(self._fd, 65_536):
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                self.heard.emit(line)
        self.ended.emit()


class Collector(QObject):
    """Runs Python's cycle collector on the Qt thread only.

    The collector otherwise runs in whichever thread allocates next, and would delete Qt objects
    that are part of a cycle on a worker's thread.
    """

    EVERY_MS = 1000

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        # What is alive after start-up stays; not walking it again keeps each round short.
        gc.freeze()
        self._timer = QTimer(self)
        self._timer.setInterval(self.EVERY_MS)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    @Slot()
    def collect(self) -> None:
        """Collect the oldest generation whose threshold is passed."""
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return

    def close(self) -> None:
        """Give collection back to the interpreter."""
        self._timer.stop()
        gc.unfreeze()
        gc.enable()
