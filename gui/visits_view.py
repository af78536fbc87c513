"""The list of past visits: label, date, state; open one or start a new one."""

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from gui import backup_texts, security_texts, texts
from gui.theme import icons
from gui.widgets import Banner, about_button, button, column, frame, label, row
from scribe.ids import EncounterId, TemplateId
from scribe.records import VisitSummary

_ID = Qt.ItemDataRole.UserRole
_COLUMNS = (
    texts.COLUMN_PATIENT,
    texts.COLUMN_DATE,
    texts.COLUMN_TEMPLATE,
    texts.COLUMN_STATE,
    texts.COLUMN_UPDATED,
)
_ROW_PX = 46


class VisitsView(QWidget):
    """The home screen once the vault is open.

    Signals:
        opened(EncounterId): open this visit. new: start one. lock: close the vault. help: tell of
        R53.1. back_up: make a backup. security: the page about keys. psychotherapy(EncounterId or
        ""): the separate notes.
    """

    opened = Signal(str)
    new = Signal()
    lock = Signal()
    help = Signal()
    security = Signal()
    psychotherapy = Signal(str)
    back_up = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.banner = Banner()
        self.last = Banner()
        self.reminder = Banner()
        self.table = _table()
        self.table.activated.connect(self._open)
        self.table.clicked.connect(self._open)
        self.new_visit = button(
            texts.NEW_VISIT, "primary", icon="plus", key=texts.KEYS["new_visit"]
        )
        self.new_visit.clicked.connect(self.new)
        self.about = about_button()
        self.about.clicked.connect(self.help)
        self.back_up_button = button(backup_texts.BACK_UP)
        self.back_up_button.clicked.connect(self.back_up)
        self.separate = button(security_texts.PSYCHOTHERAPY_BUTTON, "quiet")
        self.separate.clicked.connect(self._separate)
        self.keys = button(security_texts.SECURITY, "quiet", key=security_texts.KEYS["security"])
        self.keys.clicked.connect(self.security)
        self.lock_button = button(
            texts.LOCK, icon="lock", tip=f"{texts.LOCK} · {texts.KEYS['lock']}"
        )
        self.lock_button.clicked.connect(self.lock)
        head = column(label(texts.VISITS, "display"), label(texts.TAGLINE, "muted"), gap=2)
        quiet = row(self.about, self.separate, self.keys, gap=4)
        tools = row(quiet, self.back_up_button, self.lock_button, self.new_visit, gap=12)
        line = row(head, None, tools, gap=12)
        nothing = QWidget()
        words = column(
            None, label(texts.VISITS_NONE, "heading"), label(texts.VISITS_NONE_LEAD, "muted"), None
        )
        nothing.setLayout(row(None, words, None))
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(self.table)
        card = frame("card")
        card.setLayout(column(self._pages, margins=(1, 6, 1, 6)))
        page = column(margins=(48, 36, 48, 36), gap=24)
        page.addLayout(line)
        page.addWidget(card, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.banner)
        outer.addWidget(self.last)
        outer.addWidget(self.reminder)
        outer.addLayout(page, 1)

    def show_visits(self, visits: tuple[VisitSummary, ...], titles: dict[TemplateId, str]) -> None:
        """Show these, in the order given; `titles` names the templates."""
        self.table.setRowCount(len(visits))
        for number, each in enumerate(visits):
            icon, tone = texts.STATE_LOOK[each.state]
            cells = (
                each.patient_label or texts.UNNAMED,
                f"{each.date_of_service:%Y-%m-%d}",
                titles.get(each.template_id, str(each.template_id)),
                texts.STATES[each.state],
                f"{each.updated.astimezone():%Y-%m-%d %H:%M}",
            )
            for at, text in enumerate(cells):
                cell = QTableWidgetItem(text)
                cell.setData(_ID, each.id)
                if text == texts.STATES[each.state]:
                    cell.setIcon(icons.icon(icon, tone))
                self.table.setItem(number, at, cell)
        self._pages.setCurrentIndex(1 if visits else 0)

    def _separate(self) -> None:
        """Psychotherapy notes, of the visit in the current row if there is one."""
        index = self.table.currentIndex()
        self.psychotherapy.emit(str(index.data(_ID)) if index.isValid() else "")

    def _open(self, index: QModelIndex) -> None:
        self.opened.emit(EncounterId(index.data(_ID)))


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_COLUMNS))
    table.setHorizontalHeaderLabels(_COLUMNS)
    table.setAccessibleName(texts.VISITS)
    table.setShowGrid(False)
    table.setIconSize(QSize(icons.GRID, icons.GRID))
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(_ROW_PX)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table
