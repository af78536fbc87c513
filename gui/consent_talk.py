"""Talking about consent on the screen of a visit: which dialog is shown when, and what is done with
its answer. The dialogs only ask, `consenting.py` only does; here they meet.
"""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui import consent_texts, texts
from gui.consent_dialogs import ArrivalDialog, ConsentDialog, WithdrawDialog
from gui.consenting import Consenting
from gui.desk import Desk
from gui.listening import Listening
from gui.record_bar import RecordBar
from gui.vault import Vault
from scribe.consent import wording
from scribe.records import VisitState


class ConsentTalk(QObject):
    """The dialogs of one visit; `over` is the widget they stand over."""

    def __init__(
        self, desk: Desk, listening: Listening, vault: Vault, bar: RecordBar, over: QWidget
    ) -> None:
        super().__init__(over)
        self._desk, self._listening, self._over = desk, listening, over
        self.consenting = Consenting(desk, listening, vault)
        self.arrival: ArrivalDialog | None = None
        bar.file.connect(self.open_file)
        bar.consent.connect(self.ask_to_record)
        bar.joined.connect(self.ask_who_came_in)
        bar.withdrawn.connect(self.ask_withdrawal)

    def ask_to_record(self) -> None:
        """Ask everybody present; also where the consent there is, is for a file only."""
        if self._desk.utterances:
            self.ask(texts.CONSENT_NEEDED)
        else:
            self._ask(self._recorded, texts.CONSENT_NEEDED)

    @property
    def _recorded(self) -> str:
        return wording.for_visit(self._desk.visit.encounter).id

    def ask(self, why: str) -> bool:
        """Ask who agreed; whether the visit may be kept now. What was heard already came from a
        file. A note that outlived its consent is the clinician's own and needs none.
        """
        if not self._settled:
            self._ask(wording.IMPORTED if self._desk.utterances else self._recorded, why)
        return self._settled

    @property
    def _settled(self) -> bool:
        visit = self._desk.visit
        return visit.consent is not None or visit.state is VisitState.WITHDRAWN

    def _ask(self, which: str, why: str) -> None:
        dialog = ConsentDialog(which, self._desk.visit.encounter, why, self._over)
        if dialog.exec() == ConsentDialog.DialogCode.Accepted:
            self.consenting.give(dialog.given)
        dialog.deleteLater()

    def open_file(self, path: Path) -> None:
        """Hear an audio file, once it is stated how those in it agreed."""
        if self.consenting.why_not_file():
            self._ask(wording.IMPORTED, consent_texts.FILE_WHY)
        if not self.consenting.why_not_file():
            self._listening.open_file(path)

    def ask_who_came_in(self) -> None:
        """Hold the recording and ask whoever joined."""
        self.consenting.someone_came_in()
        dialog = self.arrival = ArrivalDialog(self._desk.visit.encounter, self._over)
        dialog.agreed.connect(self.consenting.they_agreed)
        dialog.left.connect(self.consenting.they_left)
        dialog.refused.connect(self.consenting.they_refused)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def ask_withdrawal(self) -> None:
        """Say what becomes of what was heard, then destroy it. Nothing is taken while asking."""
        visit, recording = self._desk.visit, self._listening.recording
        if recording:
            self._listening.hold()
        dialog = WithdrawDialog(visit.consent.given_by if visit.consent else "", self._over)
        if dialog.exec() == WithdrawDialog.DialogCode.Accepted:
            self.consenting.take_back(dialog.by.text())
        elif recording and self._listening.recording and not self.consenting.waiting:
            self._listening.resume()
        dialog.deleteLater()
