"""Scripted parts whose faults a test can set, and a person who clicks and types in one window."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from gui import demo
from gui.main_window import MainWindow
from gui.recovery_view import RecoveryView
from gui.sign_dialog import SignDialog
from gui.visit_view import VisitView
from scribe.build import Parts
from scribe.consent import wording
from scribe.errors import ScribeError, WrongPassphrase
from scribe.fakes import FakeMicrophone, FakeRecogniser, FakeWriter, MemoryStore
from scribe.ports import Recogniser, Store, Writer
from scribe.records import Consent
from scribe.settings import Settings

LONG_MS = 20_000
"""The longest a person here waits for anything; never reached when all is well."""


def agreed(by: str = "patient", *, to: str = wording.RECORDING) -> Consent:
    """A consent that suffices for a visit that is no therapy."""
    return Consent(
        given_by=by,
        at=datetime.now().astimezone(),
        wording_version=wording.current(to).version,
        wording_id=to,
        present=(by,),
        statement="Agreed on the phone." if to == wording.IMPORTED else "",
    )


@dataclass
class Stage:
    """Scripted parts whose faults a test can set; one store, like one disk, for all windows."""

    store: MemoryStore
    microphone: FakeMicrophone = field(default_factory=demo.microphone)
    recognisers: list[FakeRecogniser] = field(default_factory=list)
    """Handed out first to last; then the demo's."""
    writers: list[FakeWriter] = field(default_factory=list)
    """Handed out first to last; then none, for rules only."""
    created: bool = True
    opening: ScribeError | None = None

    def parts(self) -> Parts:
        return Parts(
            settings=Settings(),
            microphone=self.microphone,
            new_recogniser=self._recogniser,
            new_writer=self._writer,
            open_store=self._open,
            create_store=self._create,
            store_exists=lambda: self.created,
        )

    def _recogniser(self) -> Recogniser:
        return self.recognisers.pop(0) if self.recognisers else demo.recogniser()

    def _writer(self) -> Writer | None:
        return self.writers.pop(0) if self.writers else None

    def _open(self, passphrase: str) -> Store:
        if self.opening is not None:
            raise self.opening
        if passphrase != self.store.passphrase:
            raise WrongPassphrase("This passphrase does not open the vault.")
        self.store.open = True
        return self.store

    def _create(self, passphrase: str, clinician: str) -> Store:
        self.store.passphrase = passphrase
        self.created = True
        return self.store


class Person:
    """Clicks and types in one window, and waits for what happens then."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window = window
        self.qtbot = qtbot

    def sees(self, what: Callable[[], object]) -> None:
        """Wait until `what()` is true."""
        self.qtbot.waitUntil(lambda: bool(what()), timeout=LONG_MS)

    def click(self, widget: QWidget) -> None:
        assert widget.isEnabled(), widget.accessibleName()
        assert not widget.isHidden(), widget.accessibleName()
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)

    def type(self, widget: QWidget, text: str) -> None:
        QTest.keyClicks(widget, text)

    def press(self, widget: QWidget, key: Qt.Key, *, ctrl: bool = False) -> None:
        held = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        QTest.keyClick(widget, key, held)

    def click_row(self, number: int) -> None:
        """A click on a visit of the list."""
        table = self.window.visits.table
        item = table.item(number, 0)
        assert item is not None
        at = table.visualItemRect(item).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=at)

    @property
    def visit(self) -> VisitView:
        assert self.window.visit is not None
        return self.window.visit

    @property
    def dialog(self) -> SignDialog:
        assert self.visit.dialog is not None
        return self.visit.dialog

    def unlock(self, passphrase: str = demo.PASSPHRASE) -> None:
        start = self.window.start
        assert start is not None
        self.type(start.passphrase, passphrase)
        self.click(start.go)

    def unlocks(self) -> None:
        self.unlock()
        self.sees(lambda: self.window.visits.isVisible())

    def puts_key_on_paper(self) -> tuple[str, ...]:
        """Writes the recovery key down, types the two groups, and returns what is on paper."""
        self.sees(lambda: self.window.security.recovery and self.recovery.step == 1)
        paper = tuple(each.text().split()[-1] for each in self.recovery.key.findChildren(QLabel))
        self.click(self.recovery.next)
        for number, edit in self.recovery.typed.items():
            self.type(edit, paper[number - 1].lower())
        self.click(self.recovery.finish)
        self.sees(self.window.visits.isVisible)
        return paper

    @property
    def recovery(self) -> RecoveryView:
        assert self.window.security.recovery is not None
        return self.window.security.recovery

    def starts_visit(self, *, consent: str = "patient") -> None:
        self.click(self.window.visits.new_visit)
        form = self.window.form
        assert form is not None
        self.type(form.patient, "M. K.")
        self.type(form.age, "71")
        if consent:
            if consent in form.consent.roles:
                form.consent.roles[consent].click()
            else:
                self.type(form.consent.other, consent)
            form.consent.tick.click()
        self.click(form.go)
        self.sees(lambda: self.window.visit)
        self.sees(lambda: self.visit.bar.microphones.count() == 2)

    def records(self) -> None:
        self.click(self.visit.bar.start)
        self.sees(lambda: self.visit.listening.recording and self.visit.bar.end.isVisible())
        self.sees(lambda: self.visit.desk.utterances)

    def stops(self) -> None:
        self.click(self.visit.bar.end)
        self.sees(lambda: not self.visit.listening.recording)

    def waits_for_the_check(self) -> None:
        self.sees(lambda: self.visit.desk.coded and not self.visit.desk.checking)

    def has_a_note(self) -> None:
        """Everything up to the code check, with the scripted visit."""
        self.unlocks()
        self.starts_visit()
        self.records()
        self.stops()
        self.sees(lambda: self.visit.desk.visit.diagnoses)
        self.waits_for_the_check()

    def opens_sign_dialog(self) -> None:
        self.sees(self.visit.sign.isEnabled)
        self.click(self.visit.sign)
        self.sees(lambda: self.visit.dialog)

    def signs(self, passphrase: str = demo.PASSPHRASE) -> None:
        self.type(self.dialog.name, "Dana Reyes")
        self.type(self.dialog.credential, "PT, DPT")
        self.type(self.dialog.passphrase, passphrase)
        self.click(self.dialog.sign)
