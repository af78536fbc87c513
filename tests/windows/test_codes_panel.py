"""Suggested codes, the entry by code or words, the order of the diagnoses and the way back."""

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui import demo, texts
from gui.claim_view import ClaimView
from gui.code_entry import CodeEntry
from gui.proposals_view import ProposalsView
from scribe.records import Origin, Severity, Visit
from tests.windows.notes import ASSESSED, coded_visit
from tests.windows.stage import Person, Stage

Sit = Callable[[], Person]


@pytest.fixture
def at(person: Sit) -> Callable[[Visit], Person]:
    """Somebody at a visit whose note is checked and whose suggestions have come."""

    def open_(visit: Visit) -> Person:
        me = person()
        me.window.show_visit(visit)
        settles(me)
        return me

    return open_


At = Callable[[Visit], Person]


def settles(me: Person) -> None:
    me.waits_for_the_check()
    me.sees(lambda: not me.visit.coding.codes.busy)


def proposals(me: Person) -> ProposalsView:
    return me.visit.coding.proposals


def proposed(me: Person) -> list[str]:
    return [each.proposal.code for each in proposals(me).cards]


def claim(me: Person) -> list[str]:
    return [each.code for each in me.visit.desk.visit.diagnoses]


def entry(me: Person) -> CodeEntry:
    return me.visit.claim.entry


def looks_up(me: Person, text: str) -> CodeEntry:
    field = entry(me)
    field.setFocus()
    field.clear()
    me.type(field, text)
    me.sees(lambda: field.list.isVisible())
    return field


# ---------------------------------------------------------------- suggestions

UNCERTAIN = [
    pytest.param("Possible asthma.", id="possible"),
    pytest.param("Asthma, suspected.", id="suspected"),
    pytest.param("Asthma vs bronchitis.", id="differential"),
    pytest.param("No asthma.", id="denied"),
]


@pytest.mark.parametrize("words", UNCERTAIN)
def test_nothing_is_suggested_for_what_is_not_established(words: str, at: At) -> None:
    me = at(coded_visit("R53.1", assessed=(words,)))
    assert proposed(me) == []
    assert not proposals(me).isVisible()


def test_a_suggestion_is_marked_as_one_and_puts_nothing_on_the_claim(at: At) -> None:
    me = at(coded_visit("R53.1"))
    assert proposed(me) == ["I10", "J45.909"]
    assert claim(me) == ["R53.1"]
    first = proposals(me).cards[0]
    assert first.mark.word == texts.PROPOSAL
    told = " ".join(each.text() for each in first.findChildren(QLabel))
    assert "I10 Essential (primary) hypertension" in told
    assert texts.PROPOSAL_MATCHED.format(words="hypertension") in told
    assert texts.PROPOSALS_LEAD in [each.text() for each in proposals(me).findChildren(QLabel)]


def test_its_words_lead_to_the_sentence_and_the_speech(at: At) -> None:
    me = at(coded_visit("R53.1"))
    (words,) = proposals(me).cards[0].words
    assert "Hypertension, stable." in words.text()
    # Laid out: a click must not fall between two places.
    me.sees(lambda: words.isVisible() and words.height() >= words.heightForWidth(words.width()))
    me.click(words)
    sentence = next(each for each in me.visit.desk.statements if each.text == ASSESSED[1])
    assert me.visit.note.chosen == sentence.id
    assert me.visit.transcript.model.lit == frozenset(sentence.evidence)


def test_taking_one_adds_it_as_offered_and_taken(at: At) -> None:
    me = at(coded_visit("R53.1"))
    me.click(proposals(me).cards[0].add)
    last = me.visit.desk.visit.diagnoses[-1]
    assert (last.code, last.origin) == ("I10", Origin.RULE)
    # A second press by mistake takes it back.
    me.sees(me.visit.claim.undo.hasFocus)
    assert proposed(me) == ["J45.909"]
    settles(me)
    assert proposed(me) == ["J45.909"]


def test_a_dismissed_one_stays_away_for_this_visit_and_can_be_shown_again(at: At) -> None:
    me = at(coded_visit("R53.1"))
    proposals(me).cards[0].drop.setFocus()
    me.press(proposals(me).cards[0].drop, Qt.Key.Key_Space)
    assert proposed(me) == ["J45.909"]
    # A second press by mistake changes nothing.
    me.sees(proposals(me).cards[0].words[0].hasFocus)
    me.visit.desk.reword(me.visit.desk.statements[0].id, "Other words.")
    settles(me)
    assert proposed(me) == ["J45.909"]
    kept = me.visit.desk.visit
    assert kept.declined == ("I10",)
    me.window.show_visit(kept)
    settles(me)
    assert proposed(me) == ["J45.909"]
    assert "I10" in proposals(me).gone.text()
    me.click(proposals(me).bring_back)
    assert proposed(me) == ["I10", "J45.909"]


def test_suggestions_follow_the_note(at: At) -> None:
    me = at(coded_visit("R53.1", assessed=("Doing well.",)))
    assert proposed(me) == []
    last = me.visit.desk.statements[-1].id
    me.visit.desk.reword(last, "Asthma.")
    me.sees(lambda: proposed(me) == ["J45.909"])
    me.visit.desk.reword(last, "Possible asthma.")
    me.sees(lambda: proposed(me) == [])


def test_a_signed_visit_has_no_suggestions(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlock(demo.PASSPHRASE)
    me.sees(lambda: me.window.visits.isVisible())
    me.window.show_visit(coded_visit("E03.9"))
    settles(me)
    assert proposed(me) == ["I10", "J45.909"]
    for card in me.visit.findings.cards:
        assert card.finding.severity is not Severity.BLOCK
    me.opens_sign_dialog()
    me.signs()
    me.sees(lambda: me.visit.desk.read_only)
    me.visit.coding.codes.proposals_changed.emit()
    assert proposed(me) == []


# ---------------------------------------------------------------- adding a code


@pytest.mark.parametrize("text", ["R53.1", "r531", "are fifty three point one"])
def test_a_code_is_added_as_it_is_typed_or_spoken(text: str, at: At) -> None:
    me = at(coded_visit("I10"))
    entry(me).setFocus()
    me.type(entry(me), text)
    me.press(entry(me), Qt.Key.Key_Return)
    me.sees(lambda: claim(me) == ["I10", "R53.1"])
    assert me.visit.desk.visit.diagnoses[-1].origin is Origin.TYPED
    assert entry(me).text() == ""
    assert not entry(me).list.isVisible()


def test_words_show_ten_codes_and_keys_alone_choose_one(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "left sided weakness after stroke")
    shown = field.list.model
    assert shown.rowCount() == 10
    me.press(field, Qt.Key.Key_Down)
    me.press(field, Qt.Key.Key_Down)
    assert field.list.row == 1
    told = shown.told(1)
    assert told.startswith("I69.354 Hemiplegia")
    assert texts.CODE_VALID.format(day="2026-06-01") in told
    me.press(field, Qt.Key.Key_Up)
    assert field.list.row == 0
    chosen = shown.choices[0].code
    me.press(field, Qt.Key.Key_Return)
    assert claim(me) == ["I10", chosen]
    assert field.hasFocus()


def test_words_are_never_added_as_if_they_were_a_code(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "weakness")
    me.press(field, Qt.Key.Key_Return)
    assert claim(me) == ["I10"]
    assert field.list.row == 0, "the best one is marked, and a second Return takes it"
    me.press(field, Qt.Key.Key_Return)
    assert claim(me) == ["I10", "R53.1"]


def test_a_heading_is_shown_with_its_billable_codes_and_says_why(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "I69.35")
    assert field.list.note.text() == texts.CODE_IS_HEADING.format(code="I69.35")
    me.press(field, Qt.Key.Key_Return)
    assert claim(me) == ["I10"]
    me.press(field, Qt.Key.Key_Return)
    assert claim(me) == ["I10", "I69.351"]


def test_a_heading_in_the_list_opens_what_is_below_it(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "I69.3")
    inner = next(n for n, each in enumerate(field.list.model.choices) if each.code == "I69.35")
    field.list.mark(inner)
    me.press(field, Qt.Key.Key_Return)
    me.sees(lambda: field.list.model.choices[0].code == "I69.35")
    assert claim(me) == ["I10"]


def test_a_code_of_another_year_says_on_which_days_it_is_billable(at: At) -> None:
    me = at(coded_visit("I10", day=date(2025, 6, 1)))
    field = looks_up(me, "G35.D")
    assert "Not in force on 2025-06-01" in field.list.model.told(0)


def test_what_is_not_found_is_said(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "xyzzyq")
    assert field.list.model.rowCount() == 0
    assert field.list.note.text().startswith("Nothing found")


def test_escape_closes_the_list_and_then_empties_the_field(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "weakness")
    me.press(field, Qt.Key.Key_Escape)
    assert not field.list.isVisible()
    assert field.text() == "weakness"
    me.press(field, Qt.Key.Key_Escape)
    assert field.text() == ""


def test_a_click_takes_a_code_and_the_list_goes_with_the_focus(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "weakness")
    view = field.list.view
    QTest.mouseClick(
        view.viewport(),
        Qt.MouseButton.LeftButton,
        pos=view.visualRect(field.list.model.index(0)).center(),
    )
    assert claim(me) == ["I10", "R53.1"]
    looks_up(me, "asthma")
    me.visit.to_list.setFocus()
    assert not field.list.isVisible()


def test_the_list_lies_within_the_window_and_is_told_to_screen_readers(at: At) -> None:
    me = at(coded_visit("I10"))
    field = looks_up(me, "weakness")
    page = field.list.parentWidget()
    assert page is not None
    assert page.rect().contains(field.list.geometry())
    rows = QAccessible.queryAccessibleInterface(field.list.view)
    assert rows is not None
    first = rows.child(0)
    assert first is not None
    assert "R53.1 Weakness" in first.text(QAccessible.Text.Name)


# ---------------------------------------------------------------- order and undo


def rows(me: Person) -> list[str]:
    return [each.diagnosis.code for each in me.visit.claim.rows.values()]


def test_the_first_listed_is_marked_in_words_and_titles_are_there(at: At) -> None:
    me = at(coded_visit("R53.1", "I10"))
    first, second = me.visit.claim.rows.values()
    assert first.first.isVisible()
    assert first.first.word == texts.FIRST_LISTED
    assert not second.first.isVisible()
    assert "Weakness" in first.words
    assert "Essential (primary) hypertension" in second.words
    assert texts.FIRST_LISTED in first.accessibleName()


def test_alt_with_arrows_moves_a_diagnosis_and_keeps_the_focus(at: At) -> None:
    me = at(coded_visit("R53.1", "I10", "J45.909"))
    field = me.visit.claim.fields["J45.909"]
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert claim(me) == rows(me) == ["R53.1", "J45.909", "I10"]
    QTest.keyClick(field, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert claim(me)[0] == "J45.909"
    assert QApplication.focusWidget() is me.visit.claim.fields["J45.909"]
    assert me.visit.claim.rows["J45.909"].first.isVisible()
    QTest.keyClick(field, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert claim(me) == ["R53.1", "J45.909", "I10"]


DRAGS = [
    pytest.param("I10", "R53.1", -1, ["I10", "R53.1", "J45.909"], id="up to the first place"),
    pytest.param("R53.1", "J45.909", 1, ["I10", "J45.909", "R53.1"], id="down to the last"),
    pytest.param("R53.1", "I10", 1, ["I10", "R53.1", "J45.909"], id="down by one"),
    pytest.param("I10", "I10", 1, ["R53.1", "I10", "J45.909"], id="to where it was"),
]


@pytest.mark.parametrize(("code", "onto", "side", "order"), DRAGS)
def test_a_diagnosis_is_dragged_to_its_place(
    code: str, onto: str, side: int, order: list[str], at: At
) -> None:
    me = at(coded_visit("R53.1", "I10", "J45.909"))
    view: ClaimView = me.visit.claim
    grip, target = view.rows[code].grip, view.rows[onto]
    centre = target.mapToGlobal(QPoint(4, target.height() // 2 + side * target.height() // 4))
    QTest.mousePress(grip, Qt.MouseButton.LeftButton)
    QTest.mouseMove(grip, grip.mapFromGlobal(centre))
    QTest.mouseRelease(grip, Qt.MouseButton.LeftButton, pos=grip.mapFromGlobal(centre))
    assert claim(me) == order


def test_every_change_can_be_undone_step_by_step_and_is_told(at: At) -> None:
    me = at(coded_visit("R53.1", "I10"))
    view = me.visit.claim
    assert not view.undo.isVisible()
    me.click(view.rows["R53.1"].tools["down"])
    me.click(view.rows["R53.1"].tools["cross"])
    assert claim(me) == ["I10"]
    assert view.change.text() == texts.CLAIM_CHANGED.format(after="I10", before="I10 · R53.1")
    me.click(view.undo)
    assert claim(me) == ["I10", "R53.1"]
    me.sees(view.undo.hasFocus)
    me.press(view.undo, Qt.Key.Key_Z, ctrl=True)
    assert claim(me) == ["R53.1", "I10"]
    assert not view.undo.isVisible()
