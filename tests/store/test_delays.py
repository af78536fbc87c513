"""Wrong passphrases: the wait grows, outlives a restart, and no clock shortens it."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.errors import TooSoon, VaultDamaged, WrongPassphrase
from scribe.store import delays, keyfile, vault
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock

WRONG = "four loud otters waiting"


@pytest.fixture
def closed(opened: Vault, folder: Path) -> Path:
    """A vault that nobody has open."""
    opened.close()
    return folder


def fails(folder: Path, clock: FakeClock, times: int = 1) -> None:
    for _ in range(times):
        delays.remember(folder, clock)


def wait(folder: Path, clock: FakeClock) -> float:
    return delays.remaining(delays.read(folder), clock.now())


def test_nobody_waits_who_was_never_wrong(tmp_path: Path, clock: FakeClock) -> None:
    delays.keep(tmp_path, clock)
    assert clock.waited == []


@pytest.mark.parametrize(
    ("wrong", "seconds"),
    [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (8, 128), (9, 256), (10, 300), (30, 300)],
)
def test_the_wait_grows_to_five_minutes(
    tmp_path: Path, clock: FakeClock, wrong: int, seconds: int
) -> None:
    fails(tmp_path, clock, wrong)
    assert wait(tmp_path, clock) == seconds
    clock.passes(seconds / 2)
    assert wait(tmp_path, clock) == seconds / 2
    clock.passes(seconds / 2)
    assert wait(tmp_path, clock) == 0


def test_a_short_wait_is_sat_out_and_a_long_one_told(tmp_path: Path, clock: FakeClock) -> None:
    fails(tmp_path, clock)
    delays.keep(tmp_path, clock)
    assert clock.waited == [1.0]
    fails(tmp_path, clock, 2)
    with pytest.raises(TooSoon, match="4 seconds") as caught:
        delays.keep(tmp_path, clock)
    assert caught.value.seconds == 4.0
    assert clock.waited == [1.0]


@pytest.mark.parametrize("moved", [-86_400 * 400, -3600, -1, 3600, 86_400 * 400])
def test_setting_the_wall_clock_changes_nothing(
    tmp_path: Path, clock: FakeClock, moved: float
) -> None:
    fails(tmp_path, clock, 8)
    clock.is_set(moved)
    clock.passes(28)
    assert wait(tmp_path, clock) == pytest.approx(100)


def test_the_wait_outlives_a_restart_of_the_computer(tmp_path: Path, clock: FakeClock) -> None:
    fails(tmp_path, clock, 8)
    clock.restarts(28)
    assert wait(tmp_path, clock) == pytest.approx(100)


def test_a_clock_set_back_before_a_restart_begins_the_wait_again_once(
    tmp_path: Path, clock: FakeClock
) -> None:
    fails(tmp_path, clock, 8)
    clock.restarts(28)
    clock.is_set(-86_400)
    with pytest.raises(TooSoon):
        delays.keep(tmp_path, clock)
    clock.passes(128)
    delays.keep(tmp_path, clock)


@settings(max_examples=300, deadline=None)
@given(
    moves=st.lists(
        st.one_of(
            st.tuples(st.just("set back"), st.floats(-1e7, 0)),
            st.tuples(st.just("passes"), st.floats(0, 100)),
        ),
        max_size=6,
    )
)
def test_no_setting_back_ever_shortens_the_wait(moves: list[tuple[str, float]]) -> None:
    clock = FakeClock()
    failures = delays.Failures(count=8, last=clock.now())
    passed = 0.0
    for kind, seconds in moves:
        if kind == "passes":
            clock.passes(seconds)
            passed += seconds
        else:
            clock.is_set(seconds)
    assert delays.remaining(failures, clock.now()) >= 128 - passed - 1e-6


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[" * 9000, id="deep"),
        pytest.param(b"[]", id="no time"),
        pytest.param(b'{"count": "many"}', id="not a number"),
        pytest.param(b'{"count": 1e999, "wall": "x"}', id="without end"),
        pytest.param(b"\xff" * 100_000, id="noise"),
        pytest.param(b"null", id="null"),
    ],
)
def test_what_cannot_be_read_is_no_failure_and_no_crash(
    tmp_path: Path, clock: FakeClock, content: bytes
) -> None:
    (tmp_path / delays.FAILED).write_bytes(content)
    assert wait(tmp_path, clock) == 0
    delays.keep(tmp_path, clock)


def test_a_time_in_the_far_future_locks_nobody_out(tmp_path: Path, clock: FakeClock) -> None:
    fails(tmp_path, clock, 3)
    kept = json.loads((tmp_path / delays.FAILED).read_text())
    far = {**kept, "wall": "9998-01-01T00:00:00+00:00", "boot": "other", "count": 10**9}
    (tmp_path / delays.FAILED).write_text(json.dumps(far))
    with pytest.raises(TooSoon) as caught:
        delays.keep(tmp_path, clock)
    assert caught.value.seconds == delays.LONGEST
    clock.passes(delays.LONGEST)
    delays.keep(tmp_path, clock)


def test_the_list_of_the_first_release_is_read(tmp_path: Path, clock: FakeClock) -> None:
    times = [datetime(2026, 3, 1, hour).astimezone().isoformat() for hour in (9, 10)]
    (tmp_path / delays.FAILED).write_text(json.dumps(times))
    assert delays.read(tmp_path).count == 2
    assert wait(tmp_path, clock) == 0


# ---------------------------------------------------------------- with a vault


def test_during_the_wait_even_the_right_passphrase_is_not_looked_at(
    closed: Path, clock: FakeClock, passphrase: str
) -> None:
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            vault.open_vault(closed, WRONG, clock=clock)
    for tried in (passphrase, WRONG):
        with pytest.raises(TooSoon):
            vault.open_vault(closed, tried, clock=clock)
    assert clock.waited == [1.0, 2.0]
    clock.passes(4)
    with vault.open_vault(closed, passphrase, clock=clock) as again:
        assert again.access.last_opened is not None
        assert again.access.last_opened.failed == 3
    assert not (closed / delays.FAILED).exists()


def test_wrong_ones_in_an_open_vault_count_as_well(
    folder: Path, passphrase: str, opened: Vault, clock: FakeClock
) -> None:
    opened.close()
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        for _ in range(3):
            with pytest.raises(WrongPassphrase):
                again.sign_digest("00" * 32, WRONG)
        with pytest.raises(TooSoon):
            again.access.confirm(passphrase)
        assert [row.act for row in again.audit()].count("failed-unlock") == 3
    clock.passes(2)
    with pytest.raises(WrongPassphrase):
        vault.open_vault(folder, WRONG, clock=clock)
    clock.passes(8)
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        failed = [row.detail for row in again.audit() if row.act == "failed-unlock"]
    assert failed[:3] == ["signing"] * 3
    assert failed[3].startswith("1, last at")


def test_a_wrong_passphrase_and_a_damaged_file_are_told_apart(
    closed: Path, clock: FakeClock, passphrase: str
) -> None:
    messages = set()
    for tried in (WRONG, "", "x" * 500, passphrase + " "):
        clock.passes(400)
        with pytest.raises(WrongPassphrase) as caught:
            vault.open_vault(closed, tried, clock=clock)
        messages.add(str(caught.value))
    assert len(messages) == 1
    for name in (keyfile.CURRENT, keyfile.PREVIOUS):
        (closed / name).write_bytes(b"{}")
    clock.passes(400)
    with pytest.raises(VaultDamaged):
        vault.open_vault(closed, WRONG, clock=clock)
