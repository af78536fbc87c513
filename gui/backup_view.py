"""Backups in the window: the reminder, and the dialog that makes one while the work goes on."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QFrame,
    QLineEdit,
    QProgressBar,
    QWidget,
)

from gui import backup_texts, texts
from gui.backing import Backing, Known
from gui.tasks import Handle
from gui.theme import icons
from gui.widgets import Banner, button, column, field, label, picture, row, secret
from scribe.errors import ScribeError
from scribe.events import Event, Progress
from scribe.ports import BackupMade

_THOUSANDTHS = 1000
_BAR_PX = 10


class Reminder(QObject):
    """Says in a banner that a backup is due, and opens the dialog.

    Attributes:
        dialog: made with the first opening.
    """

    def __init__(self, backing: Backing, banner: Banner, window: QWidget) -> None:
        super().__init__(window)
        self._backing, self._banner, self._window = backing, banner, window
        self._put_off = False
        self.dialog: BackupDialog | None = None
        banner.closed.connect(self._put_it_off)
        backing.locked.connect(self._forget)

    def look(self) -> None:
        """Ask the vault whether a backup is due, and show it. Once put off, the reminder comes back
        with the next unlocking.
        """
        if not self._put_off:
            self._backing.ask(on_done=self._show, on_error=self._banner.show_error)

    def open(self, *, now: bool = False) -> None:
        """Show the dialog beside everything else; `now` starts where the folder is known."""
        # Taking the action closed the banner; if no backup comes of it, it shall come back.
        self._put_off = False
        if self.dialog is None:
            self.dialog = BackupDialog(self._backing, self._window)
            self.dialog.made.connect(self._made)
        self.dialog.present(now=now)

    def _show(self, found: Known) -> None:
        if not found.due or self._put_off:
            return
        message = backup_texts.REMIND_NEVER
        if found.last is not None:
            days = (datetime.now(UTC) - found.last).days
            message = backup_texts.REMIND.format(days=max(days, 2))
        self._banner.show_message(
            "warn",
            message,
            backup_texts.REMIND_ADVICE,
            backup_texts.BACK_UP_NOW,
            lambda: self.open(now=True),
        )

    def _put_it_off(self) -> None:
        self._put_off = True

    def _made(self) -> None:
        self._put_off = False
        self._banner.clear()

    def _forget(self) -> None:
        self._put_off = False
        self._banner.clear()
        if self.dialog is not None:
            self.dialog.give_up()


class SnugDialog(QDialog):
    """As high as what it shows, however its parts come and go."""

    def event(self, event: QEvent) -> bool:
        """Another content or width, another height."""
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Show, QEvent.Type.Resize):
            layout = self.layout()
            height = 0 if layout is None else layout.totalHeightForWidth(self.width())
            if height > 0 and height != self.height():
                self.setFixedHeight(height)
        return done


class BackupDialog(SnugDialog):
    """Where to, how far it is, what came of it. Not modal: a backup takes its time.

    Signals:
        made: a backup was made and checked.
    """

    made = Signal()

    def __init__(self, backing: Backing, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(backup_texts.BACKUP_TITLE)
        self.setMinimumWidth(600)
        self._backing = backing
        self._handle: Handle | None = None
        self.last = label(role="heading")
        self.folder = QLineEdit()
        self.choose = button(backup_texts.CHOOSE_FOLDER)
        self.choose.clicked.connect(self._choose)
        self.with_notes = QCheckBox(backup_texts.WITH_PSYCHOTHERAPY)
        self.author = secret()
        self._author_field = QWidget()
        self._author_field.setLayout(field(backup_texts.AUTHOR, self.author))
        self._author_field.hide()
        self.with_notes.toggled.connect(self._author_field.setVisible)
        self.progress = Steps(backup_texts.STEPS)
        self.outcome = Outcome()
        self.go = button(backup_texts.BACK_UP_NOW, "primary")
        self.go.clicked.connect(self.start)
        self.stop = button(backup_texts.STOP)
        self.stop.clicked.connect(self._stop)
        self.stop.hide()
        self.leave = button(texts.CLOSE)
        self.leave.clicked.connect(self.close)
        for each in (self.choose, self.stop, self.leave):
            each.setAutoDefault(False)
        self.go.setDefault(True)
        where = row(self.folder, self.choose, gap=8)
        head = label(backup_texts.FOLDER, "field")
        head.setBuddy(self.folder)
        self.folder.setAccessibleName(backup_texts.FOLDER)
        self.setLayout(
            column(
                label(backup_texts.BACKUP_TITLE, "title"),
                label(backup_texts.BACKUP_LEAD, "muted", wrap=True),
                self.last,
                column(head, where, gap=4),
                self.with_notes,
                self._author_field,
                label(backup_texts.BACKUP_OPENS, "small", wrap=True),
                self.progress,
                self.outcome,
                label(backup_texts.RESTORE_HINT, "small", wrap=True),
                4,
                row(None, self.leave, self.stop, self.go, gap=12),
                margins=(28, 24, 28, 22),
                gap=12,
            )
        )

    @property
    def busy(self) -> bool:
        """Whether a backup is being made."""
        return self._handle is not None

    def present(self, *, now: bool = False) -> None:
        """Show what the vault knows; `now` starts where the folder of the last one is there."""

        def ready(found: Known) -> None:
            self._tell_last(found.last)
            if found.folder is not None and not self.folder.text():
                self.folder.setText(str(found.folder))
            if now and found.folder is not None and found.folder.is_dir():
                self.start()

        if not self.busy:
            self.outcome.clear()
            self._backing.ask(on_done=ready, on_error=self.outcome.show_error)
        self.show()
        self.raise_()
        self.activateWindow()
        (self.stop if self.busy else self.go).setFocus()

    def start(self) -> None:
        """Begin, or say what is missing."""
        folder, author = self.folder.text().strip(), self.author.text()
        if self.busy:
            return
        if not folder:
            self.outcome.say("warn", backup_texts.NO_FOLDER)
            return
        if self.with_notes.isChecked() and not author:
            self.outcome.say("warn", backup_texts.AUTHOR_EMPTY)
            return
        self.outcome.clear()
        self._handle = self._backing.make(
            Path(folder),
            author if self.with_notes.isChecked() else None,
            on_event=self.progress.follow,
            on_done=self._done,
            on_error=self.outcome.show_error,
            on_end=self._ended,
        )
        self._show_busy(self.busy)

    def give_up(self) -> None:
        """The vault was locked."""
        if self._handle is not None:
            self._handle.stop()
        for each in (self.folder, self.author):
            each.clear()
        self.hide()

    def _stop(self) -> None:
        if self._handle is not None:
            self._handle.stop()
            self.stop.setEnabled(False)

    def _choose(self) -> None:
        found = QFileDialog.getExistingDirectory(self, backup_texts.FOLDER, self.folder.text())
        if found:
            self.folder.setText(found)

    def _done(self, made: BackupMade) -> None:
        self._tell_last(made.at)
        where = backup_texts.DONE_WHERE.format(path=made.path, size=f"{made.size / 1e6:.1f}")
        also = f"\n{backup_texts.DONE_SAME_DISK}" if made.same_disk else ""
        told = backup_texts.DONE.format(
            visits=made.visits, notes=made.notes, recordings=made.recordings
        )
        self.outcome.say("good", told, where + also)
        self.author.clear()
        self.made.emit()

    def _ended(self) -> None:
        stopped = self._handle is not None and self._handle.is_set()
        self._handle = None
        self._show_busy(False)
        if stopped and not self.outcome.message.text():
            self.outcome.say("info", backup_texts.STOPPED)

    def _show_busy(self, busy: bool) -> None:
        for each in (self.go, self.folder, self.choose, self.with_notes, self.author):
            each.setEnabled(not busy)
        self.go.setVisible(not busy)
        self.stop.setVisible(busy)
        self.stop.setEnabled(busy)
        self.progress.setVisible(busy)
        if busy:
            self.progress.begin(backup_texts.STEPS["copy"])

    def _tell_last(self, last: datetime | None) -> None:
        told = backup_texts.NEVER
        if last is not None:
            told = backup_texts.LAST.format(at=f"{last.astimezone():%Y-%m-%d %H:%M}")
        self.last.setText(told)


class Steps(QWidget):
    """A bar and the name of the step it is about; hidden while nothing runs."""

    def __init__(self, words: Mapping[str, str]) -> None:
        """`words` says what each step is."""
        super().__init__()
        self._words = words
        self.step = label()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(_BAR_PX)
        self.setLayout(column(self.step, self.bar, gap=6))
        self.hide()

    def begin(self, step: str) -> None:
        """Show that something runs whose end is not known."""
        self.step.setText(step)
        self.bar.setAccessibleName(step)
        self.bar.setRange(0, 0)

    def follow(self, event: Event) -> None:
        """Show how far a step is."""
        if not isinstance(event, Progress):
            return
        step = self._words.get(event.step, event.step)
        if step != self.step.text():
            self.begin(step)
        if event.total:
            self.bar.setRange(0, _THOUSANDTHS)
            self.bar.setValue(round(_THOUSANDTHS * min(event.done / event.total, 1.0)))


class Outcome(QFrame):
    """What came of it, inside a dialog: a word, an icon, and what to do next."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "said")
        self._icon = picture("info")
        self.message = label(role="heading", wrap=True)
        self.advice = label(wrap=True)
        line = row(column(self._icon, None), margins=(14, 12, 14, 12), gap=10)
        line.addLayout(column(self.message, self.advice, gap=2), 1)
        self.setLayout(line)
        self.hide()

    def show_error(self, error: ScribeError) -> None:
        """A known fault."""
        self.say("block", error.message, error.advice)

    def say(self, tone: str, message: str, advice: str = "") -> None:
        """Anything worth saying, in one of the four tones (which are also icons)."""
        self._icon.setPixmap(icons.pixmap(tone, tone, scale=2))
        self.message.setText(message)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.setAccessibleName(f"{message} {advice}".strip())
        self.show()

    def clear(self) -> None:
        """Nothing to say."""
        self.message.clear()
        self.hide()
