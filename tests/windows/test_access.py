"""Every control can be named by a screen reader, reached by key, and read without seeing colour."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from gui import texts, theme
from gui.consent_dialogs import ArrivalDialog, ConsentDialog, WithdrawDialog
from gui.theme import icons
from scribe.consent import wording
from scribe.records import Severity, Support, VisitState
from tests.windows.stage import Person

INTERACTIVE = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)
Sit = Callable[[], Person]


def controls(root: QWidget) -> Iterator[QWidget]:
    """The controls of a tree that are ours: parts that Qt puts inside its own widgets are not."""
    for each in root.findChildren(QWidget):
        parent = each.parentWidget()
        inside = isinstance(parent, QAbstractSpinBox | QComboBox | QAbstractItemView)
        if isinstance(each, INTERACTIVE) and not isinstance(each, QHeaderView | QScrollBar):
            if inside and not (isinstance(parent, QComboBox) and isinstance(each, QLineEdit)):
                continue
            if each.objectName().startswith("qt_") or _in_popup(each, root):
                continue
            yield each


def _in_popup(widget: QWidget, root: QWidget) -> bool:
    """Whether it sits in a popup (a calendar, a drop-down list) that Qt makes and names."""
    return widget.window() is not root.window()


def nameless(root: QWidget) -> list[str]:
    return [
        f"{type(each).__name__} in {type(each.parentWidget()).__name__}"
        for each in controls(root)
        if not each.accessibleName().strip()
    ]


def test_every_control_of_every_screen_has_a_name(person: Sit) -> None:
    me = person()
    assert me.window.start is not None
    assert nameless(me.window.start) == []
    me.unlocks()
    assert nameless(me.window.visits) == []
    me.click(me.window.visits.new_visit)
    assert me.window.form is not None
    assert nameless(me.window.form) == []
    me.click(me.window.form.back)
    me.sees(me.window.visits.isVisible)
    me.starts_visit()
    me.records()
    assert nameless(me.visit) == []
    me.stops()
    me.sees(lambda: me.visit.desk.visit.diagnoses)
    me.waits_for_the_check()
    assert sum(1 for _ in controls(me.visit)) > 40
    assert nameless(me.visit) == []
    me.opens_sign_dialog()
    assert nameless(me.dialog) == []
    encounter = me.visit.desk.visit.encounter
    for dialog in (
        ConsentDialog(wording.RECORDING, encounter, texts.CONSENT_NEEDED, me.window),
        ConsentDialog(wording.IMPORTED, encounter, texts.CONSENT_NEEDED, me.window),
        ArrivalDialog(encounter, me.window),
        WithdrawDialog("patient", me.window),
    ):
        assert nameless(dialog) == []


def test_the_new_vault_form_has_names_too(person: Sit, stage: object) -> None:
    stage.created = False  # type: ignore[attr-defined]  # a Stage, see conftest
    me = person()
    assert me.window.start is not None
    assert nameless(me.window.start) == []


def test_tab_reaches_the_fields_of_the_form_in_reading_order(person: Sit) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.new_visit)
    form = me.window.form
    assert form is not None
    expected = [
        form.patient,
        form.day,
        form.specialty,
        form.template,
        form.age,
        form.sex,
        *form.consent.roles.values(),
        form.consent.other,
        form.consent.method,
        form.consent.tick,
        form.back,
        form.go,
    ]
    form.patient.setFocus()
    met: list[QWidget] = []
    while form.go not in met:
        now: QWidget | None = QApplication.focusWidget()
        while now is not None and now not in expected:
            now = now.parentWidget()
        assert now is not None
        if now not in met:  # a date has three fields of its own
            met.append(now)
        focus = QApplication.focusWidget()
        assert focus is not None
        me.press(focus, Qt.Key.Key_Tab)
    assert [each.accessibleName() for each in met] == [each.accessibleName() for each in expected]


def test_nothing_but_the_window_and_its_dialogs_is_ever_shown_on_its_own(
    person: Sit, dressed: QApplication
) -> None:
    class Watch(QObject):
        seen: list[str] = []  # noqa: RUF012 - one watch in one test

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
            if shown and watched.isWindow() and not isinstance(watched, QMainWindow | QDialog):  # type: ignore[attr-defined]  # a QWidget
                self.seen.append(type(watched).__name__)
            return False

    watch = Watch()
    dressed.installEventFilter(watch)
    try:
        me = person()
        me.has_a_note()
        me.opens_sign_dialog()
    finally:
        dressed.removeEventFilter(watch)
    assert watch.seen == []


def test_no_shortcut_is_used_twice() -> None:
    assert len(set(texts.KEYS.values())) == len(texts.KEYS)


def luminance(name: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    c = theme.colour(name)
    parts = [
        v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4
        for v in (c.redF(), c.greenF(), c.blueF())
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.mark.parametrize(("text", "ground"), theme.TEXT_ON_GROUND, ids="-on-".join)
def test_text_has_enough_contrast(text: str, ground: str) -> None:
    light, dark = sorted((luminance(text), luminance(ground)), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_state_has_an_icon_that_differs_where_its_colour_does() -> None:
    assert set(texts.STATES) == set(texts.STATE_LOOK) == set(VisitState)
    assert set(texts.SUPPORTS) == set(Support)
    assert set(texts.SEVERITIES) == {each.value for each in Severity}
    looks = list(texts.STATE_LOOK.values())
    looks += [(icon, tone) for icon, tone, _ in texts.SUPPORTS.values()]
    assert all(icon in icons.ICONS and tone in theme.COLOURS for icon, tone in looks)
    words = [word for _, _, word in texts.SUPPORTS.values()]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("name", icons.ICONS)
def test_every_icon_draws_something(name: str, dressed: QApplication) -> None:
    image = icons.pixmap(name).toImage()
    inked = sum(
        image.pixelColor(x, y).alpha() > 0
        for x in range(image.width())
        for y in range(image.height())
    )
    assert 5 < inked < icons.GRID * icons.GRID


def test_the_style_sheet_names_only_colours_there_are() -> None:
    assert "$" not in theme.style_sheet()


def test_a_label_never_reads_its_text_as_markup(person: Sit) -> None:
    me = person()
    me.has_a_note()
    assert all(
        each.textFormat() is Qt.TextFormat.PlainText
        for each in me.visit.findChildren(QLabel)
        if each.text()
    )
