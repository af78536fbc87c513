"""The bar over a signed note: whose signature it is, and the note as text for somewhere else."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame

from gui import texts
from gui.tasks import Lane, Tasks
from gui.widgets import Chip, button, column, label, row
from scribe import export
from scribe.errors import ScribeError
from scribe.records import SignedNote, VisitState

_TEXT = "text"


class SignedBar(QFrame):
    """Hidden until there is a signed note.

    Signals:
        done(str): the note was copied or saved, in words.
        failed(ScribeError, again): it could not be written.
    """

    done = Signal(str)
    failed = Signal(object, object)

    def __init__(self, tasks: Tasks) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", "good")
        self._tasks = tasks
        self._note: SignedNote | None = None
        self.signed_by = label(role="heading", wrap=True)
        self.digest = label(role="small")
        self.digest.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy = button(texts.COPY_TEXT, icon="copy")
        self.copy.clicked.connect(self._copy)
        self.save = button(texts.SAVE_TEXT, icon="file")
        self.save.clicked.connect(self._choose)
        line = row(Chip("lock", texts.STATES[VisitState.SIGNED], "good"), gap=12)
        line.setContentsMargins(20, 8, 20, 8)
        line.addLayout(column(self.signed_by, self.digest, gap=2), 1)
        line.addWidget(self.copy)
        line.addWidget(self.save)
        self.setLayout(line)
        self.hide()

    def show_note(self, note: SignedNote | None) -> None:
        """Show whose signature this is."""
        self._note = note
        self.setVisible(note is not None)
        if note is not None:
            by = note.attestation
            self.signed_by.setText(
                texts.SIGNED_BY.format(
                    signer=by.signer,
                    credential=by.credential,
                    at=f"{by.at.astimezone():%Y-%m-%d %H:%M}",
                    meaning=by.meaning,
                )
            )
            self.digest.setText(texts.SIGNED_HASH.format(sha256=note.sha256))

    def _copy(self) -> None:
        if self._note is not None:
            text = export.EXPORTERS[_TEXT].render(self._note)
            QGuiApplication.clipboard().setText(text.decode())
            self.done.emit(texts.COPIED)

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, texts.SAVE_TEXT, "", texts.TEXT_FILES)
        if name:
            self.save_as(Path(name))

    def save_as(self, path: Path) -> None:
        """Write the note to a text file."""
        note = self._note
        if note is None:
            return

        def refused(error: ScribeError) -> None:
            self.failed.emit(error, lambda: self.save_as(path))

        self._tasks.run(
            Lane.WORK,
            lambda tell, stop: export.write(note, _TEXT, path),
            on_done=lambda _: self.done.emit(texts.SAVED_AS),
            on_error=refused,
        )
