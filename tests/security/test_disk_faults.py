"""The disk refuses, or the program is killed, at each of its writes, syncs and renames in turn:
what was said to be kept is there, a fault is told in our own words, and the vault opens.
"""

import json
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.security import tracing
from tests.security.farm import BUG, IDLE
from tests.security.powercut import State
from tests.security.test_power_cuts import CASES, prepared, recorded

pytestmark = pytest.mark.security

INJECTIONS = {
    "full once": "error=ENOSPC:when={last}",
    "full from then on": "error=ENOSPC:when={last}+",
    "a fault of the disk": "error=EIO:when={last}",
    "killed": "signal=SIGKILL:when={last}",
}
TOLD = {"fault DiskFull", "fault StoreError", "fault VaultDamaged"}
"""What may be told of a disk that refuses; anything else is a bug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How one life of the program ended whose `number`-th `call` went wrong, and its files."""

    call: str
    number: int
    killed: bool
    code: int
    said: tuple[str, ...]
    place: Path


def lives(
    counts: Mapping[str, int], injection: str, act: str, template: Path, place: Path
) -> list[Life]:
    """One life for each call that is made: `counts` says how often."""
    last = max(counts.values()) + 1
    for call, count in counts.items():
        for number in range(1, count + 1):
            shutil.copytree(template, place / f"{call}-{number}")
    wrong = injection.format(last=last)
    # Ten times faster, but strace sends no signal that way.
    fast = [] if "signal" in wrong else ["--seccomp-bpf"]
    command = [
        tracing.strace(), *fast, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={','.join(counts)}",
        *(part for call in counts for part in ("-e", f"inject={call}:{wrong}")), "--",
        *tracing.python("-m", "tests.security.farm"), str(last), act, str(place),
        *(f"{call}={count}" for call, count in counts.items()),
    ]  # fmt: skip
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=tracing.ROOT, check=False, timeout=280
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert len(told) == sum(counts.values()), done.stderr
    assert all(each["code"] != BUG for each in told), done.stderr
    return [
        Life(
            call=each["call"],
            number=each["number"],
            killed=each["killed"],
            code=each["code"],
            said=tuple(each["said"]),
            place=place / f"{each['call']}-{each['number']}",
        )
        for each in told
    ]


@pytest.fixture
def template(memory: Path) -> Path:
    """What every life begins with."""
    made = memory / "template"
    made.mkdir()
    return made


@pytest.mark.parametrize("act", CASES)
def test_a_disk_that_refuses_at_any_moment_costs_nothing_that_was_kept(
    act: str, template: Path, memory: Path, figure: Callable[[str, object], None]
) -> None:
    prepared(act, template / "vault")
    counted = memory / "counted"
    shutil.copytree(template, counted)
    recorded(counted, act, memory)
    counts = Counter(each.name for each in tracing.calls(memory / "log") if each.name in IDLE)
    assert counts["pwrite64"] >= 10
    ends: Counter[str] = Counter()
    for name, injection in INJECTIONS.items():
        place = memory / "lives"
        for each in lives(counts, injection, act, template, place):
            at = f"{name} at {each.call} {each.number} of {counts[each.call]}: {each.said}"
            ends[_end(each, killed=name == "killed", at=at)] += 1
            try:
                CASES[act](each.place / "vault", _state(each))
            except BaseException as error:
                error.add_note(at)
                raise
        shutil.rmtree(place)
    assert ends["killed"] > 10
    assert ends["fault DiskFull"] > 10
    figure(f"disk faults and kills in {act}", dict(ends))


def _end(life: Life, *, killed: bool, at: str) -> str:
    """How it ended, in a word; the test fails for an end that is not allowed."""
    if killed and life.killed:
        return "killed"
    assert not life.killed, at
    if life.code == 0:
        return "done"
    assert life.code == 3, at
    assert life.said[-1] in TOLD, at
    return life.said[-1]


def _state(life: Life) -> State:
    return State(step=life.number, variant="", files={}, said=life.said)


def test_the_counting_hits_the_call_it_means(template: Path, memory: Path) -> None:
    """Killed at its first, second, third rename, a program that makes three says 0, 1 and 2."""
    place = memory / "lives"
    ended = lives({"rename": 4}, INJECTIONS["killed"], "three_renames", template, place)
    assert [(each.killed, len(each.said)) for each in ended] == [
        (True, 0), (True, 1), (True, 2), (False, 3),
    ]  # fmt: skip
    assert (place / "rename-3" / "c").exists()
