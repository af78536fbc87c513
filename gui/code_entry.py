"""The field in which a code is added: by the code, spelled in words, or by words for it.

What a text means is asked of the tables through `asked` and answered with `show_answer`; nothing is
added that the person did not choose or type whole.
"""

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QWidget

from gui import texts
from gui.code_list import CodeList
from scribe.coding.lookup import Choice, Looked

_WIDEST = 560
_EDGE = 8
_STEPS = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: 5,
    Qt.Key.Key_PageUp: -5,
}


class CodeEntry(QLineEdit):
    """An entry with a list of codes below it; all of it can be done by key.

    Signals:
        asked(str): what can this text mean? entered: somebody is about to type.
        chosen(str): put this code on the claim.
    """

    asked = Signal(str)
    entered = Signal()
    chosen = Signal(str)

    def __init__(self, day: str) -> None:
        super().__init__()
        self._day = day
        self._answer: Looked | None = None
        self._pending = False
        self._list: CodeList | None = None
        self.setPlaceholderText(texts.CODE_HINT)
        self.setAccessibleName(texts.ADD_CODE)
        self.setAccessibleDescription(texts.CODE_HELP)
        self.setToolTip(texts.CODE_HELP)
        self.setClearButtonEnabled(False)
        self.textEdited.connect(self._edited)

    @property
    def list(self) -> CodeList:
        """The list of codes, made when it is first needed."""
        if self._list is None:
            self._list = CodeList()
            self._list.view.clicked.connect(self._clicked)
        return self._list

    def close_list(self) -> None:
        """Take the list away."""
        if self._list is not None:
            self._list.hide()

    # ------------------------------------------------------------ asking

    def begin(self, text: str) -> None:
        """Put a text into the field as if it had been typed."""
        self.setFocus()
        self.setText(text)
        self._edited(text)

    def submit(self) -> None:
        """Add what is marked in the list, or else the code that was typed whole."""
        if not self.text().strip():
            return
        marked = self.list.row if self.list.isVisible() else -1
        if marked >= 0:
            self._take(self.list.model.choices[marked])
        elif self._answer is None or self._answer.text != self.text():
            self._pending = True
            self.asked.emit(self.text())
        elif self._answer.code and not self._answer.heading:
            self._add(self._answer.code)
        else:
            self._open()
            self._mark(1 if self._answer.heading and len(self._answer.choices) > 1 else 0)

    def show_answer(self, looked: Looked) -> None:
        """What the text can mean; an answer to an earlier text is dropped."""
        if looked.text != self.text() or not self.text().strip():
            return
        self._answer = looked
        self.list.show_answer(looked, self._day)
        if self._pending:
            self._pending = False
            self.submit()
        elif self.hasFocus():
            self._open()

    def _edited(self, text: str) -> None:
        self._answer, self._pending = None, False
        if text.strip():
            self.list.mark(-1)
            self.asked.emit(text)
        else:
            self.close_list()

    # ------------------------------------------------------------ choosing

    def _clicked(self, index: QModelIndex) -> None:
        self._take(self.list.model.choices[index.row()])

    def _take(self, choice: Choice) -> None:
        if choice.below:
            self.begin(choice.code)
        else:
            self._add(choice.code)

    def _add(self, code: str) -> None:
        self._answer = None
        self.clear()
        self.close_list()
        self.chosen.emit(code)

    def _mark(self, row: int) -> None:
        self.list.mark(row)
        if row >= 0 and self.list.model.rowCount():
            place = texts.CODE_PLACE.format(
                number=row + 1, count=self.list.model.rowCount(), choice=self.list.model.told(row)
            )
            # The focus stays in the field, so a screen reader must be told what is marked.
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, place))

    def _move(self, by: int) -> None:
        count = self.list.model.rowCount()
        if not count:
            return
        at = self.list.row
        if at < 0:
            self._mark(0 if by > 0 else count - 1)
        else:
            self._mark(max(0, min(count - 1, at + by)))

    # ------------------------------------------------------------ the list

    def _open(self) -> None:
        window = self._page()
        if self.list.parentWidget() is not window:
            self.list.setParent(window)
            window.installEventFilter(self)
        below = self.mapTo(window, QPoint(0, self.height() + 2))
        width = min(max(self.width(), _WIDEST), window.width() - 2 * _EDGE)
        left = min(below.x(), window.width() - width - _EDGE)
        self.list.setFixedWidth(width)
        self.list.show()
        wanted = self.list.height_for(width)
        room = window.height() - below.y() - _EDGE
        above = self.mapTo(window, QPoint(0, 0)).y() - _EDGE
        if room >= min(wanted, 240) or room >= above:
            self.list.setFixedHeight(min(wanted, room))
            self.list.move(left, below.y())
        else:
            height = min(wanted, above)
            self.list.setFixedHeight(height)
            self.list.move(left, above + _EDGE - height - 2)
        self.list.raise_()

    def _page(self) -> QWidget:
        """What the list may lie over: all of the screen it belongs to, and it goes with that."""
        page = self.window()
        at: QWidget | None = self
        while at is not None and at is not page:
            if isinstance(at.parentWidget(), QStackedWidget):
                return at
            at = at.parentWidget()
        return page

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows mark a choice, Return takes it, Escape closes the list and then empties."""
        key = Qt.Key(event.key())
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.submit()
        elif key in _STEPS and self.text().strip():
            if self.list.isVisible():
                self._move(_STEPS[key])
            elif self._answer is not None:
                self._open()
            else:
                self.asked.emit(self.text())
        elif key == Qt.Key.Key_Escape and self.list.isVisible():
            self.close_list()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
            self._edited("")
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Somebody is about to type."""
        super().focusInEvent(event)
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Elsewhere the list would only be in the way."""
        super().focusOutEvent(event)
        self.close_list()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The list does not follow a window that changes its size."""
        if event.type() == QEvent.Type.Resize:
            self.close_list()
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The list goes with its field."""
        self.close_list()
        super().hideEvent(event)
