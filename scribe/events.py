"""Frozen messages that a long job tells while it runs; they carry no behaviour and no patient text
except where a class says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from scribe.records import Statement, Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Loudness of the last block: `rms` and `peak` in full-scale units 0..1, `seconds` so far."""

    rms: float
    peak: float
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """`done` of `total` units of the step named `step`; `total` 0 means unknown."""

    step: str
    done: float
    total: float
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An utterance became final (patient text: shown, never logged)."""

    utterance: Utterance


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The draft grew to these statements (patient text: shown, never logged)."""

    statements: tuple[Statement, ...]


Event = Level | Progress | Heard | Written
Tell = Callable[[Event], None]


class Stop(Protocol):
    """What a long job asks between two units of work; `threading.Event` is one."""

    def is_set(self) -> bool:
        """True as soon as the person asked to stop."""
        ...


class Never:
    """A stop that nobody asks for."""

    def is_set(self) -> bool:
        """Always false."""
        return False


def silence(event: Event) -> None:
    """A listener that ignores every event."""
