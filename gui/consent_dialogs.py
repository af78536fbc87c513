"""The dialogs of consent: for a visit that was created without it, for somebody who came in, and
for a consent that is taken back. They only ask; `consenting.py` does what was answered.
"""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QLayout, QLineEdit, QWidget

from gui import consent_texts, texts
from gui.consent_box import ConsentBox
from gui.widgets import button, column, field, label, row
from scribe.consent import wording
from scribe.records import Consent, Encounter

_WIDTH = 620


class ConsentDialog(QDialog):
    """The consent box for a visit that was created without it, or for a file."""

    def __init__(
        self, which: str, encounter: Encounter, why: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.consent = ConsentBox()
        self.consent.ask(which, encounter)
        title = consent_texts.FILE_TITLE if which == wording.IMPORTED else texts.CONSENT
        self.ok = button(texts.CONSENT, "primary", icon="check")
        self.ok.clicked.connect(self._accept)
        cancel = button(texts.CANCEL)
        cancel.clicked.connect(self.reject)
        self.fault = label(tone="block", wrap=True)
        self.fault.hide()
        _lay_out(self, title, why, self.consent, self.fault, row(None, cancel, self.ok))

    @property
    def given(self) -> Consent:
        """What was agreed."""
        return self.consent.consent()

    def _accept(self) -> None:
        missing = self.consent.missing()
        self.fault.setText(missing)
        self.fault.setVisible(bool(missing))
        if not missing:
            self.accept()


class ArrivalDialog(QDialog):
    """Shown while a recording waits for somebody who came in; closing it leaves it waiting.

    Signals:
        agreed(Consent), left, refused: what they answered.
    """

    agreed = Signal(object)
    left = Signal()
    refused = Signal()

    def __init__(self, encounter: Encounter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.consent = ConsentBox()
        which = wording.for_visit(encounter).id
        self.consent.ask(which, encounter, who=consent_texts.PRESENT_NEW)
        self.go_on = button(consent_texts.THEY_AGREED, "primary", icon="check")
        self.go_on.clicked.connect(self._agree)
        self.gone = button(consent_texts.THEY_LEFT)
        self.gone.clicked.connect(lambda: self._answer(self.left))
        self.stop = button(consent_texts.THEY_REFUSED, icon="stop")
        self.stop.clicked.connect(lambda: self._answer(self.refused))
        self.fault = label(tone="block", wrap=True)
        self.fault.hide()
        _lay_out(
            self,
            consent_texts.CAME_IN_TITLE,
            consent_texts.CAME_IN_WHY,
            self.consent,
            self.fault,
            row(self.stop, None, self.gone, self.go_on),
        )

    def _agree(self) -> None:
        missing = self.consent.missing()
        self.fault.setText(missing)
        self.fault.setVisible(bool(missing))
        if not missing:
            self.agreed.emit(self.consent.consent())
            self.accept()

    def _answer(self, signal: object) -> None:
        signal.emit()  # type: ignore[attr-defined]  # a bound signal has no class of its own here
        self.accept()


class WithdrawDialog(QDialog):
    """Says what becomes of what was heard, before it is destroyed."""

    def __init__(self, by: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.by = QLineEdit(by)
        self.do = button(consent_texts.TAKEN_BACK_DO, "primary", icon="cross")
        self.do.clicked.connect(self.accept)
        self.by.textChanged.connect(lambda text: self.do.setEnabled(bool(text.strip())))
        cancel = button(texts.CANCEL)
        cancel.clicked.connect(self.reject)
        _lay_out(
            self,
            consent_texts.TAKEN_BACK_TITLE,
            consent_texts.TAKEN_BACK_WHY,
            field(consent_texts.TAKEN_BACK_BY, self.by),
            row(None, cancel, self.do),
        )
        cancel.setFocus()


def _lay_out(dialog: QDialog, title: str, why: str, *parts: QWidget | QLayout) -> None:
    dialog.setWindowTitle(title)
    dialog.setMinimumWidth(_WIDTH)
    head = (label(title, "title"), label(why, "muted", wrap=True))
    dialog.setLayout(column(*head, *parts, margins=(28, 24, 28, 22), gap=14))
