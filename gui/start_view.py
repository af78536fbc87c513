"""The first screen: unlock the vault, or create it; also a dialog before the first save."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from gui import security_texts, strongroom, texts
from gui.recovery_view import RecoveryView
from gui.security_parts import Countdown, NewPassphrase, Notice
from gui.vault import Vault
from gui.widgets import button, column, field, frame, label, row, secret, while_there
from scribe.errors import ScribeError, TooSoon, WrongPassphrase


class StartView(QWidget):
    """A card in the middle of the window.

    Signals:
        forgot: the person wants in with the recovery key.
    """

    forgot = Signal()

    def __init__(self, vault: Vault, above: QWidget | None = None) -> None:
        """`above` is shown over the card."""
        super().__init__()
        self.setProperty("role", "page")
        self._vault = vault
        self._creating = not vault.exists()
        self.title = label(texts.CREATE_TITLE if self._creating else texts.UNLOCK_TITLE, "title")
        lead = label(texts.CREATE_LEAD if self._creating else texts.UNLOCK_LEAD, "muted", wrap=True)
        self.name = QLineEdit()
        self.new = NewPassphrase(self.name.text, (texts.PASSPHRASE, texts.PASSPHRASE_AGAIN))
        self.passphrase = self.new.first if self._creating else secret()
        self.again = self.new.again
        self.go = button(texts.CREATE if self._creating else texts.UNLOCK, "primary", icon="lock")
        self.go.clicked.connect(self.submit)
        self.notice = Notice()
        self.fault, self.advice = self.notice.message, self.notice.advice
        self.lost = button(security_texts.FORGOT, "quiet")
        self.lost.clicked.connect(self.forgot)
        self.quick = button(security_texts.QUICK_UNLOCK)
        self.quick.clicked.connect(self._open_quick)
        self.quick.hide()
        for each in (self.name, self.passphrase, self.again):
            each.returnPressed.connect(self.submit)
        closed = (self.passphrase, self.go, self.quick)
        self.countdown = Countdown(self.notice, closed, self.passphrase.setFocus)
        card = frame("card")
        card.setFixedWidth(440)
        body = column(self.title, lead, 4, margins=(32, 28, 32, 28), gap=10)
        if self._creating:
            body.addLayout(field(texts.CLINICIAN, self.name))
            body.addWidget(self.new)
            body.addWidget(label(texts.CREATE_WARNING, "small", wrap=True))
        else:
            body.addLayout(field(texts.PASSPHRASE, self.passphrase))
        body.addWidget(self.notice)
        body.addSpacing(4)
        body.addWidget(self.go)
        if not self._creating:
            body.addWidget(self.quick)
            body.addLayout(row(None, self.lost, None))
        card.setLayout(body)
        self._lay_out(card, above)
        self.setFocusProxy(self.name if self._creating else self.passphrase)
        self._ask_ways()

    def _lay_out(self, card: QWidget, above: QWidget | None) -> None:
        head = column(label(texts.APP, "display"), label(texts.TAGLINE, "muted"), gap=4)
        inside = column(head, gap=24)
        if above is not None:
            inside.addWidget(above)
        inside.addWidget(card)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(row(None, inside, None))
        outer.addStretch(3)

    def _ask_ways(self) -> None:
        """What the vault's files tell without a passphrase: a wait, and quick unlock."""
        folder = self._vault.folder
        self.lost.setVisible(folder is not None)
        if folder is None or self._creating:
            return

        def ask() -> tuple[float, bool]:
            return strongroom.waiting(folder), strongroom.quick_ready(folder)

        def found(ways: tuple[float, bool]) -> None:
            seconds, quick = ways
            self.quick.setVisible(quick)
            if seconds:
                self.countdown.start(seconds)

        self._vault.ask(
            ask, on_done=while_there(self, found), on_error=while_there(self, self._refused)
        )

    def submit(self) -> None:
        """Open or create the vault, or say what is missing."""
        if self.countdown.running:
            return
        passphrase = self.passphrase.text()
        if missing := self._missing(passphrase):
            self.notice.say("block", missing)
            return
        self.notice.hide()
        self._busy(True)
        refused, ended = while_there(self, self._refused), while_there(self, self._ended)
        if self._creating:
            self._vault.create(passphrase, self.name.text().strip(), on_error=refused, on_end=ended)
        else:
            self._vault.unlock(passphrase, on_error=refused, on_end=ended)

    def _missing(self, passphrase: str) -> str:
        if not passphrase:
            return texts.PASSPHRASE_EMPTY
        if not self._creating:
            return ""
        return self.new.missing() if self.name.text().strip() else texts.NAME_EMPTY

    def _open_quick(self) -> None:
        folder = self._vault.folder
        if folder is None:
            return
        self.notice.hide()
        self._busy(True)
        self._vault.enter(
            lambda: strongroom.open_quick(folder),
            on_error=while_there(self, self._quick_refused),
            on_end=while_there(self, self._ended),
        )

    def _quick_refused(self, error: ScribeError) -> None:
        self.quick.hide()
        self._refused(error)

    def _refused(self, error: ScribeError) -> None:
        self.notice.show_error(error)
        if not self._creating:
            self.passphrase.selectAll()
        self.passphrase.setFocus()
        folder = self._vault.folder
        if isinstance(error, (WrongPassphrase, TooSoon)) and folder is not None:
            # The wait is known before the next try: nobody types into a closed door.
            self._vault.ask(
                lambda: strongroom.waiting(folder),
                on_done=while_there(self, self._wait),
                on_error=while_there(self, self._refused),
            )
        elif isinstance(error, TooSoon):
            self._wait(error.seconds)

    def _wait(self, seconds: float) -> None:
        if seconds:
            self.passphrase.clear()
            self.countdown.start(seconds)

    def _ended(self) -> None:
        self._busy(False)
        if self._vault.unlocked:
            for each in (self.passphrase, self.again):
                each.clear()

    def _busy(self, busy: bool) -> None:
        for each in (self.name, self.passphrase, self.again, self.go, self.quick, self.lost):
            each.setEnabled(not busy)
        self.go.setText(texts.OPENING if busy else texts.CREATE if self._creating else texts.UNLOCK)


class VaultDialog(QDialog):
    """The same card over a visit that was opened without a vault; closes when it is open. A vault
    that is made here gets its recovery key here.
    """

    def __init__(self, vault: Vault, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SAVE_NEEDS_VAULT)
        self._vault = vault
        self.start = StartView(vault)
        self.start.lost.hide()
        self.recovery: RecoveryView | None = None
        cancel = button(texts.CANCEL)
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        self.start.go.setDefault(True)
        self._box = column(
            label(texts.SAVE_NEEDS_VAULT, "heading"),
            self.start,
            row(None, cancel),
            margins=(28, 24, 28, 20),
            gap=12,
        )
        self.setLayout(self._box)
        vault.opened.connect(self.accept)
        vault.unfinished.connect(self._show_recovery)

    def _show_recovery(self, made: strongroom.Made | None) -> None:
        self.start.hide()
        self.recovery = RecoveryView(self._vault, made)
        self.recovery.finished.connect(self._vault.finish)
        self.recovery.lock.connect(self.reject)
        self._box.insertWidget(1, self.recovery, 1)
        self.resize(760, 640)
