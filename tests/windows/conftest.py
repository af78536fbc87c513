"""Windows for tests: off the screen, on scripted parts, with a visit that misuses a code."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import app, demo
from gui.main_window import MainWindow
from gui.tasks import Tasks
from scribe.build import Parts
from scribe.errors import WrongPassphrase
from scribe.fakes import FakeMicrophone, FakeRecogniser, FakeWriter, MemoryStore
from scribe.ports import Recogniser, Store, Writer
from scribe.settings import Settings

PASSPHRASE = demo.PASSPHRASE
WAIT = 20_000
"""The longest a test waits for something to happen, in milliseconds; it is never reached when all is well."""


@dataclass
class Stage:
    """Scripted parts whose faults a test can set; one store, as one disk, for all windows."""

    store: MemoryStore
    microphone: FakeMicrophone = field(default_factory=demo.microphone)
    recognisers: list[FakeRecogniser] = field(default_factory=list)
    """Handed out first to last; then the demo's."""
    writer: FakeWriter | None = None
    created: bool = True

    def parts(self) -> Parts:
        return Parts(
            settings=Settings(),
            microphone=self.microphone,
            new_recogniser=self._recogniser,
            new_writer=self._writer,
            open_store=self._open,
            create_store=self._create,
            store_exists=lambda: self.created,
        )

    def _recogniser(self) -> Recogniser:
        return self.recognisers.pop(0) if self.recognisers else demo.recogniser()

    def _writer(self) -> Writer | None:
        return self.writer

    def _open(self, passphrase: str) -> Store:
        if passphrase != self.store.passphrase:
            raise WrongPassphrase("This passphrase does not open the vault.")
        self.store.open = True
        return self.store

    def _create(self, passphrase: str, clinician: str) -> Store:
        self.store.passphrase = passphrase
        self.created = True
        return self.store


@pytest.fixture(scope="session")
def qapp_cls() -> type[QApplication]:
    return QApplication


@pytest.fixture
def dressed(qapp: QApplication) -> QApplication:
    """The application with its style."""
    return app.application()


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(store=MemoryStore(passphrase=PASSPHRASE, folder=tmp_path))


@pytest.fixture
def tasks(qapp: QApplication) -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


@pytest.fixture
def open_window(
    dressed: QApplication, qtbot: QtBot, stage: Stage
) -> Iterator[Callable[[], MainWindow]]:
    """Opens a window on the stage; every window is closed when the test ends."""
    opened: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(stage.parts(), Tasks(dressed))
        opened.append(window)
        window.show_start()
        window.show()
        qtbot.waitExposed(window)
        return window

    yield make
    for window in opened:
        window.close()
        window.deleteLater()


__all__ = ["PASSPHRASE", "WAIT", "Stage", "replace"]
