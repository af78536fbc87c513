"""The recording of one visit as its screen follows it: begun, taken over from an earlier window,
held, lost, gone on with, complete. It hears no word of it.
"""

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from gui import lock_texts
from gui.engines import Tape
from gui.recorder import Recorder
from scribe.audio import recording
from scribe.consent.gate import Permit
from scribe.errors import ConsentNeeded, ScribeError
from scribe.events import Level
from scribe.ids import EncounterId
from scribe.notetext import clock
from scribe.recorder import messages
from scribe.recorder.messages import Finished, Gap, Status
from scribe.records import Visit


@dataclass(frozen=True, slots=True)
class _Taken:
    tape: Tape
    permit: Permit


class Taping(QObject):
    """At most one recording of one visit.

    Signals:
        begun: sound arrives; there is a file to read along in.
        level(Level): loudness a few times a second.
        remarked(str, str): something to know about it, and what to do.
        complete: no more sound will come.
        refused(ScribeError): it could not be begun. failed(ScribeError, again): it ended or was
        lost; `again` records on, or is None.
    """

    begun = Signal()
    level = Signal(object)
    remarked = Signal(str, str)
    complete = Signal()
    refused = Signal(object)
    failed = Signal(object, object)

    def __init__(self, encounter: EncounterId, recorder: Recorder) -> None:
        super().__init__()
        self._encounter = encounter
        self._recorder = recorder
        self._taken: _Taken | None = None
        self._device: int | None = None
        self._opening = self._lost = self._silent = False
        self._earlier = self._now = 0.0
        recorder.running.connect(self._status)
        recorder.gap.connect(self._gap)
        recorder.finished.connect(self._finished)
        recorder.refused.connect(self._refused)
        recorder.lost.connect(self._lose)

    @property
    def on(self) -> bool:
        """Whether the microphone is open (or is being opened or closed)."""
        return self._taken is not None

    @property
    def status(self) -> Status | None:
        """What the recorder said last of this visit's running recording."""
        status = self._recorder.status
        return status if status is not None and status.encounter == self._encounter else None

    def begin(self, tape: Tape, permit: Permit, device: int | None) -> None:
        """Record. `begun` or `refused` follows."""
        self._taken, self._device = _Taken(tape, permit), device
        self._earlier = self._now = 0.0
        self._opening = True
        self._start()

    def take_over(self, tape: Tape, permit: Permit, earlier: float) -> None:
        """Follow what an earlier window began, if it still runs; it left `earlier` seconds in
        parts before this one. `complete` follows at once if it does not.
        """
        self._taken = _Taken(tape, permit)
        self._earlier = self._now = earlier
        status = self.status
        if status is None:
            self._complete()
            return
        if status.held:
            # Somebody who has not agreed yet keeps the sound out.
            permit.hold()
        self._recorder.take_over(permit)
        self._status(status)

    def _start(self) -> None:
        taken = self._taken
        assert taken is not None
        try:
            self._recorder.start(
                taken.permit,
                encounter=self._encounter,
                path=recording.next_part(taken.tape.path),
                key=taken.tape.key,
                device=self._device,
            )
        except ConsentNeeded as error:
            self._refused(error)

    # ------------------------------------------------------------ verbs

    def hold(self) -> None:
        """Somebody came in: no sound is taken from now on."""
        if self.on:
            self._recorder.hold()

    def resume(self, visit: Visit) -> None:
        """Everybody who came in agreed or left. Raises ConsentNeeded."""
        if self.on:
            self._recorder.resume(visit)

    def revoke(self) -> None:
        """The consent was taken back: nothing more is taken, heard or written."""
        if self._taken is not None:
            self._taken.permit.revoke()
            self.stop()

    def stop(self) -> None:
        """Close the microphone; `complete` follows."""
        if self._lost:
            self._complete()
        elif self.on:
            self._recorder.stop()

    def leave(self) -> None:
        """The window goes: nothing may wait for sound that it will not hear."""
        if self._taken is not None:
            self._taken.tape.end()

    # ------------------------------------------------------------ what the recorder says

    def _status(self, status: Status) -> None:
        if status.encounter != self._encounter or not self.on:
            return
        first, self._opening, self._lost = self._opening, False, False
        if first:
            self.begun.emit()
        if status.silent and not self._silent:
            self.remarked.emit(lock_texts.RECORDING_SILENT, lock_texts.SILENT_ADVICE)
        self._silent = status.silent
        self._now = self._earlier + status.seconds
        self.level.emit(Level(rms=status.rms, peak=status.peak, seconds=self._now))

    def _gap(self, gap: Gap) -> None:
        if gap.encounter == self._encounter and self.on:
            at = clock(self._earlier + gap.seconds)
            self.remarked.emit(lock_texts.GAP.format(seconds=round(gap.missing), at=at), "")

    def _finished(self, told: Finished) -> None:
        if told.encounter == self._encounter and self.on:
            self._complete()
            if told.error:
                self.failed.emit(messages.fault(told), None)

    def _refused(self, error: ScribeError) -> None:
        if self._opening:
            self._opening, self._taken = False, None
            self.refused.emit(error)
        elif self._lost:
            self.failed.emit(error, self._record_on)

    def _lose(self, error: ScribeError) -> None:
        if self.on:
            self._lost = True
            self.failed.emit(error, self._record_on)

    def _record_on(self) -> None:
        """A new recorder, a new part of the same recording."""
        if self._lost and self.on:
            self._earlier = self._now
            self._start()

    def _complete(self) -> None:
        taken, self._taken, self._lost = self._taken, None, False
        if taken is not None:
            taken.tape.end()
            self.complete.emit()
