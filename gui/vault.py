"""The unlocked vault as the window sees it; every act runs in the work lane, none on the Qt thread.

The database belongs to the thread that opened it, so nothing else may hold the store.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from gui import strongroom
from gui.strongroom import Arrival, Made
from gui.tasks import Lane, Tasks
from scribe.build import Parts
from scribe.errors import ScribeError
from scribe.ids import EncounterId
from scribe.ports import Backups, Store
from scribe.records import Visit, VisitSummary

T = TypeVar("T")
Failed = Callable[[ScribeError], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entered:
    """A store that was just unlocked; `made`: its new recovery key, which nobody has seen."""

    store: Store
    arrival: Arrival
    made: Made | None


def _entered(store: Store, *, new: bool) -> _Entered:
    arrival = strongroom.arrival(store)
    made = strongroom.first_key(store) if new and not arrival.finished else None
    return _Entered(store=store, arrival=arrival, made=made)


class Vault(QObject):
    """Opens, lists, loads and saves.

    Signals:
        opened: visits can be read and kept from now on.
        unfinished(Made or None): it is unlocked, but no recovery key is on paper; one that was made
        just now, to be shown. `finish` when it is.
        locked: the store was closed and its keys forgotten.
    """

    opened = Signal()
    unfinished = Signal(object)
    locked = Signal()

    def __init__(self, parts: Parts, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._tasks = tasks
        self._store: Store | None = None
        self.arrival = Arrival()

    @property
    def is_open(self) -> bool:
        """Whether visits can be read and kept: unlocked, and its setup is finished."""
        return self._store is not None and self.arrival.finished

    @property
    def unlocked(self) -> bool:
        """Whether there are keys to forget."""
        return self._store is not None

    @property
    def folder(self) -> Path | None:
        """Where the vault lies; None where nothing is kept."""
        return self._parts.vault_folder

    def exists(self) -> bool:
        """Whether there is a vault to unlock on this computer."""
        return self._parts.store_exists()

    def unlock(self, passphrase: str, *, on_error: Failed, on_end: Callable[[], None]) -> None:
        """Open the vault. Errors: WrongPassphrase, TooSoon, VaultBusy, VaultDamaged."""
        opener = self._parts.open_store
        self.enter(lambda: opener(passphrase), on_error=on_error, on_end=on_end)

    def create(
        self, passphrase: str, clinician: str, *, on_error: Failed, on_end: Callable[[], None]
    ) -> None:
        """Make a new vault and open it. Errors: VaultExists, DiskFull."""
        maker = self._parts.create_store
        self.enter(lambda: maker(passphrase, clinician), on_error=on_error, on_end=on_end, new=True)

    def enter(
        self,
        make: Callable[[], Store],
        *,
        on_error: Failed,
        on_end: Callable[[], None],
        new: bool = False,
    ) -> None:
        """Open the vault by `make`; `new`: a recovery key was made that nobody has seen yet."""

        def job() -> _Entered:
            return _entered(make(), new=new)

        self.ask(job, on_done=self._take, on_error=on_error, on_end=on_end)

    def _take(self, found: _Entered) -> None:
        self._store, self.arrival = found.store, found.arrival
        if found.arrival.finished:
            self.opened.emit()
        else:
            self.unfinished.emit(found.made)

    def finish(self) -> None:
        """The recovery key is on paper: visits can be opened."""
        self.arrival = replace(self.arrival, finished=True)
        self.opened.emit()

    def unfinish(self, made: Made) -> None:
        """The recovery key was replaced: nothing else until the new one is on paper."""
        self.arrival = replace(self.arrival, finished=False)
        self.unfinished.emit(made)

    def rotate(
        self, passphrase: str, new: str | None, *, on_error: Failed, on_end: Callable[[], None]
    ) -> None:
        """Close the vault and open it under new keys. Errors: WrongPassphrase, TooSoon (nothing
        was closed), DiskFull, VaultDamaged (it has the keys it had).
        """

        def job(store: Store) -> tuple[_Entered | None, ScribeError | None]:
            changed = strongroom.rotate_keys(store, passphrase, new)
            if changed.store is None:
                return None, changed.error
            return _entered(changed.store, new=changed.error is None), changed.error

        def done(found: tuple[_Entered | None, ScribeError | None]) -> None:
            entered, error = found
            if entered is None:
                self._store = None
                self.locked.emit()
            elif error is None:
                self._take(entered)
            else:
                self._store = entered.store
            if error is not None:
                on_error(error)

        self.use(job, on_done=done, on_error=on_error, on_end=on_end)

    def ask(
        self,
        job: Callable[[], T],
        *,
        on_error: Failed,
        on_done: Callable[[T], None] = lambda _: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Run something about the vault in its lane that needs no open one."""
        self._tasks.run(
            Lane.WORK, lambda tell, stop: job(), on_done=on_done, on_error=on_error, on_end=on_end
        )

    def use(
        self,
        act: Callable[[Store], T],
        *,
        on_error: Failed,
        on_done: Callable[[T], None] = lambda _: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Run `act(store)` in the work lane. The vault must be unlocked."""
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

    @property
    def backups(self) -> Backups | None:
        """Making backups, in a lane of their own: the store lets one lane in at a time."""
        return None if self._store is None else self._store.backups

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
