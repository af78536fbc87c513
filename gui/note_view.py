"""The note in its four sections, one row per sentence, and what was said but is not in it."""

from collections import deque
from collections.abc import Callable, Iterator
from time import perf_counter

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from gui import consent_texts, texts
from gui.statement_row import StatementRow
from gui.widgets import button, column, empty, frame, label, row, scrolling
from scribe import notetext
from scribe.ids import StatementId, UtteranceId
from scribe.records import Omission, Section, Statement

Times = Callable[[tuple[UtteranceId, ...]], str]
Seen = Callable[[Statement], bool]
_Part = Statement | str | None
"""A sentence, a heading, or the words for an empty section."""

_SLICE_SECONDS = 0.01
"""A row takes about 1.5 ms to build; a long note is built without holding the window up."""


class NoteView(QWidget):
    """The middle column.

    Signals:
        opened(Statement): a sentence was chosen; its evidence is to be lit.
        reworded(Statement, str), dropped(Statement), added(Section): edits.
        asked(Omission): show where this was said and is not in the note.
    """

    opened = Signal(object)
    reworded = Signal(object, str)
    dropped = Signal(object)
    added = Signal(object)
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[StatementId, StatementRow] = {}
        self._chosen: StatementId | None = None
        self._shape: object = None
        self._fill: Callable[[StatementRow], None] = lambda row: None
        self._todo: deque[tuple[QVBoxLayout, _Part]] = deque()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._build)
        self._bodies = {section: QVBoxLayout() for section in Section}
        self._adders = {section: self._new_adder(section) for section in Section}
        self._hint = label(texts.NOTE_EMPTY, "muted", wrap=True)
        self._sections = QWidget()
        self._sections.setLayout(column(*(self._part(each) for each in Section), gap=16))
        self._missed = frame("said")
        self._missed_box = QVBoxLayout()
        self._missed.setLayout(
            column(
                label(texts.OMISSIONS, "heading"),
                self._missed_box,
                margins=(12, 10, 12, 10),
                gap=6,
            )
        )
        self._missed.hide()
        inside = QWidget()
        inside.setLayout(
            column(self._hint, self._sections, self._missed, None, margins=(14, 12, 10, 14), gap=16)
        )
        self._sections.hide()
        self.area = scrolling(inside, texts.NOTE)
        panel = frame("panel")
        panel.setLayout(column(self.area, margins=(1, 1, 1, 1), gap=0))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)

    def adder(self, section: Section) -> QPushButton:
        """The button that adds a sentence to a section."""
        return self._adders[section]

    def _part(self, section: Section) -> QWidget:
        part = QWidget()
        body = self._bodies[section]
        body.setSpacing(1)
        head = row(label(texts.SECTIONS[section], "section"), None, self._adders[section])
        part.setLayout(column(head, frame("rule"), body, gap=4))
        return part

    def _new_adder(self, section: Section) -> QPushButton:
        name = f"{texts.ADD_SENTENCE}: {texts.SECTIONS[section]}"
        made = button(texts.ADD_SENTENCE, "quiet", icon="plus", name=name)
        made.clicked.connect(lambda: self.added.emit(section))
        return made

    def show_note(
        self, statements: tuple[Statement, ...], *, times: Times, seen: Seen, editable: bool
    ) -> None:
        """Show these sentences; rows that stay keep the cursor."""
        self._fill = lambda row: row.show_statement(
            row.statement,
            times(row.statement.evidence),
            seen=seen(row.statement),
            editable=editable,
        )
        shape = tuple((each.id, each.section, each.heading) for each in statements)
        if shape != self._shape:
            self._shape = shape
            self._arrange(statements)
        for each in statements:
            if (shown := self.rows.get(each.id)) is not None:
                shown.statement = each
                self._fill(shown)
        for adder in self._adders.values():
            adder.setVisible(editable)
        self._hint.setVisible(not statements and not editable)
        self._sections.setVisible(bool(statements) or editable)

    def _arrange(self, statements: tuple[Statement, ...]) -> None:
        """Put the rows in reading order under their headings; rows that stay are kept."""
        kept = {each.id for each in statements}
        for gone in [each for each in self.rows if each not in kept]:
            old = self.rows.pop(gone)
            old.hide()
            old.deleteLater()
        for body in self._bodies.values():
            self._clear(body)
        self._todo = deque(self._steps(statements))
        self._build()

    def _steps(self, statements: tuple[Statement, ...]) -> Iterator[tuple[QVBoxLayout, _Part]]:
        """What stands in each section, from top to bottom."""
        for paragraph in notetext.sections(statements):
            body = self._bodies[paragraph.section]
            if paragraph.heading:
                yield body, paragraph.heading
            for each in paragraph.statements:
                yield body, each
        for section, body in self._bodies.items():
            if not any(each.section is section for each in statements):
                yield body, None

    def _build(self) -> None:
        """Build for one slice of time, then let the window breathe and go on."""
        until = perf_counter() + _SLICE_SECONDS
        while self._todo and perf_counter() < until:
            self._build_one()
        if self._todo:
            self._later.start()

    def _build_one(self) -> None:
        body, part = self._todo.popleft()
        if isinstance(part, Statement):
            body.addWidget(self._row(part))
        elif part is None:
            body.addWidget(label(texts.SECTION_EMPTY, "muted", wrap=True))
        else:
            body.addWidget(_heading(part))

    def finish(self) -> None:
        """Build what is left at once."""
        while self._todo:
            self._build_one()

    def _clear(self, body: QVBoxLayout) -> None:
        # Not takeAt: it leaves the old layout item alive, and Qt then keeps asking that one how
        # high a row is when the row comes back.
        while (item := body.itemAt(0)) is not None and (widget := item.widget()) is not None:
            body.removeWidget(widget)
            if not isinstance(widget, StatementRow):
                widget.hide()
                widget.deleteLater()

    def _row(self, statement: Statement) -> StatementRow:
        if statement.id not in self.rows:
            made = StatementRow(statement)
            made.opened.connect(self._open)
            made.reworded.connect(self.reworded)
            made.dropped.connect(self.dropped)
            made.light(statement.id == self._chosen)
            self.rows[statement.id] = made
            self._fill(made)
        return self.rows[statement.id]

    def _open(self, statement: Statement) -> None:
        self.choose(statement.id)
        self.opened.emit(statement)

    def choose(self, which: StatementId | None) -> None:
        """Mark one sentence as the chosen one."""
        for each, shown in self.rows.items():
            shown.light(each == which)
        self._chosen = which

    @property
    def chosen(self) -> StatementId | None:
        """The sentence that is chosen now."""
        return self._chosen

    def go_to(self, which: StatementId) -> None:
        """Choose a sentence and put the cursor into it."""
        self.finish()
        found = self.rows[which]
        self.area.ensureWidgetVisible(found)
        found.edit.setFocus()
        self._open(found.statement)

    def show_omissions(
        self,
        omissions: tuple[Omission, ...],
        times: Times,
        seen: Callable[[Omission], bool] = lambda _: False,
    ) -> None:
        """What was said and is not in the note, and which of it was opened."""
        empty(self._missed_box)
        for each in omissions:
            line = button(
                f"{times(each.evidence)}   {each.text}{_seen_mark(seen(each))}",
                "quiet",
                icon="check" if seen(each) else "speech",
                name=f"{texts.SHOW_SPEECH}: {each.text}",
            )
            line.setStyleSheet("text-align: left;")
            line.clicked.connect(lambda _=False, one=each: self.asked.emit(one))
            self._missed_box.addWidget(line)
        self._missed.setVisible(bool(omissions))

    def show_missed(self) -> None:
        """Bring what was said and is not in the note into view."""
        self.finish()
        self.area.ensureWidgetVisible(self._missed)


def _seen_mark(seen: bool) -> str:
    return f"  · {consent_texts.OMISSION_SEEN}" if seen else ""


def _heading(text: str) -> QLabel:
    made = label(text, "field")
    made.setContentsMargins(8, 6, 0, 0)
    return made
