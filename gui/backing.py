"""What the window asks of backups, in a lane of their own: a backup takes minutes, and the work
goes on beside it. No widget.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from gui import backup_texts
from gui.tasks import Handle, Lane, Tasks
from gui.vault import Failed, Vault
from scribe.build import Parts, RestoreWish
from scribe.events import Event
from scribe.ports import BackupMade, Restored, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the vault knows of its backups."""

    last: datetime | None
    folder: Path | None
    due: bool


class Backing(QObject):
    """Makes and restores backups.

    Signals:
        restored(str): there is a vault to unlock now, out of a backup; what came back, in words.
        locked: the vault was locked; nothing may show what was in it.
    """

    restored = Signal(str)
    locked = Signal()

    def __init__(self, parts: Parts, tasks: Tasks, vault: Vault, parent: QObject) -> None:
        super().__init__(parent)
        self._parts, self._tasks, self._vault = parts, tasks, vault
        vault.locked.connect(self.locked)

    @property
    def can_restore(self) -> bool:
        """Whether a vault can be restored: where there is none yet, and something is kept."""
        return self._parts.restore_store is not None and not self._vault.exists()

    def ask(self, *, on_done: Callable[[Known], None], on_error: Failed) -> None:
        """What the vault knows of its backups; nothing follows where it is locked."""
        if self._vault.is_open:
            self._vault.use(_known, on_done=on_done, on_error=on_error)

    def make(
        self,
        folder: Path,
        author: str | None,
        *,
        on_event: Callable[[Event], None],
        on_done: Callable[[BackupMade], None],
        on_error: Failed,
        on_end: Callable[[], None],
    ) -> Handle | None:
        """Make a backup; `author` is the passphrase for psychotherapy notes. None where the vault
        is locked.
        """
        backups = self._vault.backups
        if backups is None:
            return None
        return self._tasks.run(
            Lane.BACKUP,
            lambda tell, stop: backups.make(
                folder, psychotherapy_passphrase=author, tell=tell, stop=stop
            ),
            on_event=on_event,
            on_done=on_done,
            on_error=on_error,
            on_end=on_end,
        )

    def restore(
        self,
        wish: RestoreWish,
        *,
        on_event: Callable[[Event], None],
        on_done: Callable[[Restored], None],
        on_error: Failed,
        on_end: Callable[[], None],
    ) -> Handle | None:
        """Restore a backup. None where nothing is kept."""
        restorer = self._parts.restore_store
        if restorer is None:
            return None
        return self._tasks.run(
            Lane.BACKUP,
            lambda tell, stop: restorer(wish, tell, stop),
            on_event=on_event,
            on_done=on_done,
            on_error=on_error,
            on_end=on_end,
        )

    def tell_restored(self, told: Restored) -> None:
        """Let the window know."""
        self.restored.emit(
            backup_texts.RESTORED.format(
                visits=told.visits,
                clinician=told.clinician,
                made=f"{told.made.astimezone():%Y-%m-%d %H:%M}",
            )
        )


def _known(store: Store) -> Known:
    backups = store.backups
    return Known(last=backups.last(), folder=backups.folder(), due=backups.due())
