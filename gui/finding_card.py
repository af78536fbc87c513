"""One finding of the code check: what it says, on what words it rests, on which source, and what
can be done about it; a finding's words come from the rule alone.
"""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QPushButton, QVBoxLayout, QWidget

from gui import texts
from gui.grounds import grounds
from gui.offers import Offer
from gui.theme import icons
from gui.widgets import button, column, frame, label, picture, restyle, row, tool
from gui.words import Words
from scribe.notetext import clock
from scribe.records import Finding, Quote, Section, Severity, Speaker, Utterance

_MOST_SAID = 2
_MOST_OFFERS = 4
_ICONS = {Severity.BLOCK: "block", Severity.WARN: "warn", Severity.INFO: "info"}


class FindingCard(QFrame):
    """One finding.

    Signals:
        taken(Finding, int): carry out the fix of this number. completed(str): finish this code by
        hand.
        overridden(Finding, str), dismissed(Finding), reopened(Finding): how it is dealt with.
        asked(tuple of UtteranceId): show the speech behind it. shown(Quote): show these words of
        the note. explained(str): tell of the rule with this id.
    """

    taken = Signal(object, int)
    completed = Signal(str)
    overridden = Signal(object, str)
    dismissed = Signal(object)
    reopened = Signal(object)
    asked = Signal(object)
    shown = Signal(object)
    explained = Signal(str)

    def __init__(
        self,
        finding: Finding,
        lines: tuple[Offer, ...],
        said: tuple[Utterance, ...],
        *,
        editable: bool,
    ) -> None:
        super().__init__()
        self.finding = finding
        self._editable = editable
        self.setProperty("role", "finding")
        self.setProperty("tone", finding.severity.value)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.severity_icon = picture(_ICONS[finding.severity], finding.severity.value)
        self.severity_word = label(
            texts.SEVERITIES[finding.severity.value], tone=finding.severity.value
        )
        self.explain = tool("help", texts.EXPLAIN_RULE.format(rule=finding.rule_id))
        self.explain.clicked.connect(lambda: self.explained.emit(self.finding.rule_id))
        codes = label("  ".join(dict.fromkeys(finding.codes)), "code", wrap=True)
        head = row(self.severity_icon, self.severity_word, gap=6)
        head.addWidget(codes, 1)
        codes.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.addWidget(self.explain)
        self._box = column(head, label(finding.message, wrap=True), margins=(12, 10, 12, 10), gap=7)
        # At once: a part that is shown before it has a parent would flash up as a window.
        self.setLayout(self._box)
        self.said: list[Words] = []
        self.quotes: list[Words] = []
        self.offers: list[QPushButton] = []
        self.more: QPushButton | None = None
        self.previews: list[str] = []
        # What to do stands right under what is wrong; the reasons may be below the fold.
        self._offers(lines)
        self._evidence(said)
        self._box.addWidget(grounds(finding))
        self._settle_line()
        self.setAccessibleName(f"{self.severity_word.text()}: {finding.message}")

    # ------------------------------------------------------------ evidence

    def _evidence(self, said: tuple[Utterance, ...]) -> None:
        """The patient's own words first, then the words in the note; each goes there."""
        wanted = {one for quote in self.finding.evidence for one in quote.utterances}
        heard = [each for each in said if each.id in wanted]
        heard.sort(key=lambda each: each.speaker is not Speaker.PATIENT)
        quoted = any(each.text for each in self.finding.evidence)
        if not heard and not quoted:
            return
        box = column(margins=(10, 7, 10, 7), gap=3)
        if heard:
            box.addWidget(label(texts.SAID, "field"))
        for one in heard[:_MOST_SAID]:
            box.addWidget(self._spoken(one))
        if len(heard) > _MOST_SAID:
            every = tuple(each.id for each in heard)
            more = Words(texts.MORE_SAID.format(count=len(heard) - _MOST_SAID))
            more.clicked.connect(lambda: self.asked.emit(every))
            box.addWidget(more)
        if quoted:
            box.addWidget(label(texts.IN_THE_NOTE, "field"))
        for words, at in self._quoted():
            made = Words(words, name=texts.GO_TO_SENTENCE.format(words=words))
            made.clicked.connect(lambda _=False, at=at: self.shown.emit(self.finding.evidence[at]))
            self.quotes.append(made)
            box.addWidget(made)
        shown = frame("said")
        shown.setLayout(box)
        self._box.addWidget(shown)

    def _spoken(self, one: Utterance) -> Words:
        words = f"“{one.text}” {texts.SPEAKERS[one.speaker]}, {clock(one.start)}"
        made = Words(words, icon="speech", name=texts.GO_TO_SPEECH.format(words=words))
        made.clicked.connect(lambda: self.asked.emit((one.id,)))
        self.said.append(made)
        return made

    def _quoted(self) -> Iterable[tuple[str, int]]:
        """Each place of the note once, in the order of the sections, with its number."""
        known: set[tuple[Section, str]] = set()
        for section in Section:
            for at, each in enumerate(self.finding.evidence):
                if each.section is section and each.text and (section, each.text) not in known:
                    known.add((section, each.text))
                    yield f"{texts.SECTIONS[section]}: “{each.text}”", at

    # ------------------------------------------------------------ what can be done

    def _offers(self, lines: tuple[Offer, ...]) -> None:
        """The first offers; of a long list the others are built when they are asked for."""
        box = column(gap=7)
        self._box.addLayout(box)
        nows = {each.now for each in lines if each.then}
        once = len(nows) == 1 and len(lines) > 1
        if once:
            box.addWidget(label(f"{texts.PREVIEW_NOW}: {nows.pop()}", "preview", wrap=True))
        for each in lines[:_MOST_OFFERS]:
            box.addLayout(self._offer(each, told=once))
        left = lines[_MOST_OFFERS:]
        if left:
            more = button(texts.MORE_OFFERS.format(count=len(left)), "quiet", icon="down")
            box.addLayout(row(more, None))

            def show() -> None:
                more.hide()
                before = len(self.offers)
                for each in left:
                    box.addLayout(self._offer(each, told=once))
                if before < len(self.offers):
                    self.offers[before].setFocus()

            more.clicked.connect(show)
            self.more = more

    def _offer(self, each: Offer, *, told: bool) -> QVBoxLayout:
        """One offer; `told`: what the claim is now stands above all of them."""
        box = column(gap=2)
        if each.verb:
            name = f"{each.verb} {each.words}".strip()
            made = button(each.verb, "offer", icon="swap", name=name, tip=name)
            made.setEnabled(self._editable)
            made.clicked.connect(lambda: self._take(each))
            self.offers.append(made)
            box.addLayout(row(made, None))
        for words in (each.title, each.why):
            if words:
                box.addWidget(label(words, "small", wrap=True))
        if each.then:
            now = f"{texts.PREVIEW_NOW}: {each.now}"
            then = f"{texts.PREVIEW_THEN}: {each.then}"
            self.previews.append(each.then)
            self.offers[-1].setAccessibleDescription(f"{now}. {then}.")
            for words in (then,) if told else (now, then):
                box.addWidget(label(words, "preview", wrap=True))
        return box

    def _take(self, offer: Offer) -> None:
        if offer.choice is not None:
            self.taken.emit(self.finding, offer.choice)
        else:
            self.completed.emit(offer.beginning)

    def _settle_line(self) -> None:
        self.settled = label(role="small", wrap=True)
        self.undo = button(texts.OVERRIDE_UNDO, "quiet")
        self.undo.clicked.connect(lambda: self.reopened.emit(self.finding))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(texts.OVERRIDE_REASON)
        self.reason.setAccessibleName(texts.OVERRIDE_REASON)
        self.reason.setAccessibleDescription(self.finding.override)
        self.reason.returnPressed.connect(self._override)
        self.keep = button(texts.OVERRIDE_KEEP)
        self.keep.setEnabled(False)
        self.keep.clicked.connect(self._override)
        self.reason.textChanged.connect(lambda text: self.keep.setEnabled(bool(text.strip())))
        self.act = button(
            texts.OVERRIDE if self.finding.severity is Severity.BLOCK else texts.DISMISS, "quiet"
        )
        self.act.clicked.connect(self._act)
        self._ask = QWidget()
        asked = column(self.reason, row(None, self.keep), gap=6)
        if self.finding.override:
            # Whole, above the field: in it, it would be cut off.
            words = texts.OVERRIDE_EXAMPLE.format(reason=self.finding.override)
            asked.insertWidget(0, label(words, "small", wrap=True))
        self._ask.setLayout(asked)
        self._done = QWidget()
        line = row(picture("good", "good"), gap=6)
        line.addWidget(self.settled, 1)
        line.addWidget(self.undo)
        self._done.setLayout(line)
        for each in (self._done, self._ask):
            self._box.addWidget(each)
            each.hide()
        self._box.addLayout(row(None, self.act))
        self.act.setVisible(self._editable and self.finding.severity is not Severity.INFO)

    def show_settled(self, settled: bool, reason: str) -> None:
        """Show whether it was dealt with, and with which reason."""
        self._done.setVisible(settled)
        self.undo.setVisible(self._editable)
        waits = self._editable and not settled and self.finding.severity is not Severity.INFO
        self.act.setVisible(waits and self._ask.isHidden())
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

    # ------------------------------------------------------------ keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A question mark tells of the rule; so does F1, which belongs to the window."""
        if event.text() == "?":
            self.explained.emit(self.finding.rule_id)
        else:
            super().keyPressEvent(event)


def rule_at(widget: QWidget | None) -> str:
    """The rule of the finding that holds a widget, "" if none does."""
    while widget is not None and not isinstance(widget, FindingCard):
        widget = widget.parentWidget()
    return widget.finding.rule_id if widget is not None else ""


def looks(finding: Finding) -> object:
    """What a card shows of a finding: two that are equal look the same, wherever in the note
    their words stand now.
    """
    return (
        finding.rule_id,
        finding.severity,
        finding.message,
        finding.codes,
        tuple(_look(each) for each in finding.evidence),
        finding.suggestions,
        finding.citations,
        finding.note,
        finding.sequencing,
        finding.override,
    )


def _look(quote: Quote) -> object:
    return (quote.section, quote.text, quote.utterances)
