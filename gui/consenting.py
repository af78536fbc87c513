"""What becomes of a consent that is given, asked for again or taken back while a visit is on the
desk: the steps of scribe/session.py, the recorder and the vault, in that order. No widget here.
"""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from gui.desk import Desk
from gui.listening import Listening
from gui.vault import Vault
from scribe import session
from scribe.consent import gate
from scribe.errors import ConsentNeeded, ScribeError
from scribe.records import Consent, Visit, VisitState

SOMEBODY = "somebody"


class Consenting(QObject):
    """The consents of the visit on the desk.

    Signals:
        changed: somebody agreed, came in, left or took the consent back.
        destroyed_all: what was heard is gone from the vault.
        failed(ScribeError): a known fault.
    """

    changed = Signal()
    destroyed_all = Signal()
    failed = Signal(object)

    def __init__(self, desk: Desk, listening: Listening, vault: Vault) -> None:
        super().__init__()
        self._desk, self._listening, self._vault = desk, listening, vault
        listening.stopped.connect(self._sweep)

    @property
    def waiting(self) -> bool:
        """Whether somebody came in who has not answered."""
        return bool(gate.open_arrivals(self._desk.visit))

    def why_not_record(self) -> str:
        """The first reason why the microphone may not open; empty when it may."""
        return next(iter(gate.lacking(self._desk.visit)), "")

    def why_not_file(self) -> str:
        """The first reason why no audio file may be heard; empty when one may."""
        return next(iter(gate.lacking_for_file(self._desk.visit)), "")

    def give(self, consent: Consent) -> None:
        """Everybody present agreed. A file that was opened unasked is kept from now on."""
        try:
            visit = session.agree(self._desk.visit, consent)
        except ConsentNeeded as error:
            self.failed.emit(error)
            return
        if visit.state is VisitState.DRAFTED and self._desk.coded is not None:
            visit = replace(visit, state=session.step(visit.state, VisitState.CODED))
        self._become(visit)

    def someone_came_in(self) -> None:
        """No sound is taken from this instant on, whoever it turns out to be."""
        self._listening.hold()
        if not self.waiting:
            self._become(session.join(self._desk.visit, SOMEBODY, _now()))

    def they_agreed(self, consent: Consent) -> None:
        """Those who came in agreed: the recording goes on."""
        try:
            visit = session.joined_agree(self._desk.visit, consent)
        except ConsentNeeded as error:
            self.failed.emit(error)
            return
        self._become(visit)
        self._go_on()

    def they_left(self) -> None:
        """Those who came in are gone again: the recording goes on."""
        self._become(session.joined_left(self._desk.visit, _now()))
        self._go_on()

    def they_refused(self) -> None:
        """The recording ends with what was said before they came in."""
        self._listening.stop()

    def _go_on(self) -> None:
        try:
            self._listening.resume()
        except ConsentNeeded as error:
            self.failed.emit(error)

    def take_back(self, by: str) -> None:
        """The consent is withdrawn: nothing more is taken, heard or written; the vault destroys the
        key of the recording, and the desk forgets what was heard.
        """
        try:
            visit = session.withdraw(self._desk.visit, by, _now())
        except ScribeError as error:
            self.failed.emit(error)
            return
        self._listening.revoke()
        self._become(visit)
        if self._vault.is_open:
            self._vault.use(
                lambda store: store.withdraw(visit),
                on_done=lambda _: self.destroyed_all.emit(),
                on_error=self.failed.emit,
            )

    def _sweep(self) -> None:
        """The recorder let go of its file: whatever it wrote after the key was gone, goes now."""
        visit = self._desk.visit
        if visit.state is VisitState.WITHDRAWN and self._vault.is_open:
            which = visit.encounter.id
            self._vault.use(
                lambda store: store.shred(which, "consent withdrawn"), on_error=self.failed.emit
            )

    def _become(self, visit: Visit) -> None:
        self._desk.become(visit)
        self._desk.save()
        self.changed.emit()


def _now() -> datetime:
    return datetime.now().astimezone()
