"""Level, mixing down and resampling."""

import numpy as np
import pytest

from scribe.audio.samples import Resampler, level, mono
from scribe.records import SAMPLE_RATE, Samples


def tone(rate: int, seconds: float = 1.0, hertz: float = 440.0) -> Samples:
    """A sine at half scale."""
    time = np.arange(int(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * hertz * time)).astype(np.float32)


def test_level_of_an_empty_block_is_silence() -> None:
    found = level(np.zeros(0, dtype=np.float32), 3.0)
    assert (found.rms, found.peak, found.seconds) == (0.0, 0.0, 3.0)


def test_level_of_a_tone_is_its_rms_and_peak() -> None:
    found = level(tone(SAMPLE_RATE), 0.0)
    assert found.rms == pytest.approx(0.5 / np.sqrt(2), abs=1e-3)
    assert found.peak == pytest.approx(0.5, abs=1e-3)


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        pytest.param(np.ones((3,)), [1, 1, 1], id="already mono"),
        pytest.param(np.ones((3, 1)), [1, 1, 1], id="one channel"),
        pytest.param(np.array([[1.0, 0.0]] * 3), [0.5] * 3, id="one silent channel"),
        pytest.param(np.array([[0.2, 0.4, 0.6]]), [0.4], id="three channels"),
    ],
)
def test_channels_are_averaged(frames: Samples, expected: list[float]) -> None:
    mixed = mono(frames.astype(np.float32))
    assert mixed.dtype == np.float32
    np.testing.assert_allclose(mixed, expected, rtol=1e-6)


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 44_100, 48_000, 96_000])
def test_a_stream_keeps_its_length_and_its_pitch_at_any_rate(rate: int) -> None:
    sound = tone(rate, seconds=2.0)
    resampler = Resampler(rate)
    parts = [resampler.push(block) for block in np.array_split(sound, 37)]
    whole = np.concatenate([*parts, resampler.finish()])
    assert abs(len(whole) - 2 * SAMPLE_RATE) <= 2
    spectrum = np.abs(np.fft.rfft(whole))
    assert np.argmax(spectrum) * SAMPLE_RATE / len(whole) == pytest.approx(440.0, abs=1.0)


def test_the_borders_of_blocks_cannot_be_heard() -> None:
    sound = tone(48_000)
    whole = Resampler(48_000)
    in_blocks = Resampler(48_000)
    expected = np.concatenate([whole.push(sound), whole.finish()])
    parts = [in_blocks.push(block) for block in np.array_split(sound, 100)]
    np.testing.assert_allclose(np.concatenate([*parts, in_blocks.finish()]), expected, atol=1e-5)
