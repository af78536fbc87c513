"""The recorder: what it keeps when the microphone, the disk or the person gives up, and what it
never takes.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import numpy as np
import pytest

from scribe.audio import recording
from scribe.errors import DiskFull, MicrophoneBusy
from scribe.fakes import BLOCK, FakeMicrophone, tone
from scribe.ids import EncounterId
from scribe.recorder import messages, service
from scribe.recorder.messages import (
    AskDevices,
    Asked,
    AskLock,
    AskStatus,
    Devices,
    Finished,
    Gap,
    GoOn,
    Halt,
    Hold,
    Refused,
    Said,
    Start,
    Status,
)
from scribe.recorder.seal import Opener, seal
from scribe.recorder.service import Service
from scribe.records import SAMPLE_RATE, Samples

KEY = bytes(range(32))
VISIT = EncounterId("e-0123456789abcdef")


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Room:
    """A service, its microphone, and everything it said."""

    path: Path
    microphone: FakeMicrophone = field(default_factory=lambda: FakeMicrophone(tone(0)))
    clock: Clock = field(default_factory=Clock)
    said: list[Said] = field(default_factory=list)
    new_file: Callable[[Path, bytes], service.Sink] = recording.RecordingWriter

    def __post_init__(self) -> None:
        self.service = Service(self.microphone, self.said.append, self.clock, self.new_file)

    def start(self, device: int | None = None) -> Start:
        self.service.put(AskLock())
        # The lock is asked for first, as a window does it; the loop answers in order.
        public = self.service._opener.public
        return Start(
            encounter=VISIT,
            path=str(self.path),
            sealed=seal(KEY, public, about=VISIT),
            device=device,
        )

    def runs(self, *what: Asked | Samples | None) -> None:
        for each in what:
            self.service.put(each)
        self.service.run()

    def all(self, kind: type[Said]) -> list[Said]:
        return [each for each in self.said if isinstance(each, kind)]

    def kept(self) -> float:
        return recording.inspect(self.path, KEY).seconds


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "visit.rec")


def block(seconds: float = 0.5) -> Samples:
    return tone(seconds)


def test_a_recording_is_complete_after_halt_and_the_service_ends(room: Room) -> None:
    room.runs(room.start(), block(), block(0.25), Halt())
    assert recording.inspect(room.path, KEY).complete
    assert room.kept() == pytest.approx(0.75)
    assert room.said[-1] == Finished(encounter=VISIT, seconds=0.75)


def test_what_the_microphone_gave_before_it_was_closed_is_kept(room: Room) -> None:
    room.runs(room.start(), block(), Halt(), block(), block())
    assert room.kept() == pytest.approx(1.5)


def test_nobody_left_to_ask_completes_the_recording(room: Room) -> None:
    room.runs(room.start(), block(), None)
    assert recording.inspect(room.path, KEY).complete


def test_nothing_is_taken_while_held(room: Room) -> None:
    room.runs(
        room.start(), block(), Hold(), block(), block(), GoOn(), block(), Hold(), block(), Halt()
    )
    assert room.kept() == pytest.approx(1.0)
    assert [each.held for each in room.all(Status) if isinstance(each, Status)].count(True) == 2


def test_a_microphone_that_does_not_open_leaves_no_file(room: Room) -> None:
    room.microphone.fault = MicrophoneBusy("The microphone is in use.")
    room.runs(room.start(), None)
    assert room.all(Refused) == [
        Refused(error="MicrophoneBusy", message="The microphone is in use.")
    ]
    assert isinstance(messages.fault(room.said[-1]), MicrophoneBusy)  # type: ignore[arg-type]  # a Refused
    assert not room.path.exists()


def test_it_can_be_asked_again_after_a_refusal(room: Room) -> None:
    room.microphone.fault = MicrophoneBusy("The microphone is in use.")
    start = room.start()
    with pytest.raises(MicrophoneBusy) as refused:
        room.service.answer(start)
    room.service._fail(refused.value)
    room.microphone.fault = None
    room.runs(start, block(), Halt())
    assert room.kept() == pytest.approx(0.5)


def test_a_recording_that_is_there_is_never_overwritten(room: Room) -> None:
    room.path.write_bytes(b"an earlier recording")
    room.runs(room.start(), block(), None)
    assert room.path.read_bytes() == b"an earlier recording"
    assert isinstance(room.said[-1], Refused)


def test_a_second_start_is_refused_and_the_first_goes_on(room: Room) -> None:
    start = room.start()
    room.runs(start, block(), start, AskStatus(), block(), Halt())
    assert room.kept() == pytest.approx(1.0)
    assert len(room.all(Refused)) == 1
    assert room.said[-1] == Finished(encounter=VISIT, seconds=1.0)


def test_a_key_sealed_for_another_recorder_starts_nothing(room: Room) -> None:
    sealed = seal(KEY, Opener().public, about=VISIT)
    room.runs(Start(encounter=VISIT, path=str(room.path), sealed=sealed, device=None), None)
    assert isinstance(room.said[-1], Refused)
    assert room.microphone.started is False


def test_a_key_sealed_for_another_visit_starts_nothing(room: Room) -> None:
    start = room.start()
    other = Start(encounter=EncounterId("e-other"), path=start.path, sealed=start.sealed, device=0)
    room.runs(other, None)
    assert isinstance(room.said[-1], Refused)


class Full(recording.RecordingWriter):
    """On a disk with room for one second."""

    def append(self, samples: Samples) -> None:
        if self.seconds >= 1.0:
            raise DiskFull("The disk is full. The recording is safe up to 1.0 s.")
        super().append(samples)


def test_a_full_disk_ends_the_recording_and_says_what_is_kept(tmp_path: Path) -> None:
    room = Room(tmp_path / "visit.rec", new_file=Full)
    room.runs(room.start(), *[block()] * 6)
    told = room.said[-1]
    assert isinstance(told, Finished)
    assert (told.error, told.seconds) == ("DiskFull", 1.0)
    assert room.kept() == pytest.approx(1.0)
    assert room.microphone.started is False


def test_a_microphone_that_falls_silent_is_said_and_its_gap_is_marked(room: Room) -> None:
    """An unplugged device gives no error: its blocks just stop. A sleeping computer looks alike."""
    room.service.answer(room.start())
    room.service.answer(block())
    room.clock.at += service.SILENT_SECONDS
    room.service._watch()
    assert not any(isinstance(each, Status) and each.silent for each in room.said)
    room.clock.at += 0.1
    room.service._watch()
    room.service._watch()
    assert [isinstance(each, Status) and each.silent for each in room.said].count(True) == 1
    room.clock.at += 60.0
    room.service.answer(block())
    (gap,) = room.all(Gap)
    assert isinstance(gap, Gap)
    assert (gap.seconds, gap.missing) == pytest.approx((0.5, 61.1))
    assert isinstance(room.said[-1], Status)
    assert not room.said[-1].silent


def test_a_sleep_that_nobody_watched_is_a_gap_too(room: Room) -> None:
    room.service.answer(room.start())
    room.service.answer(block())
    room.clock.at += 3600
    room.service.answer(block())
    assert len(room.all(Gap)) == 1


def test_it_ends_when_nobody_asks_for_long(room: Room) -> None:
    room.service.answer(AskDevices())
    assert isinstance(room.said[-1], Devices)
    room.clock.at += service.IDLE_SECONDS + 1
    room.service.run()


def test_no_message_of_the_recorder_holds_the_key(room: Room) -> None:
    start = room.start()
    room.runs(AskDevices(), start, block(), AskStatus(), Halt())
    lines = b"".join(messages.line(each) for each in (start, *room.said))
    assert KEY not in lines
    assert KEY.hex().encode() not in lines


# ---------------------------------------------------------------- reading along


def test_following_gives_every_sample_once_while_it_is_written(tmp_path: Path) -> None:
    path, sound = tmp_path / "visit.rec", tone(3.2)
    rest = [sound[at : at + BLOCK // 2] for at in range(0, len(sound), BLOCK // 2)]
    writer = recording.RecordingWriter(path, KEY)

    def more() -> bool:
        if rest:
            writer.append(rest.pop(0))
            return True
        writer.close()
        return False

    heard = np.concatenate(list(recording.follow(path, KEY, more=more)))
    np.testing.assert_allclose(heard, sound, atol=1 / 32_000)


def test_following_a_writer_in_another_thread_meets_no_half_frame(tmp_path: Path) -> None:
    path, sound, over = tmp_path / "visit.rec", tone(30.0), Event()

    def write() -> None:
        with recording.RecordingWriter(path, KEY) as writer:
            for at in range(0, len(sound), BLOCK):
                writer.append(sound[at : at + BLOCK])
        over.set()

    with ThreadPoolExecutor(max_workers=1) as lane:
        done = lane.submit(write)
        while not path.exists():
            assert not done.done()
        heard = recording.follow(path, KEY, more=lambda: not over.wait(0.0001))
        assert sum(map(len, heard)) == len(sound)
        done.result()


@pytest.mark.parametrize("cut", [1, 5_000, 16_016], ids=["a byte", "half a frame", "all but one"])
def test_a_frame_that_is_half_written_is_waited_for(cut: int, tmp_path: Path) -> None:
    path, whole = tmp_path / "visit.rec", tmp_path / "whole.rec"
    with recording.RecordingWriter(whole, KEY) as writer:
        writer.append(tone(1.5))
    content = whole.read_bytes()
    path.write_bytes(content[: 32 + cut])
    steps: list[Callable[[], object]] = [lambda: path.write_bytes(content), lambda: None]

    def more() -> bool:
        if steps:
            steps.pop(0)()
            return True
        return False

    heard = sum(map(len, recording.follow(path, KEY, more=more)))
    assert heard == pytest.approx(1.5 * SAMPLE_RATE)


def test_what_was_written_while_we_were_told_of_the_end_is_read(tmp_path: Path) -> None:
    path = tmp_path / "visit.rec"
    writer = recording.RecordingWriter(path, KEY)

    def more() -> bool:
        writer.append(tone(0.7))
        writer.close()
        return False

    assert sum(map(len, recording.follow(path, KEY, more=more))) == pytest.approx(0.7 * SAMPLE_RATE)


def test_the_parts_of_an_interrupted_recording_are_found_in_order(tmp_path: Path) -> None:
    path = tmp_path / "e-1.rec"
    assert recording.next_part(path) == path
    path.touch()
    second = recording.next_part(path)
    second.touch()
    third = recording.next_part(path)
    third.touch()
    assert recording.parts(path) == (path, second, third)
    assert len({path, second, third}) == 3
