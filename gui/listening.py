"""From sound to draft: recording, reading a file, and trying again, each as jobs in their lanes.

Nothing here can lose audio: the recorder has a lane of its own, and every fault of a model leaves
the recording running and the visit where it was.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui import texts
from gui.desk import Desk
from gui.engines import Engines, LateRecording
from gui.tasks import Handle, Job, Lane, Tasks
from gui.vault import Vault
from scribe import pipeline
from scribe.audio import recording
from scribe.build import Parts
from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.draft.write import Drafter
from scribe.errors import EngineError, ScribeError
from scribe.events import Event, Heard, Level, Progress, Stop, Tell, Written
from scribe.live import LiveVisit
from scribe.notetext import clock
from scribe.ports import Recogniser, Store
from scribe.records import Draft, Transcript, Visit, VisitState

T = TypeVar("T")

RECORDING = "recording"
"""Step name of the event that says that the microphone is open."""


class Listening(QObject):
    """Everything between the microphone (or a file) and the finished draft of one visit.

    Signals:
        started, stopped: the microphone is open; the recording is complete.
        level(Level): loudness twice a second.
        busy(str): what is being done, in words; empty when nothing is.
        failed(ScribeError, again): a known fault; `again` repeats the step, or is None.
    """

    started = Signal()
    stopped = Signal()
    level = Signal(object)
    busy = Signal(str)
    failed = Signal(object, object)

    def __init__(
        self, parts: Parts, tasks: Tasks, vault: Vault, engines: Engines, desk: Desk
    ) -> None:
        super().__init__()
        self._parts = parts
        self._tasks = tasks
        self._vault = vault
        self._engines = engines
        self._desk = desk
        self._live: LiveVisit | None = None
        self._jobs: list[Handle] = []
        self._unheard: ScribeError | None = None
        self._early: Draft | None = None

    @property
    def recording(self) -> bool:
        """Whether the microphone is open (or is being opened or closed)."""
        return self._live is not None

    @property
    def busy_now(self) -> bool:
        """Whether a model still hears or writes."""
        return bool(self._jobs)

    # ------------------------------------------------------------ recording

    def record(self, device: int | None) -> None:
        """Open the microphone and start all three loops. The vault must be open."""
        visit = self._desk.visit
        self._unheard = self._early = None
        self.busy.emit(texts.PREPARING)
        self._vault.use(
            lambda store: self._prepare(store, visit),
            on_done=lambda live: self._open_microphone(live, device),
            on_error=self._fail,
        )

    def _prepare(self, store: Store, visit: Visit) -> LiveVisit:
        permit = Permit(visit)
        which, template_id = visit.encounter.id, visit.encounter.template_id
        kept = LateRecording(store.recording_path(which), store.audio_key(which))
        return LiveVisit(
            recogniser=self._engines.recogniser(),
            drafter=Drafter(template.load(template_id), self._engines.writer()),
            permit=permit,
            recording=kept,
        )

    def _open_microphone(self, live: LiveVisit, device: int | None) -> None:
        self._live = live
        microphone = self._parts.microphone

        def job(tell: Tell, stop: Stop) -> float:
            try:
                microphone.start(live.take, device)
                tell(Progress(step=RECORDING, done=0, total=0))
            except ScribeError:
                live.stop_input()
                live.record(tell, stop)
                raise
            try:
                return live.record(tell, stop)
            finally:
                microphone.stop()

        self._tasks.run(
            Lane.RECORD, job, on_event=self._event, on_error=self._fail, on_end=self._recorded
        )

    def _running(self) -> None:
        """The microphone is open: from now on there is something to hear and to write."""
        live = self._live
        assert live is not None
        self._desk.advance(VisitState.RECORDING)
        self._desk.save()
        self._desk.writing = True
        self.started.emit()
        self.busy.emit("")
        self._run(
            Lane.SPEECH,
            self._engines.hearing(lambda _, tell, stop: live.listen(tell, stop)),
            self._heard_live,
            self._not_heard,
        )
        self._run(
            Lane.WRITER,
            self._engines.writing(lambda _, tell, stop: live.write(tell, stop)),
            self._drafted,
            lambda error: self._fail(error, self.draft_again),
        )

    def stop(self) -> None:
        """Close the microphone; the loops finish what they have."""
        live, microphone = self._live, self._parts.microphone
        if live is None:
            return

        def job(tell: Tell, stop: Stop) -> None:
            microphone.stop()
            live.stop_input()

        self.busy.emit(texts.TRANSCRIBING)
        self._tasks.run(Lane.WORK, job, on_error=self._fail)

    def _recorded(self) -> None:
        self._live = None
        self.stopped.emit()
        self._rest()
        error, self._unheard = self._unheard, None
        if error is not None:
            self.failed.emit(error, self.transcribe_kept)

    def _heard_live(self, transcript: Transcript) -> None:
        self._desk.take_transcript(transcript)
        early, self._early = self._early, None
        if early is not None:
            self._desk.take_draft(early)
        else:
            self.busy.emit(texts.DRAFTING)

    def _not_heard(self, error: ScribeError) -> None:
        if self.recording:
            # Said now, offered again when the recording is complete.
            self._unheard = error
            self.failed.emit(error, None)
        else:
            self._fail(error, self.transcribe_kept)

    # ------------------------------------------------------------ files and second tries

    def open_file(self, path: Path) -> None:
        """Hear an audio file, then draft from it."""
        self._hear(
            lambda recogniser, tell, stop: pipeline.transcribe_file(
                path, recogniser, tell=tell, stop=stop
            ),
            lambda error: self._fail(
                error, (lambda: self.open_file(path)) if isinstance(error, EngineError) else None
            ),
        )

    def transcribe_kept(self) -> None:
        """Hear the recording of this visit again from its beginning."""
        which = self._desk.visit.encounter.id
        self.busy.emit(texts.PREPARING)
        self._vault.use(
            lambda store: (store.recording_path(which), store.audio_key(which)),
            on_done=lambda where: self._hear_kept(*where),
            on_error=self._fail,
        )

    def _hear_kept(self, path: Path, key: bytes) -> None:
        def work(recogniser: Recogniser, tell: Tell, stop: Stop) -> Transcript:
            seconds = recording.inspect(path, key).seconds
            return pipeline.transcribe(
                recording.read(path, key), recogniser, seconds=seconds, tell=tell, stop=stop
            )

        self._hear(work, lambda error: self._fail(error, self.transcribe_kept))

    def _hear(
        self,
        work: Callable[[Recogniser, Tell, Stop], Transcript],
        on_error: Callable[[ScribeError], None],
    ) -> None:
        self._desk.begin_again()
        self.busy.emit(texts.TRANSCRIBING)
        self._run(Lane.SPEECH, self._engines.hearing(work), self._heard_all, on_error)

    def _heard_all(self, transcript: Transcript) -> None:
        self._desk.take_transcript(transcript)
        self.draft_again()

    def draft_again(self) -> None:
        """Write the draft from the transcript."""
        visit = self._desk.visit
        heard, template_id = visit.transcript, visit.encounter.template_id
        if heard is None:
            return
        self._desk.writing = True
        self.busy.emit(texts.DRAFTING)
        self._run(
            Lane.WRITER,
            self._engines.writing(
                lambda writer, tell, stop: pipeline.draft(
                    heard, template_id, writer, tell=tell, stop=stop
                )
            ),
            self._drafted,
            lambda error: self._fail(error, self.draft_again),
        )

    def cancel(self) -> None:
        """Stop hearing and writing; never stops a recording."""
        for job in self._jobs:
            job.stop()

    # ------------------------------------------------------------ answers

    def _run(
        self,
        lane: Lane,
        job: Job[T],
        on_done: Callable[[T], None],
        on_error: Callable[[ScribeError], None],
    ) -> None:
        def end() -> None:
            self._jobs.remove(handle)
            self._rest()

        handle = self._tasks.run(
            lane, job, on_event=self._event, on_done=on_done, on_error=on_error, on_end=end
        )
        self._jobs.append(handle)

    def _rest(self) -> None:
        """Nothing runs any more: neither the recorder nor a model, whichever was last."""
        if not self._jobs and not self.recording:
            self._desk.writing = False
            self.busy.emit("")

    def _event(self, event: Event) -> None:
        match event:
            case Level():
                self.level.emit(event)
            case Heard():
                self._desk.hear(event.utterance)
            case Written():
                self._desk.grow(event.statements)
            case Progress(step=step) if step == RECORDING:
                self._running()
            case Progress() if event.unit == "s":
                done, total = clock(event.done), clock(event.total)
                self.busy.emit(texts.TRANSCRIBING_DONE.format(done=done, total=total))

    def _drafted(self, draft: Draft) -> None:
        if self._desk.visit.state is VisitState.RECORDING:
            # The transcript is on its way from the other lane. If it never comes because the speech
            # model failed, the draft is of half a visit and is not taken.
            self._early = draft
        else:
            self._desk.take_draft(draft)

    def _fail(self, error: ScribeError, again: Callable[[], None] | None = None) -> None:
        self.busy.emit("")
        self.failed.emit(error, again)

    def farewell(self) -> None:
        """The program ends: close the microphone and let the recorder finish. Blocks shortly."""
        if self._live is not None:
            self._parts.microphone.stop()
            self._live.stop_input()
