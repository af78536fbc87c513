"""The first screen: unlock the vault, or create it; also a dialog before the first save."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from gui import texts
from gui.vault import Vault
from gui.widgets import button, column, field, frame, label, picture, row
from scribe.errors import ScribeError


def secret() -> QLineEdit:
    """A field whose content is not shown."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
    return made


class StartView(QWidget):
    """A card in the middle of the window."""

    def __init__(self, vault: Vault, above: QWidget | None = None) -> None:
        """`above` is shown over the card."""
        super().__init__()
        self.setProperty("role", "page")
        self._vault = vault
        self._creating = not vault.exists()
        self.title = label(texts.CREATE_TITLE if self._creating else texts.UNLOCK_TITLE, "title")
        lead = label(texts.CREATE_LEAD if self._creating else texts.UNLOCK_LEAD, "muted", wrap=True)
        self.name = QLineEdit()
        self.passphrase = secret()
        self.again = secret()
        self.go = button(texts.CREATE if self._creating else texts.UNLOCK, "primary", icon="lock")
        self.go.clicked.connect(self.submit)
        self.fault = label(role="heading", wrap=True, tone="block")
        self.advice = label(wrap=True)
        self._fault_line = QWidget()
        line = row(column(picture("block", "block"), None), gap=10)
        line.addLayout(column(self.fault, self.advice, gap=2), 1)
        self._fault_line.setLayout(line)
        self._fault_line.hide()
        for each in (self.name, self.passphrase, self.again):
            each.returnPressed.connect(self.submit)
        card = frame("card")
        card.setFixedWidth(440)
        body = column(self.title, lead, 4, margins=(32, 28, 32, 28), gap=10)
        if self._creating:
            body.addLayout(field(texts.CLINICIAN, self.name))
        body.addLayout(field(texts.PASSPHRASE, self.passphrase))
        if self._creating:
            body.addLayout(field(texts.PASSPHRASE_AGAIN, self.again))
            body.addWidget(label(texts.CREATE_WARNING, "small", wrap=True))
        body.addWidget(self._fault_line)
        body.addSpacing(4)
        body.addWidget(self.go)
        card.setLayout(body)
        head = column(label(texts.APP, "display"), label(texts.TAGLINE, "muted"), gap=4)
        inside = column(head, gap=24)
        if above is not None:
            inside.addWidget(above)
        inside.addWidget(card)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(row(None, inside, None))
        outer.addStretch(3)
        self.setFocusProxy(self.name if self._creating else self.passphrase)

    def submit(self) -> None:
        """Open or create the vault, or say what is missing."""
        passphrase = self.passphrase.text()
        if missing := self._missing(passphrase):
            self._say(missing)
            return
        self._fault_line.hide()
        self._busy(True)
        if self._creating:
            self._vault.create(
                passphrase, self.name.text().strip(), on_error=self._refused, on_end=self._ended
            )
        else:
            self._vault.unlock(passphrase, on_error=self._refused, on_end=self._ended)

    def _missing(self, passphrase: str) -> str:
        if not passphrase:
            return texts.PASSPHRASE_EMPTY
        if not self._creating:
            return ""
        if not self.name.text().strip():
            return texts.NAME_EMPTY
        return "" if passphrase == self.again.text() else texts.PASSPHRASES_DIFFER

    def _refused(self, error: ScribeError) -> None:
        self._say(error.message, error.advice)
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def _ended(self) -> None:
        self._busy(False)
        if self._vault.is_open:
            for each in (self.passphrase, self.again):
                each.clear()

    def _busy(self, busy: bool) -> None:
        for each in (self.name, self.passphrase, self.again, self.go):
            each.setEnabled(not busy)
        self.go.setText(texts.OPENING if busy else texts.CREATE if self._creating else texts.UNLOCK)

    def _say(self, fault: str, advice: str = "") -> None:
        self.fault.setText(fault)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self._fault_line.show()
        self.fault.setAccessibleName(f"{fault} {advice}".strip())


class VaultDialog(QDialog):
    """The same card over a visit that was opened without a vault; closes when it is open."""

    def __init__(self, vault: Vault, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SAVE_NEEDS_VAULT)
        self.start = StartView(vault)
        cancel = button(texts.CANCEL)
        cancel.clicked.connect(self.reject)
        cancel.setAutoDefault(False)
        self.start.go.setDefault(True)
        self.setLayout(
            column(
                label(texts.SAVE_NEEDS_VAULT, "heading"),
                self.start,
                row(None, cancel),
                margins=(28, 24, 28, 20),
                gap=12,
            )
        )
        vault.opened.connect(self.accept)
