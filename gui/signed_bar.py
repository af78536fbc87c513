"""The bar over a signed note: whose signature it is, and the note as text for somewhere else."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QFrame

from gui import fresh, security_texts, texts
from gui.vault import Vault
from gui.widgets import Chip, button, column, label, row
from scribe import export
from scribe.ports import Store
from scribe.records import SignedNote, VisitState
from scribe.signoff.audit import Act

_TEXT = "text"


class SignedBar(QFrame):
    """Hidden until there is a signed note.

    Signals:
        done(str): the note was copied or saved, in words.
        failed(ScribeError, again): it could not be written.
    """

    done = Signal(str)
    failed = Signal(object, object)

    def __init__(self, vault: Vault) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self.setProperty("tone", "good")
        self._vault = vault
        self._notes: tuple[SignedNote, ...] = ()
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

    def show_notes(self, notes: tuple[SignedNote, ...]) -> None:
        """Show whose signature the newest of these versions carries."""
        self._notes = notes
        self.setVisible(bool(notes))
        if notes:
            note = notes[-1]
            by = note.attestation
            self.signed_by.setText(
                texts.SIGNED_BY.format(
                    signer=by.signer,
                    credential=by.credential,
                    at=f"{by.at.astimezone():%Y-%m-%d %H:%M %Z}",
                    meaning=by.meaning,
                )
            )
            self.digest.setText(texts.SIGNED_HASH.format(sha256=note.sha256))

    def _copy(self) -> None:
        self._when_fresh(self._copy_now)

    def _copy_now(self) -> None:
        def copied(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self.done.emit(texts.COPIED)

        notes = self._notes
        self._vault.use(
            lambda store: _as_text(store, notes),
            on_done=copied,
            on_error=lambda error: self.failed.emit(error, self._copy),
        )

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, texts.SAVE_TEXT, "", texts.TEXT_FILES)
        if name:
            self.save_as(Path(name))

    def save_as(self, path: Path) -> None:
        """Write the note to a text file."""
        self._when_fresh(lambda: self._save_now(path))

    def _when_fresh(self, then: Callable[[], None]) -> None:
        """What leaves the vault needs the passphrase of the last five minutes."""
        why = security_texts.FRESH_EXPORT
        fresh.when_fresh(self._vault, self, why, then, lambda error: self.failed.emit(error, None))

    def _save_now(self, path: Path) -> None:
        notes = self._notes
        self._vault.use(
            lambda store: _write(store, notes, path),
            on_done=lambda _: self.done.emit(texts.SAVED_AS),
            on_error=lambda error: self.failed.emit(error, lambda: self.save_as(path)),
        )


def _sound(store: Store, notes: tuple[SignedNote, ...]) -> tuple[SignedNote, ...]:
    """The versions as they lie in the vault, each verified once more before it leaves."""
    return store.load(notes[-1].coded.encounter.id).notes


def _as_text(store: Store, notes: tuple[SignedNote, ...]) -> str:
    """What leaves the vault is noted in its audit log first."""
    notes = _sound(store, notes)
    store.record(Act.EXPORT, notes[-1].id, _TEXT)
    return export.EXPORTERS[_TEXT].render(notes[-1], notes[:-1]).decode()


def _write(store: Store, notes: tuple[SignedNote, ...], path: Path) -> None:
    notes = _sound(store, notes)
    store.record(Act.EXPORT, notes[-1].id, _TEXT)
    export.write(notes[-1], _TEXT, path, earlier=notes[:-1])
