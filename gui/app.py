"""Start of the window: QApplication, excepthook, tasks, parts, window, in this order; no logic."""

import argparse
import sys
import traceback
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from gui import demo, texts, theme
from gui.main_window import MainWindow
from gui.tasks import Collector, Tasks
from scribe import build, log, paths, settings
from scribe.coding import tables
from scribe.errors import ScribeError
from scribe.ids import new_encounter_id
from scribe.records import Encounter, Visit, VisitState

FAILED = 1
SWITCH_SECONDS = 0.0005
"""How long a lane may hold the interpreter before the Qt thread gets it (Python's own: 5 ms, which
a click that calls Qt many times pays many times over while a draft is being written)."""


def main(argv: list[str] | None = None) -> int:
    """Open the window and return its exit code: 0, or 1 if it could not start."""
    chosen = options(sys.argv[1:] if argv is None else argv)
    app = application()
    sys.excepthook = show_bug
    try:
        if not chosen.demo:
            log.open_log(paths.log_dir())
            tables.add_folder(paths.codes_dir())
        known = settings.load(paths.settings_file())
        parts = demo.parts(known) if chosen.demo else build.real_parts(known)
    except ScribeError as error:
        QMessageBox.critical(None, texts.APP, str(error))
        return FAILED
    window = MainWindow(parts, Tasks(app))
    if chosen.visit is not None:
        window.open_audio(chosen.visit, _new_visit(chosen.date_of_service))
    else:
        window.show_start()
    window.show()
    collector = Collector(app)
    log.event(log.Code.STARTED)
    if chosen.quit_when_usable:
        QTimer.singleShot(0, app.quit)
    try:
        return app.exec()
    finally:
        collector.close()
        log.event(log.Code.ENDED)
        log.close_log()


def application() -> QApplication:
    """The dressed application of this process."""
    found = QCoreApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication([texts.APP])
    app.setApplicationName(texts.APP)
    sys.setswitchinterval(SWITCH_SECONDS)
    theme.dress(app)
    return app


def show_bug(kind: type[BaseException], bug: BaseException, at: TracebackType | None) -> None:
    """A mistake of ours: its frames go to the error output, its place to a dialog.

    The message of a bug may quote what it worked on, so it is shown nowhere.
    """
    if issubclass(kind, KeyboardInterrupt):
        QApplication.quit()
        return
    frames = traceback.extract_tb(at)
    if sys.stderr is not None:
        sys.stderr.write("".join(traceback.format_list(frames)) + f"{kind.__name__}\n")
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    box = QMessageBox(QMessageBox.Icon.Critical, texts.BUG_TITLE, "")
    box.setText(texts.BUG.format(kind=kind.__name__, place=place))
    box.exec()


def _new_visit(day: date | None) -> Visit:
    encounter = Encounter(id=new_encounter_id(), date_of_service=day or date.today())
    return Visit(encounter=encounter, state=VisitState.NEW, updated=datetime.now(UTC))


def options(argv: Sequence[str]) -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(prog="scribe-window")
    parser.add_argument("--visit", metavar="AUDIO", type=Path, help="review this audio file")
    parser.add_argument("--date-of-service", metavar="D", type=date.fromisoformat, default=None)
    parser.add_argument("--demo", action="store_true", help="scripted parts, nothing is kept")
    parser.add_argument("--quit-when-usable", action="store_true", help="for measuring the start")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
