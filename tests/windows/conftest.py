"""Windows for tests: off the screen, on scripted parts."""

import os
import wave

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import app, demo
from gui.main_window import MainWindow
from gui.tasks import Tasks
from scribe.fakes import MemoryStore
from scribe.records import SAMPLE_RATE
from tests.windows.stage import LONG_MS, Person, Stage


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application with its style."""
    return app.application()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(store=MemoryStore(passphrase=demo.PASSPHRASE, folder=tmp_path))


@pytest.fixture
def sample_audio(tmp_path: Path) -> Path:
    """A WAV file as long as the scripted visit."""
    sound = demo.microphone().sound
    path = tmp_path / "sample.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((sound * 32_767).astype("<i2").tobytes())
    return path


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def person(dressed: QApplication, qtbot: QtBot, stage: Stage) -> Iterator[Callable[[], Person]]:
    """Opens a window with somebody in front of it; every window is closed when the test ends."""
    opened: list[MainWindow] = []

    def sit_down() -> Person:
        window = MainWindow(stage.parts(), Tasks(dressed))
        opened.append(window)
        window.show_start()
        window.show()
        window.activateWindow()
        with qtbot.waitActive(window, timeout=LONG_MS):
            pass
        return Person(window, qtbot)

    yield sit_down
    for window in opened:
        view = window.visit
        if view is not None and view.listening.recording:
            with qtbot.waitSignal(view.listening.stopped, timeout=LONG_MS):
                view.listening.stop()
        window.close()
        window.deleteLater()
