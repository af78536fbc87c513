"""Codes for problems in this note: suggestions beside their evidence; only a click puts one on the
claim.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from gui import texts
from gui.widgets import Chip, button, column, empty, frame, label, row, tool
from gui.words import Words
from scribe.coding.suggest import Proposal
from scribe.records import Quote

Sentence = Callable[[Quote], str]
_MOST_PLACES = 2


class ProposalCard(QFrame):
    """One suggested code.

    Signals:
        taken(str), dismissed(str): the code. shown(Quote): go to these words of the note.
    """

    taken = Signal(str)
    dismissed = Signal(str)
    shown = Signal(object)

    def __init__(self, proposal: Proposal, sentence: Sentence) -> None:
        super().__init__()
        self.setProperty("role", "proposal")
        self.proposal = proposal
        code, title = proposal.code, proposal.title
        self.setAccessibleName(f"{texts.PROPOSAL}: {code} {title}")
        self.mark = Chip("info", texts.PROPOSAL, "info")
        name = texts.PROPOSAL_ADD_NAME.format(code=code, title=title)
        self.add = button(texts.PROPOSAL_ADD.format(code=code), "offer", name=name, tip=name)
        self.add.clicked.connect(lambda: self.taken.emit(code))
        self.drop = tool("cross", texts.PROPOSAL_DISMISS.format(code=code))
        self.drop.clicked.connect(lambda: self.dismissed.emit(code))
        box = column(
            row(self.mark, None, self.add, self.drop, gap=6),
            label(f"{code} {title}", wrap=True),
            margins=(10, 5, 6, 6),
            gap=2,
        )
        # At once: a part that is shown before it has a parent would flash up as a window.
        self.setLayout(box)
        self.words: list[Words] = []
        for quote in proposal.evidence[:_MOST_PLACES]:
            words = f"“{sentence(quote) or quote.text}”"
            made = Words(words, name=texts.PROPOSAL_WORDS.format(words=words))
            made.clicked.connect(lambda _=False, quote=quote: self.shown.emit(quote))
            self.words.append(made)
            box.addWidget(made)
        matched = ", ".join(proposal.matched)
        box.addWidget(label(texts.PROPOSAL_MATCHED.format(words=matched), "small", wrap=True))


class ProposalsView(QWidget):
    """The list under the diagnoses; not there while there is nothing to suggest.

    Signals: like ProposalCard, and again: show what was dismissed.
    """

    taken = Signal(str)
    dismissed = Signal(str)
    shown = Signal(object)
    again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[ProposalCard] = []
        self._shown: object = None
        self._box = QVBoxLayout()
        self._box.setSpacing(6)
        self._gone = QWidget()
        self.gone = label(role="small", wrap=True)
        self.gone.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self.bring_back = button(texts.PROPOSALS_AGAIN, "quiet")
        self.bring_back.clicked.connect(self.again)
        line = row(gap=6)
        line.addWidget(self.gone, 1)
        line.addWidget(self.bring_back)
        self._gone.setLayout(line)
        self._head = QWidget()
        self._head.setLayout(
            column(
                label(texts.PROPOSALS, "heading"),
                label(texts.PROPOSALS_LEAD, "small", wrap=True),
                gap=2,
            )
        )
        self.setAccessibleName(texts.PROPOSALS)
        self.setLayout(column(frame("rule"), self._head, self._box, self._gone, gap=8))
        self.hide()

    def show_proposals(
        self, proposals: tuple[Proposal, ...], dismissed: tuple[str, ...], sentence: Sentence
    ) -> None:
        """Show these; a card whose words are the same is kept, with the focus."""
        held = tuple(tuple(sentence(quote) for quote in each.evidence) for each in proposals)
        if (proposals, held, dismissed) == self._shown:
            return
        self._shown = (proposals, held, dismissed)
        focus = self._focused()
        empty(self._box)
        self.cards = []
        for each in proposals:
            self._box.addWidget(self._card(each, sentence))
        self._head.setVisible(bool(proposals))
        self._gone.setVisible(bool(dismissed))
        self.gone.setText(texts.PROPOSALS_DISMISSED.format(codes=", ".join(dismissed)))
        self.setVisible(bool(proposals or dismissed))
        if focus is not None:
            # On what changes nothing, so that a second press by mistake does nothing either.
            near = self.cards[min(focus, len(self.cards) - 1)].words if self.cards else []
            (near[0] if near else self.bring_back).setFocus()

    def _focused(self) -> int | None:
        """The number of the card that has the focus, from 0."""
        focus = QApplication.focusWidget()
        held = (n for n, each in enumerate(self.cards) if focus and each.isAncestorOf(focus))
        return next(held, None)

    def _card(self, proposal: Proposal, sentence: Sentence) -> ProposalCard:
        card = ProposalCard(proposal, sentence)
        card.taken.connect(self.taken)
        card.dismissed.connect(self.dismissed)
        card.shown.connect(self.shown)
        self.cards.append(card)
        return card
