"""How a window forgets: what is on it goes at once, the visit is saved, its process ends. Python
cannot wipe memory, so nothing less would be honest.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn, Protocol

from PySide6.QtWidgets import QApplication, QWidget

from gui.control import Begin, Control, Place
from gui.engines import Engines
from gui.tasks import Lane, Tasks
from gui.vault import Vault
from gui.visit_view import VisitView
from scribe import log
from scribe.errors import ScribeError
from scribe.records import Visit, VisitState
from scribe.supervisor import LOCKED, Why

CRASH = "crash"
SAVE_SECONDS = 1.2
"""How long the last save may take. What does not fit was typed in the last second."""


class Locks(Protocol):
    """The main window, as far as it is needed here."""

    tasks: Tasks
    vault: Vault
    engines: Engines
    visit: VisitView | None

    def saveGeometry(self) -> object:
        """Qt's."""
        ...


def forget(window: Locks, control: Control, reason: str) -> NoReturn:
    """Save, end the model processes, and end this process. The supervisor ends it if that fails."""
    view = window.visit
    kept = view is not None and view.desk.kept
    control.locking(
        Place(
            visit=view.desk.visit.encounter.id if view is not None and kept else "",
            file=view is not None and not kept,
            reason=reason,
            geometry=_hex(window.saveGeometry()),
        )
    )
    for each in QApplication.topLevelWidgets():
        each.hide()
    clipboard = QApplication.clipboard()
    if clipboard.ownsClipboard():
        clipboard.clear()
    # The hidden windows and the empty clipboard have to reach the screen before we are gone.
    QApplication.processEvents()
    unsaved = None if view is None else _to_keep(view)
    last = window.vault.farewell(unsaved)
    if view is not None:
        view.listening.farewell()
    window.engines.close()
    _save(window.tasks, last)
    log.event(log.Code.VAULT_LOCKED)
    log.close_log()
    os._exit(LOCKED)


def _save(tasks: Tasks, last: Callable[[], None] | None) -> None:
    if last is None:
        return
    try:
        tasks.last(Lane.WORK, last, SAVE_SECONDS)
    except ScribeError as error:
        # There is nobody left to tell; the log says which it was.
        log.event(log.Code.FAILED, error=type(error))


def _to_keep(view: VisitView) -> Visit | None:
    """The visit with everything that is not saved yet; what was heard so far of a recording spares
    the next window hearing it again.
    """
    desk = view.desk
    heard = view.listening.heard() if desk.visit.state is VisitState.RECORDING else None
    if heard is not None and desk.kept:
        return replace(desk.visit, transcript=heard)
    return desk.visit if desk.unsaved else None


def _hex(geometry: object) -> str:
    return bytes(geometry).hex()  # type: ignore[call-overload, no-any-return]  # a QByteArray


def reason(begin: Begin) -> str:
    """Which of the reasons in words is shown."""
    return CRASH if begin.why is Why.CRASHED else begin.place.reason


def place_again(window: QWidget, place: Place) -> None:
    """Put a window where the one before it was."""
    window.restoreGeometry(bytes.fromhex(place.geometry))
