"""The diagnoses on the claim: add by code or words, remove, reorder, edit, and undo."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QApplication, QSizePolicy, QVBoxLayout, QWidget

from gui import edits, texts
from gui.code_entry import CodeEntry
from gui.diagnosis_row import CodeField, DiagnosisRow
from gui.widgets import Fitting, button, column, frame, label, row
from scribe.coding.lookup import Looked
from scribe.records import CodedDiagnosis

Claim = tuple[CodedDiagnosis, ...]
Title = Callable[[str], str]


def told(claim: Claim) -> str:
    """A claim in one line, in its order."""
    return " · ".join(each.code for each in claim) or texts.CLAIM_EMPTY


class ClaimView(QWidget):
    """The upper right panel; `below` is shown under the list.

    Signals:
        changed(tuple of CodedDiagnosis): the claim as the person wants it.
        asked(str): what can this text mean? entered: somebody is about to type a code.
        undone: take the last change back.
    """

    changed = Signal(object)
    asked = Signal(str)
    entered = Signal()
    undone = Signal()

    def __init__(self, day: str, below: QWidget | None = None) -> None:
        super().__init__()
        self._claim: Claim = ()
        self._editable = True
        self._title: Title = lambda code: ""
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._none = label(texts.DIAGNOSES_EMPTY, "muted", wrap=True)
        self.entry = CodeEntry(day)
        self.entry.asked.connect(self.asked)
        self.entry.entered.connect(self.entered)
        self.entry.chosen.connect(lambda code: self._say(edits.add(self._claim, code)))
        self.add = button(texts.ADD_CODE, icon="plus")
        self.add.clicked.connect(self._submit)
        self._entry_line = QWidget()
        line = row(gap=8)
        line.addWidget(self.entry, 1)
        line.addWidget(self.add)
        self._entry_line.setLayout(line)
        self._changed = frame("said")
        self.change = label(role="small", wrap=True)
        self.change.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.undo = button(texts.UNDO_CHANGE, "quiet", icon="undo")
        self.undo.clicked.connect(self.undone)
        notice = row(margins=(10, 3, 4, 3), gap=6)
        notice.addWidget(self.change, 1)
        notice.addWidget(self.undo)
        self._changed.setLayout(notice)
        self._changed.hide()
        self._drop = frame("drop")
        self._drop.setParent(self)
        self._drop.hide()
        box = column(
            label(texts.DIAGNOSES, "heading"),
            self._none,
            self._list,
            self._entry_line,
            self._changed,
            margins=(14, 12, 14, 12),
            gap=8,
        )
        if below is not None:
            box.addWidget(below)
        box.addStretch(1)
        inside = QWidget()
        inside.setLayout(box)
        panel = frame("panel")
        panel.setLayout(column(Fitting(inside, texts.DIAGNOSES), margins=(1, 1, 1, 1), gap=0))
        self.setLayout(column(panel, gap=0))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.rows: dict[str, DiagnosisRow] = {}
        self._order: list[DiagnosisRow] = []
        self._show()

    @property
    def fields(self) -> dict[str, CodeField]:
        """The field of each code."""
        return {code: each.field for code, each in self.rows.items()}

    def show_claim(self, claim: Claim, *, editable: bool) -> None:
        """Show these diagnoses; the focus stays with the code it was on."""
        if (claim, editable) != (self._claim, self._editable):
            self._claim, self._editable = claim, editable
            self._show()

    def show_titles(self, title: Title) -> None:
        """Show the official titles as they become known."""
        self._title = title
        for code, each in self.rows.items():
            each.show_title(title(code))

    def show_change(self, change: tuple[Claim, Claim] | None) -> None:
        """What the last change was, with the way back; None if there is none."""
        self._changed.setVisible(change is not None and self._editable)
        if change is not None:
            before, after = told(change[0]), told(change[1])
            self.change.setText(texts.CLAIM_CHANGED.format(after=after, before=before))
            name = texts.UNDO_CHANGE_NAME.format(before=before)
            self.undo.setAccessibleName(name)
            self.undo.setToolTip(f"{name} · {texts.KEYS['undo_claim']}")

    def show_answer(self, looked: Looked) -> None:
        """What the text in the entry can mean."""
        self.entry.show_answer(looked)

    def offer(self, beginning: str) -> None:
        """Put the beginning of a code into the entry, to be completed."""
        self.entry.begin(beginning)

    def _submit(self) -> None:
        self.entry.setFocus()
        self.entry.submit()

    def _show(self) -> None:
        focus = self._focused()
        old, self.rows, self._order = self._order, {}, []
        self._none.setVisible(not self._claim)
        self._entry_line.setVisible(self._editable)
        if not self._editable:
            self._changed.hide()
        for place, each in enumerate(self._claim):
            made = next((one for one in old if one.diagnosis.code == each.code), None)
            if made is None:
                made = self._row(each.code, each)
            else:
                old.remove(made)
            if self._list.indexOf(made) != place:
                self._list.removeWidget(made)
                self._list.insertWidget(place, made)
            made.show_diagnosis(each, len(self._claim), editable=self._editable)
            self.rows[each.code] = made
            self._order.append(made)
        for gone in old:
            self._list.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        if focus is not None:
            self._refocus(*focus)

    def _row(self, code: str, each: CodedDiagnosis) -> DiagnosisRow:
        made = DiagnosisRow(each)
        made.show_title(self._title(code))
        made.moved.connect(lambda by: self._say(edits.move(self._claim, code, by)))
        made.removed.connect(lambda: self._say(edits.remove(self._claim, code)))
        made.edited.connect(lambda new: self._edited(code, new))
        made.grip.dragged.connect(self._dragged)
        made.grip.dropped.connect(lambda y: self._dropped(code, y))
        return made

    def _focused(self) -> tuple[str, str] | None:
        """The code whose row has the focus, and the tool it is on ("" for the field)."""
        focus = QApplication.focusWidget()
        for code, each in self.rows.items():
            if focus is not None and each.isAncestorOf(focus):
                on = next((name for name, tool in each.tools.items() if tool is focus), "")
                return code, on
        return None

    def _refocus(self, code: str, on: str) -> None:
        """Keep the focus where it was; a tool that is out of use now gives it to the field."""
        kept = self.rows.get(code)
        if kept is None:
            self.entry.setFocus()
            return
        tool = kept.tools.get(on)
        (tool if tool is not None and tool.isEnabled() else kept.field).setFocus()

    # ------------------------------------------------------------ drag

    def _place(self, y: int) -> int:
        """Before which of the rows, counted from 0, a point of this height on the screen lies."""
        middles = (each.mapToGlobal(QPoint(0, each.height() // 2)).y() for each in self._order)
        return sum(middle < y for middle in middles)

    def _dragged(self, y: int) -> None:
        place, count = self._place(y), len(self._order)
        at = self._order[min(place, count - 1)]
        edge = at.mapTo(self, QPoint(0, 0 if place < count else at.height()))
        self._drop.setGeometry(edge.x(), edge.y() - (3 if place else 1), at.width(), 3)
        self._drop.show()
        self._drop.raise_()

    def _dropped(self, code: str, y: int) -> None:
        self._drop.hide()
        order = [each.code for each in self._claim]
        if code in order:
            at, place = order.index(code), self._place(y)
            self._say(edits.move(self._claim, code, (place - 1 if place > at else place) - at))

    # ------------------------------------------------------------ edits

    def _edited(self, old: str, new: str) -> None:
        if old not in self.rows:
            return
        claim = edits.change(self._claim, old, new)
        if claim == self._claim:
            self.rows[old].field.setText(old)
        self._say(claim)

    def _say(self, claim: Claim) -> None:
        if claim != self._claim:
            self.changed.emit(claim)
