"""The sign dialog: what is signed, what still blocks, and by whom; it decides nothing itself."""

from collections.abc import Iterator
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QVBoxLayout, QWidget

from gui import consent_texts, texts
from gui.desk import Desk
from gui.widgets import button, column, empty, field, frame, label, picture, row, secret
from scribe.errors import ScribeError
from scribe.records import Attestation, Support, Visit
from scribe.session import NO_MODEL
from scribe.signoff.points import Point, PointKind


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
            about = dict.fromkeys(code for each in kept for code in each.codes)
            if about:
                lines.append(consent_texts.KEPT_WITH_REASON.format(codes=", ".join(about)))
        models = _models(visit)
        if models:
            lines.append(consent_texts.DRAFTED_WITH.format(models=" and ".join(models)))
        if visit.transcript is not None:
            lines.append(consent_texts.RECORDING_GOES)
        made = QWidget()
        made.setLayout(column(*(label(each, wrap=True) for each in lines), gap=4))
        return made

    def refresh(self) -> None:
        """Say again what still blocks."""
        self._left = in_words(self._desk.left())
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
            at=datetime.now().astimezone(),
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


def in_words(left: tuple[Point, ...] | None) -> tuple[str, ...]:
    """What is left to do, for the person who has to do it; None: the check still runs."""
    return (texts.WAITING_CHECK,) if left is None else tuple(_sentences(left))


def _sentences(left: tuple[Point, ...]) -> Iterator[str]:
    kinds = [each.kind for each in left]
    if PointKind.EMPTY in kinds:
        yield consent_texts.LEFT_EMPTY
    for each in left:
        if each.finding is not None:
            typed = consent_texts.LEFT_REASON if "shorter" in each.fault else None
            words = typed or consent_texts.LEFT_FINDING
            yield words.format(message=each.finding.message)
    for kind, words_for in (
        (PointKind.STATEMENT, consent_texts.LEFT_STATEMENTS),
        (PointKind.OMISSION, consent_texts.LEFT_OMISSIONS),
    ):
        count = kinds.count(kind)
        if count:
            yield words_for[min(count, 2)].format(count=count)


def _models(visit: Visit) -> tuple[str, ...]:
    heard = (visit.transcript.model_id,) if visit.transcript else ()
    wrote = (visit.draft.model_id,) if visit.draft else ()
    return tuple(dict.fromkeys(each for each in (*heard, *wrote) if each != NO_MODEL))
