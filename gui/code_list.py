"""The list of codes under the entry: how each choice is told and drawn; it finds none."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
)

from gui import texts, theme
from gui.theme import icons
from scribe.coding.lookup import Choice, Looked

Index = QModelIndex | QPersistentModelIndex

_CHOICE = Qt.ItemDataRole.UserRole
_PAD, _GAP = 7, 10
_CODE_WIDTH = 78
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


def standing(choice: Choice, day: str) -> tuple[str, str, str]:
    """Icon, tone and words for whether a code may stand on a claim of that day."""
    if not choice.valid and choice.billable_on:
        return "block", "block", texts.CODE_OTHER_DAYS.format(day=day, days=choice.billable_on)
    if not choice.billable:
        return "warn", "warn", texts.CODE_HEADING.format(count=choice.below)
    if not choice.valid:
        return "warn", "warn", texts.CODE_NO_TABLE.format(day=day)
    return "check", "good", texts.CODE_VALID.format(day=day)


def why(choice: Choice) -> str:
    """The official term and the typed words that led to a code, or nothing."""
    parts = []
    if choice.term:
        parts.append(texts.CODE_TERM.format(term=choice.term))
    if choice.matched and choice.matched[0].upper().replace(".", "") not in choice.code.replace(
        ".", ""
    ):
        parts.append(texts.CODE_MATCHED.format(words=", ".join(choice.matched)))
    return " · ".join(parts)


class Choices(QAbstractListModel):
    """The choices of one answer; each row says all of itself to a screen reader."""

    def __init__(self) -> None:
        super().__init__()
        self.day = ""
        self.choices: tuple[Choice, ...] = ()

    def show_answer(self, looked: Looked, day: str) -> None:
        """Other choices, for this date of service."""
        self.beginResetModel()
        self.choices, self.day = looked.choices, day
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        """One row a choice."""
        return 0 if parent is not None and parent.isValid() else len(self.choices)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Code and title; the whole of it for a screen reader."""
        choice = self.choices[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{choice.code} {choice.title}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.told(index.row())
        return choice if role == _CHOICE else None

    def told(self, row: int) -> str:
        """A row in words: code, title, standing and why it is there."""
        choice = self.choices[row]
        parts = (f"{choice.code} {choice.title}", standing(choice, self.day)[2], why(choice))
        return ". ".join(part for part in parts if part)


class _Delegate(QStyledItemDelegate):
    """Draws the code, its title over as many lines as it needs, its standing, and why."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Room for every line at the width of the list."""
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        choice: Choice = index.data(_CHOICE)
        small = _small(option.font)
        text = max(60, width - 2 * _PAD - _CODE_WIDTH - _GAP)
        height = _lines(option.font, choice.title, text) + 2
        height += max(icons.GRID, _lines(small, _below(choice, "0000-00-00")[2], text - 20))
        return QSize(width, height + 2 * _PAD)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """One choice."""
        choice: Choice = index.data(_CHOICE)
        model = index.model()
        day = model.day if isinstance(model, Choices) else ""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area: QRect = option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, theme.colour("accent_tint"))
            painter.fillRect(
                QRect(area.left(), area.top(), 3, area.height()), theme.colour("accent")
            )
        bold = QFont(option.font)
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(theme.colour("text"))
        left, top = area.left() + _PAD + 3, area.top() + _PAD
        painter.drawText(QRect(left, top, _CODE_WIDTH, 40), _WRAP, choice.code)
        text = QRect(left + _CODE_WIDTH + _GAP, top, area.width(), area.height())
        text.setRight(area.right() - _PAD)
        painter.setFont(option.font)
        painter.drawText(text, _WRAP, choice.title)
        text.setTop(text.top() + _lines(option.font, choice.title, text.width()) + 2)
        icon, tone, words = _below(choice, day)
        picture = icons.pixmap(icon, tone, scale=2)
        painter.drawPixmap(text.left(), text.top(), icons.GRID, icons.GRID, picture)
        small = _small(option.font)
        painter.setFont(small)
        painter.setPen(theme.colour("muted"))
        painter.drawText(text.adjusted(20, 0, 0, 0), _WRAP, words)
        painter.restore()


def _below(choice: Choice, day: str) -> tuple[str, str, str]:
    """The line under the title: icon, its tint, and words."""
    icon, tone, words = standing(choice, day)
    return icon, tone, " · ".join(part for part in (words, why(choice)) if part)


def _about(looked: Looked) -> str:
    parts = [looked.remark]
    if looked.heading:
        parts.append(texts.CODE_IS_HEADING.format(code=looked.code))
    elif looked.code and looked.code not in {each.code for each in looked.choices}:
        parts.append(texts.CODE_UNKNOWN.format(code=looked.code, edition=looked.edition))
    elif not looked.choices:
        parts.append(texts.CODE_NOT_FOUND.format(edition=looked.edition))
    if looked.more:
        parts.append(texts.CODE_MORE.format(count=looked.more))
    return " ".join(part for part in parts if part)


def _small(font: QFont) -> QFont:
    made = QFont(font)
    made.setPixelSize(12)
    return made


def _lines(font: QFont, text: str, width: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _WRAP, text).height()


class CodeList(QFrame):
    """The choices, and a line about them; it lies over the window and never takes the focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "popup")
        self.setAccessibleName(texts.CODE_LIST)
        self.hide()
        self.model = Choices()
        self.view = QListView()
        self.view.setModel(self.model)
        self.view.setItemDelegate(_Delegate(self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAccessibleName(texts.CODE_LIST)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.view.setResizeMode(QListView.ResizeMode.Adjust)
        self.note = QLabel()
        self.note.setTextFormat(Qt.TextFormat.PlainText)
        self.note.setProperty("role", "small")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(8, 4, 8, 4)
        box = QVBoxLayout(self)
        box.setContentsMargins(4, 4, 4, 4)
        box.setSpacing(0)
        box.addWidget(self.note)
        box.addWidget(self.view, 1)

    def show_answer(self, looked: Looked, day: str) -> None:
        """Other choices, and what is to be said about them."""
        self.model.show_answer(looked, day)
        words = _about(looked)
        self.note.setText(words)
        self.note.setVisible(bool(words))
        self.view.setVisible(bool(looked.choices))

    @property
    def row(self) -> int:
        """The row that is marked, -1 for none."""
        index = self.view.currentIndex()
        return index.row() if index.isValid() else -1

    def mark(self, row: int) -> None:
        """Mark a row and bring it into view."""
        index = self.model.index(row) if 0 <= row < self.model.rowCount() else QModelIndex()
        self.view.setCurrentIndex(index)
        if index.isValid():
            self.view.scrollTo(index)

    def height_for(self, width: int) -> int:
        """The height in pixels at which nothing needs to scroll."""
        rows = sum(self.view.sizeHintForRow(each) for each in range(self.model.rowCount()))
        note = self.note.heightForWidth(width - 24) + 14 if self.note.text() else 0
        return rows + note + 12
