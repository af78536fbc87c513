"""The unlock screen after a lock: it tells why and that the recording goes on, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui import demo, lock_texts, texts
from gui.control import Begin, Place, begin
from gui.lock_view import LockedCard
from gui.recorder import Recorder
from scribe.errors import RecorderLost
from scribe.ids import EncounterId
from scribe.recorder.messages import Asked, Finished, Halt, Status
from scribe.supervisor import Why
from tests.windows.stage import Person, Stage

VISIT = EncounterId("e-0123456789abcdef")


class Wire:
    """A recorder that only remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def send(self, message: Asked) -> None:
        self.asked.append(message)

    def close(self) -> None:
        pass


@pytest.fixture
def wire() -> Wire:
    return Wire()


@pytest.fixture
def recorder(dressed: QApplication, wire: Wire) -> Recorder:
    made = Recorder()
    made.connect_to(wire)
    return made


@pytest.fixture
def card(recorder: Recorder, qtbot: QtBot) -> LockedCard:
    made = LockedCard(recorder, "idle", 10)
    qtbot.addWidget(made)
    made.show()
    return made


def words(card: LockedCard) -> str:
    return " | ".join(
        each.text() for each in card.findChildren(QLabel) if each.isVisible() and each.text()
    )


def test_it_says_why_and_nothing_of_a_recording_that_is_not(card: LockedCard) -> None:
    assert "10 minutes" in words(card)
    assert not card.stop.isVisible()


def test_a_recording_that_goes_on_is_shown_and_can_be_stopped(
    card: LockedCard, recorder: Recorder, wire: Wire, qtbot: QtBot
) -> None:
    recorder.tell(Status(encounter=VISIT, seconds=754.0))
    qtbot.waitUntil(card.stop.isVisible)
    assert lock_texts.RECORDING_GOES_ON in words(card)
    assert "12:34" in words(card)
    card.stop.click()
    assert wire.asked == [Halt()]
    recorder.tell(Finished(encounter=VISIT, seconds=760.0))
    qtbot.waitUntil(lambda: not card.stop.isVisible())
    assert "12:40" in words(card)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status(encounter=VISIT, seconds=1.0, held=True), lock_texts.RECORDING_HELD),
        (Status(encounter=VISIT, seconds=1.0, silent=True), lock_texts.RECORDING_SILENT),
    ],
    ids=["held", "silent"],
)
def test_a_recording_that_takes_no_sound_says_so(
    status: Status, said: str, card: LockedCard, recorder: Recorder, qtbot: QtBot
) -> None:
    recorder.tell(status)
    qtbot.waitUntil(lambda: said in words(card))


def test_a_recorder_that_dies_while_locked_is_said(
    card: LockedCard, recorder: Recorder, qtbot: QtBot
) -> None:
    recorder.tell(Status(encounter=VISIT, seconds=754.0))
    recorder.tell_gone()
    qtbot.waitUntil(lambda: "12:34" in words(card) and "kept" in words(card))
    assert not card.stop.isVisible()


def test_a_lost_recorder_is_a_known_fault(recorder: Recorder, qtbot: QtBot) -> None:
    recorder.tell(Status(encounter=VISIT, seconds=1.0))
    with qtbot.waitSignal(recorder.lost) as told:
        recorder.tell_gone()
    assert isinstance(told.args[0], RecorderLost)


# ---------------------------------------------------------------- where it goes on


def test_after_a_lock_the_same_visit_is_opened_again(
    person: Callable[[], Person], stage: Stage
) -> None:
    me = person()
    me.has_a_note()
    which = me.visit.desk.visit.encounter.id
    me.sees(lambda: not me.visit.desk.unsaved)
    me.window.close()
    later = person()
    place = Place(visit=which, reason="key")
    later.window.show_locked(Begin(why=Why.LOCKED, place=place), lambda: None)
    start = later.window.start
    assert start is not None
    shown = " ".join(each.text() for each in start.findChildren(QLabel))
    assert lock_texts.LOCKED_WHY["key"] in shown
    assert "M. K." not in shown
    later.unlock()
    later.sees(lambda: later.window.visit)
    assert later.visit.desk.visit.encounter.id == which


def test_a_file_that_could_not_be_kept_is_read_again(
    person: Callable[[], Person], tmp_path: Path
) -> None:
    me = person()
    asked: list[bool] = []
    me.window.show_locked(Begin(why=Why.LOCKED, place=Place(file=True)), lambda: asked.append(True))
    me.unlock()
    me.sees(lambda: asked)


def test_locking_without_a_vault_says_that_there_is_nothing_to_lock(
    person: Callable[[], Person], sample_audio: Path
) -> None:
    me = person()
    me.window.lock("key")
    assert me.window.start is not None
    assert me.window.start.isVisible()


def test_locking_in_a_visit_saves_it_first(person: Callable[[], Person], stage: Stage) -> None:
    me = person()
    me.has_a_note()
    which = me.visit.desk.visit.encounter.id
    me.visit.desk.reword(me.visit.desk.statements[0].id, "Typed just before the lock.")
    me.window.lock("key")
    me.sees(lambda: not stage.store.open)
    kept = stage.store.visits[which].draft
    assert kept is not None
    assert kept.statements[0].text == "Typed just before the lock."
    assert me.window.visit is None
    assert demo.PASSPHRASE not in texts.UNLOCK_LEAD


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"begin started no ", Begin()),
        (b"begin locked yes ", Begin(why=Why.LOCKED, recorder=True)),
        (
            b'begin locked no {"visit":"e-1","file":false,"reason":"idle","geometry":"00"}',
            Begin(why=Why.LOCKED, place=Place(visit="e-1", reason="idle", geometry="00")),
        ),
        (b"", Begin()),
        (b"nonsense", Begin()),
        (b"begin locked no {broken", Begin()),
    ],
    ids=["start", "lock", "place", "nothing", "nonsense", "broken"],
)
def test_the_supervisors_greeting(line: bytes, expected: Begin) -> None:
    assert begin(line) == expected
