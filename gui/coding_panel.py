"""The right column of a visit: diagnoses, suggested codes and the code check; it wires them to the
desk and to the code tables, and decides nothing.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from gui import texts
from gui.claim_view import ClaimView
from gui.codes import Codes
from gui.desk import Desk
from gui.findings_view import FindingsView
from gui.proposals_view import ProposalsView
from gui.widgets import column
from scribe.records import Quote


class CodingPanel(QWidget):
    """Everything about codes.

    Signals:
        gone_to(StatementId): show this sentence of the note. failed(ScribeError): a known fault.
    """

    gone_to = Signal(object)
    failed = Signal(object)

    def __init__(self, desk: Desk, codes: Codes) -> None:
        super().__init__()
        self.codes = codes
        self.proposals = ProposalsView()
        self.claim = ClaimView(f"{desk.visit.encounter.date_of_service}", self.proposals)
        self.findings = FindingsView()
        box = column(self.claim, self.findings, gap=12)
        box.setStretch(1, 1)
        self.setLayout(box)
        claim, proposals, findings = self.claim, self.proposals, self.findings
        claim.changed.connect(desk.set_claim)
        claim.entered.connect(codes.warm)
        claim.asked.connect(codes.look_up)
        claim.undone.connect(codes.undo)
        proposals.taken.connect(codes.take)
        proposals.taken.connect(self._after_change)
        proposals.dismissed.connect(codes.dismiss)
        proposals.again.connect(codes.show_dismissed)
        proposals.shown.connect(self._go_to)
        findings.shown.connect(self._go_to)
        findings.taken.connect(desk.apply)
        findings.taken.connect(self._after_change)
        findings.completed.connect(claim.offer)
        codes.looked.connect(claim.show_answer)
        codes.proposals_changed.connect(self._show_proposals)
        codes.titles_changed.connect(lambda: claim.show_titles(codes.title))
        codes.history_changed.connect(lambda: claim.show_change(codes.last_change))
        codes.failed.connect(self.failed)
        key = QShortcut(QKeySequence(texts.KEYS["undo_claim"]), self)
        key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        key.activated.connect(codes.undo)

    def _show_proposals(self) -> None:
        codes = self.codes
        self.proposals.show_proposals(codes.proposals, codes.dismissed, codes.sentence)

    def _after_change(self) -> None:
        # The button that was pressed is gone. Left alone, the focus would land on the next button
        # that changes the claim, and a second press would do so unasked.
        self.claim.undo.setFocus()

    def _go_to(self, quote: Quote) -> None:
        if (which := self.codes.statement(quote)) is not None:
            self.gone_to.emit(which)
