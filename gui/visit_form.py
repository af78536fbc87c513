"""The form for a new visit: what the chart knows, and who agreed to be recorded."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDateEdit,
    QDialog,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from gui import texts
from gui.widgets import button, column, field, frame, label, row
from scribe.ids import TemplateId, new_encounter_id
from scribe.records import Consent, Encounter, Sex, Visit, VisitState

_OLDEST = 130


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The consent box as filled in."""

    given: bool
    by: str

    @property
    def whole(self) -> bool:
        """Given by somebody who is named."""
        return self.given and bool(self.by)


class ConsentBox(QWidget):
    """Wording, tick, and who it was."""

    def __init__(self) -> None:
        super().__init__()
        self.tick = QCheckBox(texts.CONSENT_CHECK)
        self.tick.setAccessibleName(texts.CONSENT_CHECK)
        self.by = QLineEdit()
        self.by.setPlaceholderText(texts.CONSENT_BY_HINT)
        self.by.setEnabled(False)
        self.tick.toggled.connect(self.by.setEnabled)
        words = frame("said")
        words.setLayout(
            column(label(texts.CONSENT_WORDING, "quote", wrap=True), margins=(14, 10, 14, 10))
        )
        self.setLayout(column(words, self.tick, field(texts.CONSENT_BY, self.by), gap=12))

    def asked(self) -> Asked:
        """What was filled in."""
        return Asked(given=self.tick.isChecked(), by=self.by.text().strip())


class VisitForm(QWidget):
    """One page.

    Signals:
        made(Visit): create this visit. cancelled: go back.
    """

    made = Signal(object)
    cancelled = Signal()

    def __init__(self, templates: dict[TemplateId, str], chosen: TemplateId) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.patient = QLineEdit()
        self.patient.setPlaceholderText(texts.PATIENT_HINT)
        today = date.today()
        self.day = QDateEdit(QDate(today.year, today.month, today.day))
        self.day.setCalendarPopup(True)
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.specialty = QComboBox()
        self.specialty.setEditable(True)
        self.specialty.addItems(texts.SPECIALTIES)
        entry = QLineEdit()
        entry.setAccessibleName(texts.SPECIALTY)
        self.specialty.setLineEdit(entry)
        self.age = QLineEdit()
        self.age.setValidator(QIntValidator(0, _OLDEST, self.age))
        self.age.setPlaceholderText(texts.AGE_UNKNOWN)
        self.sex = QComboBox()
        for sex, word in texts.SEXES.items():
            self.sex.addItem(word, sex)
        self.template = QComboBox()
        for each, title in templates.items():
            self.template.addItem(title, each)
        self.template.setCurrentIndex(max(0, self.template.findData(chosen)))
        self.consent = ConsentBox()
        self.fault = label(tone="block", wrap=True)
        self.fault.hide()
        self.go = button(texts.CREATE_VISIT, "primary")
        self.go.clicked.connect(self.submit)
        self.back = button(texts.CANCEL, key=texts.KEYS["back"])
        self.back.clicked.connect(self.cancelled)
        self._lay_out()
        self.setFocusProxy(self.patient)

    def _lay_out(self) -> None:
        pairs = (
            ((texts.PATIENT_LABEL, self.patient), (texts.DATE_OF_SERVICE, self.day)),
            ((texts.SPECIALTY, self.specialty), (texts.TEMPLATE, self.template)),
            ((texts.AGE, self.age), (texts.SEX, self.sex)),
        )
        chart = frame("card")
        box = column(margins=(28, 24, 28, 24), gap=16)
        for pair in pairs:
            line = row(gap=20)
            for title, editor in pair:
                line.addLayout(field(title, editor), 1)
            box.addLayout(line)
        chart.setLayout(box)
        agreed = frame("card")
        agreed.setLayout(
            column(label(texts.CONSENT, "heading"), self.consent, margins=(28, 22, 28, 24), gap=12)
        )
        foot = row(self.fault, None, self.back, self.go, gap=12)
        head = column(label(texts.NEW_VISIT, "display"), label(texts.FORM_LEAD, "muted"), gap=2)
        page = QWidget()
        page.setMaximumWidth(820)
        page.setMinimumWidth(720)
        page.setLayout(column(head, 4, chart, agreed, foot, None, gap=16))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(48, 36, 48, 36)
        outer.addLayout(row(None, page, None))

    def submit(self) -> None:
        """Create the visit, or say what is missing."""
        asked = self.consent.asked()
        if asked.given and not asked.whole:
            self.fault.setText(texts.CONSENT_BY_EMPTY)
            self.fault.show()
            self.consent.by.setFocus()
            return
        now = datetime.now(UTC)
        consent = (
            Consent(given_by=asked.by, at=now, wording_version=texts.CONSENT_WORDING_VERSION)
            if asked.whole
            else None
        )
        self.made.emit(
            Visit(
                encounter=self._encounter(),
                state=VisitState.CONSENTED if consent else VisitState.NEW,
                updated=now,
                consent=consent,
            )
        )

    def _encounter(self) -> Encounter:
        return Encounter(
            id=new_encounter_id(),
            date_of_service=date.fromisoformat(self.day.date().toString("yyyy-MM-dd")),
            patient_label=self.patient.text().strip(),
            specialty=self.specialty.currentText().strip(),
            age=int(self.age.text()) if self.age.hasAcceptableInput() else None,
            sex=Sex(self.sex.currentData()),
            template_id=TemplateId(self.template.currentData()),
        )


class ConsentDialog(QDialog):
    """The consent box for a visit that was created without it."""

    def __init__(self, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.CONSENT)
        self.consent = ConsentBox()
        self.ok = button(texts.CONSENT, "primary")
        self.ok.clicked.connect(self._accept)
        cancel = button(texts.CANCEL)
        cancel.clicked.connect(self.reject)
        self.fault = label(tone="block", wrap=True)
        self.fault.hide()
        self.setMinimumWidth(520)
        self.setLayout(
            column(
                label(texts.CONSENT, "title"),
                label(why, "muted", wrap=True),
                self.consent,
                self.fault,
                row(None, cancel, self.ok),
                margins=(28, 24, 28, 22),
                gap=14,
            )
        )

    @property
    def given_by(self) -> str:
        """Who agreed."""
        return self.consent.asked().by

    def _accept(self) -> None:
        if self.consent.asked().whole:
            self.accept()
        else:
            self.fault.setText(texts.CONSENT_BY_EMPTY)
            self.fault.show()
