"""The three loops of a recording: nothing after the recording may cost audio."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Event as Flag

import numpy as np
import pytest

from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.draft.write import Drafter
from scribe.errors import Cancelled, DiskFull, EngineLost
from scribe.events import Event, Heard, Level, Never, Stop
from scribe.fakes import BLOCK, FakeMicrophone, FakeRecogniser, tone
from scribe.ids import EncounterId, utterance_id
from scribe.live import LiveVisit
from scribe.records import (
    DEFAULT_TEMPLATE,
    SAMPLE_RATE,
    Consent,
    Encounter,
    Samples,
    Speaker,
    Utterance,
    Visit,
    VisitState,
)

AGREED = Visit(
    encounter=Encounter(id=EncounterId("e-1"), date_of_service=date(2026, 11, 3)),
    state=VisitState.CONSENTED,
    updated=datetime(2026, 11, 3, 9, tzinfo=UTC),
    consent=Consent(
        given_by="patient",
        at=datetime(2026, 11, 3, 9, tzinfo=UTC),
        wording_version="2026-11",
    ),
)


class Tape:
    """Keeps what is recorded; full after `room` samples."""

    def __init__(self, room: int | None = None) -> None:
        self.kept: list[Samples] = []
        self.closed = False
        self._room = room

    def append(self, samples: Samples) -> None:
        if self._room is not None and sum(map(len, self.kept)) + len(samples) > self._room:
            raise DiskFull("The disk is full.")
        self.kept.append(samples)

    def close(self) -> None:
        self.closed = True

    @property
    def seconds(self) -> float:
        return sum(map(len, self.kept)) / SAMPLE_RATE


def said(*texts: str) -> tuple[Utterance, ...]:
    return tuple(
        Utterance(
            id=utterance_id(number),
            speaker=Speaker.CLINICIAN if number % 2 else Speaker.PATIENT,
            start=float(number - 1),
            end=number - 0.1,
            text=text,
        )
        for number, text in enumerate(texts, 1)
    )


def visit(recogniser: FakeRecogniser, tape: Tape | None = None) -> LiveVisit:
    drafter = Drafter(template.load(DEFAULT_TEMPLATE), None)
    return LiveVisit(recogniser=recogniser, drafter=drafter, permit=Permit(AGREED), recording=tape)


def run_all(live: LiveVisit, events: list[Event], stop: Stop | None = None) -> Sequence[object]:
    stop = stop or Never()
    with ThreadPoolExecutor(max_workers=3) as lanes:
        loops = [
            lanes.submit(loop, events.append, stop)
            for loop in (live.record, live.listen, live.write)
        ]
    return [each.exception() or each.result() for each in loops]


def test_a_visit_is_recorded_heard_and_written() -> None:
    tape, events = Tape(), list[Event]()
    live = visit(FakeRecogniser(said("How are you?", "My left arm is weak.")), tape)
    FakeMicrophone(tone(4.25)).start(live.take)
    live.stop_input()
    seconds, heard, draft = run_all(live, events)
    assert seconds == pytest.approx(4.25)
    assert tape.seconds == pytest.approx(4.25)
    assert tape.closed
    assert [each.text for each in heard.utterances] == [  # type: ignore[attr-defined]
        "How are you?",
        "My left arm is weak.",
    ]
    assert any("left" in each.text for each in draft.statements)  # type: ignore[attr-defined]
    assert sum(isinstance(each, Level) for each in events) == 9
    assert sum(isinstance(each, Heard) for each in events) == 2


def test_a_lost_engine_costs_no_audio() -> None:
    tape = Tape()
    live = visit(FakeRecogniser(fault=EngineLost("gone"), fault_after=1.0), tape)
    FakeMicrophone(tone(5.0)).start(live.take)
    live.stop_input()
    seconds, heard, _ = run_all(live, [])
    assert isinstance(heard, EngineLost)
    assert seconds == pytest.approx(5.0)
    assert tape.closed


def test_a_full_disk_closes_the_recording_and_ends_every_loop() -> None:
    tape = Tape(room=2 * SAMPLE_RATE)
    live = visit(FakeRecogniser(said("Hello there.")), tape)
    FakeMicrophone(tone(5.0)).start(live.take)
    live.stop_input()
    recorded, heard, _ = run_all(live, [])
    assert isinstance(recorded, DiskFull)
    assert tape.seconds == pytest.approx(2.0)
    assert tape.closed
    assert not isinstance(heard, Exception), "what was recorded is still heard"


def test_cancelling_the_note_does_not_end_the_recording() -> None:
    tape, stop = Tape(), Flag()
    stop.set()
    live = visit(FakeRecogniser(said("Hello there.")), tape)
    FakeMicrophone(tone(2.0)).start(live.take)
    live.stop_input()
    seconds, heard, _ = run_all(live, [], stop)
    assert isinstance(heard, Cancelled)
    assert seconds == pytest.approx(2.0)


def test_an_empty_recording_gives_an_empty_note() -> None:
    live = visit(FakeRecogniser())
    live.take(np.zeros(BLOCK, dtype=np.float32))
    live.stop_input()
    _, heard, draft = run_all(live, [])
    assert heard.utterances == ()  # type: ignore[attr-defined]
    assert draft.statements == ()  # type: ignore[attr-defined]
