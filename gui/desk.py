"""One visit on the clinician's desk: its record, every edit to it, its code check, and its signing.

Views show what the desk says and call its verbs; it holds no widget, no clinical rule and no SQL.
Slow work goes through Tasks; an answer that is older than the last edit is dropped.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, QTimer, Signal

from gui import edits
from gui.signing import Reviewing, Signing
from gui.tasks import Lane, Tasks
from gui.vault import Vault
from scribe import pipeline, session
from scribe.coding import fixes
from scribe.errors import ScribeError
from scribe.ids import StatementId, UtteranceId
from scribe.records import (
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Draft,
    Finding,
    Section,
    SignedNote,
    Statement,
    Transcript,
    Utterance,
    Visit,
    VisitState,
)
from scribe.signoff.points import Point

CHECK_AFTER_MS = 250
"""Time after a key at which the codes are checked again; further keys do not put it off."""
SAVE_AFTER_MS = 900
"""Pause in typing after which the visit is saved."""

Done = Callable[[], None]
Failed = Callable[[ScribeError], None]

SIGNED_STATES = (VisitState.SIGNED, VisitState.AMENDED)


class Desk(QObject):
    """The visit in work.

    Signals:
        state_changed(VisitState): the visit took a step.
        utterances_changed(tuple of Utterance), note_changed(tuple of Statement),
        claim_changed(tuple of CodedDiagnosis), coded_changed(CodedNote): what to show now.
        saved(bool): whether all edits are kept.
        failed(ScribeError): a known fault of the desk's own work.
        signed(SignedNote): the note is immutable from now on.
    """

    state_changed = Signal(object)
    utterances_changed = Signal(object)
    note_changed = Signal(object)
    claim_changed = Signal(object)
    coded_changed = Signal(object)
    saved = Signal(bool)
    failed = Signal(object)
    signed = Signal(object)

    def __init__(self, tasks: Tasks, vault: Vault, visit: Visit) -> None:
        super().__init__()
        self._tasks = tasks
        self._vault = vault
        self.visit = visit
        self.utterances: tuple[Utterance, ...] = ()
        self.statements: tuple[Statement, ...] = ()
        self.coded: CodedNote | None = None
        self.review = Reviewing(visit.marks)
        self.review.changed.connect(self._keep_marks)
        self.writing = False
        self._edition = self._checked = 0
        self._saved_as = visit if vault.is_open else None
        self._check_timer = self._timer(CHECK_AFTER_MS, self._check)
        self._save_timer = self._timer(SAVE_AFTER_MS, self.save)
        self._restore(visit)

    def _timer(self, ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(then)
        return timer

    def _restore(self, visit: Visit) -> None:
        if visit.transcript is not None:
            self.utterances = visit.transcript.utterances
        if visit.draft is not None:
            self.statements = visit.draft.statements
            if self.note is None:
                self._check_timer.start(0)

    # ------------------------------------------------------------ what is there

    @property
    def read_only(self) -> bool:
        """Signed: shown, never changed."""
        return self.visit.state in SIGNED_STATES

    @property
    def editable(self) -> bool:
        """Whether the note may be typed into: there is a whole draft and it is not signed."""
        return self.visit.draft is not None and not self.read_only and not self.writing

    @property
    def vault_open(self) -> bool:
        """Whether there is a vault to save to and to sign with."""
        return self._vault.is_open

    @property
    def kept(self) -> bool:
        """Whether this visit is saved: a vault is open and what was heard was consented to."""
        heard_unasked = self.visit.consent is None and self.visit.transcript is not None
        return self._vault.is_open and not heard_unasked

    @property
    def note(self) -> SignedNote | None:
        """The newest signed version."""
        return self.visit.notes[-1] if self.visit.notes else None

    @property
    def unsaved(self) -> bool:
        """Whether there is anything that should be saved and is not."""
        return self.kept and not self.read_only and self.visit is not self._saved_as

    def spoken(self, which: tuple[UtteranceId, ...]) -> tuple[Utterance, ...]:
        """The utterances of these ids, in order of time."""
        return tuple(each for each in self.utterances if each.id in which)

    # ------------------------------------------------------------ steps of the visit

    def advance(self, to: VisitState, **changes: object) -> None:
        """Go to state `to` and keep `changes`. Raises StepRefused, ConsentNeeded."""
        self._put(session.advance(self.visit, to), **changes)

    def _put(self, state: VisitState, **changes: object) -> None:
        before = self.visit.state
        self.visit = replace(self.visit, state=state, updated=datetime.now(UTC), **changes)  # type: ignore[arg-type]  # callers pass fields of Visit
        if state is not before:
            self.state_changed.emit(state)
        self._save_soon()

    def become(self, visit: Visit) -> None:
        """Another consent, and what it means for what was heard (`consenting.py`)."""
        forgets = visit.state is VisitState.WITHDRAWN and not self.deaf
        self.visit = replace(visit, updated=datetime.now(UTC))
        if forgets:
            self.writing, self.coded = False, None
            self.utterances, self.statements = (), visit.draft.statements if visit.draft else ()
            self.utterances_changed.emit(())
            self.note_changed.emit(self.statements)
            self.claim_changed.emit(visit.diagnoses)
            self._check_soon(0)
        self.state_changed.emit(visit.state)
        self._save_soon()

    @property
    def deaf(self) -> bool:
        """A consent was taken back: an answer of a model that comes late is dropped."""
        return self.visit.state is VisitState.WITHDRAWN

    def hear(self, utterance: Utterance) -> None:
        """One more utterance became final while recording or reading a file."""
        if not self.deaf:
            self.utterances = (*self.utterances, utterance)
            self.utterances_changed.emit(self.utterances)

    def grow(self, statements: tuple[Statement, ...]) -> None:
        """The draft grew while it is being written."""
        if not self.deaf:
            self.statements = statements
            self.note_changed.emit(statements)

    def begin_again(self) -> None:
        """The recording is about to be heard from its beginning."""
        self.utterances = ()
        self.utterances_changed.emit(())

    def take_transcript(self, transcript: Transcript) -> None:
        """All was heard; codes the clinician dictated go on an empty claim."""
        if self.deaf:
            return
        self.utterances = transcript.utterances
        self.advance(VisitState.TRANSCRIBED, transcript=transcript)
        self.utterances_changed.emit(self.utterances)
        day = self.visit.encounter.date_of_service
        self._tasks.run(
            Lane.WORK,
            lambda tell, stop: pipeline.dictated(transcript, day),
            on_done=self._take_dictated,
            on_error=self._fail,
        )

    def _take_dictated(self, found: tuple[CodedDiagnosis, ...]) -> None:
        if found and not self.visit.diagnoses and not self.read_only:
            self.set_claim(edits.ranked(found))

    def take_draft(self, draft: Draft) -> None:
        """The draft is whole; from now on it is the clinician's."""
        if self.deaf:
            return
        self.statements = draft.statements
        self.writing = False
        self.advance(VisitState.DRAFTED, draft=draft)
        self.note_changed.emit(self.statements)
        self._check_soon(0)

    # ------------------------------------------------------------ edits

    def set_claim(self, claim: tuple[CodedDiagnosis, ...]) -> None:
        """Other codes on the claim."""
        if claim == self.visit.diagnoses or self.read_only:
            return
        self._put(self.visit.state, diagnoses=claim)
        self.claim_changed.emit(claim)
        self._check_soon(0)

    def apply(self, finding: Finding, choice: int) -> None:
        """Carry out a fix of a finding."""
        self.set_claim(fixes.fixed(finding, self.visit.diagnoses, choice) or self.visit.diagnoses)

    def reword(self, which: StatementId, text: str) -> None:
        """Other words for one sentence."""
        self._edit(edits.reword(self.statements, which, text))
        self.note_changed.emit(self.statements)

    def drop(self, which: StatementId) -> None:
        """Take a sentence out of the note."""
        self._edit(edits.drop(self.statements, which))
        self.note_changed.emit(self.statements)

    def append(self, section: Section, text: str) -> StatementId:
        """A new sentence of the clinician's own."""
        statements, made = edits.append(self.statements, section, text)
        self._edit(statements)
        self.note_changed.emit(self.statements)
        return made

    def _edit(self, statements: tuple[Statement, ...]) -> None:
        draft = self.visit.draft
        if draft is None or not self.editable or statements == self.statements:
            return
        self.statements = statements
        state = session.step(self.visit.state, VisitState.DRAFTED) if self.visit.consent else None
        self._put(state or self.visit.state, draft=replace(draft, statements=statements))
        self._check_soon(CHECK_AFTER_MS)

    # ------------------------------------------------------------ review

    def unseen(self) -> tuple[StatementId, ...]:
        """The sentences that were not heard and have not been opened, in reading order."""
        return self.review.unseen(self.statements)

    def _keep_marks(self) -> None:
        if not self.read_only:
            self._put(self.visit.state, marks=self.review.marks)

    @property
    def checking(self) -> bool:
        """Whether the last edit still waits for its code check."""
        return self.coded is None or self._checked != self._edition

    def left(self) -> tuple[Point, ...] | None:
        """What still stands between this note and a signature; None while it is being checked."""
        if self.coded is None or self.checking:
            return None
        return self.review.left(self.coded)

    # ------------------------------------------------------------ the check

    def _check_soon(self, ms: int) -> None:
        self._edition += 1
        if self.visit.draft is not None and not (ms and self._check_timer.isActive()):
            self._check_timer.start(ms)

    def _check(self) -> None:
        draft, edition = self.visit.draft, self._edition
        if draft is None or self.read_only:
            return
        encounter, claim = self.visit.encounter, self.visit.diagnoses
        self._tasks.run(
            Lane.WORK,
            lambda tell, stop: pipeline.code(encounter, draft, claim),
            on_done=lambda coded: self._take_coded(coded, edition),
            on_error=self._fail,
        )

    def _take_coded(self, coded: CodedNote, edition: int) -> None:
        if edition != self._edition or self.read_only:
            return
        self.coded, self._checked = coded, edition
        if self.visit.state in (VisitState.DRAFTED, VisitState.REVIEWED):
            self._put(session.step(self.visit.state, VisitState.CODED))
        self.coded_changed.emit(coded)

    # ------------------------------------------------------------ keeping

    def _save_soon(self) -> None:
        self.saved.emit(False)
        if self.kept:
            self._save_timer.start()

    def save(self) -> None:
        """Keep the visit now, if a vault is open."""
        self._save_timer.stop()
        if not self.unsaved:
            return
        visit = self.visit

        def done(_: None) -> None:
            self._saved_as = visit
            if visit is self.visit:
                self.saved.emit(True)

        self._vault.use(lambda store: store.save(visit), on_done=done, on_error=self._fail)

    def sign(
        self, attestation: Attestation, passphrase: str, *, on_done: Done, on_error: Failed
    ) -> None:
        """Sign what is on the desk and keep it. Errors: StepRefused, WrongPassphrase, DiskFull."""
        coded = self.coded
        assert coded is not None, "nothing is signed unchecked"
        self._save_timer.stop()

        def done(visit: Visit) -> None:
            self.visit = visit
            self.state_changed.emit(visit.state)
            self.saved.emit(True)
            self.signed.emit(self.note)
            on_done()

        act = Signing(
            visit=self.visit,
            coded=coded,
            marks=self.review.marks,
            attestation=attestation,
            passphrase=passphrase,
        )
        self._vault.use(act, on_done=done, on_error=on_error)

    def _fail(self, error: ScribeError) -> None:
        self.failed.emit(error)
