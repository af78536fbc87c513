"""The two loops behind a recording: whatever happens to an engine, every word is heard once."""

import contextlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Event as Flag
from typing import Any

import numpy as np
import pytest

from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.draft.write import Drafter
from scribe.errors import Cancelled, EngineLost, VaultDamaged
from scribe.events import Event, Heard, Never, Stop, silence
from scribe.fakes import BLOCK, FakeRecogniser, tone
from scribe.ids import EncounterId, utterance_id
from scribe.live import LiveVisit, Sound
from scribe.records import (
    DEFAULT_TEMPLATE,
    Consent,
    Draft,
    Encounter,
    Samples,
    Speaker,
    Transcript,
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


def recorded(sound: Samples) -> Sound:
    """A recording of these samples in half-second frames."""
    return lambda: iter(np.array_split(sound, max(1, len(sound) // BLOCK)))


def visit(sound: Sound, *, heard: tuple[Utterance, ...] = ()) -> LiveVisit:
    drafter = Drafter(template.load(DEFAULT_TEMPLATE), None)
    return LiveVisit(sound=sound, drafter=drafter, permit=Permit(AGREED), heard=heard)


def run_both(
    live: LiveVisit, recogniser: FakeRecogniser, events: list[Event], stop: Stop | None = None
) -> Sequence[object]:
    stop = stop or Never()
    with ThreadPoolExecutor(max_workers=2) as lanes:
        loops: list[Future[Any]] = [
            lanes.submit(live.listen, recogniser, events.append, stop),
            lanes.submit(live.write, events.append, stop),
        ]
    return [each.exception() or each.result() for each in loops]


TALK = said("How are you?", "My left arm is weak.", "Since when?", "Since the stroke.")


def after(seconds: float) -> tuple[Utterance, ...]:
    """What a recogniser hears that begins `seconds` into the talk."""
    return tuple(
        replace(each, start=each.start - seconds, end=each.end - seconds)
        for each in TALK
        if each.start >= seconds
    )


def test_a_visit_is_heard_and_written() -> None:
    events: list[Event] = []
    heard, draft = run_both(visit(recorded(tone(4.25))), FakeRecogniser(TALK), events)
    assert isinstance(heard, Transcript)
    assert isinstance(draft, Draft)
    assert heard.seconds == pytest.approx(4.25)
    assert [each.text for each in heard.utterances] == [each.text for each in TALK]
    assert any("left" in each.text for each in draft.statements)
    assert sum(isinstance(each, Heard) for each in events) == 4


def test_a_lost_engine_goes_on_where_it_was_and_hears_nothing_twice() -> None:
    live = visit(recorded(tone(4.25)))
    with pytest.raises(EngineLost):
        live.listen(
            FakeRecogniser(TALK, fault=EngineLost("gone"), fault_after=2.2), silence, Never()
        )
    kept = live.utterances
    assert [each.id for each in kept] == ["u1", "u2"]
    heard, _ = run_both(live, FakeRecogniser(after(kept[-1].end)), [])
    assert isinstance(heard, Transcript)
    assert [(each.id, each.text) for each in heard.utterances] == [
        (each.id, each.text) for each in TALK
    ]
    assert [each.end for each in heard.utterances] == pytest.approx([x.end for x in TALK])
    assert heard.seconds == pytest.approx(4.25)


def test_an_engine_that_is_lost_a_hundred_times_costs_no_word() -> None:
    """Each engine hears one utterance and dies."""
    talk = said(*(f"This is sentence number {number}." for number in range(100)))
    live = visit(recorded(tone(100.0)))
    for number, each in enumerate(talk):
        since = talk[number - 1].end if number else 0.0
        alone = replace(each, start=each.start - since, end=each.end - since)
        dying = FakeRecogniser((alone,), fault=EngineLost("gone"), fault_after=alone.end + 0.6)
        with contextlib.suppress(EngineLost):
            live.listen(dying, silence, Never())
    assert [each.text for each in live.utterances] == [each.text for each in talk]
    assert [each.end for each in live.utterances] == pytest.approx([each.end for each in talk])


def test_what_an_earlier_window_heard_is_not_heard_again() -> None:
    live = visit(recorded(tone(4.25)), heard=TALK[:2])
    events: list[Event] = []
    heard, draft = run_both(live, FakeRecogniser(after(TALK[1].end)), events)
    assert isinstance(heard, Transcript)
    assert isinstance(draft, Draft)
    assert [each.text for each in heard.utterances] == [each.text for each in TALK]
    assert sum(isinstance(each, Heard) for each in events) == 2
    assert any("left" in each.text for each in draft.statements), "the drafter knows it all"


def test_cancelling_ends_both_loops() -> None:
    stop = Flag()
    stop.set()
    heard, draft = run_both(visit(recorded(tone(2.0))), FakeRecogniser(TALK), [], stop)
    assert isinstance(heard, Cancelled)
    assert isinstance(draft, Cancelled)


def test_a_damaged_recording_ends_both_loops() -> None:
    def damaged() -> Iterator[Samples]:
        yield tone(1.0)
        raise VaultDamaged("The recording was changed after it was made.")

    heard, draft = run_both(visit(damaged), FakeRecogniser(TALK), [])
    assert isinstance(heard, VaultDamaged)
    assert isinstance(draft, Cancelled)


def test_a_consent_taken_back_ends_both_loops() -> None:
    permit = Permit(AGREED)

    def sound() -> Iterator[Samples]:
        yield tone(1.0)
        permit.revoke()
        yield tone(1.0)

    drafter = Drafter(template.load(DEFAULT_TEMPLATE), None)
    live = LiveVisit(sound=sound, drafter=drafter, permit=permit)
    recogniser = FakeRecogniser(TALK)
    heard, draft = run_both(live, recogniser, [])
    assert isinstance(heard, Cancelled)
    assert isinstance(draft, Cancelled)
    assert len(live.utterances) == 1


def test_an_empty_recording_gives_an_empty_note() -> None:
    heard, draft = run_both(visit(lambda: iter(())), FakeRecogniser(), [])
    assert isinstance(heard, Transcript)
    assert isinstance(draft, Draft)
    assert heard.utterances == ()
    assert draft.statements == ()
