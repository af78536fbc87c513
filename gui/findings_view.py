"""What the code check says, one card per finding, what blocks first."""

from collections import Counter, deque
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui import edits, texts
from gui.finding_card import FindingCard, looks
from gui.offers import Offer, offers
from gui.widgets import column, frame, label, scrolling
from scribe.records import CodedNote, Finding, Severity, Utterance

Settled = Callable[[Finding], tuple[bool, str]]
"""Whether a finding was dealt with, and the reason typed for it."""

_SLICE_SECONDS = 0.01
"""A card takes about 8 ms to build; many are built without holding the window up."""
_LEAST, _LEAST_EMPTY = 330, 90
"""Pixels of height: a long claim and many suggestions leave room to read a finding."""


class FindingsView(QWidget):
    """The lower right panel; passes on the signals of its cards.

    Signals: like FindingCard.
    """

    taken = Signal(object, int)
    completed = Signal(str)
    overridden = Signal(object, str)
    dismissed = Signal(object)
    reopened = Signal(object)
    asked = Signal(object)
    shown = Signal(object)
    explained = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._cards: list[FindingCard] = []
        self._findings: tuple[Finding, ...] = ()
        self._at = -1
        self._held: int | None = None
        self._keys: tuple[object, ...] | None = None
        self._kept: dict[object, FindingCard] = {}
        self._settled: Settled = lambda finding: (False, "")
        self._todo: deque[tuple[object, Callable[[], FindingCard]]] = deque()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(0)
        self._later.timeout.connect(self._build)
        self._count = label(role="small", wrap=True)
        self._box = QVBoxLayout()
        self._box.setSpacing(10)
        inside = QWidget()
        inside.setLayout(column(self._box, None, margins=(0, 0, 4, 0)))
        self.area = scrolling(inside, texts.FINDINGS)
        panel = frame("panel")
        panel.setLayout(
            column(
                column(label(texts.FINDINGS, "heading"), self._count, gap=2),
                self.area,
                margins=(14, 12, 10, 12),
                gap=8,
            )
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(panel)
        self.show_findings(None, (), editable=True)

    @property
    def cards(self) -> list[FindingCard]:
        """The cards in their order, all of them built."""
        while self._todo:
            self._build_one()
        return self._cards

    def show_findings(
        self, coded: CodedNote | None, said: tuple[Utterance, ...], *, editable: bool
    ) -> None:
        """Show what the check says; None while it has not run. A card that would look the same is
        kept, with the cursor and with what is being typed into it.
        """
        findings = edits.by_severity(coded.findings) if coded is not None else ()
        claim = coded.diagnoses if coded is not None else ()
        made = [(each, offers(each, claim)) for each in findings]
        keys = _told_apart((looks(each), lines, said, editable) for each, lines in made)
        if keys != self._keys:
            self._keys, self._at = keys, -1
            self._held = self._focused()
            self._drop(keys)
            self._cards = []
            self._todo = deque(
                (key, partial(self._card, each, lines, said, editable=editable))
                for key, (each, lines) in zip(keys, made, strict=True)
            )
        self._findings = findings
        for card, finding in zip(self._cards, findings, strict=False):
            card.finding = finding
        self._count.setText(_counted(findings if coded is not None else None))
        self.setMinimumHeight(_LEAST if findings else _LEAST_EMPTY)
        self._build()

    def show_settled(self, settled: Settled) -> None:
        """Ask again of every finding whether it was dealt with, and with which reason."""
        self._settled = settled
        for card in self._cards:
            card.show_settled(*settled(card.finding))

    def _drop(self, keys: tuple[object, ...]) -> None:
        for key in [each for each in self._kept if each not in keys]:
            card = self._kept.pop(key)
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()

    def _build(self) -> None:
        """Build for one slice of time, then let the window breathe and go on."""
        until = perf_counter() + _SLICE_SECONDS
        while self._todo and perf_counter() < until:
            self._build_one()
        if self._todo:
            self._later.start()

    def _build_one(self) -> None:
        key, make = self._todo.popleft()
        place = len(self._cards)
        card = self._kept.get(key) or make()
        card.finding = self._findings[place]
        card.show_settled(*self._settled(card.finding))
        self._kept[key] = card
        self._cards.append(card)
        if self._box.indexOf(card) != place:
            self._box.removeWidget(card)
            self._box.insertWidget(place, card)
        if not self._todo and self._held is not None and self._focused() is None:
            self._cards[min(self._held, place)].setFocus()

    def _focused(self) -> int | None:
        """The number of the card that has the focus, from 0."""
        focus = QApplication.focusWidget()
        cards = enumerate(self._cards)
        return next((n for n, c in cards if focus and (c is focus or c.isAncestorOf(focus))), None)

    def _card(
        self,
        finding: Finding,
        lines: tuple[Offer, ...],
        said: tuple[Utterance, ...],
        *,
        editable: bool,
    ) -> FindingCard:
        card = FindingCard(finding, lines, said, editable=editable)
        card.taken.connect(self.taken)
        card.completed.connect(self.completed)
        card.overridden.connect(self.overridden)
        card.dismissed.connect(self.dismissed)
        card.reopened.connect(self.reopened)
        card.asked.connect(self.asked)
        card.shown.connect(self.shown)
        card.explained.connect(self.explained)
        return card

    def next(self) -> None:
        """Bring the next finding into view and put the focus on its first control."""
        cards = self.cards
        if not cards:
            return
        self._at = (self._at + 1) % len(cards)
        card = cards[self._at]
        self.area.ensureWidgetVisible(card)
        first = next((each for each in (*card.offers, card.act) if each.isVisibleTo(card)), None)
        if first is not None:
            first.setFocus()


def _told_apart(keys: Iterable[object]) -> tuple[object, ...]:
    """Each key with how often it came before, so that twins have cards of their own."""
    known: Counter[object] = Counter()
    found = []
    for key in keys:
        found.append((key, known[key]))
        known[key] += 1
    return tuple(found)


def _counted(findings: tuple[Finding, ...] | None) -> str:
    if findings is None:
        return texts.FINDINGS_WAIT
    if not findings:
        return texts.FINDINGS_NONE
    counts = {each.value: 0 for each in Severity}
    for finding in findings:
        counts[finding.severity.value] += 1
    return texts.FINDINGS_COUNT.format(**counts)
