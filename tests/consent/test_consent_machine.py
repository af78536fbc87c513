"""Whatever people do in whatever order: no sound is taken, heard or kept that somebody present has
not agreed to, and nothing that was heard outlives a consent that was taken back.
"""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from scribe import session
from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.draft.write import Drafter
from scribe.errors import Cancelled, ConsentNeeded, StepRefused
from scribe.events import Never, silence
from scribe.fakes import FakeMicrophone, FakeRecogniser, tone
from scribe.ids import EncounterId, ModelId, StatementId, utterance_id
from scribe.live import LiveVisit
from scribe.recorder.client import Recorder
from scribe.recorder.messages import Said
from scribe.recorder.service import Service
from scribe.records import (
    DEFAULT_TEMPLATE,
    Consent,
    Draft,
    Encounter,
    Samples,
    Section,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
    Visit,
    VisitState,
)

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
SPECIALTIES = ("physical therapy", "psychotherapy")
CONSENTS = tuple(
    Consent(
        given_by="patient",
        at=AT,
        wording_version="2026-11",
        method=method,
        wording_id=which,
        ai_transcription=ai,
        statement=statement,
    )
    for method in ("spoken", "written")
    for which in ("recording", "therapy", "imported")
    for ai in (False, True)
    for statement in ("", "Agreed on the phone.")
)
SAID = Utterance(id=utterance_id(1), speaker=Speaker.PATIENT, start=0.0, end=0.4, text="I am weak.")
TRANSCRIPT = Transcript(utterances=(SAID,), model_id=ModelId("hears"), seconds=0.5)


class Tape:
    """Keeps what is recorded."""

    def __init__(self) -> None:
        self.blocks = 0

    def append(self, samples: Samples) -> None:
        self.blocks += 1

    def close(self) -> None:
        pass


class Room(RuleBasedStateMachine):
    """A consulting room. What everybody agreed to is kept apart from the program's own records, in
    `asked_all`, `open_door` and `taken_back`, and compared with what the program does.
    """

    @initialize(specialty=st.sampled_from(SPECIALTIES))
    def enter(self, specialty: str) -> None:
        self.therapy = specialty == "psychotherapy"
        self.visit = Visit(
            encounter=Encounter(
                id=EncounterId("e-1"), date_of_service=date(2026, 11, 3), specialty=specialty
            ),
            state=VisitState.NEW,
            updated=AT,
        )
        self.live: LiveVisit | None = None
        self.permit: Permit | None = None
        self.recorder: Recorder | None = None
        self.tape = Tape()
        self.asked_all = False
        self.waiting = 0
        self.taken_back = False

    def suffices(self, consent: Consent) -> bool:
        stated = consent.wording_id != "imported" or consent.statement
        special = consent.ai_transcription and consent.method == "written"
        return bool(stated and (special or not self.therapy))

    @property
    def may_take(self) -> bool:
        return self.asked_all and self.waiting == 0 and not self.taken_back

    # ------------------------------------------------------------ what people do

    @rule(consent=st.sampled_from(CONSENTS))
    def agree(self, consent: Consent) -> None:
        begun = self.visit.state not in (
            VisitState.NEW,
            VisitState.CONSENTED,
            VisitState.WITHDRAWN,
        )
        try:
            self.visit = session.agree(self.visit, consent)
        except StepRefused:
            assert begun or not self.suffices(consent)
            return
        assert self.suffices(consent)
        assert not begun
        self.asked_all = consent.wording_id != "imported"
        self.taken_back = False

    @rule()
    def press_record(self) -> None:
        ready = self.visit.state is VisitState.CONSENTED
        try:
            permit = Permit(self.visit)
            self.visit = session.start_recording(self.visit)
        except ConsentNeeded:
            assert not self.may_take
            return
        except StepRefused:
            assert not ready
            return
        assert self.may_take
        self.permit = permit
        self.live = LiveVisit(
            sound=lambda: iter((tone(0.5),)),
            drafter=Drafter(template.load(DEFAULT_TEMPLATE), None),
            permit=permit,
        )
        self.open_recorder(permit)

    def open_recorder(self, permit: Permit) -> None:
        """The recorder and the window's view of it, with nothing between them."""

        def tell(said: Said) -> None:
            view.hear(said)

        silent = FakeMicrophone(tone(0))
        self.service = Service(silent, tell, new_file=lambda path, key: self.tape)
        view = self.recorder = Recorder(self.service.answer)
        view.start(permit, encounter=EncounterId("e-1"), path=Path("x"), key=bytes(32), device=0)

    @rule()
    def someone_comes_in(self) -> None:
        self.visit = session.join(self.visit, "daughter", AT)
        self.waiting += 1
        if self.recorder is not None:
            self.recorder.hold()

    @rule(consent=st.sampled_from(CONSENTS))
    def they_agree(self, consent: Consent) -> None:
        try:
            self.visit = session.joined_agree(self.visit, consent)
        except ConsentNeeded:
            assert not self.suffices(consent) or self.waiting == 0
            return
        self.waiting = 0
        self.go_on()

    @rule()
    def they_leave(self) -> None:
        self.visit = session.joined_left(self.visit, AT)
        self.waiting = 0
        self.go_on()

    def go_on(self) -> None:
        if self.permit is None or self.recorder is None:
            return
        try:
            self.recorder.resume(self.visit)
        except ConsentNeeded:
            assert not self.may_take or self.permit.revoked

    @precondition(lambda self: self.live is not None)
    @rule()
    def somebody_speaks(self) -> None:
        assert self.live is not None
        assert self.permit is not None
        before, allowed = self.tape.blocks, self.may_take and not self.permit.revoked
        self.service.answer(tone(0.5))
        assert self.tape.blocks == before + (1 if allowed else 0)

    @precondition(lambda self: self.live is not None)
    @rule()
    def the_model_hears(self) -> None:
        assert self.live is not None
        assert self.permit is not None
        try:
            self.live.listen(FakeRecogniser((SAID,)), silence, Never())
        except Cancelled:
            assert self.permit.revoked
            return
        assert not self.permit.revoked

    @rule()
    def transcript_arrives(self) -> None:
        state = self.visit.state
        try:
            self.visit = session.hear(self.visit, TRANSCRIPT)
        except ConsentNeeded:
            assert self.visit.consent is None
        except StepRefused:
            assert VisitState.TRANSCRIBED not in session.NEXT[state]

    @precondition(lambda self: self.visit.transcript is not None)
    @rule(support=st.sampled_from(Support))
    def draft_arrives(self, support: Support) -> None:
        if VisitState.DRAFTED not in session.NEXT[self.visit.state]:
            return
        sentence = Statement(
            id=StatementId("s1"),
            section=Section.SUBJECTIVE,
            heading="",
            text="Is weak.",
            evidence=(SAID.id,),
            support=support,
        )
        draft = Draft(
            statements=(sentence,), template_id=DEFAULT_TEMPLATE, model_id=ModelId("writes")
        )
        state = session.step(self.visit.state, VisitState.DRAFTED)
        self.visit = replace(self.visit, state=state, draft=draft)

    @rule()
    def take_consent_back(self) -> None:
        try:
            self.visit = session.withdraw(self.visit, "patient", AT)
        except StepRefused:
            assert self.visit.consent is None
            return
        self.taken_back, self.asked_all = True, False
        self.waiting = 0
        if self.recorder is not None:
            self.recorder.revoke()

    # ------------------------------------------------------------ what must always hold

    @invariant()
    def what_was_heard_has_its_consent(self) -> None:
        if getattr(self, "visit", None) is None:
            return
        visit = self.visit
        heard = visit.transcript is not None or visit.state is VisitState.RECORDING
        assert not heard or visit.consent is not None
        if visit.consent is not None:
            assert self.suffices(visit.consent)

    @invariant()
    def nothing_heard_outlives_a_consent(self) -> None:
        if getattr(self, "visit", None) is None or self.visit.state is not VisitState.WITHDRAWN:
            return
        visit = self.visit
        assert visit.withdrawals
        assert visit.transcript is None
        assert visit.draft is not None
        assert visit.draft.omissions == ()
        for each in visit.draft.statements:
            assert each.support is Support.TYPED
            assert each.evidence == ()


TestRoom = Room.TestCase
TestRoom.settings = settings(max_examples=120, stateful_step_count=25, deadline=None)
