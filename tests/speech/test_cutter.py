"""Cutting a stream into stretches of speech, with probabilities made for the test.

The fake detector reads the probability out of the sound itself: a window of samples all 0.9 is
speech with probability 0.9. So what is cut out tells what was said to be there.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.records import SAMPLE_RATE, Samples
from scribe.speech.vad import (
    LONGEST_SECONDS,
    PAD_SECONDS,
    PAUSE_SECONDS,
    WINDOW,
    Cutter,
    Stretch,
)

STEP = WINDOW / SAMPLE_RATE


class FromTheSound:
    """A detector that takes the first sample of each window for its probability."""

    def __init__(self) -> None:
        self.resets = 0

    def reset(self) -> None:
        self.resets += 1

    def __call__(self, samples: Samples) -> Sequence[float]:
        assert len(samples) % WINDOW == 0
        return [float(each) for each in samples[::WINDOW]]


def stream(*parts: tuple[float, float]) -> Samples:
    """(probability, seconds) one after the other, on the grid of windows."""
    return np.concatenate(
        [np.full(round(sec / STEP) * WINDOW, odds, dtype=np.float32) for odds, sec in parts]
    )


def cut(samples: Samples, block: int = 8_000) -> list[Stretch]:
    """All stretches of a stream handed over in blocks."""
    cutter = Cutter(FromTheSound())
    found: list[Stretch] = []
    for start in range(0, len(samples), block):
        found += cutter.push(samples[start : start + block])
    return found + list(cutter.finish())


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(np.zeros(0, dtype=np.float32), id="nothing"),
        pytest.param(stream((0.0, 60.0)), id="a minute of silence"),
        pytest.param(stream((0.49, 20.0)), id="never quite speech"),
        pytest.param(stream((0.0, 1.0), (0.95, 0.064), (0.0, 1.0)), id="a click"),
        pytest.param(stream((0.0, 1.0), (0.95, 0.032), (0.4, 0.032), (0.0, 9.0)), id="a cough"),
    ],
)
def test_without_speech_there_is_no_stretch(samples: Samples) -> None:
    assert cut(samples) == []


def test_one_stretch_has_its_time_and_a_margin_on_both_sides() -> None:
    (found,) = cut(stream((0.0, 2.0), (0.9, 1.6), (0.0, 2.0)))
    begin, end = round(2.0 / STEP) * STEP, (round(2.0 / STEP) + round(1.6 / STEP)) * STEP
    assert found.start == pytest.approx(begin - PAD_SECONDS, abs=STEP)
    assert found.end == pytest.approx(end + PAD_SECONDS, abs=STEP)
    assert np.sum(found.samples > 0.5) == round(1.6 / STEP) * WINDOW


def test_a_stretch_at_the_very_beginning_begins_at_0() -> None:
    (found,) = cut(stream((0.9, 1.0), (0.0, 1.0)))
    assert found.start == 0.0


def test_what_is_said_until_the_last_sample_is_kept() -> None:
    samples = np.concatenate([stream((0.0, 1.0), (0.9, 1.0)), np.full(100, 0.9, dtype=np.float32)])
    (found,) = cut(samples)
    assert found.end == pytest.approx(len(samples) / SAMPLE_RATE, abs=STEP)


@pytest.mark.parametrize(
    ("pause", "count"),
    [
        pytest.param(PAUSE_SECONDS - 0.1, 1, id="a breath keeps them together"),
        pytest.param(0.5, 2, id="half a second parts two speakers"),
        pytest.param(3.0, 2, id="a long silence"),
    ],
)
def test_a_pause_parts_two_stretches(pause: float, count: int) -> None:
    assert len(cut(stream((0.9, 1.0), (0.0, pause), (0.9, 1.0), (0.0, 1.0)))) == count


def test_speech_goes_on_through_a_doubtful_window() -> None:
    parts = [(0.9, 0.5), (0.4, 0.6), (0.9, 0.5), (0.0, 1.0)]
    assert len(cut(stream(*parts))) == 1


def test_speech_without_a_pause_is_cut_at_its_weakest_window_and_loses_nothing() -> None:
    samples = stream((0.9, 9.0), (0.6, 0.032), (0.9, 10.0), (0.0, 1.0))
    found = cut(samples)
    assert len(found) == 2
    assert found[0].end == pytest.approx(9.0, abs=2 * STEP)
    assert found[1].start == pytest.approx(found[0].end)
    spoken = sum(int(np.sum(each.samples >= 0.5)) for each in found)
    assert spoken == int(np.sum(samples >= 0.5))


@given(
    parts=st.lists(
        st.tuples(st.sampled_from([0.0, 0.2, 0.4, 0.6, 0.95]), st.floats(0.05, 20.0)),
        min_size=1,
        max_size=8,
    ),
    block=st.sampled_from([160, 1_600, 8_000, 50_000]),
)
def test_stretches_are_in_order_bounded_and_the_same_in_any_blocks(
    parts: list[tuple[float, float]], block: int
) -> None:
    samples = stream(*parts, (0.0, 0.5))
    found = cut(samples, block)
    for each in found:
        assert 0.0 <= each.start < each.end <= len(samples) / SAMPLE_RATE + STEP
        assert len(each.samples) <= (LONGEST_SECONDS + 2 * PAD_SECONDS) * SAMPLE_RATE
        first = round(each.start * SAMPLE_RATE)
        np.testing.assert_array_equal(each.samples, samples[first : first + len(each.samples)])
    for one, two in pairwise(found):
        assert one.end <= two.start + 1e-9
    whole = cut(samples, len(samples))
    assert [(each.start, each.end) for each in found] == [(e.start, e.end) for e in whole]


def test_a_new_stream_begins_at_0_and_the_detector_forgets() -> None:
    detector = FromTheSound()
    cutter = Cutter(detector)
    samples = stream((0.0, 1.0), (0.9, 1.0), (0.0, 1.0))
    first = [*cutter.push(samples), *cutter.finish()]
    cutter.reset()
    second = [*cutter.push(samples), *cutter.finish()]
    assert detector.resets == 2
    assert [each.start for each in first] == [each.start for each in second]


def test_hours_of_sound_are_not_kept() -> None:
    cutter = Cutter(FromTheSound())
    hour_of_talk = stream((0.9, 11.0), (0.0, 0.7), (0.6, 30.0), (0.0, 20.0))
    most = 0
    for _ in range(60):
        cutter.push(hour_of_talk)
        most = max(most, sum(len(each) for each in cutter._kept))
    assert most <= (LONGEST_SECONDS + 1) * SAMPLE_RATE
