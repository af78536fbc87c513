"""The part of the security page that shows the audit log in plain words and checks the vault."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHeaderView, QTableView

from gui import log_words, strongroom
from gui import security_texts as texts
from gui import texts as common
from gui.security_parts import Section
from gui.strongroom import Log, VaultReport
from gui.vault import Vault
from gui.widgets import button, field, label, row
from scribe.records import AuditRow

_Index = QModelIndex | QPersistentModelIndex
_LEAST_HEIGHT = 220
_FILTER_WIDTH = 240
_WORDY = (3, 4)
"""Columns that share what is left of the width."""


class LogRows(QAbstractTableModel):
    """The rows that are shown, newest first. A log has as many as a hundred thousand."""

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[AuditRow, ...] = ()
        self._labels: Mapping[str, str] = {}
        self._shown: Sequence[AuditRow] = ()

    def take(self, log: Log) -> None:
        """Another log."""
        self._all = tuple(reversed(log.rows))
        self._labels = {each.id: visit_line(each.patient_label, each.id) for each in log.visits}

    @property
    def acts(self) -> tuple[str, ...]:
        """The acts that occur."""
        return tuple(dict.fromkeys(each.act for each in self._all))

    @property
    def count(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._all)

    def only(self, act: str) -> None:
        """Show the rows of one act; of all for ""."""
        self.beginResetModel()
        self._shown = [each for each in self._all if act in ("", each.act)]
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        """Qt's."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: _Index | None = None) -> int:
        """Qt's."""
        return 0 if parent is not None and parent.isValid() else len(texts.LOG_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Qt's."""
        if role == Qt.ItemDataRole.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return texts.LOG_COLUMNS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Qt's."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        each = self._shown[index.row()]
        at = f"{each.at.astimezone():%Y-%m-%d %H:%M:%S}"
        what, about = log_words.act(each), log_words.about(each, self._labels)
        return (str(each.seq), at, each.actor, what, about)[index.column()]


class LogSection(Section):
    """Filter, rows, and the check of everything."""

    def __init__(self, vault: Vault) -> None:
        super().__init__(vault, texts.LOG_TITLE, texts.LOG_LEAD)
        self.rows = LogRows()
        self.filter = QComboBox()
        self.filter.setMinimumWidth(_FILTER_WIDTH)
        self.filter.currentIndexChanged.connect(lambda _: self._filter())
        self.count = label(role="small")
        self.again = button(texts.LOG_AGAIN)
        self.again.clicked.connect(self.entered)
        self.check = button(texts.LOG_CHECK, "primary", icon="check")
        self.check.clicked.connect(self._check)
        self.table = QTableView()
        self.table.setModel(self.rows)
        self.table.setAccessibleName(texts.LOG_TITLE)
        self.table.setShowGrid(False)
        self.table.setTabKeyNavigation(False)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setMinimumHeight(_LEAST_HEIGHT)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setResizeContentsPrecision(50)
        for number in _WORDY:
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        top = row(gap=12)
        top.addLayout(field(texts.LOG_FILTER, self.filter))
        top.addWidget(self.count, 0, Qt.AlignmentFlag.AlignBottom)
        top.addStretch(1)
        for each in (self.again, self.check):
            top.addWidget(each, 0, Qt.AlignmentFlag.AlignBottom)
        self.body.addLayout(top)
        self.body.addWidget(self.table, 10)
        self.finish_layout(self.again, self.check)

    def entered(self) -> None:
        """Read the log."""
        self.do(strongroom.log, self._show)

    def _show(self, log: Log) -> None:
        self.rows.take(log)
        chosen = self.filter.currentData()
        self.filter.blockSignals(True)
        self.filter.clear()
        self.filter.addItem(texts.LOG_ALL, "")
        acts = sorted(self.rows.acts, key=lambda each: log_words.WORDS.get(each, each))
        for each in acts:
            self.filter.addItem(log_words.WORDS.get(each, each), each)
        self.filter.setCurrentIndex(max(0, self.filter.findData(chosen)))
        self.filter.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        self.rows.only(self.filter.currentData() or "")
        shown, every = self.rows.rowCount(), self.rows.count
        self.count.setText(texts.LOG_COUNT.format(shown=shown, all=every))

    def _check(self) -> None:
        self.do(strongroom.verify, self.checked)
        self.working.setText(texts.LOG_CHECKING)

    def checked(self, report: VaultReport) -> None:
        """Say what the check found."""
        problems = report.problems
        if not problems:
            counts = {"visits": report.visits, "notes": report.notes, "rows": report.audit_rows}
            self.notice.say("good", texts.LOG_SOUND.format(**counts), texts.LOG_SOUND_ADVICE)
            return
        said = texts.LOG_BAD[min(len(problems), 2)]
        said = said.format(count=len(problems), first=problems[0])
        self.notice.say("block", said, texts.LOG_BAD_ADVICE)


def visit_line(patient: str, which: str) -> str:
    """A visit by its label, and by its identifier, which is what the log holds."""
    return f"{patient or common.UNNAMED} ({which})"
