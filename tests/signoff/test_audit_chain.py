"""The audit chain: every change, loss, exchange and fork is named; only a cut end is not seen."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.records import AuditRow
from scribe.signoff import audit
from scribe.signoff.audit import Act

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def chain(length: int, actor: str = "Dr. R") -> tuple[AuditRow, ...]:
    rows: list[AuditRow] = []
    acts = list(Act)
    for number in range(length):
        rows.append(
            audit.follow(
                rows[-1] if rows else None,
                # the clock may run backwards; order is by number
                at=NOON - timedelta(minutes=number),
                actor=actor,
                act=acts[number % len(acts)],
                object_id=f"e-{number}",
            )
        )
    return tuple(rows)


ROWS = chain(8)


@pytest.mark.parametrize("length", [0, 1, 2, 8])
def test_an_unbroken_chain_is_sound(length: int) -> None:
    assert audit.verify(ROWS[:length]) is None


BROKEN = {
    "first row lost": (ROWS[1:], "audit row 1 is missing"),
    "middle row lost": (ROWS[:3] + ROWS[4:], "audit row 4 is missing"),
    "two rows exchanged": ((*ROWS[:2], ROWS[3], ROWS[2], *ROWS[4:]), "audit row 3 is missing"),
    "a row twice": ((*ROWS[:3], ROWS[2], *ROWS[3:]), "audit row 4 is missing"),
    "renumbered": (
        tuple(replace(row, seq=n) for n, row in enumerate(ROWS[1:], start=1)),
        "audit row 1 does not follow",
    ),
    "a row of another chain": (
        (*ROWS[:3], chain(8, "Dr. Other")[3], *ROWS[4:]),
        "audit row 4 does not follow",
    ),
    "forked": ((*ROWS[:3], *chain(8, "Dr. Other")[3:]), "audit row 4 does not follow"),
    "hashed anew": (
        (
            *ROWS[:3],
            audit.follow(ROWS[2], at=NOON, actor="x", act="view", object_id="e"),
            *ROWS[4:],
        ),
        "audit row 5 does not follow",
    ),
}


@pytest.mark.parametrize(("rows", "said"), BROKEN.values(), ids=BROKEN)
def test_the_first_bad_row_is_named(rows: tuple[AuditRow, ...], said: str) -> None:
    assert (audit.verify(rows) or "").startswith(said)


@given(
    number=st.integers(0, len(ROWS) - 1),
    name=st.sampled_from(["actor", "act", "object_id", "detail", "previous", "sha256"]),
    text=st.text(max_size=70),
)
def test_any_changed_text_is_found(number: int, name: str, text: str) -> None:
    changed = replace(ROWS[number], **{name: text})  # type: ignore[arg-type]  # one of the fields
    if changed == ROWS[number]:
        return
    said = audit.verify((*ROWS[:number], changed, *ROWS[number + 1 :]))
    assert said is not None
    assert f"row {number + 1} " in said


def test_a_changed_time_is_found() -> None:
    changed = replace(ROWS[4], at=ROWS[4].at + timedelta(microseconds=1))
    assert audit.verify((*ROWS[:4], changed, *ROWS[5:])) == "audit row 5 was changed"


def test_a_cut_end_needs_an_anchor_elsewhere() -> None:
    """The stated limit of a chain: nothing follows the last row."""
    assert audit.verify(ROWS[:5]) is None
