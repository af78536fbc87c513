"""What the code check says, one card per finding; a finding's words come from the rule alone."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from gui import edits, texts
from gui.offers import Claim, Offer, offers
from gui.theme import icons
from gui.widgets import button, column, empty, frame, label, picture, restyle, row, scrolling
from scribe.notetext import clock
from scribe.records import CodedNote, Finding, Section, Severity, Speaker, Utterance

_MOST_SAID = 2
_ICONS = {Severity.BLOCK: "block", Severity.WARN: "warn", Severity.INFO: "info"}


class FindingCard(QFrame):
    """One finding.

    Signals:
        taken(Finding, int): carry out the fix of this number. completed(str): finish this code by
        hand.
        overridden(Finding, str), dismissed(Finding), reopened(Finding): how it is dealt with.
        asked(tuple of UtteranceId): show the speech behind it.
    """

    taken = Signal(object, int)
    completed = Signal(str)
    overridden = Signal(object, str)
    dismissed = Signal(object)
    reopened = Signal(object)
    asked = Signal(object)

    def __init__(
        self, finding: Finding, claim: Claim, said: tuple[Utterance, ...], *, editable: bool
    ) -> None:
        super().__init__()
        self.finding = finding
        self.setProperty("role", "finding")
        self.setProperty("tone", finding.severity.value)
        self.severity_icon = picture(_ICONS[finding.severity], finding.severity.value)
        self.severity_word = label(
            texts.SEVERITIES[finding.severity.value], tone=finding.severity.value
        )
        head = row(self.severity_icon, self.severity_word, None, gap=6)
        head.addWidget(label("  ".join(finding.codes), "code"))
        self._box = column(head, label(finding.message, wrap=True), margins=(12, 10, 12, 10), gap=7)
        # At once: a part that is shown before it has a parent would flash up as a window.
        self.setLayout(self._box)
        self._quotes(said)
        self._offers(claim, editable)
        self._sources()
        self._settle_line(editable)
        self.setAccessibleName(f"{self.severity_word.text()}: {finding.message}")

    def _quotes(self, said: tuple[Utterance, ...]) -> None:
        """The words in the note that the finding rests on, and the speech behind them."""
        if not any(each.text for each in self.finding.evidence):
            return
        box = column(label(texts.IN_THE_NOTE, "field"), margins=(10, 7, 10, 7), gap=3)
        for section in Section:
            words = dict.fromkeys(
                f"“{each.text}”" for each in self.finding.evidence if each.section is section
            )
            if words:
                line = f"{texts.SECTIONS[section]}: {', '.join(words)}"
                box.addWidget(label(line, "quote", wrap=True))
        wanted = {one for quote in self.finding.evidence for one in quote.utterances}
        heard = [each for each in said if each.id in wanted]
        # The patient's own words first; all of them are one click away.
        heard.sort(key=lambda each: each.speaker is not Speaker.PATIENT)
        if heard:
            box.addSpacing(4)
            box.addWidget(label(texts.SAID, "field"))
        for one in heard[:_MOST_SAID]:
            who = f"{texts.SPEAKERS[one.speaker]}, {clock(one.start)}"
            box.addWidget(label(f"{who}: “{one.text}”", wrap=True))
        if len(heard) > _MOST_SAID:
            more = texts.MORE_SAID.format(count=len(heard) - _MOST_SAID)
            box.addWidget(label(more, "small"))
        shown = frame("said")
        shown.setLayout(box)
        self._box.addWidget(shown)
        if heard:
            ids = tuple(each.id for each in heard)
            show = button(texts.SHOW_SPEECH, "quiet", icon="speech")
            show.clicked.connect(lambda: self.asked.emit(ids))
            self._box.addLayout(row(show, None))

    def _offers(self, claim: Claim, editable: bool) -> None:
        self.offers = []
        for each in offers(self.finding, claim):
            words = label(each.words, "small", wrap=True)
            if not each.verb:
                self._box.addWidget(words)
                continue
            name = f"{each.verb} {each.words}".strip()
            made = button(each.verb, "offer", icon="swap", name=name, tip=name)
            made.setEnabled(editable)
            made.clicked.connect(lambda _=False, each=each: self._take(each))
            self.offers.append(made)
            self._box.addLayout(column(row(made, None), gap=3))
            if each.words:
                self._box.addWidget(words)

    def _take(self, offer: Offer) -> None:
        if offer.choice is not None:
            self.taken.emit(self.finding, offer.choice)
        else:
            self.completed.emit(offer.beginning)

    def _sources(self) -> None:
        cited = "; ".join(
            f"{each.source}, {each.place}" if each.place else each.source
            for each in self.finding.citations
        )
        if cited:
            self._box.addWidget(label(texts.SOURCES.format(sources=cited), "small", wrap=True))
        if self.finding.note:
            shown = frame("said")
            shown.setLayout(
                column(
                    label(texts.REFERENCE_NOTE, "field"),
                    label(self.finding.note, "small", wrap=True),
                    margins=(10, 7, 10, 7),
                    gap=2,
                )
            )
            self._box.addWidget(shown)

    def _settle_line(self, editable: bool) -> None:
        self.settled = label(role="small", wrap=True)
        self.undo = button(texts.OVERRIDE_UNDO, "quiet")
        self.undo.clicked.connect(lambda: self.reopened.emit(self.finding))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(self.finding.override or texts.OVERRIDE_REASON)
        self.reason.setToolTip(self.finding.override)
        self.reason.setAccessibleName(texts.OVERRIDE_REASON)
        self.reason.returnPressed.connect(self._override)
        keep = button(texts.OVERRIDE_KEEP)
        keep.setEnabled(False)
        keep.clicked.connect(self._override)
        self.reason.textChanged.connect(lambda text: keep.setEnabled(bool(text.strip())))
        self.keep = keep
        self.act = button(
            texts.OVERRIDE if self.finding.severity is Severity.BLOCK else texts.DISMISS, "quiet"
        )
        self.act.clicked.connect(self._act)
        self._ask = QWidget()
        self._ask.setLayout(column(self.reason, row(None, self.keep), gap=6))
        self._done = QWidget()
        line = row(picture("good", "good"), gap=6)
        line.addWidget(self.settled, 1)
        line.addWidget(self.undo)
        self._done.setLayout(line)
        for each in (self._done, self._ask):
            self._box.addWidget(each)
            each.hide()
        self._box.addLayout(row(None, self.act))
        self._editable = editable
        self.act.setVisible(editable and self.finding.severity is not Severity.INFO)

    def show_settled(self, settled: bool, reason: str) -> None:
        """Show whether it was dealt with, and with which reason."""
        self._done.setVisible(settled)
        self.undo.setVisible(self._editable)
        waits = self._editable and not settled and self.finding.severity is not Severity.INFO
        self.act.setVisible(waits)
        if settled:
            self._ask.hide()
        kept = f"{texts.SETTLED_OVERRIDE}: {reason}" if reason else texts.SETTLED_DISMISSED
        self.settled.setText(kept if settled else "")
        tone = "good" if settled else self.finding.severity.value
        restyle(self, tone=tone)
        self.severity_icon.setPixmap(
            icons.pixmap(_ICONS[self.finding.severity], self.finding.severity.value, scale=2)
        )

    def _act(self) -> None:
        if self.finding.severity is Severity.BLOCK:
            self._ask.show()
            self.act.hide()
            self.reason.setFocus()
        else:
            self.dismissed.emit(self.finding)

    def _override(self) -> None:
        if self.reason.text().strip():
            self.overridden.emit(self.finding, self.reason.text())


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

    def __init__(self) -> None:
        super().__init__()
        self.cards: list[FindingCard] = []
        self._at = -1
        self._shown: object = None
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

    def show_findings(
        self, coded: CodedNote | None, said: tuple[Utterance, ...], *, editable: bool
    ) -> None:
        """Show what the check says; None while it has not run."""
        findings = edits.by_severity(coded.findings) if coded is not None else None
        claim = coded.diagnoses if coded is not None else ()
        if (findings, claim, editable) == self._shown:
            return
        self._shown = (findings, claim, editable)
        self.setUpdatesEnabled(False)
        empty(self._box)
        self.cards = []
        self._at = -1
        for each in findings or ():
            self._box.addWidget(self._card(each, claim, said, editable))
        self._count.setText(_counted(findings))
        self.setUpdatesEnabled(True)

    def _card(
        self, finding: Finding, claim: Claim, said: tuple[Utterance, ...], editable: bool
    ) -> FindingCard:
        card = FindingCard(finding, claim, said, editable=editable)
        card.taken.connect(self.taken)
        card.completed.connect(self.completed)
        card.overridden.connect(self.overridden)
        card.dismissed.connect(self.dismissed)
        card.reopened.connect(self.reopened)
        card.asked.connect(self.asked)
        self.cards.append(card)
        return card

    def next(self) -> None:
        """Bring the next finding into view and put the focus on its first control."""
        if not self.cards:
            return
        self._at = (self._at + 1) % len(self.cards)
        card = self.cards[self._at]
        self.area.ensureWidgetVisible(card)
        first = next((each for each in (*card.offers, card.act) if each.isVisibleTo(card)), None)
        if first is not None:
            first.setFocus()


def _counted(findings: tuple[Finding, ...] | None) -> str:
    if findings is None:
        return texts.FINDINGS_WAIT
    if not findings:
        return texts.FINDINGS_NONE
    counts = {each.value: 0 for each in Severity}
    for finding in findings:
        counts[finding.severity.value] += 1
    return texts.FINDINGS_COUNT.format(**counts)
