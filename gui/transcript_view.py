"""The transcript: who said what when, with the utterances behind a chosen sentence lit."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStackedWidget,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from gui import texts, theme
from gui.widgets import column, frame, label
from scribe.ids import UtteranceId
from scribe.notetext import clock
from scribe.records import Speaker, Utterance

Index = QModelIndex | QPersistentModelIndex

UTTERANCE = Qt.ItemDataRole.UserRole
LIT = Qt.ItemDataRole.UserRole + 1
_PAD, _HEAD, _GAP, _BAR = 10, 17, 3, 4
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft


class TranscriptModel(QAbstractListModel):
    """Utterances as rows; knows which of them are lit."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Utterance, ...] = ()
        self._lit: frozenset[UtteranceId] = frozenset()

    def show_utterances(self, utterances: tuple[Utterance, ...]) -> None:
        """Show these; rows that only grew at the end keep the place."""
        old = len(self._rows)
        if utterances[:old] == self._rows and len(utterances) > old:
            self.beginInsertRows(QModelIndex(), old, len(utterances) - 1)
            self._rows = utterances
            self.endInsertRows()
        elif utterances != self._rows:
            self.beginResetModel()
            self._rows = utterances
            self.endResetModel()

    def light(self, which: Sequence[UtteranceId]) -> int:
        """Light these and return the row of the first of them, or -1."""
        self._lit = frozenset(which)
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))
        return next((n for n, each in enumerate(self._rows) if each.id in self._lit), -1)

    @property
    def lit(self) -> frozenset[UtteranceId]:
        """The utterances lit now."""
        return self._lit

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Number of utterances."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The utterance, whether it is lit, and its words for screen readers."""
        each = self._rows[index.row()]
        if role == UTTERANCE:
            return each
        if role == LIT:
            return each.id in self._lit
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{heading(each)}: {each.text}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            lit = f", {texts.BEHIND_SENTENCE}" if each.id in self._lit else ""
            return f"{heading(each)}{lit}: {each.text}"
        return None


def heading(utterance: Utterance) -> str:
    """Time and speaker of an utterance."""
    return f"{clock(utterance.start)}  {texts.SPEAKERS[utterance.speaker]}"


class UtteranceDelegate(QStyledItemDelegate):
    """Paints one utterance: a small line with time and speaker, then what was said."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        # The list asks for every row's height each time one more utterance comes.
        self._heights: dict[tuple[str, int], int] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """As high as its words need at the width of the list."""
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        said: Utterance = index.data(UTTERANCE)
        key = (said.text, width)
        if key not in self._heights:
            area = QRect(0, 0, max(80, width - 2 * _PAD - _BAR), 10_000)
            words = QFontMetrics(option.font).boundingRect(area, _WRAP, said.text)
            self._heights[key] = _HEAD + _GAP + words.height() + 2 * _PAD - 4
        return QSize(width, self._heights[key])

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw it; a lit one has a bar at its left edge and a tinted ground."""
        said: Utterance = index.data(UTTERANCE)
        lit = bool(index.data(LIT))
        painter.save()
        area = option.rect
        if lit:
            painter.fillRect(area.adjusted(0, 1, 0, -1), theme.colour("accent_tint"))
            painter.fillRect(
                area.x(), area.y() + 1, _BAR, area.height() - 2, theme.colour("accent")
            )
        inner = area.adjusted(_PAD + _BAR, _PAD - 2, -_PAD, -2)
        small = QFont(option.font)
        small.setPixelSize(theme.BODY_PX - 1)
        small.setWeight(QFont.Weight.DemiBold)
        painter.setFont(small)
        clinician = said.speaker is Speaker.CLINICIAN
        painter.setPen(theme.colour("accent_dark" if clinician else "muted"))
        head = QRect(inner.x(), inner.y(), inner.width(), _HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignLeft, heading(said))
        painter.setFont(option.font)
        painter.setPen(theme.colour("text"))
        body = inner.adjusted(0, _HEAD + _GAP, 0, 0)
        painter.drawText(body, _WRAP, said.text)
        painter.restore()


class UtteranceList(QListView):
    """The list itself; its rows are laid out anew when its width changes."""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Row heights depend on the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()


class TranscriptView(QWidget):
    """The left column.

    Signals:
        chosen(UtteranceId): the person clicked an utterance.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.model = TranscriptModel()
        self.list = UtteranceList()
        self.list.setModel(self.model)
        self.list.setItemDelegate(UtteranceDelegate(self.list))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(texts.TRANSCRIPT)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._growing = self._held = False
        self.list.verticalScrollBar().rangeChanged.connect(self._follow)
        self.list.verticalScrollBar().actionTriggered.connect(lambda _: self._scrolled())
        self.list.clicked.connect(self._clicked)
        self.list.activated.connect(self._clicked)
        hint = label(texts.TRANSCRIPT_EMPTY, "muted", wrap=True)
        self._pages = QStackedWidget()
        placeholder = QWidget()
        placeholder.setLayout(column(hint, None, margins=(14, 6, 14, 6)))
        self._pages.addWidget(placeholder)
        self._pages.addWidget(self.list)
        self._heading = label(texts.TRANSCRIPT, "heading")
        panel = frame("panel")
        panel.setLayout(column(_head(self._heading), self._pages, margins=(1, 0, 1, 8), gap=0))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)

    def show_utterances(self, utterances: tuple[Utterance, ...]) -> None:
        """Show these; stays at the end if it was there while the visit goes on."""
        self._growing = 0 < self.model.rowCount() < len(utterances)
        self.model.show_utterances(utterances)
        self._pages.setCurrentIndex(1 if utterances else 0)

    def light(self, which: Sequence[UtteranceId]) -> None:
        """Light these utterances and bring the first into view."""
        row = self.model.light(which)
        if row >= 0:
            self._held = True
            self.list.scrollTo(self.model.index(row), QAbstractItemView.ScrollHint.PositionAtCenter)

    def _follow(self, least: int, most: int) -> None:
        """The list grew: stay at its end, unless the person is reading further up."""
        if self._growing and not self._held:
            self.list.verticalScrollBar().setValue(most)

    def _scrolled(self) -> None:
        bar = self.list.verticalScrollBar()
        self._held = bar.sliderPosition() < bar.maximum()

    def _clicked(self, index: QModelIndex) -> None:
        said: Utterance = index.data(UTTERANCE)
        self.chosen.emit(said.id)


def _head(title: QWidget) -> QWidget:
    head = QWidget()
    head.setLayout(column(title, margins=(14, 12, 14, 8)))
    return head
