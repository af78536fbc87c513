"""Asking for consent: the wording, who is present, how they agreed, and the ticks. It makes a
record of consent or says what is missing; whether that suffices is decided in scribe/consent only.
"""

from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLineEdit, QWidget

from gui import consent_texts
from gui.widgets import column, field, frame, label, row
from scribe.consent import gate, wording
from scribe.records import Consent, Encounter


class ConsentBox(QWidget):
    """One wording and its answers.

    Signals:
        changed: something was ticked or typed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = wording.current(wording.RECORDING)
        self._therapy = False
        self._who = consent_texts.PRESENT
        self._say = label(role="quote", wrap=True)
        words = frame("said")
        words.setLayout(column(self._say, margins=(14, 10, 14, 10)))
        self._present = label(role="field")
        self.roles = {role: QCheckBox(role.capitalize()) for role in consent_texts.ROLES}
        self.other = QLineEdit()
        self.other.setPlaceholderText(consent_texts.OTHER_HINT)
        self.other.setAccessibleName(consent_texts.OTHER_ROLE)
        self.method = QComboBox()
        for method, word in consent_texts.METHODS.items():
            self.method.addItem(word, method)
        self.statement = QLineEdit()
        self.statement.setPlaceholderText(consent_texts.STATEMENT_HINT)
        self._stated = QWidget()
        self._stated.setLayout(field(consent_texts.STATEMENT, self.statement))
        self.tick = QCheckBox()
        self.tick_ai = QCheckBox()
        for each in (*self.roles.values(), self.tick, self.tick_ai):
            each.toggled.connect(self.changed)
            each.setAccessibleName(each.text())
        for edit in (self.other, self.statement):
            edit.textChanged.connect(self.changed)
        who = column(self._present, self._grid(), gap=6)
        how = row(gap=20)
        how.addLayout(field(consent_texts.METHOD, self.method), 1)
        how.addWidget(self._stated, 1)
        self.setLayout(column(words, who, how, self.tick, self.tick_ai, gap=12))
        self._show_words()

    def _grid(self) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        for number, each in enumerate((*self.roles.values(), self.other)):
            grid.addWidget(each, number // 3, number % 3)
        return made

    def ask(self, which: str, encounter: Encounter, *, who: str = consent_texts.PRESENT) -> None:
        """Ask under the wording of this id, whom is said in `who`; therapy asks for more, in
        writing.
        """
        self._who = consent_texts.PRESENT_FILE if which == wording.IMPORTED else who
        self._therapy = wording.is_therapy(encounter)
        self._words = wording.current(which)
        if self._therapy:
            self.method.setCurrentIndex(self.method.findData(gate.WRITTEN))
        self.method.setEnabled(not self._therapy)
        self._show_words()
        self.changed.emit()

    def _show_words(self) -> None:
        words = self._words
        imported = words.id == wording.IMPORTED
        self._say.setText(f"“{words.say}”")
        self._present.setText(self._who)
        self._stated.setVisible(imported)
        for tick, text in ((self.tick, words.agreed), (self.tick_ai, words.agreed_ai)):
            tick.setText(text)
            tick.setAccessibleName(text or words.agreed)
        self.tick_ai.setVisible(self._therapy and bool(words.agreed_ai))

    @property
    def present(self) -> tuple[str, ...]:
        """The roles that were ticked or typed."""
        ticked = tuple(role for role, box in self.roles.items() if box.isChecked())
        other = " ".join(self.other.text().split())
        return (*ticked, other) if other else ticked

    @property
    def touched(self) -> bool:
        """Whether anybody began to fill it in."""
        return bool(self.present) or self.tick.isChecked() or self.tick_ai.isChecked()

    def missing(self) -> str:
        """The first thing that is missing, in words; empty when all is there."""
        imported = self._words.id == wording.IMPORTED
        asked = (
            (bool(self.present), consent_texts.NO_ROLE),
            (not imported or self.statement.text().strip(), consent_texts.NO_STATEMENT),
            (self.tick.isChecked(), consent_texts.NOT_AGREED),
            (not self._therapy or self.tick_ai.isChecked(), consent_texts.NOT_AGREED_AI),
        )
        return next((text for given, text in asked if not given), "")

    def consent(self) -> Consent:
        """What was filled in, given now; to be asked for when nothing is missing."""
        return Consent(
            given_by=", ".join(self.present),
            at=datetime.now().astimezone(),
            wording_version=self._words.version,
            wording_id=self._words.id,
            method=str(self.method.currentData()),
            present=self.present,
            ai_transcription=self._therapy and self.tick_ai.isChecked(),
            statement=" ".join(self.statement.text().split()),
        )
