"""How long what is kept: rules and holdings in, removals with their reasons out. Pure; what removes
is elsewhere (`keeping.py`).

Six years are the least for what documents compliance (45 CFR 164.316(b)(2)(i), 164.530(j)); how
long a medical record is kept is the law of the state, mostly longer, so a signed note goes only
where a practice has set its own years. The audit log has no rule: it is never shortened. A legal
hold wins.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from scribe.errors import SettingsUnusable
from scribe.ids import EncounterId

LEAST_YEARS = 6
"""No rule may remove a signed note sooner, counted from its last signature."""


class Kind(StrEnum):
    """What a removal takes away."""

    RECORDING = "recording"
    """The key and the file of the recorded sound."""
    NOTES = "notes"
    """A signed visit with all versions of its note and all that was heard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What a practice has decided. `None` keeps for ever.

    Attributes:
        recording_days: days after the last signature for which a recording is kept.
        notes_years: whole years after the last signature for which a signed note is kept.
    """

    recording_days: int | None = 0
    notes_years: int | None = None

    def __post_init__(self) -> None:
        """Raises SettingsUnusable for less than what has to be kept."""
        if self.recording_days is not None and self.recording_days < 0:
            raise SettingsUnusable("A recording cannot be deleted before the note is signed.")
        if self.notes_years is not None and self.notes_years < LEAST_YEARS:
            raise SettingsUnusable(f"Signed notes are kept for at least {LEAST_YEARS} years.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What a vault has of one visit. `signed` is the day of its last signature, None before any."""

    visit: EncounterId
    date_of_service: date
    signed: date | None
    recorded: bool
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """One thing that would go, and why, in words."""

    visit: EncounterId
    kind: Kind
    why: str


def due(holdings: Iterable[Holding], rules: Rules, today: date) -> tuple[Removal, ...]:
    """What these rules take away on this day, in the order of the holdings. Changes nothing."""
    return tuple(each for holding in holdings for each in _of(holding, rules, today))


def years_after(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March, so that no day is lost."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _of(holding: Holding, rules: Rules, today: date) -> Iterator[Removal]:
    if holding.held or holding.signed is None:
        return
    # A note signed before the day of service, or by a clock that was wrong: the later day counts.
    begins = max(holding.signed, holding.date_of_service)
    whole = rules.notes_years is not None and today >= years_after(begins, rules.notes_years)
    signed = f"signed on {begins.isoformat()}"
    if holding.recorded and _recording_due(begins, rules, today):
        why = f"{signed}; recordings are kept {rules.recording_days} days"
        yield Removal(visit=holding.visit, kind=Kind.RECORDING, why=why)
    elif holding.recorded and whole:
        why = f"{signed}; it goes with its note"
        yield Removal(visit=holding.visit, kind=Kind.RECORDING, why=why)
    if whole:
        why = f"{signed}; notes are kept {rules.notes_years} years"
        yield Removal(visit=holding.visit, kind=Kind.NOTES, why=why)


def _recording_due(begins: date, rules: Rules, today: date) -> bool:
    return rules.recording_days is not None and (today - begins).days >= rules.recording_days
