"""A whole visit as a person does it, and what must be true at each step."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSlider, QApplication, QDialog

from gui import consent_texts, demo, texts
from gui.finding_card import FindingCard
from scribe.records import Origin, Section, Severity, Support, VisitState
from tests.windows.stage import Person, Stage, agreed

Sit = Callable[[], Person]


def card(person: Person, severity: Severity) -> FindingCard:
    return next(each for each in person.visit.findings.cards if each.finding.severity is severity)


def test_from_unlock_to_a_signed_note_that_is_there_after_a_restart(
    person: Sit, stage: Stage
) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    assert me.visit.state.word == texts.STATES[VisitState.CONSENTED]
    me.records()
    assert me.visit.state.word == texts.STATES[VisitState.RECORDING]
    me.sees(lambda: me.visit.transcript.model.rowCount() == len(me.visit.desk.utterances) > 3)
    me.stops()
    me.sees(lambda: me.visit.desk.visit.diagnoses)
    me.waits_for_the_check()

    # the dictated code was misused, and the window says so
    assert [each.code for each in me.visit.desk.visit.diagnoses] == ["R53.1"]
    blocker = card(me, Severity.BLOCK)
    assert blocker.severity_word.text() == texts.SEVERITIES["block"]
    me.opens_sign_dialog()
    assert me.dialog.sign.isEnabled() is False
    me.click(me.dialog.back)
    me.sees(lambda: me.visit.dialog is None)

    # one click takes the better code
    me.click(blocker.offers[0])
    me.waits_for_the_check()
    (diagnosis,) = me.visit.desk.visit.diagnoses
    assert diagnosis.code == blocker.finding.suggestions[0].code
    assert diagnosis.origin is Origin.RULE
    assert not [c for c in me.visit.findings.cards if c.finding.severity is Severity.BLOCK]

    for each in me.visit.desk.unseen():
        me.click(me.visit.note.rows[each].edit.viewport())
    me.opens_sign_dialog()
    me.signs()
    me.sees(lambda: me.visit.desk.read_only and me.visit.signed.isVisible())
    assert "Dana Reyes, PT, DPT" in me.visit.signed.signed_by.text()
    assert all(row.edit.isReadOnly() for row in me.visit.note.rows.values())
    assert not me.visit.sign.isVisible()
    me.click(me.visit.signed.copy)
    me.sees(lambda: "Dana Reyes" in QGuiApplication.clipboard().text())
    assert "export" in [row.act for row in stage.store.audit()]
    copied = QGuiApplication.clipboard().text()
    assert diagnosis.code in copied
    assert "Dana Reyes" in copied
    label = me.window.visit.desk.visit.encounter.patient_label if me.window.visit else ""
    me.window.close()
    assert stage.store.open is False

    later = person()
    later.unlocks()
    later.sees(lambda: later.window.visits.table.rowCount() == 1)
    table = later.window.visits.table
    cells = [item.text() for n in range(5) if (item := table.item(0, n)) is not None]
    assert cells[0] == label
    assert texts.STATES[VisitState.SIGNED] in cells
    later.click_row(0)
    later.sees(lambda: later.window.visit)
    assert later.visit.signed.isVisible()
    assert [each.code for each in later.visit.desk.visit.diagnoses] == [diagnosis.code]
    assert later.visit.note.rows


def test_recording_and_files_need_consent(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.starts_visit(consent="")
    bar = me.visit.bar
    assert not bar.start.isEnabled()
    assert "Nobody has agreed" in bar.start.toolTip()
    assert bar.ask_consent.isVisible()
    me.visit.consenting.give(agreed("daughter (proxy)"))
    assert bar.start.isEnabled()
    assert "Nobody" not in bar.start.toolTip()
    assert "daughter (proxy)" in bar.agreed.text()


def test_consent_without_a_name_is_not_consent(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.new_visit)
    form = me.window.form
    assert form is not None
    form.consent.tick.click()
    me.click(form.go)
    assert form.fault.text() == consent_texts.NO_ROLE
    assert stage.store.visits == {}


def test_choosing_a_sentence_lights_the_speech_behind_it(person: Sit) -> None:
    me = person()
    me.has_a_note()
    sentence = next(each for each in me.visit.desk.statements if each.evidence)
    me.click(me.visit.note.rows[sentence.id].edit.viewport())
    assert me.visit.transcript.model.lit == frozenset(sentence.evidence)
    assert me.visit.note.chosen == sentence.id


def test_typing_makes_a_sentence_the_clinicians_own_and_keeps_its_evidence(
    person: Sit, stage: Stage
) -> None:
    me = person()
    me.has_a_note()
    before = me.visit.desk.statements[0]
    row = me.visit.note.rows[before.id]
    me.click(row.edit.viewport())
    me.press(row.edit, Qt.Key.Key_End, ctrl=True)
    me.type(row.edit, " Again.")
    after = me.visit.desk.statements[0]
    assert after.text == before.text + " Again."
    assert after.support is Support.TYPED
    assert after.evidence == before.evidence
    assert row.mark == texts.SUPPORTS[Support.TYPED][2]
    me.waits_for_the_check()
    me.sees(lambda: not me.visit.desk.unsaved)
    me.sees(
        lambda: (
            (kept := stage.store.visits[me.visit.desk.visit.encounter.id].draft) is not None
            and kept.statements[0].text == after.text
        )
    )


def test_a_sentence_can_be_added_and_taken_out(person: Sit) -> None:
    me = person()
    me.has_a_note()
    count = len(me.visit.desk.statements)
    me.click(me.visit.note.adder(Section.PLAN))
    assert len(me.visit.desk.statements) == count + 1
    added = me.visit.desk.statements[-1]
    assert added.section is Section.PLAN
    row = me.visit.note.rows[added.id]
    me.type(row.edit, "Home exercises daily.")
    assert me.visit.desk.statements[-1].text == "Home exercises daily."
    me.click(row.remove)
    assert len(me.visit.desk.statements) == count


def test_an_added_sentence_left_empty_goes_away(person: Sit) -> None:
    me = person()
    me.has_a_note()
    count = len(me.visit.desk.statements)
    me.click(me.visit.note.adder(Section.PLAN))
    me.click(me.visit.note.rows[me.visit.desk.statements[0].id].edit.viewport())
    me.sees(lambda: len(me.visit.desk.statements) == count)


def test_what_was_not_heard_is_marked_and_must_be_opened(person: Sit) -> None:
    me = person()
    me.has_a_note()
    desk = me.visit.desk
    draft = desk.visit.draft
    assert draft is not None
    doubtful = replace(
        desk.statements[1], support=Support.UNSUPPORTED, reason="“three weeks” was not said"
    )
    desk.take_draft(replace(draft, statements=(desk.statements[0], doubtful, *desk.statements[2:])))
    me.waits_for_the_check()
    row = me.visit.note.rows[doubtful.id]
    assert row.mark == texts.SUPPORTS[Support.UNSUPPORTED][2]
    assert doubtful in [each.statement for each in desk.left() or ()]
    me.press(me.visit, Qt.Key.Key_F7)
    assert row.mark == texts.SUPPORT_SEEN
    assert doubtful not in [each.statement for each in desk.left() or ()]


def test_a_blocking_finding_can_be_overridden_with_a_reason_and_taken_back(person: Sit) -> None:
    me = person()
    me.has_a_note()
    blocker = card(me, Severity.BLOCK)
    me.click(blocker.act)
    assert blocker.keep.isEnabled() is False
    me.type(blocker.reason, "Deficit confirmed on examination")
    me.click(blocker.keep)
    assert "Deficit confirmed on examination" in blocker.settled.text()
    assert not any(each.finding for each in me.visit.desk.left() or ())
    me.click(blocker.undo)
    assert any(each.finding for each in me.visit.desk.left() or ())


def test_a_wrong_passphrase_does_not_sign(person: Sit) -> None:
    me = person()
    me.has_a_note()
    me.click(card(me, Severity.BLOCK).offers[0])
    me.waits_for_the_check()
    me.opens_sign_dialog()
    me.signs("not the passphrase")
    me.sees(lambda: me.dialog.fault.text())
    assert "does not open the vault" in me.dialog.fault.text()
    assert me.dialog.result() != QDialog.DialogCode.Accepted
    assert me.visit.desk.note is None
    assert me.dialog.passphrase.text() == ""


def test_next_finding_goes_to_its_first_control(person: Sit) -> None:
    me = person()
    me.has_a_note()
    first = me.visit.findings.cards[0]
    me.sees(first.isVisible)
    me.press(me.visit, Qt.Key.Key_F8)
    assert first.isAncestorOf(me.window.focusWidget())


def test_a_second_visit_starts_empty(person: Sit) -> None:
    me = person()
    me.has_a_note()
    me.click(me.visit.to_list)
    me.sees(lambda: me.window.visits.table.rowCount() == 1)
    me.starts_visit()
    assert me.visit.desk.statements == ()
    assert me.visit.transcript.model.rowCount() == 0


def test_lock_forgets_the_keys_and_asks_for_the_passphrase(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.lock_button)
    me.sees(lambda: me.window.start is not None and me.window.start.isVisible())
    me.sees(lambda: not stage.store.open)
    assert me.window.start is not None
    assert me.window.start.passphrase.text() == ""


def test_every_sentence_is_as_high_as_its_words(person: Sit) -> None:
    me = person()
    me.has_a_note()
    me.visit.note.finish()
    rows = me.visit.note.rows.values()
    me.sees(lambda: len({each.edit.width() for each in rows}) == 1)
    for each in rows:
        longer = each.statement.text * 3
        each.edit.setPlainText(longer)
        edit = each.edit
        words = edit.fontMetrics().boundingRect(
            0, 0, edit.viewport().width(), 10_000, Qt.TextFlag.TextWordWrap, longer
        )
        assert edit.height() >= words.height(), longer
        assert edit.height() <= words.height() + 2 * edit.fontMetrics().lineSpacing(), longer


def test_the_transcript_follows_the_speech_until_the_person_scrolls_up(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    bar = me.visit.transcript.list.verticalScrollBar()
    said = demo.utterances() * 3
    for count in range(1, len(said) - 5):
        me.visit.transcript.show_utterances(said[:count])
        QApplication.processEvents()
    me.sees(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.triggerAction(QAbstractSlider.SliderAction.SliderToMinimum)
    me.visit.transcript.show_utterances(said)
    QApplication.processEvents()
    assert bar.value() == 0


def test_a_row_grows_and_shrinks_with_other_words(person: Sit) -> None:
    me = person()
    me.has_a_note()
    note = me.visit.note
    note.finish()
    sentences = me.visit.desk.statements

    def heights(text: str) -> list[int]:
        note.show_note(
            tuple(replace(each, text=text, support=Support.SUPPORTED) for each in sentences),
            times=lambda _: "",
            seen=lambda _: False,
            editable=True,
        )
        rows = note.rows.values()
        me.sees(lambda: all(0 < row.height() - row.edit.height() <= 20 for row in rows))
        return now()

    def now() -> list[int]:
        return [row.height() for row in note.rows.values()]

    short, long = heights("Short."), heights("Some more words than fit on one line. " * 5)
    assert max(short) < min(long)
    heights("Short.")
    me.sees(lambda: now() == short)  # the layout may need another turn of the event loop
