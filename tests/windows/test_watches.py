"""When the window locks by itself: at T and not a second sooner, after a sleep, with the screen."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.screen import Bus, Screen
from gui.watches import SLEPT_SECONDS, Idle, Sleep

T = 600.0


class Clock:
    def __init__(self) -> None:
        self.at = 5000.0

    def __call__(self) -> float:
        return self.at


class Room:
    """An idle watch on a window, and how often it locked."""

    def __init__(self, qtbot: QtBot) -> None:
        self.clock = Clock()
        self.idle = Idle(T, self.clock)
        self.locked = 0
        self.idle.passed.connect(self._lock)
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.idle.watch(self.window.windowHandle())

    def _lock(self) -> None:
        self.locked += 1

    def waits(self, seconds: float) -> None:
        self.clock.at += seconds
        self.idle.tick()


@pytest.fixture
def room(dressed: QApplication, qtbot: QtBot) -> Room:
    return Room(qtbot)


def test_it_locks_at_t_and_not_before(room: Room) -> None:
    room.waits(T - 1)
    assert room.locked == 0
    room.waits(1)
    assert room.locked == 1


def test_it_locks_once_and_counts_anew(room: Room) -> None:
    room.waits(T)
    room.waits(1)
    assert room.locked == 1
    room.waits(T)
    assert room.locked == 2


@pytest.mark.parametrize("touch", ["key", "button", "move"])
def test_a_touch_starts_the_count_anew(touch: str, room: Room) -> None:
    room.waits(T - 1)
    handle = room.window.windowHandle()
    match touch:
        case "key":
            QTest.keyClick(handle, Qt.Key.Key_A)
        case "button":
            QTest.mouseClick(handle, Qt.MouseButton.LeftButton)
        case "move":
            QTest.mouseMove(handle, room.window.rect().center())
    room.waits(T - 1)
    assert room.locked == 0
    room.waits(1)
    assert room.locked == 1


def test_what_happens_in_the_window_by_itself_is_no_touch(room: Room) -> None:
    """A recording that shows its level and its words keeps nothing awake."""
    room.waits(T - 1)
    for width in (300, 400):
        room.window.resize(width, 200)
        room.window.update()
        QApplication.processEvents()
    room.waits(1)
    assert room.locked == 1


@pytest.mark.parametrize(
    ("moved", "slept"),
    [
        pytest.param((1.0, 1.0, 1.0), 0, id="an ordinary second"),
        pytest.param((SLEPT_SECONDS, 1.0, 1.0), 0, id="a busy machine"),
        pytest.param((1.0, 61.0, 61.0), 1, id="a sleep that the first clock did not see"),
        pytest.param((61.0, 61.0, 61.0), 1, id="a stopped process"),
        pytest.param((1.0, -3600.0, 1.0), 0, id="the wall clock set back"),
    ],
)
def test_a_sleep_is_noticed_afterwards(
    moved: tuple[float, ...], slept: int, dressed: QApplication
) -> None:
    now = [10.0, 20.0, 30.0]
    watch = Sleep(lambda: tuple(now))
    seen: list[bool] = []
    watch.slept.connect(lambda: seen.append(True))
    now[:] = [each + by for each, by in zip(now, moved, strict=True)]
    watch.tick()
    assert len(seen) == slept
    watch.tick()
    assert len(seen) == slept, "said once"


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A message bus of this test alone, in the place of the session's and the system's."""
    daemon = shutil.which("dbus-daemon")
    if daemon is None or shutil.which("dbus-send") is None:
        pytest.skip("no message bus on this machine: dbus-daemon is not installed")
    started = subprocess.Popen(
        [daemon, "--session", "--nofork", "--print-address=1"], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    address = started.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
    yield address
    started.terminate()
    started.communicate()


LISTEN = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.screen import Bus, Screen
app = QApplication([])
screen = Screen()
def say(what):
    sys.stdout.write(what + "\\n")
    sys.stdout.flush()
screen.locked.connect(lambda: say("locked"))
screen.sleeping.connect(lambda: say("sleeping"))
bus = Bus(screen)
QTimer.singleShot(0, lambda: say("ready"))
app.exec()
"""
LOCKS = [
    ("org.freedesktop.ScreenSaver.ActiveChanged", "boolean:true", "locked"),
    ("org.gnome.ScreenSaver.ActiveChanged", "boolean:true", "locked"),
    ("org.xfce.ScreenSaver.ActiveChanged", "boolean:true", "locked"),
    ("org.freedesktop.login1.Session.Lock", "", "locked"),
    ("org.freedesktop.login1.Manager.PrepareForSleep", "boolean:true", "sleeping"),
]


def test_the_system_tells_of_its_lock_and_its_sleep(bus: str) -> None:
    listener = subprocess.Popen(
        [sys.executable, "-c", LISTEN],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    assert listener.stdout is not None
    assert listener.stdout.readline() == "ready\n"

    def send(name: str, argument: str) -> None:
        command = ["dbus-send", f"--bus={bus}", "--type=signal", "/any/path", name]
        subprocess.run([*command, *([argument] if argument else [])], check=True)

    try:
        send("org.gnome.ScreenSaver.ActiveChanged", "boolean:false")
        for name, argument, heard in LOCKS:
            send(name, argument)
            assert listener.stdout.readline() == f"{heard}\n", name
    finally:
        listener.kill()
        listener.communicate()


def test_without_a_bus_there_is_still_a_window(dressed: QApplication) -> None:
    screen = Screen()
    Bus(screen)
