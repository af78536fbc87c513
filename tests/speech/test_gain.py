"""The level at which recognition hears: quiet speech is lifted, loud speech and rooms are not."""

import numpy as np
import pytest

from scribe.records import SAMPLE_RATE, Samples
from scribe.speech.gain import (
    MOST_GAIN,
    RunningGain,
    active_level,
    frame_levels,
    gain_for,
    lift,
)


def noise(dbfs: float, seconds: float = 1.0) -> Samples:
    """White noise at a level; the same every time."""
    samples = np.random.default_rng(5).standard_normal(int(seconds * SAMPLE_RATE))
    return (samples * 10 ** (dbfs / 20)).astype(np.float32)


def dbfs(samples: Samples) -> float:
    """Level of speech among silence, in dB below full scale."""
    return float(20 * np.log10(active_level(frame_levels(samples))))


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param(np.zeros(0, dtype=np.float32), id="empty"),
        pytest.param(np.zeros(999, dtype=np.float32), id="silence"),
        pytest.param(noise(-70), id="an empty room"),
        pytest.param(noise(-10), id="loud"),
    ],
)
def test_what_needs_no_gain_stays_as_it_is(samples: Samples) -> None:
    lifted = RunningGain().lift(samples)
    np.testing.assert_array_equal(lifted, samples)


@pytest.mark.parametrize("level", [-20.0, -25.0, -35.0])
def test_quiet_speech_comes_near_the_target_and_is_never_clipped(level: float) -> None:
    lifted = RunningGain().lift(noise(level))
    assert dbfs(lifted) == pytest.approx(-16.0, abs=0.5)
    assert np.abs(lifted).max() < 1.0


def test_pauses_do_not_count_as_quiet_speech() -> None:
    speech = noise(-25.0)
    with_pauses = np.concatenate([speech, np.zeros(5 * SAMPLE_RATE, dtype=np.float32), speech])
    assert dbfs(with_pauses) == pytest.approx(dbfs(speech), abs=0.1)


def test_lifted_peaks_are_rounded_off_in_the_right_order() -> None:
    rising = np.linspace(-1.0, 1.0, 99, dtype=np.float32)
    lifted = lift(rising, 3.0)
    assert np.all(np.diff(lifted) > 0)
    assert np.abs(lifted).max() < 1.0


def test_the_gain_has_a_limit() -> None:
    assert gain_for(1e-4) == MOST_GAIN
    assert gain_for(0.0) == 1.0


def test_the_first_word_after_a_silence_is_lifted_too() -> None:
    gain = RunningGain()
    gain.lift(noise(-70.0, seconds=10.0))
    assert dbfs(gain.lift(noise(-30.0, seconds=0.1))) == pytest.approx(-16.0, abs=1.0)


def test_a_loud_speaker_is_forgotten_in_the_end() -> None:
    gain = RunningGain()
    gain.lift(noise(-10.0, seconds=5.0))
    for _ in range(40):
        lifted = gain.lift(noise(-30.0, seconds=1.0))
    assert dbfs(lifted) == pytest.approx(-16.0, abs=0.5)
