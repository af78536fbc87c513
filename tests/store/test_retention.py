"""The retention rules as a pure function: nothing under six years, and a hold wins, whatever is
asked.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.errors import SettingsUnusable
from scribe.ids import EncounterId
from scribe.store.retention import LEAST_YEARS, Holding, Kind, Rules, due, years_after

DAYS = st.dates(date(2000, 1, 1), date(2080, 12, 31))


def holding(
    *, signed: date | None, recorded: bool = True, held: bool = False, day: date | None = None
) -> Holding:
    return Holding(
        visit=EncounterId("e-1"),
        date_of_service=day or signed or date(2026, 1, 1),
        signed=signed,
        recorded=recorded,
        held=held,
    )


HOLDINGS = st.builds(
    Holding,
    visit=st.just(EncounterId("e-1")),
    date_of_service=DAYS,
    signed=st.none() | DAYS,
    recorded=st.booleans(),
    held=st.booleans(),
)
RULES = st.builds(
    Rules,
    recording_days=st.none() | st.integers(0, 20_000),
    notes_years=st.none() | st.integers(LEAST_YEARS, 60),
)


@given(st.lists(HOLDINGS, max_size=6), RULES, DAYS)
def test_nothing_signed_goes_before_six_years_and_nothing_held_goes(
    holdings: list[Holding], rules: Rules, today: date
) -> None:
    numbered = [
        Holding(
            visit=EncounterId(f"e-{number}"),
            date_of_service=each.date_of_service,
            signed=each.signed,
            recorded=each.recorded,
            held=each.held,
        )
        for number, each in enumerate(holdings)
    ]
    by_id = {each.visit: each for each in numbered}
    removals = due(numbered, rules, today)
    for each in removals:
        about = by_id[each.visit]
        assert not about.held
        assert about.signed is not None
        assert each.why
        if each.kind is Kind.NOTES:
            assert rules.notes_years is not None
            for begins in (about.signed, about.date_of_service):
                assert today >= years_after(begins, LEAST_YEARS)
        else:
            assert about.recorded
            assert today >= about.signed
    assert len(set(removals)) == len(removals)


@given(DAYS, st.integers(0, 60))
def test_years_are_whole(day: date, years: int) -> None:
    after = years_after(day, years)
    assert after >= day
    assert (after.year - day.year) == years
    assert abs((after - day) - timedelta(days=365.2425 * years)) < timedelta(days=3)


@pytest.mark.parametrize(
    "wrong",
    [{"notes_years": 5}, {"notes_years": 0}, {"notes_years": -1}, {"recording_days": -1}],
    ids=str,
)
def test_a_rule_that_keeps_too_little_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(SettingsUnusable):
        Rules(**wrong)


SIGNED = date(2026, 3, 2)
MUST_STAY = {
    "not signed": (holding(signed=None), Rules(), date(2090, 1, 1)),
    "under a hold": (holding(signed=SIGNED, held=True), Rules(notes_years=6), date(2090, 1, 1)),
    "no rule for notes": (holding(signed=SIGNED, recorded=False), Rules(), date(2090, 1, 1)),
    "a day too soon": (
        holding(signed=SIGNED, recorded=False),
        Rules(notes_years=6),
        date(2032, 3, 1),
    ),
    "a service after the signature": (
        holding(signed=SIGNED, recorded=False, day=date(2026, 9, 1)),
        Rules(notes_years=6),
        date(2032, 3, 2),
    ),
    "recordings kept a week": (holding(signed=SIGNED), Rules(recording_days=7), date(2026, 3, 8)),
    "recordings kept for ever": (
        holding(signed=SIGNED),
        Rules(recording_days=None),
        date(2090, 1, 1),
    ),
    "a clock before the signature": (holding(signed=SIGNED), Rules(), date(2020, 1, 1)),
}


@pytest.mark.parametrize(("one", "rules", "today"), MUST_STAY.values(), ids=MUST_STAY)
def test_must_stay(one: Holding, rules: Rules, today: date) -> None:
    assert due([one], rules, today) == ()


MAY_GO = {
    "a recording on the day of signing": (Rules(), SIGNED, [Kind.RECORDING]),
    "a recording after its week": (Rules(recording_days=7), date(2026, 3, 9), [Kind.RECORDING]),
    "all after six years": (Rules(notes_years=6), date(2032, 3, 2), [Kind.RECORDING, Kind.NOTES]),
    "recordings kept longer than the note go with it": (
        Rules(recording_days=None, notes_years=6),
        date(2032, 3, 2),
        [Kind.RECORDING, Kind.NOTES],
    ),
}


@pytest.mark.parametrize(("rules", "today", "kinds"), MAY_GO.values(), ids=MAY_GO)
def test_may_go(rules: Rules, today: date, kinds: list[Kind]) -> None:
    assert [each.kind for each in due([holding(signed=SIGNED)], rules, today)] == kinds
