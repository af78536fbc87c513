"""The form for a new visit: what the chart knows, and who agreed to be recorded."""

from datetime import UTC, date, datetime

from PySide6.QtCore import QDate, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QComboBox, QDateEdit, QLineEdit, QVBoxLayout, QWidget

from gui import texts
from gui.consent_box import ConsentBox
from gui.widgets import button, column, field, frame, label, row, scrolling
from scribe import session
from scribe.consent import wording
from scribe.errors import ConsentNeeded
from scribe.ids import TemplateId, new_encounter_id
from scribe.records import Encounter, Sex, Visit, VisitState

_OLDEST = 130


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
        self.consent.changed.connect(self.fault.hide)
        for chosen_anew in (self.template.currentIndexChanged, self.specialty.currentTextChanged):
            chosen_anew.connect(self._ask)
        self.go = button(texts.CREATE_VISIT, "primary")
        self.go.clicked.connect(self.submit)
        self.back = button(texts.CANCEL, key=texts.KEYS["back"])
        self.back.clicked.connect(self.cancelled)
        self._lay_out()
        self._ask()
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
        self._asked = label(texts.CONSENT, "heading", wrap=True)
        agreed.setLayout(column(self._asked, self.consent, margins=(28, 22, 28, 24), gap=12))
        foot = column(self.fault, row(None, self.back, self.go, gap=12), gap=8)
        head = column(label(texts.NEW_VISIT, "display"), label(texts.FORM_LEAD, "muted"), gap=2)
        page = QWidget()
        page.setMaximumWidth(820)
        page.setMinimumWidth(720)
        page.setLayout(column(head, 4, chart, agreed, foot, None, gap=16))
        inside = QWidget()
        inside.setLayout(column(row(None, page, None), margins=(48, 36, 48, 36)))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(inside, texts.NEW_VISIT))

    def _ask(self) -> None:
        """Another template or specialty may need another wording."""
        encounter = self._encounter()
        words = wording.for_visit(encounter)
        self._asked.setText(words.title)
        self.consent.ask(words.id, encounter)

    def submit(self) -> None:
        """Create the visit, or say what is missing; consent may be left for later as a whole."""
        missing = self.consent.missing() if self.consent.touched else ""
        if missing:
            self._refuse(missing)
            return
        visit = Visit(encounter=self._encounter(), state=VisitState.NEW, updated=datetime.now(UTC))
        try:
            agreed = self.consent.touched
            self.made.emit(session.agree(visit, self.consent.consent()) if agreed else visit)
        except ConsentNeeded as error:
            self._refuse(error.message)

    def _refuse(self, why: str) -> None:
        self.fault.setText(why)
        self.fault.show()
        self.consent.tick.setFocus()

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
