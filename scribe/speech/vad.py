"""Cuts a stream of samples into stretches of speech. Pure logic: the probability of speech comes
from outside, nothing here knows which model gives it.

The stream is seen in windows of 32 ms. A stretch begins with the first window above ONSET and ends
with a pause; it keeps PAD seconds of sound on either side. Memory is bounded by LONGEST.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from scribe.records import SAMPLE_RATE, Samples

WINDOW = 512
"""Samples of one window; the size Silero was trained on at 16 kHz."""

ONSET = 0.5
OFFSET = 0.35
"""Speech begins above ONSET and goes on until below OFFSET (Silero's own hysteresis of 0.15)."""

PAUSE_SECONDS = 0.4
"""A pause this long ends a stretch: people leave about as much between two turns. Letting a long
stretch end at a shorter one (0.25 s after 7 s) cost up to 2.4 points of word error in noise.
"""

PAD_SECONDS = 0.19
"""Kept before and after: the onset of a soft consonant lies below the threshold."""

SHORTEST_SECONDS = 0.1
"""Less speech than this between two pauses is a click or a cough."""

LONGEST_SECONDS = 12.0
"""With no pause at all the stretch is cut at its weakest place in the last third."""


_BREATH = 5
"""Windows (160 ms) over which a weak place is looked for: longer than the closure of a "p"."""


class Detector(Protocol):
    """How probable speech is, window by window, in the order of the stream."""

    def __call__(self, samples: Samples) -> Sequence[float]:
        """One probability 0..1 for each WINDOW samples; `len(samples)` is a multiple of WINDOW."""
        ...

    def reset(self) -> None:
        """Forget the stream so far."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stretch:
    """Sound of one stretch of speech; `start` in seconds from the beginning of the stream."""

    start: float
    samples: Samples

    @property
    def end(self) -> float:
        """Seconds from the beginning of the stream."""
        return self.start + len(self.samples) / SAMPLE_RATE


def _windows(seconds: float) -> int:
    return round(seconds * SAMPLE_RATE / WINDOW)


_PAUSE, _PAD = _windows(PAUSE_SECONDS), _windows(PAD_SECONDS)
_SHORTEST, _LONGEST = _windows(SHORTEST_SECONDS), _windows(LONGEST_SECONDS)


class Cutter:
    """One stream from its first sample to its last."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self.reset()

    def reset(self) -> None:
        """Begin a new stream at 0 s."""
        self._detector.reset()
        self._rest: Samples = np.zeros(0, dtype=np.float32)
        # The windows still needed, their probabilities, and the number of the first of them.
        self._kept: list[Samples] = []
        self._odds: list[float] = []
        self._first = 0
        self._begin: int | None = None
        self._quiet = 0
        self._spoken = 0

    def push(self, samples: Samples) -> tuple[Stretch, ...]:
        """Take the next samples (16 kHz mono, any length); the stretches that ended in them."""
        joined = np.concatenate([self._rest, samples])
        whole = len(joined) // WINDOW * WINDOW
        self._rest = joined[whole:]
        return self._take(joined[:whole]) if whole else ()

    def finish(self) -> tuple[Stretch, ...]:
        """End of the stream: the last stretches. Call `reset` before the next stream."""
        ended: list[Stretch] = []
        if len(self._rest):
            padding = np.zeros(WINDOW - len(self._rest), dtype=np.float32)
            ended += self.push(padding)
        if self._begin is not None:
            ended += self._close(len(self._kept))
        return tuple(ended)

    def _take(self, samples: Samples) -> tuple[Stretch, ...]:
        ended: list[Stretch] = []
        windows = samples.reshape(-1, WINDOW)
        for window, odds in zip(windows, self._detector(samples), strict=True):
            self._kept.append(window)
            self._odds.append(float(odds))
            ended += self._silent() if self._begin is None else self._speaking(self._begin)
        return tuple(ended)

    def _silent(self) -> list[Stretch]:
        """The newest window while nobody speaks."""
        if self._odds[-1] >= ONSET:
            self._begin = max(0, len(self._kept) - 1 - _PAD)
            self._quiet, self._spoken = 0, 1
        else:
            self._forget(len(self._kept) - _PAD)
        return []

    def _speaking(self, begin: int) -> list[Stretch]:
        """The newest window while somebody speaks."""
        if self._odds[-1] >= ONSET or (self._odds[-1] >= OFFSET and not self._quiet):
            self._quiet = 0
            self._spoken += 1
        else:
            self._quiet += 1
        if self._quiet >= _PAUSE:
            return self._close(len(self._kept) - self._quiet + _PAD)
        if len(self._kept) - begin >= _LONGEST:
            return self._split(begin)
        return []

    def _close(self, end: int) -> list[Stretch]:
        """End the stretch before the kept window `end`."""
        assert self._begin is not None
        begin, spoken = self._begin, self._spoken
        end = min(end, len(self._kept))
        stretch = self._stretch(begin, end)
        self._begin, self._quiet, self._spoken = None, 0, 0
        self._forget(end)
        return [stretch] if spoken >= _SHORTEST else []

    def _split(self, begin: int) -> list[Stretch]:
        """Cut a stretch without a pause at its weakest place; what follows begins the next."""
        third = begin + 2 * (len(self._kept) - begin) // 3
        weakest = third + _weakest(self._kept[third:], self._odds[third:])
        stretch = self._stretch(begin, weakest + 1)
        self._forget(weakest + 1)
        self._begin = 0
        self._quiet = 0
        self._spoken = sum(odds >= ONSET for odds in self._odds)
        return [stretch]

    def _stretch(self, begin: int, end: int) -> Stretch:
        return Stretch(
            start=(self._first + begin) * WINDOW / SAMPLE_RATE,
            samples=np.concatenate(self._kept[begin:end]),
        )

    def _forget(self, count: int) -> None:
        """Drop the oldest windows so that the `count` first ones are gone."""
        if count > 0:
            del self._kept[:count]
            del self._odds[:count]
            self._first += count


def _weakest(windows: list[Samples], odds: list[float]) -> int:
    """The middle of the weakest place. In a noisy room the probability stays high in a breath and
    only the level drops, so both count.
    """
    levels = np.sqrt([float(np.mean(window**2)) for window in windows]) * np.asarray(odds)
    smooth = np.convolve(levels, np.ones(_BREATH), mode="valid")
    return int(np.argmin(smooth)) + _BREATH // 2
