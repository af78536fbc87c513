"""Consent on the screen: asked before, asked again, taken back; and what it leaves behind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QDialog

from gui import consent_texts, texts
from gui.consent_dialogs import ConsentDialog, WithdrawDialog
from gui.sign_dialog import in_words
from scribe.consent import wording
from scribe.records import Omission, Section, Severity, Support, VisitState
from tests.windows.stage import Person, Stage, agreed

Sit = Callable[[], Person]


def answer(kind: type[QDialog], do: Callable[[QDialog], None]) -> None:
    """Once a dialog of this kind is open, `do` it; it runs its own event loop until then."""

    def look() -> None:
        shown = [each for each in QApplication.topLevelWidgets() if isinstance(each, kind)]
        found = [each for each in shown if each.isVisible()]
        if found:
            do(found[0])
        else:
            QTimer.singleShot(10, look)

    QTimer.singleShot(0, look)


# ---------------------------------------------------------------- before


def test_half_a_consent_creates_no_visit(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.new_visit)
    form = me.window.form
    assert form is not None
    form.consent.roles["patient"].click()
    me.click(form.go)
    assert form.fault.text() == consent_texts.NOT_AGREED
    assert stage.store.visits == {}
    form.consent.tick.click()
    assert not form.fault.isVisible()
    me.click(form.go)
    me.sees(lambda: me.window.visit)
    consent = me.visit.desk.visit.consent
    assert consent is not None
    assert (consent.given_by, consent.present) == ("patient", ("patient",))
    assert (consent.wording_id, consent.method) == ("recording", "spoken")
    assert consent.at.utcoffset() is not None


def test_therapy_asks_for_ai_in_writing(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.new_visit)
    form = me.window.form
    assert form is not None
    assert not form.consent.tick_ai.isVisible()
    form.specialty.setCurrentText("mental health")
    assert form.consent.tick_ai.isVisible()
    assert not form.consent.method.isEnabled()
    form.consent.roles["patient"].click()
    form.consent.tick.click()
    me.click(form.go)
    assert form.fault.text() == consent_texts.NOT_AGREED_AI
    form.consent.tick_ai.click()
    me.click(form.go)
    me.sees(lambda: me.window.visit)
    consent = me.visit.desk.visit.consent
    assert consent is not None
    assert (consent.wording_id, consent.method) == ("therapy", "written")
    assert consent.ai_transcription
    me.sees(me.visit.bar.start.isEnabled)


def test_a_file_needs_a_statement_of_its_own(person: Sit, sample_audio: Path) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    answer(ConsentDialog, lambda dialog: dialog.reject())
    me.visit.bar.file.emit(sample_audio)
    assert me.visit.desk.utterances == ()
    assert not me.visit.listening.busy_now

    def state(dialog: QDialog) -> None:
        assert isinstance(dialog, ConsentDialog)
        dialog.consent.roles["patient"].click()
        dialog.consent.tick.click()
        me.click(dialog.ok)
        assert dialog.fault.text() == consent_texts.NO_STATEMENT
        me.type(dialog.consent.statement, "Form of 2026-11-02 in the chart")
        me.click(dialog.ok)

    answer(ConsentDialog, state)
    me.visit.bar.file.emit(sample_audio)
    me.waits_for_the_check()
    consent = me.visit.desk.visit.consent
    assert consent is not None
    assert consent.statement == "Form of 2026-11-02 in the chart"
    assert not me.visit.bar.start.isVisible()


# ---------------------------------------------------------------- while recording


def test_somebody_who_comes_in_is_asked_first(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    me.click(me.visit.bar.came_in)
    me.sees(lambda: me.visit.consenting.waiting)
    assert me.visit.bar.doing.text() == consent_texts.PAUSED
    dialog = me.visit.talk.arrival
    assert dialog is not None
    me.click(dialog.go_on)
    assert dialog.fault.text() == consent_texts.NO_ROLE
    dialog.consent.roles["interpreter"].click()
    dialog.consent.tick.click()
    me.click(dialog.go_on)
    me.sees(lambda: not me.visit.consenting.waiting)
    (arrival,) = me.visit.desk.visit.arrivals
    assert arrival.consent is not None
    assert arrival.consent.given_by == "interpreter"
    me.stops()
    which = me.visit.desk.visit.encounter.id
    me.sees(lambda: stage.store.visits[which].arrivals == (arrival,))


def test_closing_the_question_leaves_the_recording_paused(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    me.click(me.visit.bar.came_in)
    assert me.visit.talk.arrival is not None
    me.visit.talk.arrival.reject()
    assert me.visit.consenting.waiting
    assert me.visit.bar.came_in.text() == consent_texts.ASK_AGAIN
    me.click(me.visit.bar.came_in)
    assert len(me.visit.desk.visit.arrivals) == 1
    me.click(me.visit.talk.arrival.gone)
    assert not me.visit.consenting.waiting
    me.stops()


def test_who_refuses_ends_the_recording(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    me.click(me.visit.bar.came_in)
    assert me.visit.talk.arrival is not None
    me.click(me.visit.talk.arrival.stop)
    me.sees(lambda: not me.visit.listening.recording)
    me.sees(lambda: me.visit.desk.visit.transcript)


@pytest.mark.parametrize("when", ["while recording", "with a draft"])
def test_a_consent_taken_back_leaves_only_typed_words(person: Sit, stage: Stage, when: str) -> None:
    me = person()
    if when == "while recording":
        me.unlocks()
        me.starts_visit()
        me.records()
        ask = me.visit.bar.taken_back
    else:
        me.has_a_note()
        me.visit.desk.reword(me.visit.desk.statements[0].id, "My own words.")
        ask = me.visit.consent_back
    which = me.visit.desk.visit.encounter.id
    me.sees(lambda: which in stage.store.keyed)

    def confirm(dialog: QDialog) -> None:
        assert isinstance(dialog, WithdrawDialog)
        assert dialog.by.text() == "patient"
        me.click(dialog.do)

    answer(WithdrawDialog, confirm)
    me.click(ask)
    me.sees(lambda: me.visit.banner.message.text() == consent_texts.TAKEN_BACK_DONE)
    me.sees(lambda: not me.visit.listening.recording)
    desk = me.visit.desk
    assert desk.visit.state is VisitState.WITHDRAWN
    assert (desk.visit.transcript, desk.utterances) == (None, ())
    assert me.visit.transcript.model.rowCount() == 0
    typed = [] if when == "while recording" else ["My own words."]
    assert [each.text for each in desk.statements] == typed
    assert desk.visit.diagnoses == (), "the code was dictated, that is, heard"
    assert which not in stage.store.keyed
    assert not stage.store.recording_path(which).exists()
    me.sees(lambda: not me.visit.listening.busy_now)
    assert stage.store.visits[which].transcript is None
    assert desk.visit.transcript is None, "a late answer of a model is dropped"
    # the note can be finished by hand, and signed without a consent that is gone
    desk.append(Section.PLAN, "Written by hand.")
    me.waits_for_the_check()
    for each in desk.left() or ():
        if each.finding is not None:
            desk.review.override(each.finding, "Nothing else is known today.")
    me.opens_sign_dialog()
    me.signs()
    me.sees(lambda: desk.read_only)
    assert desk.note is not None
    assert desk.note.models == ()


def test_changing_ones_mind_about_withdrawing_changes_nothing(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    answer(WithdrawDialog, lambda dialog: dialog.reject())
    me.click(me.visit.bar.taken_back)
    assert me.visit.desk.visit.consent is not None
    assert me.visit.listening.recording
    me.stops()


# ---------------------------------------------------------------- signing


def test_reasons_and_marks_are_there_after_a_restart(person: Sit, stage: Stage) -> None:
    me = person()
    me.has_a_note()
    desk = me.visit.desk
    draft = desk.visit.draft
    assert draft is not None
    doubtful = replace(desk.statements[1], support=Support.UNSUPPORTED, reason="was not said")
    lost = Omission(kind="risk", text="I might fall.", evidence=(desk.utterances[5].id,))
    desk.take_draft(
        replace(
            draft,
            statements=(desk.statements[0], doubtful, *desk.statements[2:]),
            omissions=(lost,),
        )
    )
    me.waits_for_the_check()
    words = " ".join(in_words(desk.left()))
    for hidden in (doubtful.id, "R53.1-", lost.text):
        assert f" {hidden}" not in words
    assert "not heard" in words
    assert "risk" in words
    desk.review.see(doubtful)
    me.visit.note.asked.emit(lost)
    me.sees(lambda: desk.review.has_seen(lost))
    blocker = next(
        each for each in me.visit.findings.cards if each.finding.severity is Severity.BLOCK
    )
    desk.review.override(blocker.finding, "Deficit confirmed on examination")
    assert desk.left() == ()
    which = desk.visit.encounter.id
    me.sees(lambda: stage.store.visits[which].marks == desk.review.marks)
    me.window.close()

    later = person()
    later.unlocks()
    later.sees(lambda: later.window.visits.table.rowCount() == 1)
    later.click_row(0)
    later.sees(lambda: later.window.visit)
    later.waits_for_the_check()
    assert later.visit.desk.left() == ()
    later.opens_sign_dialog()
    later.signs()
    later.sees(lambda: later.visit.desk.read_only)
    note = later.visit.desk.note
    assert note is not None
    assert note.seen_unsupported == (doubtful.id,)
    assert note.seen_omissions == (f"risk {lost.evidence[0]}",)
    assert [each.reason for each in note.overrides] == ["Deficit confirmed on examination"]
    assert note.attestation.at.utcoffset() is not None
    assert which not in stage.store.keyed, "the recording goes when the note is signed"


def test_the_sign_dialog_speaks_plainly(person: Sit) -> None:
    me = person()
    me.has_a_note()
    me.opens_sign_dialog()
    shown = " ".join(in_words(me.visit.desk.left()))
    assert "Rule" not in shown
    assert "Correct the code" in shown
    assert in_words(None) == (texts.WAITING_CHECK,)
    me.click(me.dialog.back)


def test_consent_to_a_file_is_asked_anew_before_recording(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    me.visit.consenting.give(agreed(to=wording.IMPORTED))
    assert not me.visit.bar.start.isEnabled()

    def agree(dialog: QDialog) -> None:
        assert isinstance(dialog, ConsentDialog)
        dialog.consent.roles["patient"].click()
        dialog.consent.tick.click()
        me.click(dialog.ok)

    answer(ConsentDialog, agree)
    me.click(me.visit.bar.ask_consent)
    assert me.visit.bar.start.isEnabled()
