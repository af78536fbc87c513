"""The part of the security page about what is kept how long: what is due and why, seen before it
goes; legal holds; and where backups are made.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from gui import security_texts as texts
from gui import strongroom
from gui import texts as common
from gui.security_parts import Section
from gui.strongroom import LEAST_YEARS, Kept, Removal, Rules
from gui.vault import Vault
from gui.widgets import button, column, field, label, row
from scribe.ids import EncounterId
from scribe.records import VisitSummary

_LEAST_HEIGHT = 150


class RetentionSection(Section):
    """Rules, what they would take away today, and taking it away."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.KEEP_TITLE, texts.KEEP_LEAD.format(years=LEAST_YEARS))
        self.days = _choice(texts.KEEP_DAYS, first=0)
        self.years = _choice(texts.KEEP_YEARS, first=None)
        for each in (self.days, self.years):
            each.currentIndexChanged.connect(lambda _: self._rules_changed())
        self.show_due = button(texts.KEEP_SHOW, "primary")
        self.show_due.clicked.connect(self._preview)
        self.due = _table(texts.KEEP_COLUMNS, texts.KEEP_TITLE)
        self.remove = button(texts.KEEP_REMOVE)
        self.remove.clicked.connect(self._ask)
        self.remove.setEnabled(False)
        self.dialog: SureDialog | None = None
        self._previewed: tuple[Rules, tuple[Removal, ...]] | None = None
        top = row(gap=16)
        top.addLayout(field(texts.KEEP_RECORDINGS, self.days))
        top.addLayout(field(texts.KEEP_NOTES, self.years))
        top.addStretch(1)
        top.addWidget(self.show_due, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(top)
        self.body.addWidget(self.due, 10)
        self.body.addLayout(row(None, self.remove))
        self.finish_layout(self.days, self.years, self.show_due, self.remove)

    @property
    def rules(self) -> Rules:
        """As they are chosen."""
        return Rules(recording_days=self.days.currentData(), notes_years=self.years.currentData())

    def settled(self) -> None:
        """Only what was seen can be removed."""
        self.remove.setEnabled(bool(self._previewed and self._previewed[1]))

    def _rules_changed(self) -> None:
        if self._previewed is not None:
            self._forget_preview()
            self.notice.say("info", texts.KEEP_CHANGED)

    def _forget_preview(self) -> None:
        self._previewed = None
        self.due.setRowCount(0)
        self.settled()

    def _preview(self) -> None:
        rules = self.rules

        def show(kept: Kept) -> None:
            self._previewed = (rules, kept.due)
            labels = {each.id: visit_line(each) for each in kept.visits}
            self.due.setRowCount(len(kept.due))
            for number, each in enumerate(kept.due):
                kind = texts.KEEP_KINDS[each.kind.value]
                _fill(self.due, number, (labels.get(each.visit, each.visit), kind, each.why))
            count = len(kept.due)
            said = texts.KEEP_DUE[min(count, 2)].format(count=count) if count else ""
            self.notice.say("info" if count else "good", said or texts.KEEP_NOTHING)

        self.do(lambda store: strongroom.kept(store, rules, date.today()), show)

    def _ask(self) -> None:
        self.dialog = SureDialog(
            texts.KEEP_SURE_TITLE, texts.KEEP_SURE, texts.KEEP_SURE_DO, self.window()
        )
        self.dialog.accepted.connect(self._remove)
        self.dialog.open()

    def _remove(self) -> None:
        if self._previewed is None:
            return
        rules = self._previewed[0]

        def gone(removed: tuple[Removal, ...]) -> None:
            self._forget_preview()
            count = len(removed)
            said = texts.KEEP_REMOVED[min(count, 2)].format(count=count) if count else ""
            self.notice.say("good", said or texts.KEEP_NOTHING)

        self.do(lambda store: strongroom.remove_due(store, rules, date.today()), gone)


class HoldSection(Section):
    """Visits of which nothing may be removed."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.HOLD_TITLE, texts.HOLD_LEAD)
        self._held: frozenset[EncounterId] = frozenset()
        self.visit = QComboBox()
        self.visit.setMinimumWidth(360)
        self.visit.currentIndexChanged.connect(lambda _: self.settled())
        self.reason = QLineEdit()
        self.hold = button(texts.HOLD_DO)
        self.hold.clicked.connect(self._hold)
        self.release = button(texts.HOLD_RELEASE)
        self.release.clicked.connect(self._release)
        form = QWidget()
        form.setMaximumWidth(460)
        form.setLayout(
            column(field(texts.HOLD_VISIT, self.visit), field(texts.HOLD_REASON, self.reason))
        )
        self.body.addWidget(form)
        self.body.addLayout(row(self.hold, self.release, None))
        self.finish_layout(self.visit, self.reason, self.hold, self.release)

    def entered(self) -> None:
        """Which visits there are, and which are held."""
        self.look(lambda store: strongroom.kept(store, Rules(), date.today()), self._show)

    def _show(self, kept: Kept) -> None:
        chosen = self.visit.currentData()
        self._held = kept.held
        self.visit.clear()
        for each in kept.visits:
            held = f" · {texts.HOLD_IS}" if each.id in kept.held else ""
            self.visit.addItem(f"{visit_line(each)}{held}", each.id)
        self.visit.setCurrentIndex(max(0, self.visit.findData(chosen)))
        if not kept.visits:
            self.notice.say("info", texts.HOLD_NO_VISITS)
        self.settled()

    def settled(self) -> None:
        """What can be done with the visit that is chosen."""
        chosen = self.visit.currentData()
        held = chosen in self._held
        self.hold.setEnabled(bool(chosen) and not held)
        self.reason.setEnabled(bool(chosen) and not held)
        self.release.setEnabled(held)

    def _hold(self) -> None:
        visit, reason = EncounterId(self.visit.currentData()), self.reason.text()
        self.do(lambda store: strongroom.hold(store, visit, reason), self._said(texts.HOLD_DONE))

    def _release(self) -> None:
        visit = EncounterId(self.visit.currentData())
        self.do(lambda store: strongroom.release(store, visit), self._said(texts.HOLD_RELEASED))

    def _said(self, said: str) -> Callable[[None], None]:
        def done(_: None) -> None:
            self.reason.clear()
            self.notice.say("good", said)
            self.entered()

        return done


class BackupSection(Section):
    """When the last backup was made, and the way to the next."""

    def __init__(self, vault: Vault, back_up: Callable[[], None] | None) -> None:
        """`back_up` opens what makes one."""
        super().__init__(vault, texts.BACKUP_TITLE, texts.BACKUP_LEAD)
        self.state = label(role="heading", wrap=True)
        self.go = button(texts.BACKUP_NOW, "primary")
        self.body.addWidget(self.state)
        if back_up is None:
            self.body.addWidget(label(texts.BACKUP_HOW, "small"))
        else:
            self.go.clicked.connect(back_up)
            self.body.addLayout(row(self.go, None))
        self.finish_layout()

    def entered(self) -> None:
        """When the last one was made."""
        self.look(lambda store: (store.backups.last(), store.backups.due()), self._show)

    def _show(self, found: tuple[datetime | None, bool]) -> None:
        last, due = found
        said = texts.BACKUP_NEVER
        if last is not None:
            said = texts.BACKUP_LAST.format(at=f"{last.astimezone():%Y-%m-%d %H:%M}")
        self.state.setText(said)
        if due and last is not None:
            self.notice.say("warn", texts.BACKUP_DUE)


class SureDialog(QDialog):
    """One question before something goes for ever; going back is the default."""

    def __init__(self, title: str, text: str, do: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(460)
        self.go = button(do)
        self.go.setAutoDefault(False)
        self.go.clicked.connect(self.accept)
        self.back = button(common.CANCEL, "primary")
        self.back.setDefault(True)
        self.back.clicked.connect(self.reject)
        words = (label(title, "title"), label(text, wrap=True))
        foot = row(None, self.go, self.back)
        self.setLayout(column(*words, foot, margins=(28, 24, 28, 22), gap=14))
        self.finished.connect(self.deleteLater)
        self.back.setFocus()


def visit_line(visit: VisitSummary) -> str:
    """A visit in one line."""
    patient = visit.patient_label or common.UNNAMED
    return texts.VISIT_LINE.format(patient=patient, day=visit.date_of_service.isoformat())


def _choice(words: Mapping[int | None, str], *, first: int | None) -> QComboBox:
    made = QComboBox()
    for value, word in words.items():
        made.addItem(word, value)
    made.setCurrentIndex(list(words).index(first))
    return made


def _table(columns: tuple[str, ...], name: str) -> QTableWidget:
    table = QTableWidget(0, len(columns))
    table.setHorizontalHeaderLabels(columns)
    table.setAccessibleName(name)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setMinimumHeight(_LEAST_HEIGHT)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table


def _fill(table: QTableWidget, number: int, cells: tuple[str, ...]) -> None:
    for at, text in enumerate(cells):
        table.setItem(number, at, QTableWidgetItem(text))
