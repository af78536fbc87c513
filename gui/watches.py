"""What makes the window lock by itself: nobody touched it, or the computer slept. The clocks are
handed in, so that a test need not wait.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

TICK_MS = 1000
SLEPT_SECONDS = 30.0
"""A clock that moves so far between two ticks tells of a sleep (or was set; locking then is
harmless)."""

_TOUCHES = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
    }
)


class Idle(QObject):
    """Counts the seconds since a person last touched one of our windows.

    A recording does not count: it goes on by itself, and nobody looks at the screen.

    Signals:
        passed: nobody did for `seconds`.
    """

    passed = Signal()

    def __init__(
        self,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._seconds = seconds
        self._now = now
        self._touched = now()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            # Windows, not the whole application: a filter there would see every event of every
            # object.
            app.focusWindowChanged.connect(self.watch)
        self._timer = _ticking(self, self.tick)

    @Slot(QWindow)
    def watch(self, window: QWindow | None) -> None:
        """See what is done in this window, too."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def touch(self) -> None:
        """A person is there."""
        self._touched = self._now()

    def tick(self) -> None:
        """Look at the clock."""
        if self._now() - self._touched >= self._seconds:
            self.touch()
            self.passed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notices a touch and takes nothing away."""
        if event.type() in _TOUCHES:
            self.touch()
        return False


def clocks() -> tuple[float, ...]:
    """Clocks of which at least one goes on while the computer sleeps, whatever the system."""
    boot = getattr(time, "CLOCK_BOOTTIME", None)
    asleep = () if boot is None else (time.clock_gettime(boot),)
    return (time.monotonic(), time.time(), *asleep)


class Sleep(QObject):
    """Notices afterwards that this process did not run for a while.

    Signals:
        slept: it did not.
    """

    slept = Signal()

    def __init__(
        self,
        now: Callable[[], tuple[float, ...]] = clocks,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._last = now()
        self._timer = _ticking(self, self.tick)

    def tick(self) -> None:
        """Look at the clocks."""
        then, self._last = self._last, self._now()
        if any(now - before > SLEPT_SECONDS for now, before in zip(self._last, then, strict=True)):
            self.slept.emit()


def _ticking(parent: QObject, tick: Callable[[], None]) -> QTimer:
    timer = QTimer(parent)
    timer.setInterval(TICK_MS)
    timer.timeout.connect(tick)
    timer.start()
    return timer
