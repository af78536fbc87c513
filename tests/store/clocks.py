"""Time as a test wants it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scribe.store.moment import Moment

MORNING = datetime(2026, 3, 2, 8, 0, 0, tzinfo=UTC)


class FakeClock:
    """A clock that a test moves; waiting takes no time and is written down."""

    def __init__(self) -> None:
        self.moment = Moment(wall=MORNING, boot="boot-1", uptime=1000.0)
        self.waited: list[float] = []

    def now(self) -> Moment:
        return self.moment

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.passes(seconds)

    def passes(self, seconds: float) -> None:
        """All clocks of the machine go on."""
        self.moment = replace(
            self.moment,
            wall=self.moment.wall + timedelta(seconds=seconds),
            uptime=self.moment.uptime + seconds,
        )

    def is_set(self, seconds: float) -> None:
        """Somebody moves the wall clock."""
        self.moment = replace(self.moment, wall=self.moment.wall + timedelta(seconds=seconds))

    def restarts(self, seconds: float = 60.0) -> None:
        """The machine is off and on again within `seconds`."""
        self.passes(seconds)
        self.moment = replace(self.moment, boot=self.moment.boot + "+", uptime=seconds / 2)
