"""The real window process with a scripted speech model and a person who does what files in a folder
say. Not a test itself.

FOLDER (the first argument) holds `passphrase`, `said`, and, for the first window only, `name` and
`note`: nothing that must be forgotten is written in this program.
"""

import os
import sys
from argparse import Namespace
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from gui import app
from gui.main_window import MainWindow
from scribe import build, settings
from scribe.build import Parts
from scribe.ids import ModelId, StatementId, new_encounter_id
from scribe.ports import Recogniser, Store, Writer
from scribe.records import (
    DEFAULT_TEMPLATE,
    Consent,
    Draft,
    Encounter,
    Section,
    Statement,
    Support,
    Transcript,
    Visit,
    VisitState,
)
from scribe.store.vault import open_vault
from scribe.worker.host import ModelProcess, SpeechProcess
from scribe.worker.protocol import Load

HERE = Path(__file__).parent
FOLDER = Path(sys.argv[1])
Steps = Iterator[Callable[[], object]]


def recogniser() -> Recogniser:
    os.environ["CANARY_SAID"] = str(FOLDER / "said")
    load = Load(kind="speech", model_id=ModelId("canary"), path="", threads=1)
    command = (sys.executable, "-P", str(HERE / "canary_speech.py"))
    return SpeechProcess(ModelProcess(load, command=command))


def no_writer() -> Writer | None:
    return None


def parts(chosen: Namespace, known: settings.Settings) -> Parts:
    def opened(passphrase: str) -> Store:
        return open_vault(FOLDER / "vault", passphrase)

    return replace(
        build.real_parts(known),
        new_recogniser=recogniser,
        new_writer=no_writer,
        open_store=opened,
        store_exists=lambda: True,
    )


def mark(name: str, text: str = "") -> None:
    part = FOLDER / f"{name}.part"
    part.write_text(text)
    part.rename(FOLDER / name)


def asked(name: str) -> Callable[[], bool]:
    return (FOLDER / name).exists


def first_life(window: MainWindow) -> Steps:
    yield from unlock(window)
    name, note = ((FOLDER / each).read_text() for each in ("name", "note"))
    consent = Consent(
        given_by="patient", at=_now(), wording_version="2026-11", present=("patient",)
    )
    written = Visit(
        encounter=_encounter(name),
        state=VisitState.DRAFTED,
        updated=_now(),
        consent=consent,
        transcript=Transcript(utterances=(), model_id=ModelId("canary"), seconds=1.0),
        draft=Draft(
            statements=(
                Statement(
                    id=StatementId("s1"),
                    section=Section.PLAN,
                    heading="",
                    text=note,
                    evidence=(),
                    support=Support.TYPED,
                ),
            ),
            template_id=DEFAULT_TEMPLATE,
            model_id=ModelId("canary"),
        ),
    )
    window._made(written)
    yield lambda: window.visit is not None and window.visit.desk.coded is not None
    visit = Visit(
        encounter=_encounter(name), state=VisitState.CONSENTED, updated=_now(), consent=consent
    )
    window._made(visit)
    yield lambda: window.visit is not None and window.visit.desk.visit.encounter == visit.encounter
    view = window.visit
    assert view is not None
    view.listening.record(None)
    yield lambda: view.desk.utterances
    store = window.vault._store
    assert store is not None
    (FOLDER / "key").write_bytes(store.audio_key(visit.encounter.id))
    mark("ready", f"{os.getpid()} {store.recording_path(visit.encounter.id)}")
    yield lambda: asked("lock")() or asked("watch-recorder")()
    if asked("watch-recorder")():
        yield view.banner.isVisible
        mark("recorder-lost")
        yield asked("record-on")
        view.banner.action.click()
    yield asked("lock")
    window.lock("key")


def later_life(window: MainWindow, number: int) -> Steps:
    assert window.start is not None
    yield lambda: window.recorder.status is not None or asked("unlock")()
    status = window.recorder.status
    mark(f"locked-{number}", f"{os.getpid()} {status.seconds if status else -1}")
    yield lambda: asked("unlock")() or asked("stop")()
    if asked("stop")():
        window.recorder.stop()
        yield lambda: window.recorder.ended is not None
        mark("stopped")
        yield asked("unlock")
    yield from unlock(window)
    yield lambda: window.visit is not None
    view = window.visit
    assert view is not None
    if asked("stop")():
        yield lambda: view.desk.coded is not None
    else:
        yield lambda: view.listening.recording and len(view.desk.utterances) == 2
    mark("attached", f"{len(view.desk.utterances)} {view.desk.visit.state.value}")
    yield asked("quit")
    view.listening.stop()
    yield lambda: not view.listening.recording
    yield lambda: view.desk.coded is not None and not view.desk.unsaved
    window.close()


def unlock(window: MainWindow) -> Steps:
    start = window.start
    assert start is not None
    start.passphrase.setText((FOLDER / "passphrase").read_text())
    start.submit()
    yield lambda: window.vault.is_open


def _encounter(name: str) -> Encounter:
    return Encounter(id=new_encounter_id(), date_of_service=date(2026, 6, 15), patient_label=name)


def _now() -> datetime:
    return datetime.now().astimezone()


def drive(steps: Steps) -> None:
    """Go on as soon as what was waited for is true."""
    waiting: list[Callable[[], object]] = [lambda: True]

    def tick() -> None:
        while waiting and waiting[0]():
            waiting[:] = [each for each in [next(steps, None)] if each is not None]

    timer = QTimer(QApplication.instance())
    timer.setInterval(20)
    timer.timeout.connect(tick)
    timer.start()


class Window(MainWindow):
    """Has somebody in front of it."""

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]  # Qt's
        if not hasattr(self, "person"):
            self.person = True
            number = len(list(FOLDER.glob("life-*")))
            (FOLDER / f"life-{number}").touch()
            drive(first_life(self) if number == 0 else later_life(self, number))


if __name__ == "__main__":
    sys.exit(app.run(app.options([]), parts, Window))
