"""How long somebody waits after a wrong passphrase: 1, 2, 4 ... 300 seconds, also after a restart.

Only what is needed for that is kept, in a file beside the vault: how many wrong ones in a row, when
the last was, and which of them the audit log does not know yet. The wait slows a person at the
keyboard; what slows somebody who has the files is the cost of a guess.
"""

import json
import math
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from scribe.errors import TooSoon
from scribe.files import write_whole
from scribe.store.moment import Clock, Moment, seconds_between

FAILED = "failed-unlocks.json"
LONGEST = 300.0
"""Seconds to wait after the ninth wrong passphrase and each one more."""

SAT_OUT = 2.0
"""A wait of so many seconds is waited here; somebody who mistyped once never hears of it."""

MOST_REMEMBERED = 100
_MOST_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Wrong passphrases since the last right one; `unlogged` are their times, oldest first."""

    count: int = 0
    last: Moment | None = None
    unlogged: tuple[datetime, ...] = field(default=())


def read(folder: Path) -> Failures:
    """What is remembered; nothing when the file is gone or unreadable."""
    try:
        with (folder / FAILED).open("rb") as file:
            return _from_plain(json.loads(file.read(_MOST_BYTES)))
    except (OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
        return Failures()


def remaining(failures: Failures, now: Moment) -> float:
    """Seconds still to wait at `now`. A clock that went backwards does not shorten the wait."""
    if failures.count == 0 or failures.last is None:
        return 0.0
    whole = min(2.0 ** min(failures.count - 1, 16), LONGEST)
    passed = seconds_between(failures.last, now)
    return whole if passed is None else max(whole - passed, 0.0)


def keep(folder: Path, clock: Clock) -> None:
    """Let a short rest of the wait pass, refuse during a longer one. Raises TooSoon."""
    failures, now = read(folder), clock.now()
    seconds = remaining(failures, now)
    if failures.last is not None and seconds_between(failures.last, now) is None:
        # The clock is behind the last wrong one: the wait begins again, and only once.
        _write(folder, Failures(count=failures.count, last=now, unlogged=failures.unlogged))
    if seconds > SAT_OUT:
        raise TooSoon(
            f"Wrong passphrases were tried. The next one is taken in {math.ceil(seconds)} seconds.",
            seconds=seconds,
        )
    if seconds > 0:
        clock.wait(seconds)


def remember(folder: Path, clock: Clock, *, logged: bool = False) -> None:
    """One wrong passphrase more; `logged` when the audit log has it already."""
    before, now = read(folder), clock.now()
    unlogged = before.unlogged if logged else (*before.unlogged, now.wall)
    after = Failures(count=before.count + 1, last=now, unlogged=unlogged[-MOST_REMEMBERED:])
    _write(folder, after)


def forget(folder: Path) -> None:
    """The right one came, and the audit log knows the wrong ones."""
    with suppress(OSError):
        (folder / FAILED).unlink(missing_ok=True)


def _write(folder: Path, failures: Failures) -> None:
    if failures.last is None:
        return
    plain = {
        "count": failures.count,
        "wall": failures.last.wall.isoformat(),
        "boot": failures.last.boot,
        "uptime": failures.last.uptime,
        "unlogged": [each.isoformat() for each in failures.unlogged],
    }
    # Refusing comes first: a full disk must not turn a wrong passphrase into another error.
    with suppress(OSError):
        write_whole(folder / FAILED, json.dumps(plain).encode())


def _from_plain(kept: Any) -> Failures:
    if isinstance(kept, list):  # as the first release wrote it: times only
        kept = {"count": len(kept), "wall": kept[-1], "boot": "", "uptime": 0, "unlogged": kept}
    uptime, boot = float(kept["uptime"]), str(kept["boot"])
    if not math.isfinite(uptime):
        raise ValueError("not a time")
    return Failures(
        count=max(int(kept["count"]), 0),
        last=Moment(wall=_aware(kept["wall"]), boot=boot, uptime=uptime),
        unlogged=tuple(_aware(each) for each in kept["unlogged"])[-MOST_REMEMBERED:],
    )


def _aware(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone()
