"""One finding: severity in words, evidence that leads somewhere, sources, preview, undo, help."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui import texts
from gui.desk import CHECK_AFTER_MS
from gui.finding_card import FindingCard
from gui.grounds import grounds, split
from gui.offers import offers, preview
from scribe.coding.rules import RULES
from scribe.records import CodedDiagnosis, Finding, Severity, Suggestion, Visit
from tests.windows.notes import coded_visit
from tests.windows.stage import Person

Sit = Callable[[], Person]


@pytest.fixture
def at(person: Sit) -> Callable[[Visit], Person]:
    """Somebody at a visit whose note is checked."""

    def open_(visit: Visit) -> Person:
        me = person()
        me.window.show_visit(visit)
        me.waits_for_the_check()
        return me

    return open_


At = Callable[[Visit], Person]


def of(me: Person, rule: str) -> FindingCard:
    return next(each for each in me.visit.findings.cards if each.finding.rule_id == rule)


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel))


def claim(me: Person) -> list[str]:
    return [each.code for each in me.visit.desk.visit.diagnoses]


@pytest.mark.parametrize("rule", RULES, ids=lambda each: each.id)
def test_what_an_article_gets_wrong_is_told_apart_from_what_it_says(rule: object) -> None:
    article = rule.article  # type: ignore[attr-defined]  # a Rule
    says, why = split(article)
    assert f"{says} {why}".split() == article.split()
    assert bool(why) == ("The official rule differs" in article)


def test_a_finding_says_how_grave_it_is_in_words_and_beside_an_icon(at: At) -> None:
    card = of(at(coded_visit("R53.1")), "R531-THYROID")
    assert card.severity_word.text() == texts.SEVERITIES["block"]
    assert not card.severity_icon.pixmap().isNull()
    assert card.finding.message in words(card)
    assert card.accessibleName().startswith(texts.SEVERITIES["block"])


def test_the_patients_own_words_come_first_and_lead_to_the_transcript(at: At) -> None:
    me = at(coded_visit("R53.1"))
    card = next(each for each in me.visit.findings.cards if each.said)
    spoken = card.said[0]
    assert spoken.text().startswith("“")
    me.click(spoken)
    assert len(me.visit.transcript.model.lit) == 1


def test_words_of_the_note_lead_to_their_sentence(at: At) -> None:
    me = at(coded_visit("R53.1"))
    card = of(me, "R531-THYROID")
    assert card.quotes
    me.click(card.quotes[0])
    assert me.visit.note.chosen == me.visit.desk.statements[1].id


def test_the_official_source_stands_beside_what_the_article_says(at: At) -> None:
    card = of(at(coded_visit("R53.1")), "R531-THYROID")
    told = words(card)
    for each in card.finding.citations:
        assert f"{each.source}, {each.place}" in told
    assert texts.OFFICIAL_SOURCE in told
    assert texts.REFERENCE_NOTE in told
    assert split(card.finding.note)[0] in told
    assert card.finding.sequencing in told


def test_the_two_stand_side_by_side_where_there_is_room(qtbot: QtBot) -> None:
    made = grounds(Finding(rule_id=RULES[0].id, severity=Severity.INFO, message="m"))
    qtbot.addWidget(made)
    direct = Qt.FindChildOption.FindDirectChildrenOnly
    official, article = made.findChildren(QWidget, options=direct)
    made.resize(700, 200)
    made.show()
    qtbot.waitUntil(lambda: official.x() < article.x() and official.y() == article.y())
    made.resize(300, 400)
    qtbot.waitUntil(lambda: official.x() == article.x() and official.y() < article.y())


def test_a_fix_shows_the_claim_before_and_after_and_can_be_undone(at: At) -> None:
    me = at(coded_visit("R53.1", "I10"))
    card = of(me, "R531-THYROID")
    assert card.previews[0] == "E03.9 (new), I10"
    told = words(card)
    assert f"{texts.PREVIEW_NOW}: R53.1 (goes), I10" in told
    assert f"{texts.PREVIEW_THEN}: E03.9 (new), I10" in told
    assert "Hypothyroidism, unspecified" in told
    assert "E03.9 (new), I10" in card.offers[0].accessibleDescription()
    me.click(card.offers[0])
    assert claim(me) == ["E03.9", "I10"]
    # A second press by mistake takes the fix back.
    me.sees(me.visit.claim.undo.hasFocus)
    me.click(me.visit.claim.undo)
    assert claim(me) == ["R53.1", "I10"]


def test_a_preview_names_what_goes_and_what_is_new() -> None:
    def of_codes(*codes: str) -> tuple[CodedDiagnosis, ...]:
        return tuple(CodedDiagnosis(code=code, rank=n) for n, code in enumerate(codes, 1))

    assert preview(of_codes("I10"), of_codes()) == ("I10 (goes)", texts.CLAIM_EMPTY)
    assert preview(of_codes("A", "B"), of_codes("B", "A")) == ("A, B", "B, A")


def test_a_long_list_of_codes_is_opened_on_demand(dressed: object) -> None:
    finding = Finding(
        rule_id=RULES[0].id,
        severity=Severity.BLOCK,
        message="m",
        suggestions=tuple(Suggestion(code=f"I69.35{n}", title="T") for n in range(1, 7)),
    )
    card = FindingCard(finding, offers(finding, ()), (), editable=True)
    shown = len(card.offers)
    assert card.more is not None
    assert card.more.text() == texts.MORE_OFFERS.format(count=2)
    card.more.click()
    assert len(card.offers) == shown + 2
    assert card.more.isHidden()


def test_the_reason_that_a_rule_knows_is_shown_whole_and_never_filled_in(at: At) -> None:
    me = at(coded_visit("R53.1"))
    card = of(me, "R531-THYROID")
    assert card.finding.override
    me.click(card.act)
    assert card.finding.override in words(card)
    assert card.reason.text() == ""
    assert not card.keep.isEnabled()


@pytest.mark.parametrize("key", [Qt.Key.Key_F1, Qt.Key.Key_Question], ids=["F1", "?"])
def test_a_key_on_a_finding_opens_its_rule(key: Qt.Key, at: At) -> None:
    me = at(coded_visit("R53.1"))
    card = of(me, "R531-THYROID")
    me.sees(card.isVisible)
    card.setFocus()
    me.sees(card.hasFocus)
    me.press(card, key)
    about = me.window.about
    assert about is not None
    assert about.isVisible()
    assert about.rule == "R531-THYROID"


def test_the_question_mark_of_a_finding_opens_its_rule_by_mouse(at: At) -> None:
    me = at(coded_visit("R53.1"))
    card = of(me, "R531-THYROID")
    me.click(card.explain)
    assert me.window.about is not None
    assert me.window.about.rule == "R531-THYROID"


def test_a_question_mark_in_a_reason_is_only_typed(at: At) -> None:
    me = at(coded_visit("R53.1"))
    card = of(me, "R531-THYROID")
    me.click(card.act)
    me.type(card.reason, "why?")
    assert card.reason.text() == "why?"
    assert me.window.about is None


def test_findings_follow_the_typing_and_what_stays_keeps_its_card(at: At) -> None:
    me = at(coded_visit("R53.1", "R53.1"))
    twice, thyroid = of(me, "GEN-DUPLICATE"), of(me, "R531-THYROID")
    me.click(twice.act)
    me.type(twice.reason, "half a reason")
    row = me.visit.note.rows[me.visit.desk.statements[1].id]
    row.edit.setFocus()
    row.edit.selectAll()
    me.type(row.edit, "Weakness.")
    me.waits_for_the_check()
    assert thyroid not in me.visit.findings.cards
    assert of(me, "GEN-DUPLICATE") is twice
    assert twice.reason.text() == "half a reason"


def test_the_check_does_not_wait_for_the_end_of_the_typing(at: At) -> None:
    me = at(coded_visit("R53.1"))
    desk = me.visit.desk
    sentence = desk.statements[0]
    keys, checks = [0], list[int]()
    desk.coded_changed.connect(lambda _: checks.append(keys[0]))

    def key() -> None:
        keys[0] += 1
        desk.reword(sentence.id, f"{sentence.text} {keys[0]}")

    typing = QTimer()
    typing.setInterval(CHECK_AFTER_MS // 3)
    typing.timeout.connect(key)
    typing.start()
    me.sees(lambda: len(checks) >= 2)
    typing.stop()
    assert checks[0] < checks[1], "keys went on between the two checks"
