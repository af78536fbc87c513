"""The window never stands still: a probe on the Qt thread measures its longest pause in a visit.

The limit is the product's promise (below 100 ms a click feels answered at once). What other
programs take from this thread is known to the kernel (schedstat, Linux) and is no pause of ours;
what is left of their doing can only lengthen one, so the shortest of a few drives counts.
"""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QObject, Qt, QTimer

from scribe.records import Severity
from tests.windows.stage import Person

LIMIT_MS = 100.0
DRIVES = 3


SCHEDULE = Path("/proc/thread-self/schedstat")


def own_time() -> float:
    """Seconds on a clock that stands still while this thread could run and another one does."""
    waited_ns = int(SCHEDULE.read_text().split()[1]) if SCHEDULE.exists() else 0
    return perf_counter() - waited_ns / 1e9


class Probe(QObject):
    """Ticks as often as the event loop lets it and keeps the longest gap."""

    def __init__(self) -> None:
        super().__init__()
        self.longest_ms = 0.0
        self._last = own_time()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = own_time()
        self._timer.start()

    def stop(self) -> None:
        self._tick()
        self._timer.stop()

    def _tick(self) -> None:
        now = own_time()
        self.longest_ms = max(self.longest_ms, (now - self._last) * 1000)
        self._last = now


def drive(me: Person) -> float:
    """One visit from the form to the signature; the longest pause in milliseconds."""
    me.unlocks()
    probe = Probe()
    probe.start()
    me.starts_visit()
    me.records()
    me.stops()
    me.sees(lambda: me.visit.desk.visit.diagnoses)
    me.waits_for_the_check()
    first = me.visit.note.rows[me.visit.desk.statements[0].id]
    me.click(first.edit.viewport())
    me.type(first.edit, "More. ")
    me.waits_for_the_check()
    for card in me.visit.findings.cards:
        if card.finding.severity is Severity.BLOCK:
            me.click(card.offers[0])
            break
    me.waits_for_the_check()
    for each in me.visit.desk.unseen():
        me.visit.note.go_to(each)
    me.opens_sign_dialog()
    me.signs()
    me.sees(lambda: me.visit.desk.read_only)
    probe.stop()
    return probe.longest_ms


def test_a_visit_never_blocks_the_window_for_long(
    person: Callable[[], Person],
) -> None:
    longest = []
    for _ in range(DRIVES):
        me = person()
        longest.append(drive(me))
        me.window.close()
        if longest[-1] < LIMIT_MS:
            break
    assert min(longest) < LIMIT_MS, f"longest pauses: {longest} ms"
