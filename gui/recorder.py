"""The recorder as the window talks to it: in a process of its own, behind the supervisor, or with
scripted sound in a lane of this one. It shows nothing and knows no visit.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from gui.control import Control
from gui.tasks import Lane, Tasks
from scribe.build import Parts
from scribe.consent.gate import Permit
from scribe.errors import EngineError
from scribe.ids import EncounterId
from scribe.ports import Microphone
from scribe.recorder import messages
from scribe.recorder.client import Recorder as View
from scribe.recorder.messages import (
    AskDevices,
    Asked,
    AskStatus,
    Devices,
    Finished,
    Gap,
    Refused,
    Said,
    Status,
)
from scribe.recorder.service import Service
from scribe.records import Visit


class Link(Protocol):
    """The way to a recorder."""

    def send(self, message: Asked) -> None:
        """Hand on a message; start a recorder if there is none."""
        ...

    def close(self) -> None:
        """This window will ask nothing more."""
        ...


class Recorder(QObject):
    """Asks, starts, stops, and tells how far a recording is.

    Signals:
        devices(tuple of Device): the input devices.
        running(Status), gap(Gap), finished(Finished): of the one recording.
        refused(ScribeError): what was asked for cannot be done.
        lost(ScribeError): the recorder died in the middle of a recording.
    """

    devices = Signal(object)
    running = Signal(object)
    gap = Signal(object)
    finished = Signal(object)
    refused = Signal(object)
    lost = Signal(object)
    _said = Signal(object)
    _gone = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link: Link | None = None
        self._view = View(self._send)
        # From whatever thread the link hears it in.
        self._said.connect(self._hear, Qt.ConnectionType.QueuedConnection)
        self._gone.connect(self._end, Qt.ConnectionType.QueuedConnection)

    def connect_to(self, link: Link) -> None:
        """From now on, talk to this one."""
        self._link = link

    def tell(self, said: Said) -> None:
        """From any thread: what the recorder said."""
        self._said.emit(said)

    def tell_gone(self) -> None:
        """From any thread: it ended."""
        self._gone.emit()

    # ------------------------------------------------------------ verbs

    @property
    def status(self) -> Status | None:
        """How far the running recording is; None when there is none."""
        return self._view.status

    @property
    def ended(self) -> Finished | None:
        """How the last recording ended."""
        return self._view.finished

    def ask_devices(self) -> None:
        """`devices` or `refused` follows."""
        self._view.ask(AskDevices())

    def ask_status(self) -> None:
        """`running` follows if there is a recording."""
        self._view.ask(AskStatus())

    def start(
        self, permit: Permit, *, encounter: EncounterId, path: Path, key: bytes, device: int | None
    ) -> None:
        """`running` or `refused` follows. Raises ConsentNeeded."""
        self._view.start(permit, encounter=encounter, path=path, key=key, device=device)

    def take_over(self, permit: Permit) -> None:
        """An earlier window started what is running; this permit rules it from now on."""
        self._view.take_over(permit)

    def hold(self) -> None:
        """Take no sound: somebody came in."""
        self._view.hold()

    def resume(self, visit: Visit) -> None:
        """Take sound again. Raises ConsentNeeded."""
        self._view.resume(visit)

    def revoke(self) -> None:
        """A consent was taken back."""
        self._view.revoke()

    def stop(self) -> None:
        """`finished` follows."""
        self._view.stop()

    # ------------------------------------------------------------ answers

    def _send(self, message: Asked) -> None:
        assert self._link is not None, "the window has no recorder"
        self._link.send(message)

    @Slot(object)
    def _hear(self, said: Said) -> None:
        known = self._view.status is not None
        self._view.hear(said)
        match said:
            case Devices():
                self.devices.emit(said.devices)
            case Status():
                self.running.emit(said)
            case Gap():
                self.gap.emit(said)
            case Finished():
                self.finished.emit(said)
            case Refused() if not known:
                self.refused.emit(messages.fault(said))

    @Slot()
    def _end(self) -> None:
        recording = self._view.status is not None
        error = self._view.gone()
        if error is not None:
            (self.lost if recording else self.refused).emit(error)


class ProcessLink(QObject):
    """The recorder process, through the supervisor."""

    def __init__(self, control: Control, recorder: Recorder) -> None:
        super().__init__(recorder)
        self._control = control
        self._recorder = recorder
        control.recorder_said.connect(self._hear)
        control.recorder_gone.connect(recorder.tell_gone)

    def send(self, message: Asked) -> None:
        """See Link."""
        self._control.to_recorder(messages.line(message))

    def close(self) -> None:
        """See Link; the process goes on, or ends with the supervisor."""

    @Slot(bytes)
    def _hear(self, line: bytes) -> None:
        try:
            said = messages.said(line)
        except EngineError:
            # Not one of ours; what matters is said again, and the end of a process is seen.
            return
        self._recorder.tell(said)


class LaneLink:
    """A recorder in a lane of this process, with a scripted microphone: for tests and the demo."""

    def __init__(self, tasks: Tasks, microphone: Microphone, recorder: Recorder) -> None:
        self._tasks = tasks
        self._microphone = microphone
        self._recorder = recorder
        self._service: Service | None = None

    def send(self, message: Asked) -> None:
        """See Link."""
        fresh = self._service is None
        service = self._service or self._start()
        service.put(message)
        if fresh and isinstance(message, AskDevices):
            # Nothing to wait for, and a lane that waits looks like work.
            service.put(None)
            self._service = None

    def _start(self) -> Service:
        service = self._service = Service(self._microphone, self._recorder.tell)
        run: Callable[[], None] = service.run
        self._tasks.run(
            Lane.RECORD,
            lambda tell, stop: run(),
            on_error=lambda error: None,
            on_end=lambda: self._ended(service),
        )
        return service

    def close(self) -> None:
        """See Link; what is being recorded is completed."""
        if self._service is not None:
            self._service.put(None)

    def _ended(self, service: Service) -> None:
        if self._service is service:
            self._service = None
            self._recorder.tell_gone()


def link(recorder: Recorder, tasks: Tasks, parts: Parts, control: Control | None) -> Link:
    """Connect `recorder`: to the process behind the supervisor, or to scripted sound."""
    made: Link
    if parts.microphone is not None:
        made = LaneLink(tasks, parts.microphone, recorder)
    else:
        assert control is not None, "a window with a real microphone has a supervisor"
        made = ProcessLink(control, recorder)
    recorder.connect_to(made)
    return made
