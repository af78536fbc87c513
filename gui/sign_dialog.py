"""The sign dialog: what is signed, what still blocks, and by whom; it decides nothing itself."""

from datetime import UTC, datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from gui import texts
from gui.desk import Desk
from gui.start_view import secret
from gui.widgets import button, column, empty, field, frame, label, picture, row
from scribe.errors import ScribeError
from scribe.records import Attestation, Support


class SignDialog(QDialog):
    """Shown over the visit; stays open until the note is signed or the person goes back.

    Signals:
        asked_open: the person wants to be shown what still blocks; the dialog closes.
    """

    asked_open = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.SIGN_TITLE)
        self.setMinimumWidth(560)
        self._desk = desk
        self._left: tuple[str, ...] = ()
        self._state_title = label(role="heading")
        self._state_box = QVBoxLayout()
        self._state_box.setSpacing(4)
        self.name = QLineEdit()
        self.credential = QLineEdit()
        self.credential.setPlaceholderText(texts.CREDENTIAL_HINT)
        self.meaning = QComboBox()
        self.meaning.addItems(texts.MEANINGS)
        self.passphrase = secret()
        self.fault = label(tone="block", wrap=True)
        self.fault.hide()
        self.sign = button(texts.SIGN_NOW, "primary", icon="sign")
        self.sign.clicked.connect(self._sign)
        self.show_open = button(texts.SIGN_SHOW, "quiet", icon="speech")
        self.show_open.clicked.connect(self._go_and_look)
        self.back = button(texts.CANCEL)
        self.back.clicked.connect(self.reject)
        for each in (self.name, self.credential, self.passphrase):
            each.textChanged.connect(self._show_ready)
        who = row(gap=16)
        who.addLayout(field(texts.PRINTED_NAME, self.name), 3)
        who.addLayout(field(texts.CREDENTIAL, self.credential), 2)
        state = frame("said")
        state.setLayout(
            column(
                row(self._state_title, None, self.show_open),
                self._state_box,
                margins=(14, 12, 14, 12),
                gap=6,
            )
        )
        self.setLayout(
            column(
                label(texts.SIGN_TITLE, "title"),
                self._what(),
                state,
                who,
                field(texts.MEANING, self.meaning),
                field(texts.PASSPHRASE, self.passphrase),
                self.fault,
                row(label(texts.SIGN_FINAL, "small"), None, self.back, self.sign, gap=12),
                margins=(28, 24, 28, 22),
                gap=14,
            )
        )
        desk.coded_changed.connect(self.refresh)
        desk.review.changed.connect(self.refresh)
        self.refresh()
        self.name.setFocus()

    def _what(self) -> QWidget:
        visit, sentences = self._desk.visit, self._desk.statements
        codes = "  ".join(each.code for each in visit.diagnoses)
        counts = texts.SIGN_SENTENCES.format(
            count=len(sentences),
            typed=sum(each.support is Support.TYPED for each in sentences),
            unsupported=sum(each.support is Support.UNSUPPORTED for each in sentences),
        )
        encounter = visit.encounter
        lines = [
            f"{encounter.patient_label or texts.UNNAMED} · {encounter.date_of_service:%Y-%m-%d}",
            counts,
            texts.SIGN_CODES.format(codes=codes) if codes else texts.SIGN_NO_CODES,
        ]
        if self._desk.coded is not None:
            kept = self._desk.review.overrides(self._desk.coded, by=texts.SIGNER)
            if kept:
                rules = ", ".join(each.rule_id for each in kept)
                lines.append(texts.SIGN_OVERRIDES.format(rules=rules))
        made = QWidget()
        made.setLayout(column(*(label(each, wrap=True) for each in lines), gap=4))
        return made

    def refresh(self) -> None:
        """Say again what still blocks."""
        self._left = self._desk.blocking()
        empty(self._state_box)
        self._state_title.setText(texts.SIGN_BLOCKED if self._left else texts.SIGN_READY)
        self.show_open.setVisible(bool(self._left))
        for each in self._left:
            line = row(column(picture("block", "block"), None), gap=8)
            line.addWidget(label(each, wrap=True), 1)
            self._state_box.addLayout(line)
        if not self._left:
            line = row(picture("good", "good"), gap=8)
            line.addWidget(label(texts.SIGN_FIELDS, "muted", wrap=True), 1)
            self._state_box.addLayout(line)
        self._show_ready()
        self.adjustSize()

    def _go_and_look(self) -> None:
        self.reject()
        self.asked_open.emit()

    def _show_ready(self) -> None:
        filled = all(each.text().strip() for each in (self.name, self.credential, self.passphrase))
        self.sign.setEnabled(filled and not self._left)

    def _sign(self) -> None:
        self.fault.hide()
        self._busy(True)
        attestation = Attestation(
            signer=self.name.text().strip(),
            credential=self.credential.text().strip(),
            meaning=self.meaning.currentText(),
            at=datetime.now(UTC),
        )
        self._desk.sign(
            attestation, self.passphrase.text(), on_done=self.accept, on_error=self._refused
        )
        self.passphrase.clear()

    def _refused(self, error: ScribeError) -> None:
        self._busy(False)
        self.fault.setText(str(error))
        self.fault.show()
        self.passphrase.setFocus()

    def _busy(self, busy: bool) -> None:
        for each in (self.name, self.credential, self.meaning, self.passphrase, self.back):
            each.setEnabled(not busy)
        self.sign.setText(texts.SIGNING if busy else texts.SIGN_NOW)
        if busy:
            self.sign.setEnabled(False)
        else:
            self._show_ready()
