"""Lifts sound to the level at which recognition works best. Pure arithmetic for recognition alone:
what is kept of a recording is never changed by anything here.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from scribe.records import SAMPLE_RATE, Samples

FRAME = SAMPLE_RATE // 50
"""Level is judged in frames of 20 ms."""

TARGET_DBFS = -16.0
"""Active speech level handed to recognition. Silero misses most of the speech of a far, quiet
speaker at -25 dBFS and finds it at this level (threshold 0.5)."""

MOST_GAIN = 20.0
"""26 dB: enough for a quiet speaker, too little to turn an empty room into speech."""

SILENCE = 1e-3
"""Frames below -60 dBFS RMS say nothing about how loud anyone speaks."""

MEMORY_SECONDS = 30.0
"""How long the running gain remembers; longer than a turn, shorter than a walk across the room."""


def frame_levels(samples: Samples) -> NDArray[np.float32]:
    """RMS of each whole 20-ms frame; a rest shorter than a frame is left out."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    levels: NDArray[np.float32] = np.sqrt(np.mean(frames**2, axis=1))
    return levels


def active_level(levels: NDArray[np.float32]) -> float:
    """RMS over the frames in which somebody speaks (within 12 dB of the loud ones), 0 if nobody."""
    heard = levels[levels > SILENCE]
    if not len(heard):
        return 0.0
    active = heard[heard > 0.25 * np.percentile(heard, 95)]
    return float(np.sqrt(np.mean(active.astype(np.float64) ** 2)))


def gain_for(active: float) -> float:
    """The factor that lifts an active level to TARGET_DBFS: never below 1, at most MOST_GAIN."""
    if active <= 0.0:
        return 1.0
    return float(min(MOST_GAIN, max(1.0, 10 ** (TARGET_DBFS / 20) / active)))


def lift(samples: Samples, gain: float) -> Samples:
    """Samples times `gain` with peaks rounded off instead of clipped; unchanged at gain 1."""
    if gain <= 1.0:
        return samples
    lifted: Samples = np.tanh(samples * np.float32(gain)).astype(np.float32)
    return lifted


class RunningGain:
    """Lifts a stream block by block by what was heard in the last half minute.

    The block itself counts before it is lifted, so the first word after a silence is lifted too.
    """

    def __init__(self) -> None:
        self._levels: deque[float] = deque(maxlen=int(MEMORY_SECONDS * SAMPLE_RATE / FRAME))

    def lift(self, samples: Samples) -> Samples:
        """The block at recognition level."""
        self._levels.extend(frame_levels(samples).tolist())
        levels = np.asarray(self._levels, dtype=np.float32)
        return lift(samples, gain_for(active_level(levels)))
