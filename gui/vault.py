"""The unlocked vault as the window sees it; every act runs in the work lane, none on the Qt thread.

The database belongs to the thread that opened it, so nothing else may hold the store.
"""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui.tasks import Lane, Tasks
from scribe.build import Parts
from scribe.errors import ScribeError
from scribe.ids import EncounterId
from scribe.ports import Store
from scribe.records import Visit, VisitSummary

T = TypeVar("T")
Failed = Callable[[ScribeError], None]


class Vault(QObject):
    """Opens, lists, loads and saves.

    Signals:
        opened: a store is unlocked from now on.
        locked: the store was closed and its keys forgotten.
    """

    opened = Signal()
    locked = Signal()

    def __init__(self, parts: Parts, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._tasks = tasks
        self._store: Store | None = None

    @property
    def is_open(self) -> bool:
        """Whether visits can be read and kept."""
        return self._store is not None

    def exists(self) -> bool:
        """Whether there is a vault to unlock on this computer."""
        return self._parts.store_exists()

    def unlock(self, passphrase: str, *, on_error: Failed, on_end: Callable[[], None]) -> None:
        """Open the vault. Errors: WrongPassphrase, VaultBusy, VaultDamaged."""
        opener = self._parts.open_store
        self._open(lambda: opener(passphrase), on_error, on_end)

    def create(
        self, passphrase: str, clinician: str, *, on_error: Failed, on_end: Callable[[], None]
    ) -> None:
        """Make a new vault and open it. Errors: VaultExists, DiskFull."""
        maker = self._parts.create_store
        self._open(lambda: maker(passphrase, clinician), on_error, on_end)

    def _open(
        self, make: Callable[[], Store], on_error: Failed, on_end: Callable[[], None]
    ) -> None:
        def done(store: Store) -> None:
            self._store = store
            self.opened.emit()

        self._tasks.run(
            Lane.WORK, lambda tell, stop: make(), on_done=done, on_error=on_error, on_end=on_end
        )

    def use(
        self,
        act: Callable[[Store], T],
        *,
        on_error: Failed,
        on_done: Callable[[T], None] = lambda _: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Run `act(store)` in the work lane. The vault must be open."""
        store = self._store
        assert store is not None, "the vault is locked"
        self._tasks.run(
            Lane.WORK,
            lambda tell, stop: act(store),
            on_done=on_done,
            on_error=on_error,
            on_end=on_end,
        )

    def visits(self, on_done: Callable[[tuple[VisitSummary, ...]], None], on_error: Failed) -> None:
        """All visits, newest first."""
        self.use(lambda store: store.list(), on_done=on_done, on_error=on_error)

    def load(self, which: EncounterId, on_done: Callable[[Visit], None], on_error: Failed) -> None:
        """One visit with all versions of its note."""
        self.use(lambda store: store.load(which), on_done=on_done, on_error=on_error)

    def lock(self, on_error: Failed) -> None:
        """Close the store and forget it at once; views must let go of what they show."""
        if self._store is None:
            return
        self.use(lambda store: store.close(), on_error=on_error)
        self._store = None
        self.locked.emit()

    def farewell(self, unsaved: Visit | None) -> Callable[[], None] | None:
        """The last act of the work lane when the program ends: save what is not saved, and lock."""
        store, self._store = self._store, None
        if store is None:
            return None

        def last() -> None:
            try:
                if unsaved is not None:
                    store.save(unsaved)
            finally:
                store.close()

        return last
