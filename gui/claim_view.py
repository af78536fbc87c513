"""The diagnoses on the claim: add, remove, reorder and edit codes."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from gui import edits, texts
from gui.widgets import button, column, empty, frame, label, row, tool
from scribe.records import CodedDiagnosis

Claim = tuple[CodedDiagnosis, ...]


class CodeField(QLineEdit):
    """A code that can be edited in place; Escape brings the old one back."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self._code = code
        self.setMaximumWidth(104)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape undoes."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._code:
            self.setText(self._code)
            return
        super().keyPressEvent(event)


class ClaimView(QWidget):
    """The upper right panel.

    Signals:
        changed(tuple of CodedDiagnosis): the claim as the person wants it.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._claim: Claim = ()
        self._editable = True
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self.entry = QLineEdit()
        self.entry.setPlaceholderText(texts.CODE_HINT)
        self.entry.setAccessibleName(texts.ADD_CODE)
        self.entry.returnPressed.connect(self._add)
        self.add = button(texts.ADD_CODE, icon="plus")
        self.add.clicked.connect(self._add)
        self._entry_line = QWidget()
        line = row(gap=8)
        line.addWidget(self.entry, 1)
        line.addWidget(self.add)
        self._entry_line.setLayout(line)
        panel = frame("panel")
        panel.setLayout(
            column(
                label(texts.DIAGNOSES, "heading"),
                self._list,
                self._entry_line,
                margins=(14, 12, 14, 12),
                gap=8,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)
        self.fields: dict[str, CodeField] = {}
        self._show()

    def show_claim(self, claim: Claim, *, editable: bool) -> None:
        """Show these diagnoses."""
        if (claim, editable) != (self._claim, self._editable):
            self._claim, self._editable = claim, editable
            self._show()

    def offer(self, beginning: str) -> None:
        """Put the beginning of a code into the entry, to be completed."""
        self.entry.setText(beginning)
        self.entry.setFocus()

    def _show(self) -> None:
        empty(self._list)
        self.fields = {}
        self._entry_line.setVisible(self._editable)
        if not self._claim:
            self._list.addWidget(label(texts.DIAGNOSES_EMPTY, "muted", wrap=True))
        for each in self._claim:
            self._list.addWidget(self._line(each))

    def _line(self, each: CodedDiagnosis) -> QWidget:
        code = each.code
        rank = label(f"{each.rank}", "field")
        rank.setFixedWidth(14)
        entry = CodeField(code)
        entry.setAccessibleName(texts.CODE_NAME.format(rank=each.rank))
        entry.setReadOnly(not self._editable)
        entry.editingFinished.connect(lambda: self._edited(code, entry.text()))
        self.fields[code] = entry
        words = [texts.ORIGINS[each.origin.value]]
        if each.rank == 1:
            words.insert(0, texts.FIRST_LISTED)
        line = row(rank, entry, label(" · ".join(words), "small"), None, gap=6)
        if self._editable:
            for icon, name, act in (
                ("up", texts.MOVE_UP, lambda: self._say(edits.move(self._claim, code, -1))),
                ("down", texts.MOVE_DOWN, lambda: self._say(edits.move(self._claim, code, 1))),
                ("cross", texts.REMOVE_CODE, lambda: self._say(edits.remove(self._claim, code))),
            ):
                small = tool(icon, name.format(code=code))
                small.clicked.connect(act)
                if icon != "cross":
                    at_edge = each.rank == (1 if icon == "up" else len(self._claim))
                    small.setEnabled(not at_edge)
                line.addWidget(small)
        made = QWidget()
        made.setLayout(line)
        return made

    def _add(self) -> None:
        claim = edits.add(self._claim, self.entry.text())
        self.entry.clear()
        self._say(claim)

    def _edited(self, old: str, new: str) -> None:
        if old not in self.fields:
            return
        claim = edits.change(self._claim, old, new)
        if claim == self._claim:
            self.fields[old].setText(old)
        self._say(claim)

    def _say(self, claim: Claim) -> None:
        if claim != self._claim:
            self.changed.emit(claim)
