"""The way in for who forgot the passphrase: the recovery key first, then a new passphrase."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from gui import security_texts as texts
from gui import strongroom
from gui.security_parts import NewPassphrase, Notice, centred
from gui.strongroom import GROUP, GROUPS, RecoveryKey
from gui.vault import Vault
from gui.widgets import button, column, field, frame, label, row, while_there
from scribe.errors import ScribeError

_WIDTH = 620


class ForgottenView(QWidget):
    """One card in two steps.

    Signals:
        back: to the passphrase.
    """

    back = Signal()

    def __init__(self, vault: Vault) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self._vault = vault
        self._key: RecoveryKey | None = None
        self.typed = QLineEdit()
        self.typed.setPlaceholderText(texts.RECOVERY_HINT)
        self.typed.textChanged.connect(self._count)
        self.typed.returnPressed.connect(self._check)
        self.count = label(role="small")
        self.check = button(texts.CHECK_KEY, "primary")
        self.check.clicked.connect(self._check)
        self.new = NewPassphrase()
        self.go = button(texts.SET_AND_OPEN, "primary", icon="lock")
        self.go.clicked.connect(self._open)
        self.new.again.returnPressed.connect(self._open)
        self.notice = Notice()
        self._first, self.second = QWidget(), QWidget()
        self._first.setLayout(
            column(
                field(texts.RECOVERY_KEY, self.typed),
                self.count,
                row(None, self.check),
                gap=6,
            )
        )
        self.second.setLayout(
            column(
                self.new, label(texts.FORGOT_AFTER, "small", wrap=True), row(None, self.go), gap=12
            )
        )
        self.second.hide()
        leave = button(texts.BACK_TO_UNLOCK, "quiet", icon="back")
        leave.clicked.connect(self.back)
        head = (label(texts.FORGOT_TITLE, "title"), label(texts.FORGOT_LEAD, "muted", wrap=True))
        card = frame("card")
        card.setFixedWidth(_WIDTH)
        parts = (*head, self._first, self.notice, self.second)
        card.setLayout(column(*parts, margins=(32, 26, 32, 26), gap=12))
        self.setLayout(centred(column(card, row(leave, None), gap=8), texts.FORGOT_TITLE))
        self.setFocusProxy(self.typed)
        self._count(self.typed.text())

    def _count(self, text: str) -> None:
        letters = sum(each.isalnum() for each in text)
        done = min(letters // GROUP, GROUPS)
        self.count.setText(texts.GROUPS_TYPED.format(done=done, all=GROUPS))

    def _check(self) -> None:
        folder, typed = self._vault.folder, self.typed.text()
        if folder is None:
            return
        self.notice.hide()
        self._busy(True)
        self._vault.ask(
            lambda: strongroom.check_recovery(folder, typed),
            on_done=while_there(self, self._fits),
            on_error=while_there(self, self.notice.show_error),
            on_end=while_there(self, lambda: self._busy(False)),
        )

    def _fits(self, key: RecoveryKey) -> None:
        self._key = key
        self.typed.clear()
        self._first.hide()
        self.notice.say("good", texts.KEY_FITS)
        self.second.show()
        self.new.setFocus()

    def _open(self) -> None:
        folder, key, passphrase = self._vault.folder, self._key, self.new.text
        if folder is None or key is None:
            return
        if missing := self.new.missing():
            self.notice.say("block", missing)
            return
        self.notice.hide()
        self._busy(True)
        self._vault.enter(
            lambda: strongroom.recover(folder, key, passphrase),
            on_error=while_there(self, self._refused),
            on_end=while_there(self, lambda: self._busy(False)),
        )

    def _refused(self, error: ScribeError) -> None:
        self.notice.show_error(error)
        self.new.setFocus()

    def _busy(self, busy: bool) -> None:
        for each in (self.typed, self.check, self.go, *self.new.fields):
            each.setEnabled(not busy)
        self.check.setText(texts.WORKING if busy else texts.CHECK_KEY)
        self.go.setText(texts.WORKING if busy else texts.SET_AND_OPEN)
