"""The page “About R53.1”: reached by key and button from every screen, read-only, complete."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui import texts
from gui.about_view import AboutDialog
from scribe.coding.article import Stand, article
from tests.windows.stage import Person

Sit = Callable[[], Person]


def opened(me: Person) -> AboutDialog:
    about = me.window.about
    assert about is not None
    assert about.isVisible()
    return about


def test_f1_opens_it_before_anything_is_unlocked(person: Sit) -> None:
    me = person()
    assert me.window.about is None
    me.press(me.window, Qt.Key.Key_F1)
    assert opened(me).windowTitle() == texts.ABOUT


def test_it_is_opened_from_the_list_and_from_a_visit_and_escape_closes_it(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.about)
    me.press(opened(me), Qt.Key.Key_Escape)
    assert me.window.about is not None
    assert not me.window.about.isVisible()
    me.starts_visit()
    me.click(me.visit.about)
    first = opened(me)
    me.press(me.window, Qt.Key.Key_F1)
    assert opened(me) is first


def test_it_can_be_read_scrolled_and_named_but_not_written(person: Sit) -> None:
    me = person()
    me.press(me.window, Qt.Key.Key_F1)
    page = opened(me).page
    assert page.accessibleName() == texts.ABOUT
    assert page.isReadOnly()
    before = page.toPlainText()
    me.type(page, "x")
    assert page.toPlainText() == before
    assert page.verticalScrollBar().maximum() > page.height()
    me.press(page, Qt.Key.Key_PageDown)
    assert page.verticalScrollBar().value() > 0


def test_it_tells_every_fact_and_marks_every_difference(person: Sit) -> None:
    me = person()
    me.press(me.window, Qt.Key.Key_F1)
    about = opened(me)
    text = about.page.toPlainText()
    told = article()
    facts = [each for part in told.parts for each in part.facts]
    assert all(part.title in text for part in told.parts)
    assert all(each.says in text and each.official in text for each in facts)
    differing = sum(each.stand is Stand.DIFFERS for each in facts)
    assert text.count(texts.ABOUT_STANDS[Stand.DIFFERS]) == differing > 0
    assert all(f"{each.service}: {', '.join(each.codes)}" in text for each in told.claims)
    assert any(told.source in each.text() for each in about.findChildren(QLabel))


def test_it_goes_with_the_window(person: Sit) -> None:
    me = person()
    me.press(me.window, Qt.Key.Key_F1)
    about = opened(me)
    me.window.close()
    assert not about.isVisible()
