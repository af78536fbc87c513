"""What the window asks of the code tables for one visit: proposals, look-ups, titles, and the way
back after a change of the claim. It holds no widget and no clinical rule.

Every question is answered in a lane of its own; an answer older than the last question is dropped.
"""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from gui import edits
from gui.desk import Desk
from gui.tasks import Lane, Tasks
from scribe import notetext
from scribe.coding import lookup, search, tables
from scribe.coding.fixes import codes as written
from scribe.coding.lookup import Looked
from scribe.coding.spoken_codes import normalise
from scribe.coding.suggest import Proposal, propose
from scribe.errors import ScribeError
from scribe.ids import StatementId
from scribe.records import CodedDiagnosis, CodedNote, Origin, Quote

LOOK_AFTER_MS = 90
"""Pause in typing after which a code is looked up; a look-up takes about 10 ms."""

T = TypeVar("T")
Claim = tuple[CodedDiagnosis, ...]


class Codes(QObject):
    """The code tables at the side of one visit.

    Signals:
        proposals_changed: other proposals, or one was taken or dismissed.
        looked(Looked): the answer to the last `look_up`.
        titles_changed: the titles of the codes on the claim are known.
        history_changed: there is something, or nothing, to undo.
        failed(ScribeError): the tables cannot be read.
    """

    proposals_changed = Signal()
    looked = Signal(object)
    titles_changed = Signal()
    history_changed = Signal()
    failed = Signal(object)

    def __init__(self, tasks: Tasks, desk: Desk) -> None:
        super().__init__()
        self._tasks = tasks
        self._desk = desk
        self._found: tuple[Proposal, ...] = ()
        self._asked = self._typed = self._running = 0
        self._text = ""
        self._warm = False
        self._before: list[Claim] = []
        self._claim = desk.visit.diagnoses
        self._titles: dict[str, str] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(LOOK_AFTER_MS)
        self._timer.timeout.connect(self._look_up)
        desk.coded_changed.connect(self._propose)
        desk.claim_changed.connect(self._claim_changed)
        self._ask_titles()

    @property
    def _day(self) -> date:
        return self._desk.visit.encounter.date_of_service

    # ------------------------------------------------------------ proposals

    @property
    def proposals(self) -> tuple[Proposal, ...]:
        """Codes for problems in this note that are neither on the claim nor dismissed."""
        if self._desk.read_only:
            return ()
        gone = {*self._desk.visit.declined, *written(self._desk.visit.diagnoses)}
        return tuple(each for each in self._found if each.code not in gone)

    @property
    def dismissed(self) -> tuple[str, ...]:
        """The codes still proposed by the note that the clinician dismissed."""
        there = {each.code for each in self._found}
        return tuple(code for code in self._desk.visit.declined if code in there)

    def take(self, code: str) -> None:
        """Put a proposed code last on the claim, as offered and taken."""
        self._desk.set_claim(edits.add(self._desk.visit.diagnoses, code, Origin.RULE))

    def dismiss(self, code: str) -> None:
        """Do not propose this code for this visit again."""
        if code not in self._desk.visit.declined:
            self._keep((*self._desk.visit.declined, code))

    def show_dismissed(self) -> None:
        """Propose again what was dismissed."""
        self._keep(())

    def _keep(self, declined: tuple[str, ...]) -> None:
        self._desk.advance(self._desk.visit.state, declined=declined)
        self.proposals_changed.emit()

    def _propose(self, coded: CodedNote) -> None:
        self._asked += 1
        asked = self._asked

        def job() -> tuple[Proposal, ...]:
            note = notetext.render(coded.draft.statements)
            return propose(note, coded.encounter, coded.diagnoses)

        def done(found: tuple[Proposal, ...]) -> None:
            if asked == self._asked:
                self._found = found
                self.proposals_changed.emit()

        self._run(job, done)

    def statement(self, quote: Quote) -> StatementId | None:
        """The sentence of the note that holds these words now, or None."""
        for span in notetext.locate(self._desk.statements):
            if span.section is quote.section and span.start < quote.end and quote.start < span.end:
                return span.statement_id
        return None

    def sentence(self, quote: Quote) -> str:
        """The words of the sentence that holds a quote, "" if it is gone."""
        which = self.statement(quote)
        return next((each.text for each in self._desk.statements if each.id == which), "")

    # ------------------------------------------------------------ looking up

    def warm(self) -> None:
        """Build the index of this day's edition, once, before anybody waits for it."""
        if not self._warm:
            self._warm = True
            day = self._day
            self._run(lambda: search.load(day), lambda _: None)

    def look_up(self, text: str) -> None:
        """Ask what `text` can mean, after a short pause in typing; `looked` brings the answer."""
        self._text = text
        self._typed += 1
        self._timer.start()

    def _look_up(self) -> None:
        text, day, typed = self._text, self._day, self._typed

        def done(found: Looked) -> None:
            if typed == self._typed:
                self.looked.emit(found)

        self._run(lambda: lookup.look_up(text, day), done)

    # ------------------------------------------------------------ titles

    def title(self, code: str) -> str:
        """The official title of a code on the claim; "" while it is not known."""
        return self._titles.get(normalise(code), "")

    def _ask_titles(self) -> None:
        missing = [each for each in written(self._claim) if each not in self._titles]
        day = self._day

        def done(found: dict[str, str]) -> None:
            self._titles.update(found)
            self.titles_changed.emit()

        if missing:
            self._run(lambda: _titles(missing, day), done)

    # ------------------------------------------------------------ the way back

    @property
    def last_change(self) -> tuple[Claim, Claim] | None:
        """The claim before and after its last change, or None."""
        return (self._before[-1], self._claim) if self._before else None

    def undo(self) -> None:
        """Bring the claim back to what it was before its last change."""
        if self._before and not self._desk.read_only:
            earlier = self._before.pop()
            self._claim = earlier
            self._desk.set_claim(earlier)
            self.history_changed.emit()

    def _claim_changed(self, claim: Claim) -> None:
        if claim != self._claim:
            self._before.append(self._claim)
            self._claim = claim
            self.history_changed.emit()
        self._ask_titles()
        self.proposals_changed.emit()

    @property
    def busy(self) -> bool:
        """Whether any question has no answer yet."""
        return self._running > 0 or self._timer.isActive()

    def _run(self, job: Callable[[], T], done: Callable[[T], None]) -> None:
        self._running += 1
        self._tasks.run(
            Lane.CODES,
            lambda tell, stop: job(),
            on_done=done,
            on_error=self._fail,
            on_end=self._ended,
        )

    def _ended(self) -> None:
        self._running -= 1

    def _fail(self, error: ScribeError) -> None:
        self.failed.emit(error)


def _titles(codes: list[str], day: date) -> dict[str, str]:
    table = tables.nearest_table(day)
    return {code: table.title(code) for code in codes}
