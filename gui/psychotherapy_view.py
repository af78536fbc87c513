"""Psychotherapy notes, apart from everything else: opened by the passphrase typed for it, read and
written by their author, closed when the page is left. No search and no export knows this page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gui import security_texts as texts
from gui import strongroom
from gui import texts as common
from gui.keeping_section import SureDialog, visit_line
from gui.security_parts import Countdown, Notice
from gui.strongroom import EXCLUDED, Line, PsychotherapyNotes
from gui.vault import Vault
from gui.widgets import button, column, frame, label, row, secret, while_there
from scribe.errors import ScribeError, TooSoon
from scribe.ids import EncounterId
from scribe.records import VisitSummary

T = TypeVar("T")
_DATA = Qt.ItemDataRole.UserRole
_LIST_WIDTH = 250
_FIELD_WIDTH = 380
KEEP_AFTER_MS = 2000
"""Pause in typing after which a note is kept: a window that locks takes nothing longer with it."""


class PsychotherapyView(QWidget):
    """One page: the passphrase, then visits, the notes of one, and one note.

    Signals:
        back: to the visits; the notes are closed by then.
    """

    back = Signal()

    def __init__(self, vault: Vault, visit: str = "") -> None:
        """`visit`: which one is chosen first."""
        super().__init__()
        self.setProperty("role", "page")
        self._vault, self._first = vault, visit
        self._notes: PsychotherapyNotes | None = None
        self._about: EncounterId | None = None
        self._note = self._as_read = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(lambda: self._keep_then(lambda: None))
        self.dialog: SureDialog | None = None
        self.leave = button(common.BACK, "quiet", icon="back", key=common.KEYS["back"])
        self.leave.clicked.connect(lambda: self._keep_then(self._leave))
        head = column(
            label(texts.PSYCHOTHERAPY, "display"),
            label(texts.PSYCHOTHERAPY_LEAD, "muted", wrap=True),
            gap=2,
        )
        self.notice = Notice()
        self._ask = self._asking()
        self.open_card = self._opened()
        self.open_card.hide()
        self.countdown = Countdown(self.notice, (self.passphrase, self.go))
        page = QVBoxLayout(self)
        page.setContentsMargins(48, 24, 48, 28)
        page.setSpacing(14)
        page.addLayout(row(self.leave, None))
        page.addLayout(head)
        page.addWidget(self.notice)
        page.addWidget(self._ask)
        page.addWidget(self.open_card, 1)
        page.addStretch(0)
        self.setFocusProxy(self.passphrase)

    # ------------------------------------------------------------ building

    def _asking(self) -> QWidget:
        self.passphrase = secret()
        self.passphrase.setAccessibleName(texts.PASSPHRASE_NOW)
        self.passphrase.setFixedWidth(_FIELD_WIDTH)
        self.passphrase.returnPressed.connect(self._open)
        self.go = button(texts.PSYCHOTHERAPY_OPEN, "primary", icon="lock")
        self.go.clicked.connect(self._open)
        name = label(texts.PASSPHRASE_NOW, "field")
        name.setBuddy(self.passphrase)
        made = QWidget()
        made.setLayout(
            column(
                label(texts.PSYCHOTHERAPY_ASK, wrap=True),
                name,
                row(self.passphrase, self.go, None),
                None,
                gap=8,
            )
        )
        return made

    def _opened(self) -> QWidget:
        self.visits, self.notes = QListWidget(), QListWidget()
        for each, name in (
            (self.visits, texts.PSYCHOTHERAPY_VISITS),
            (self.notes, texts.PSYCHOTHERAPY_NOTES),
        ):
            each.setAccessibleName(name)
            each.setFixedWidth(_LIST_WIDTH)
            each.setWordWrap(True)
        self.visits.currentItemChanged.connect(lambda now, before: self._choose_visit())
        self.notes.currentItemChanged.connect(lambda now, before: self._choose_note())
        self.text = QPlainTextEdit()
        self.text.setProperty("role", "field")
        self.text.setAccessibleName(texts.PSYCHOTHERAPY_TEXT)
        self.text.setPlaceholderText(texts.PSYCHOTHERAPY_HINT)
        self.text.setTabChangesFocus(True)
        self.text.textChanged.connect(self._typed)
        self.new = button(texts.PSYCHOTHERAPY_NEW, icon="plus")
        self.new.clicked.connect(lambda: self._keep_then(self._begin))
        self.keep = button(texts.PSYCHOTHERAPY_KEEP, "primary", icon="check")
        self.keep.clicked.connect(lambda: self._keep())
        self.delete = button(texts.PSYCHOTHERAPY_DELETE)
        self.delete.clicked.connect(self._ask_delete)
        left = column(label(texts.PSYCHOTHERAPY_VISITS, "field"), self.visits, gap=4)
        middle = column(label(texts.PSYCHOTHERAPY_NOTES, "field"), self.notes, self.new, gap=4)
        right = column(label(texts.PSYCHOTHERAPY_TEXT, "field"), gap=6)
        right.addWidget(self.text, 1)
        not_here = texts.PSYCHOTHERAPY_NOT.format(items="; ".join(EXCLUDED))
        right.addWidget(label(not_here, "small", wrap=True))
        right.addLayout(row(self.delete, None, self.keep))
        inside = row(left, middle, margins=(16, 16, 16, 16), gap=16)
        inside.addLayout(right, 1)
        made = frame("card")
        made.setLayout(inside)
        return made

    # ------------------------------------------------------------ opening and leaving

    def _open(self) -> None:
        passphrase = self.passphrase.text()
        if not passphrase:
            self.notice.say("block", common.PASSPHRASE_EMPTY)
            return
        self.passphrase.clear()
        self.notice.hide()
        self._busy(True)
        self._vault.use(
            lambda store: strongroom.open_psychotherapy(store, passphrase),
            on_done=self._take,
            on_error=while_there(self, self._refused),
            on_end=while_there(self, lambda: self._busy(False)),
        )

    def _busy(self, busy: bool) -> None:
        for each in (self.passphrase, self.go):
            each.setEnabled(not busy and not self.countdown.running)
        self.go.setText(texts.WORKING if busy else texts.PSYCHOTHERAPY_OPEN)

    def _refused(self, error: ScribeError) -> None:
        if isinstance(error, TooSoon):
            self.countdown.start(error.seconds)
        else:
            self.notice.show_error(error)
            self.passphrase.setFocus()

    def _take(self, found: tuple[PsychotherapyNotes, tuple[VisitSummary, ...]]) -> None:
        self._notes, visits = found
        if isValid(self):
            self._show(visits)
        else:
            self.close_notes()

    def _show(self, visits: tuple[VisitSummary, ...]) -> None:
        self._ask.hide()
        self.open_card.show()
        if not visits:
            self.notice.say("info", texts.PSYCHOTHERAPY_NO_VISITS)
        self.visits.blockSignals(True)
        for each in visits:
            item = QListWidgetItem(visit_line(each), self.visits)
            item.setData(_DATA, each.id)
        at = next((n for n, each in enumerate(visits) if each.id == self._first), 0)
        self.visits.setCurrentRow(at if visits else -1)
        self.visits.blockSignals(False)
        self._begin()
        self._list()
        self.visits.setFocus()

    def close_notes(self) -> None:
        """Let go of their key; the vault's own stays."""
        notes, self._notes = self._notes, None
        if notes is not None:
            self._vault.ask(notes.close, on_error=while_there(self, self.notice.show_error))

    def _leave(self) -> None:
        self._put("", "")
        self.close_notes()
        self.back.emit()

    @property
    def unsaved(self) -> bool:
        """Whether something was typed that is not kept yet."""
        typed = self.text.toPlainText().strip()
        return bool(typed) and typed != self._as_read.strip()

    def _keep_then(self, then: Callable[[], object]) -> None:
        """Keep what was typed, then go on; what cannot be kept stays on the screen."""
        if self.unsaved:
            self._keep(then)
        else:
            then()

    # ------------------------------------------------------------ notes

    def _do(self, act: Callable[[PsychotherapyNotes], T], done: Callable[[T], None]) -> None:
        notes = self._notes
        if notes is not None:
            self._vault.ask(
                lambda: act(notes),
                on_done=while_there(self, done),
                on_error=while_there(self, self.notice.show_error),
            )

    def _visit(self) -> EncounterId | None:
        item = self.visits.currentItem()
        return None if item is None else EncounterId(item.data(_DATA))

    def _choose_visit(self) -> None:
        self._keep_then(self._show_visit)

    def _show_visit(self) -> None:
        self._begin()
        self._list()

    def _choose_note(self) -> None:
        self._keep_then(self._read)

    def _list(self, choose: str = "") -> None:
        visit = self._visit()
        if visit is None:
            return

        def show(lines: tuple[Line, ...]) -> None:
            self.notes.blockSignals(True)
            self.notes.clear()
            for each in lines:
                item = QListWidgetItem(_when(each), self.notes)
                item.setData(_DATA, each.id)
                if each.id == choose:
                    self.notes.setCurrentItem(item)
            self.notes.blockSignals(False)

        self._do(lambda notes: notes.list(visit), show)

    def _begin(self) -> None:
        """A new note."""
        self._put("", "")
        self.notes.blockSignals(True)
        self.notes.setCurrentRow(-1)
        self.notes.blockSignals(False)
        if self.new.hasFocus():
            self.text.setFocus()

    def _put(self, note: str, text: str) -> None:
        self._about, self._note, self._as_read = self._visit(), note, text
        self.text.setPlainText(text)
        self._timer.stop()

    def _show_state(self) -> None:
        there = self._visit() is not None
        self.text.setEnabled(there)
        self.new.setEnabled(there)
        self.keep.setEnabled(self.unsaved)
        self.delete.setEnabled(bool(self._note))

    def _typed(self) -> None:
        self._show_state()
        if self.unsaved:
            self._timer.start()

    def _read(self) -> None:
        item = self.notes.currentItem()
        if item is None:
            return
        note = str(item.data(_DATA))
        self.notice.hide()
        self._do(lambda notes: notes.read(note), lambda text: self._put(note, text))

    def _keep(self, then: Callable[[], object] = lambda: None) -> None:
        visit, note, text = self._about, self._note, self.text.toPlainText()
        self._timer.stop()
        if visit is None:
            return

        def write(notes: PsychotherapyNotes) -> str:
            if not note:
                return notes.write(visit, text)
            notes.rewrite(note, text)
            return note

        def kept(which: str) -> None:
            self._note, self._as_read = which, text
            self._show_state()
            self.notice.say("good", texts.PSYCHOTHERAPY_KEPT)
            if visit == self._visit():
                self._list(choose=which)
            then()

        self._do(write, kept)

    def _ask_delete(self) -> None:
        self.dialog = SureDialog(
            texts.PSYCHOTHERAPY_DELETE_TITLE,
            texts.PSYCHOTHERAPY_DELETE_SURE,
            texts.PSYCHOTHERAPY_DELETE,
            self.window(),
        )
        self.dialog.accepted.connect(self._delete)
        self.dialog.open()

    def _delete(self) -> None:
        note = self._note

        def gone(_: None) -> None:
            self._begin()
            self.notice.say("good", texts.PSYCHOTHERAPY_DELETED)
            self._list()

        self._do(lambda notes: notes.delete(note), gone)


def _when(line: Line) -> str:
    written, changed = _minute(line.written), _minute(line.changed)
    words = (
        texts.PSYCHOTHERAPY_LINE if line.written == line.changed else texts.PSYCHOTHERAPY_CHANGED
    )
    return words.format(written=written, changed=changed)


def _minute(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
