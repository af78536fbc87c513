"""The dialog that brings visits back out of a backup, on a computer that has none."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import (
    QFileDialog,
    QFrame,
    QLayout,
    QLineEdit,
    QRadioButton,
    QWidget,
)

from gui import backup_texts, texts
from gui.backing import Backing
from gui.backup_view import Outcome, SnugDialog, Steps
from gui.tasks import Handle
from gui.widgets import button, column, field, label, picture, row, secret
from scribe.build import RestoreWish
from scribe.ports import Restored

_CARD_PX = 440


class RestoreDialog(SnugDialog):
    """Which backup, and what opens it. Accepted when there is a vault to unlock."""

    def __init__(self, backing: Backing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(backup_texts.RESTORE_TITLE)
        self.setMinimumWidth(600)
        self._backing = backing
        self._handle: Handle | None = None
        self.file = QLineEdit()
        self.file.setAccessibleName(backup_texts.BACKUP_FILE)
        self.choose = button(backup_texts.CHOOSE_FILE)
        self.choose.clicked.connect(self._choose)
        self.by_passphrase = QRadioButton(backup_texts.BY_PASSPHRASE)
        self.by_recovery = QRadioButton(backup_texts.BY_RECOVERY)
        self.by_passphrase.setChecked(True)
        self.passphrase, self.new, self.again = secret(), secret(), secret()
        self.key = QLineEdit()
        self._with_passphrase = _together(field(texts.PASSPHRASE, self.passphrase))
        self._with_key = _together(
            field(backup_texts.RECOVERY_KEY, self.key),
            field(backup_texts.NEW_PASSPHRASE, self.new),
            field(texts.PASSPHRASE_AGAIN, self.again),
        )
        self._with_key.hide()
        self.by_recovery.toggled.connect(self._with_key.setVisible)
        self.by_recovery.toggled.connect(self._with_passphrase.setHidden)
        self.progress, self.outcome = Steps({"check": backup_texts.UNPACKING}), Outcome()
        self.go = button(backup_texts.RESTORE_NOW, "primary")
        self.go.clicked.connect(self.start)
        self.leave = button(texts.CANCEL)
        self.leave.clicked.connect(self.reject)
        for each in (self.choose, self.leave):
            each.setAutoDefault(False)
        self.go.setDefault(True)
        head = label(backup_texts.BACKUP_FILE, "field")
        head.setBuddy(self.file)
        self.setLayout(
            column(
                label(backup_texts.RESTORE_TITLE, "title"),
                label(backup_texts.RESTORE_LEAD, "muted", wrap=True),
                column(head, row(self.file, self.choose, gap=8), gap=4),
                row(self.by_passphrase, self.by_recovery, None, gap=20),
                self._with_passphrase,
                self._with_key,
                self.progress,
                self.outcome,
                4,
                row(None, self.leave, self.go, gap=12),
                margins=(28, 24, 28, 22),
                gap=12,
            )
        )

    def start(self) -> None:
        """Begin, or say what is missing."""
        if self._handle is not None:
            return
        if missing := self._missing():
            self.outcome.say("warn", missing)
            return
        recovery = self.by_recovery.isChecked()
        self.outcome.clear()
        self._handle = self._backing.restore(
            RestoreWish(
                backup=Path(self.file.text().strip()),
                passphrase=self.new.text() if recovery else self.passphrase.text(),
                recovery_key=self.key.text() if recovery else "",
            ),
            on_event=self.progress.follow,
            on_done=self._done,
            on_error=self.outcome.show_error,
            on_end=self._ended,
        )
        self._show_busy(self._handle is not None)

    def reject(self) -> None:
        """Stop what runs; a second time, or where nothing runs, close."""
        if self._handle is not None and not self._handle.is_set():
            self._handle.stop()
            return
        super().reject()

    def _missing(self) -> str:
        if not self.file.text().strip():
            return backup_texts.FILE_EMPTY
        if not self.by_recovery.isChecked():
            return "" if self.passphrase.text() else texts.PASSPHRASE_EMPTY
        if not self.key.text().strip():
            return backup_texts.KEY_EMPTY
        return "" if self.new.text() == self.again.text() else texts.PASSPHRASES_DIFFER

    def _choose(self) -> None:
        found, _ = QFileDialog.getOpenFileName(
            self, backup_texts.BACKUP_FILE, self.file.text(), backup_texts.FILES
        )
        if found:
            self.file.setText(found)

    def _done(self, told: Restored) -> None:
        for each in (self.passphrase, self.new, self.again, self.key):
            each.clear()
        self.accept()
        self._backing.tell_restored(told)

    def _ended(self) -> None:
        stopped = self._handle is not None and self._handle.is_set()
        self._handle = None
        self._show_busy(False)
        if stopped and not self.outcome.message.text():
            self.outcome.say("info", backup_texts.RESTORE_STOPPED)

    def _show_busy(self, busy: bool) -> None:
        inputs = (self.file, self.choose, self.by_passphrase, self.by_recovery)
        for each in (*inputs, self._with_passphrase, self._with_key, self.go):
            each.setEnabled(not busy)
        self.leave.setText(backup_texts.STOP if busy else texts.CANCEL)
        self.progress.setVisible(busy)
        if busy:
            self.progress.begin(backup_texts.UNPACKING)


class RestoredCard(QFrame):
    """Over the unlock screen: what came back."""

    def __init__(self, told: str) -> None:
        super().__init__()
        _as_card(self, "good", label(told, "heading", wrap=True), label(backup_texts.RESTORED_NEXT))


class RestoreOffer(QFrame):
    """Over the first screen of a computer that has no visits: they may lie in a backup."""

    def __init__(self, do: Callable[[], None]) -> None:
        super().__init__()
        self.go = button(backup_texts.RESTORE, "quiet")
        self.go.clicked.connect(do)
        _as_card(self, "info", label(backup_texts.RESTORE_OFFER, wrap=True), row(self.go, None))


def _as_card(card: QFrame, tone: str, *inside: QWidget | QLayout) -> None:
    card.setProperty("role", "card")
    card.setFixedWidth(_CARD_PX)
    line = row(column(picture(tone, tone), None), margins=(20, 16, 20, 16), gap=10)
    line.addLayout(column(*inside, gap=4), 1)
    card.setLayout(line)


def _together(*fields: QLayout) -> QWidget:
    """Fields that are shown and hidden as one."""
    made = QWidget()
    made.setLayout(column(*fields, gap=12))
    return made
