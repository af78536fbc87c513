"""Arithmetic on samples: level, mixing down, resampling. No files and no devices."""

import numpy as np
import soxr
from numpy.typing import NDArray

from scribe.events import Level
from scribe.records import SAMPLE_RATE, Samples


def level(samples: Samples, seconds: float) -> Level:
    """How loud a block is, full-scale units 0..1, `seconds` into the recording; empty is silent."""
    if not len(samples):
        return Level(rms=0.0, peak=0.0, seconds=seconds)
    return Level(
        rms=float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))),
        peak=float(np.max(np.abs(samples))),
        seconds=seconds,
    )


def mono(frames: NDArray[np.float32]) -> Samples:
    """Mix frames of shape (n,) or (n, channels) down to (n,) by their mean."""
    if frames.ndim == 1:
        return frames
    if frames.shape[1] == 1:
        return np.ascontiguousarray(frames[:, 0])
    mixed: Samples = frames.mean(axis=1, dtype=np.float32)
    return mixed


class Resampler:
    """A stream of mono samples from `rate` to SAMPLE_RATE, seamless across blocks."""

    def __init__(self, rate: int) -> None:
        self._stream = (
            None
            if rate == SAMPLE_RATE
            else soxr.ResampleStream(rate, SAMPLE_RATE, 1, dtype="float32")
        )

    def push(self, samples: Samples) -> Samples:
        """What is ready after these samples; may be empty, a few milliseconds are held back."""
        return samples if self._stream is None else self._chunk(samples, last=False)

    def finish(self) -> Samples:
        """The samples held back; call once, at the end."""
        empty: Samples = np.zeros(0, dtype=np.float32)
        return empty if self._stream is None else self._chunk(empty, last=True)

    def _chunk(self, samples: Samples, *, last: bool) -> Samples:
        assert self._stream is not None
        ready: Samples = self._stream.resample_chunk(samples.astype(np.float32), last=last)
        return ready
