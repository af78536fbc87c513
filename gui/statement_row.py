"""One sentence of the note: its words, ready to be typed into, and how far they were heard."""

from math import ceil

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QSizePolicy, QWidget

from gui import texts
from gui.theme import icons
from gui.widgets import column, label, picture, restyle, row, tool
from scribe.records import Statement, Support

_TIMES_WIDTH = 46
_BUTTON = 22


class SentenceEdit(QPlainTextEdit):
    """A text field as high as its words, without a frame; Return goes to the next field.

    Signals:
        entered: it got the focus by click or key.
        left: it lost the focus.
    """

    entered = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WordWrap)
        self.setTabChangesFocus(True)
        self.document().setDocumentMargin(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self.fit)
        self.viewport().setAutoFillBackground(False)

    def fit(self) -> None:
        """Take the height of the words."""
        # Asking for a block's rectangle lays it out; the document's own size is that of its last
        # painting.
        layout, block, height = self.document().documentLayout(), self.document().begin(), 0.0
        while block.isValid():
            height += layout.blockBoundingRect(block).height()
            block = block.next()
        self.setFixedHeight(ceil(height) + 4)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Tell that this sentence is looked at."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell that the person went on."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.ActiveWindowFocusReason:
            self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A sentence is one line of text."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if event.modifiers() == Qt.KeyboardModifier.NoModifier:
                self.focusNextChild()
            else:
                event.ignore()
            return
        super().keyPressEvent(event)


class StatementRow(QFrame):
    """A sentence with the times of its evidence, its mark, and its reason if it has one.

    Signals:
        opened(Statement): the person clicked it or came to it by key.
        reworded(Statement, str): other words were typed.
        dropped(Statement): it is to be taken out.
    """

    opened = Signal(object)
    reworded = Signal(object, str)
    dropped = Signal(object)

    def __init__(self, statement: Statement) -> None:
        super().__init__()
        self.setProperty("role", "statement")
        self.statement = statement
        self.edit = SentenceEdit()
        self.edit.setPlainText(statement.text)
        self._times = label(role="small")
        self._times.setFixedWidth(_TIMES_WIDTH)
        self._times.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
        self._mark_icon = picture("check")
        self._mark = label(role="mark")
        self._reason = label(role="small", wrap=True)
        self.remove = tool("cross", texts.REMOVE_SENTENCE)
        self.remove.setFixedSize(_BUTTON, _BUTTON)
        self.remove.clicked.connect(lambda: self.dropped.emit(self.statement))
        self._mark_line = QWidget()
        mark = row(self._mark_icon, self._mark, gap=6)
        mark.addWidget(self._reason, 1)
        self._mark_line.setLayout(mark)
        self.setLayout(
            row(
                column(self.edit, self._mark_line, None, gap=2),
                column(self._times, None),
                column(self.remove, None),
                margins=(8, 5, 4, 4),
                gap=6,
            )
        )
        self.edit.entered.connect(lambda: self.opened.emit(self.statement))
        self.edit.left.connect(self._left)
        self.edit.textChanged.connect(self._typed)
        self.edit.viewport().installEventFilter(self)

    def show_statement(
        self, statement: Statement, times: str, *, seen: bool, editable: bool
    ) -> None:
        """Show this sentence; what the person is typing is not touched."""
        self.statement = statement
        if self.edit.toPlainText() != statement.text:
            self.edit.blockSignals(True)
            self.edit.setPlainText(statement.text)
            self.edit.blockSignals(False)
            self.edit.fit()
        self.edit.setReadOnly(not editable)
        self.remove.setVisible(editable)
        self._times.setText(times)
        self.show_mark(seen)

    def show_mark(self, seen: bool) -> None:
        """Icon and word for how far it was heard; nothing for what simply was."""
        support = self.statement.support
        icon, tone, word = texts.SUPPORTS[support]
        if support is Support.UNSUPPORTED and seen:
            word = texts.SUPPORT_SEEN
        self._mark_icon.setPixmap(icons.pixmap(icon, tone, scale=2))
        self._mark.setText(word)
        restyle(self._mark, tone=tone)
        self._reason.setText(self.statement.reason)
        self._mark_line.setVisible(support is not Support.SUPPORTED)
        section = texts.SECTIONS[self.statement.section]
        self.edit.setAccessibleName(f"{section}: {word}")
        self.edit.setAccessibleDescription(self.statement.reason)
        self.remove.setAccessibleName(f"{texts.REMOVE_SENTENCE}: {section}")

    @property
    def mark(self) -> str:
        """The word that says how far it was heard; empty if it simply was."""
        return "" if self.statement.support is Support.SUPPORTED else self._mark.text()

    def light(self, on: bool) -> None:
        """Mark it as the chosen sentence."""
        restyle(self, lit="true" if on else "false")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click beside the words counts as a click on them."""
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)
        self.opened.emit(self.statement)
        super().mousePressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a sentence that has the focus already lights its evidence again."""
        if event.type() == QEvent.Type.MouseButtonPress:
            self.opened.emit(self.statement)
        return super().eventFilter(watched, event)

    def _left(self) -> None:
        if not self.edit.isReadOnly() and not self.edit.toPlainText().strip():
            self.dropped.emit(self.statement)

    def _typed(self) -> None:
        text = self.edit.toPlainText().replace("\n", " ")
        if text != self.statement.text and not self.edit.isReadOnly():
            self.reworded.emit(self.statement, text)
