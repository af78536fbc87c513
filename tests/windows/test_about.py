"""The page “About R53.1”: reached by key and button from every screen, read-only, complete."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtWidgets import QLabel

from gui import texts
from gui.about_view import AboutDialog
from scribe.coding.article import Stand, article
from scribe.coding.rules import RULES
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


def about_of(me: Person) -> AboutDialog:
    me.press(me.window, Qt.Key.Key_F1)
    return opened(me)


def searched(me: Person, about: AboutDialog, words: str) -> str:
    about.sought.clear()
    me.type(about.sought, words)
    me.press(about.sought, Qt.Key.Key_Return)
    return about.page.toPlainText()


def test_what_no_code_can_be_checked_against_stands_apart(person: Sit) -> None:
    me = person()
    text = about_of(me).page.toPlainText()
    apart = text[text.index(texts.ABOUT_INFORMATION) : text.index(texts.ABOUT_CLAIMS)]
    facts = [each for part in article().parts for each in part.facts]
    told = [each for each in facts if each.stand is Stand.INFORMATION]
    assert told
    assert all(each.says in apart for each in told)
    assert all(each.says not in apart for each in facts if each.stand is Stand.DIFFERS)


def test_it_has_the_card_of_every_rule(person: Sit) -> None:
    me = person()
    text = about_of(me).page.toPlainText()
    for rule in RULES:
        assert rule.id in text
        assert rule.title in text
        assert rule.article in text


def test_a_search_shows_only_what_holds_every_word_and_counts_it(person: Sit) -> None:
    me = person()
    about = about_of(me)
    whole = about.page.toPlainText()
    assert about.count.text() == ""
    text = searched(me, about, "WHO division")
    assert text.strip() == ""
    assert about.count.text() == texts.ABOUT_FOUND[0]
    assert about.contents.count() == 0
    text = searched(me, about, "m62.81 generalized")
    assert "R53.1 excludes it" in text
    assert len(text) < len(whole) / 4
    assert about.page.extraSelections()
    assert searched(me, about, "") == whole
    assert about.page.extraSelections() == []


def test_escape_in_the_search_closes_the_page_like_anywhere_else(person: Sit) -> None:
    me = person()
    about = about_of(me)
    me.press(about.sought, Qt.Key.Key_Escape)
    assert not about.isVisible()


def test_the_contents_lead_to_their_chapter(person: Sit) -> None:
    me = person()
    about = about_of(me)
    assert about.contents.accessibleName()
    titles = [
        item.text() for n in range(about.contents.count()) if (item := about.contents.item(n))
    ]
    assert texts.ABOUT_INFORMATION in titles
    about.contents.setCurrentRow(titles.index(texts.ABOUT_RULES_TITLE))
    assert about.page.verticalScrollBar().value() > about.page.height()


def test_a_rule_is_found_even_when_a_search_hides_it(person: Sit) -> None:
    me = person()
    about = about_of(me)
    searched(me, about, "swimming")
    assert "R531-ALS" not in about.page.toPlainText()
    me.window.show_about("R531-ALS")
    assert about.sought.text() == ""
    assert about.rule == "R531-ALS"
    at = about.page.cursorForPosition(QPoint(20, 20)).block().text()
    assert at == next(each.title for each in RULES if each.id == "R531-ALS") or "R531-ALS" in at


def test_a_link_to_a_rule_goes_there(person: Sit) -> None:
    me = person()
    about = about_of(me)
    about.page.anchorClicked.emit(QUrl("#R531-MS"))
    assert about.rule == "R531-MS"
    assert about.page.verticalScrollBar().value() > about.page.height()
