"""The door for threads: order, kinds of endings, cancel, lanes, and who may collect garbage."""

import gc
import threading
from threading import Event as Flag
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from gui.tasks import Collector, Handle, Lane, Tasks
from scribe.errors import Cancelled, EngineLost, ScribeError
from scribe.events import Progress, Stop, Tell

MANY = 2_000


class Log:
    """Everything that came back, in order, and on which thread."""

    def __init__(self) -> None:
        self.lines: list[Any] = []
        self.threads: set[int] = set()

    def __call__(self, kind: str) -> Any:
        def note(*payload: Any) -> None:
            self.lines.append((kind, *payload))
            self.threads.add(threading.get_ident())

        return note

    @property
    def kinds(self) -> list[str]:
        return [line[0] for line in self.lines]


def run(tasks: Tasks, job: Any, log: Log, lane: Lane = Lane.WORK) -> Handle:
    return tasks.run(
        lane,
        job,
        on_event=log("event"),
        on_done=log("done"),
        on_error=log("error"),
        on_end=log("end"),
    )


def test_events_come_in_order_on_the_qt_thread_and_the_result_last(
    tasks: Tasks, qtbot: QtBot
) -> None:
    log = Log()

    def job(tell: Tell, stop: Stop) -> str:
        for number in range(MANY):
            tell(Progress(step="count", done=number, total=MANY))
        return "all"

    run(tasks, job, log)
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)
    assert [line[1].done for line in log.lines[:MANY]] == list(range(MANY))
    assert log.lines[MANY:] == [("done", "all"), ("end",)]
    assert log.threads == {threading.get_ident()}


def test_a_known_fault_goes_to_on_error(tasks: Tasks, qtbot: QtBot) -> None:
    log = Log()
    fault = EngineLost("The speech process ended.")

    def job(tell: Tell, stop: Stop) -> None:
        raise fault

    run(tasks, job, log)
    qtbot.waitUntil(lambda: not tasks.busy)
    assert log.lines == [("error", fault), ("end",)]


def test_a_cancelled_job_is_silent_but_ends(tasks: Tasks, qtbot: QtBot) -> None:
    log = Log()
    begun = Flag()

    def job(tell: Tell, stop: Stop) -> None:
        begun.set()
        while not stop.is_set():
            begun.wait(0.01)
        raise Cancelled("Stopped.")

    handle = run(tasks, job, log)
    qtbot.waitUntil(begun.is_set)
    handle.stop()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert log.lines == [("end",)]


def test_a_job_stopped_before_its_turn_never_runs(tasks: Tasks, qtbot: QtBot) -> None:
    log, ran, gate = Log(), Flag(), Flag()
    run(tasks, lambda tell, stop: gate.wait(20), Log())
    handle = run(tasks, lambda tell, stop: ran.set(), log)
    handle.stop()
    gate.set()
    qtbot.waitUntil(lambda: not tasks.busy)
    assert not ran.is_set()
    assert log.kinds == ["end"]


def test_a_bug_surfaces_on_the_qt_thread_and_is_not_shown_as_an_error(
    tasks: Tasks, qtbot: QtBot
) -> None:
    log = Log()

    def job(tell: Tell, stop: Stop) -> None:
        raise ZeroDivisionError("a mistake of ours")

    with capture_exceptions() as bugs:
        run(tasks, job, log)
        qtbot.waitUntil(lambda: not tasks.busy)
    assert [kind for kind, _, _ in bugs] == [ZeroDivisionError]
    assert log.kinds == ["end"]


def test_one_lane_is_one_thread_and_lanes_run_side_by_side(tasks: Tasks, qtbot: QtBot) -> None:
    log, first, second = Log(), Flag(), Flag()

    def meet(mine: Flag, other: Flag) -> Any:
        def job(tell: Tell, stop: Stop) -> tuple[bool, str]:
            mine.set()
            return other.wait(20), threading.current_thread().name

        return job

    run(tasks, meet(first, second), log, Lane.SPEECH)
    run(tasks, meet(second, first), log, Lane.WRITER)
    for _ in range(3):
        run(tasks, lambda tell, stop: threading.get_ident(), log, Lane.WORK)
    qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)
    results = [line[1] for line in log.lines if line[0] == "done"]
    met = [each for each in results if isinstance(each, tuple)]
    work = {each for each in results if isinstance(each, int)}
    assert all(each[0] for each in met)
    assert len(met) == 2
    assert len(work) == 1
    assert threading.get_ident() not in work


def test_close_waits_runs_the_last_acts_and_delivers_nothing(qtbot: QtBot) -> None:
    tasks, log, order = Tasks(), Log(), []
    begun = Flag()

    def job(tell: Tell, stop: Stop) -> None:
        begun.set()
        while not stop.is_set():
            begun.wait(0.01)
        order.append("job")

    run(tasks, job, log)
    run(tasks, lambda tell, stop: order.append("queued"), log)
    qtbot.waitUntil(begun.is_set)
    tasks.close(((Lane.WORK, lambda: order.append("last")),))
    qtbot.wait(1)
    assert order == ["job", "last"]
    assert log.lines == []


def test_close_raises_what_a_last_act_raised(qtbot: QtBot) -> None:
    tasks = Tasks()

    def last() -> None:
        raise ScribeError("The vault could not be closed.")

    with pytest.raises(ScribeError):
        tasks.close(((Lane.WORK, last),))


class Mortal(QObject):
    """Notes the thread on which Python let go of it."""

    died: list[bool]

    def __init__(self, died: list[bool]) -> None:
        super().__init__()
        self.died = died
        self.me = self  # a cycle: only the collector can free it

    def __del__(self) -> None:
        self.died.append(QThread.currentThread() is self.home)

    home: QThread | None = None


def test_cycles_with_qt_objects_die_on_the_qt_thread(tasks: Tasks, qtbot: QtBot) -> None:
    died: list[bool] = []
    Mortal.home = QThread.currentThread()
    collector = Collector()
    try:
        Mortal(died)

        def allocate(tell: Tell, stop: Stop) -> int:
            return len([[number] for number in range(200_000)])

        run(tasks, allocate, Log())
        qtbot.waitUntil(lambda: not tasks.busy, timeout=20_000)
        assert died == []
        gc.collect()
        assert died == [True]
    finally:
        collector.close()
    assert gc.isenabled()


def test_the_collector_collects_what_is_due(qtbot: QtBot) -> None:
    died: list[bool] = []
    Mortal.home = QThread.currentThread()
    collector = Collector()
    try:
        Mortal(died)
        kept = [[number] for number in range(5_000)]
        collector.collect()
        assert died == [True]
        assert len(kept) == 5_000
    finally:
        collector.close()


def test_a_callback_object_is_released_on_the_qt_thread(tasks: Tasks, qtbot: QtBot) -> None:
    died: list[bool] = []

    class Once(QObject):
        def __del__(self) -> None:
            died.append(threading.get_ident() == main)

    main = threading.get_ident()
    listener = Once()
    log = Log()

    def done(_: object, keep: QObject = listener) -> None:
        log("done")()

    tasks.run(Lane.WORK, lambda tell, stop: None, on_done=done, on_error=log("error"))
    del listener, done
    qtbot.waitUntil(lambda: not tasks.busy)
    qtbot.waitUntil(lambda: bool(died))
    assert died == [True]
