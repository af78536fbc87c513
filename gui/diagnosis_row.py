"""One diagnosis of the claim: its code to edit, its title and origin, and the ways to move it."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QToolButton

from gui import texts
from gui.widgets import Chip, column, label, picture, restyle, row, tool
from scribe.records import CodedDiagnosis

_FIELD_WIDTH = 104
_TOOLS = (("up", texts.MOVE_UP), ("down", texts.MOVE_DOWN), ("cross", texts.REMOVE_CODE))


class CodeField(QLineEdit):
    """A code that can be edited in place; Escape brings the old one back."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._code = code
        self.setFixedWidth(_FIELD_WIDTH)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape undoes."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._code:
            self.setText(self._code)
            return
        super().keyPressEvent(event)


class Grip(QLabel):
    """Where a diagnosis is taken with the mouse; keys do the same from any control of the row.

    Signals:
        dragged(int), dropped(int): the pointer's height on the screen, in pixels.
    """

    dragged = Signal(int)
    dropped = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__()
        made = picture("grip", "muted")
        self.setPixmap(made.pixmap())
        self.setFixedSize(made.size())
        self.setScaledContents(True)
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take it."""
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry it."""
        self.dragged.emit(event.globalPosition().toPoint().y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Put it down."""
        self.dropped.emit(event.globalPosition().toPoint().y())


class DiagnosisRow(QFrame):
    """One diagnosis.

    Signals:
        moved(int): up (-1) or down (1) by one place. removed. edited(str): another code was typed.
    """

    moved = Signal(int)
    removed = Signal()
    edited = Signal(str)

    def __init__(self, each: CodedDiagnosis) -> None:
        super().__init__()
        self.diagnosis = each
        self._editable = False
        self._title = ""
        code = each.code
        self.setProperty("role", "diagnosis")
        self.grip = Grip(texts.DRAG_CODE.format(code=code))
        self._rank = label("", "field")
        self._rank.setFixedWidth(14)
        self.field = CodeField(code)
        self.field.editingFinished.connect(lambda: self.edited.emit(self.field.text()))
        self.first = Chip("check", texts.FIRST_LISTED, "info")
        self.tools: dict[str, QToolButton] = {
            icon: tool(icon, name.format(code=code)) for icon, name in _TOOLS
        }
        self.tools["up"].clicked.connect(lambda: self.moved.emit(-1))
        self.tools["down"].clicked.connect(lambda: self.moved.emit(1))
        self.tools["cross"].clicked.connect(self.removed)
        head = row(self.grip, self._rank, self.field, None, gap=6)
        for each_tool in self.tools.values():
            head.addWidget(each_tool)
        self._words = label(role="small", wrap=True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        below = row(self.first, gap=8)
        below.addWidget(self._words, 1)
        self.setLayout(column(head, below, margins=(8, 5, 6, 6), gap=3))

    def show_diagnosis(self, each: CodedDiagnosis, count: int, *, editable: bool) -> None:
        """Show this diagnosis, one of `count`; its code is that of the row."""
        self.diagnosis, self._editable = each, editable
        first = each.rank == 1
        restyle(self, first="true" if first else "false")
        self.first.setVisible(first)
        self._rank.setText(f"{each.rank}")
        self.grip.setVisible(editable and count > 1)
        self.field.setReadOnly(not editable)
        self.field.setAccessibleName(texts.CODE_NAME.format(rank=each.rank))
        for made in self.tools.values():
            made.setVisible(editable)
        self.tools["up"].setEnabled(not first)
        self.tools["down"].setEnabled(each.rank != count)
        self.show_title(self._title)

    def show_title(self, title: str) -> None:
        """The official title, and where the code came from."""
        self._title = title
        origin = texts.ORIGINS[self.diagnosis.origin.value]
        self._words.setText(" · ".join(part for part in (title, origin) if part))
        code, rank = self.diagnosis.code, self.diagnosis.rank
        name = texts.DIAGNOSIS_ROW.format(rank=rank, code=code, title=title).strip()
        parts = (name, texts.FIRST_LISTED if rank == 1 else "", origin)
        self.setAccessibleName(", ".join(part for part in parts if part))
        self.field.setAccessibleDescription(self.accessibleName())

    @property
    def words(self) -> str:
        """What stands under the code."""
        return self._words.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt with an arrow moves the diagnosis, from any of its controls."""
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        step = steps.get(Qt.Key(event.key()))
        if self._editable and step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.moved.emit(step)
        else:
            super().keyPressEvent(event)
