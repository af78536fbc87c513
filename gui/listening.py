"""From sound to draft: recording, reading a file, and trying again, each as jobs in their lanes.

Nothing here can lose audio: the recorder is a process of its own, and every fault of a model leaves
the recording running and the visit where it was.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui import lock_texts, texts
from gui.desk import Desk
from gui.engines import Engines, Tape
from gui.recorder import Recorder
from gui.taping import Taping
from gui.tasks import Handle, Job, Lane, Tasks
from gui.vault import Vault
from scribe import pipeline
from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.draft.write import Drafter
from scribe.errors import EngineError, ScribeError
from scribe.events import Event, Heard, Progress, Stop, Tell, Written
from scribe.live import LiveVisit
from scribe.notetext import clock
from scribe.ports import Recogniser, Store
from scribe.records import Draft, Transcript, Visit, VisitState

T = TypeVar("T")

TRIES = 2
"""How often a lost speech model is replaced in one recording before the person is asked."""


@dataclass(frozen=True, slots=True)
class _Prepared:
    """What a recording needs; `earlier`: seconds that earlier recorders left of it."""

    live: LiveVisit
    tape: Tape
    permit: Permit
    earlier: float


class Listening(QObject):
    """Everything between the microphone (or a file) and the finished draft of one visit.

    Signals:
        started, stopped: the microphone is open; the recording is complete.
        level(Level): loudness a few times a second.
        busy(str): what is being done, in words; empty when nothing is.
        remarked(str, str): something to know about the running recording, and what to do.
        failed(ScribeError, again): a known fault; `again` repeats the step, or is None.
    """

    started = Signal()
    stopped = Signal()
    level = Signal(object)
    busy = Signal(str)
    remarked = Signal(str, str)
    failed = Signal(object, object)

    def __init__(
        self, tasks: Tasks, vault: Vault, engines: Engines, desk: Desk, recorder: Recorder
    ) -> None:
        super().__init__()
        self._tasks = tasks
        self._vault = vault
        self._engines = engines
        self._desk = desk
        self.taping = taping = Taping(desk.visit.encounter.id, recorder)
        self._live: LiveVisit | None = None
        self._tries = 0
        self._jobs: list[Handle] = []
        self._early: Draft | None = None
        taping.begun.connect(self._begun)
        taping.level.connect(self.level)
        taping.remarked.connect(self.remarked)
        taping.complete.connect(self._complete)
        taping.refused.connect(self._refused)
        taping.failed.connect(self.failed)

    @property
    def recording(self) -> bool:
        """Whether the microphone is open (or is being opened or closed)."""
        return self.taping.on

    @property
    def busy_now(self) -> bool:
        """Whether a model still hears or writes."""
        return bool(self._jobs)

    def heard(self) -> Transcript | None:
        """What was heard so far of a recording that is still being heard."""
        live = self._live
        if live is None or not live.utterances:
            return None
        model = self._engines.recogniser().model_id
        return Transcript(
            utterances=live.utterances, model_id=model, seconds=live.utterances[-1].end
        )

    # ------------------------------------------------------------ recording

    def record(self, device: int | None) -> None:
        """Open the microphone and start both loops. The vault must be open."""
        visit = self._desk.visit

        def done(made: _Prepared) -> None:
            self._live, self._tries, self._early = made.live, 0, None
            self.taping.begin(made.tape, made.permit, device)

        self.busy.emit(texts.PREPARING)
        self._vault.use(
            lambda store: self._prepare(store, visit, Permit(visit)),
            on_done=done,
            on_error=self._fail,
        )

    def attach(self) -> None:
        """Hear the recording of this visit that an earlier window began: what it missed, then what
        is still recorded.
        """
        visit = self._desk.visit
        permit = Permit(replace(visit, arrivals=()))

        def done(made: _Prepared) -> None:
            self._live, self._tries, self._early = made.live, 0, None
            self._hear_and_write()
            self.taping.take_over(made.tape, permit, made.earlier)
            if self.recording:
                self.started.emit()

        self.busy.emit(lock_texts.CATCHING_UP)
        self._vault.use(
            lambda store: self._prepare(store, visit, permit), on_done=done, on_error=self._fail
        )

    def _prepare(self, store: Store, visit: Visit, permit: Permit) -> _Prepared:
        """In the work lane: what can be missing is missed before the microphone opens."""
        which = visit.encounter.id
        tape = Tape(store.recording_path(which), store.audio_key(which))
        self._engines.recogniser()
        drafter = Drafter(template.load(visit.encounter.template_id), self._engines.writer())
        heard = visit.transcript.utterances if visit.transcript is not None else ()
        live = LiveVisit(sound=tape.sound, drafter=drafter, permit=permit, heard=heard)
        return _Prepared(live, tape, permit, tape.seconds(of=slice(0, -1)))

    def _begun(self) -> None:
        self._desk.advance(VisitState.RECORDING)
        self._desk.save()
        self.started.emit()
        self.busy.emit("")
        self._hear_and_write()

    def _hear_and_write(self) -> None:
        """There is a recording: from now on there is something to hear and to write."""
        live = self._live
        assert live is not None
        self._desk.writing = True
        self._listen()
        self._run(
            Lane.WRITER,
            self._engines.writing(lambda _, tell, stop: live.write(tell, stop)),
            self._drafted,
            lambda error: self._fail(error, self.draft_again),
        )

    def _listen(self) -> None:
        live = self._live
        if live is not None:
            self._run(
                Lane.SPEECH, self._engines.hearing(live.listen), self._heard_live, self._not_heard
            )

    def hold(self) -> None:
        """Somebody came in: no sound is taken from now on."""
        self.taping.hold()

    def resume(self) -> None:
        """Everybody who came in agreed or left. Raises ConsentNeeded."""
        self.taping.resume(self._desk.visit)

    def revoke(self) -> None:
        """The consent was taken back: nothing more is taken, heard or written."""
        self.taping.revoke()
        self.cancel()

    def stop(self) -> None:
        """Close the microphone; the loops finish what they have."""
        if self.recording:
            self.busy.emit(texts.TRANSCRIBING)
            self.taping.stop()

    def _refused(self, error: ScribeError) -> None:
        self._live = None
        self._fail(error)
        self.stopped.emit()

    def _complete(self) -> None:
        self.stopped.emit()
        self._rest()

    # ------------------------------------------------------------ what the models say

    def _heard_live(self, transcript: Transcript) -> None:
        self._live = None
        self._desk.take_transcript(transcript)
        early, self._early = self._early, None
        if early is not None:
            self._desk.take_draft(early)
        else:
            self.busy.emit(texts.DRAFTING)

    def _not_heard(self, error: ScribeError) -> None:
        if isinstance(error, EngineError) and self._tries < TRIES:
            # A new process hears on from the last utterance; nobody has to look up for that.
            self._tries += 1
            self._listen()
        else:
            self._tries = 0
            self._fail(error, self._listen)

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
        tape = Tape(path, key)
        tape.end()

        def work(recogniser: Recogniser, tell: Tell, stop: Stop) -> Transcript:
            return pipeline.transcribe(
                tape.sound(), recogniser, seconds=tape.seconds(), tell=tell, stop=stop
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
            case Heard():
                self._desk.hear(event.utterance)
            case Written():
                self._desk.grow(event.statements)
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
        """The window goes: nothing may wait for a recording that it will not hear."""
        self.cancel()
        self.taping.leave()
