"""Start of the window process: pipes, QApplication, excepthook, tasks, parts, window, in this
order; no logic. The program itself starts in `launch.py`.
"""

import signal
import sys
import traceback
from argparse import Namespace
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from gui import demo, launch, screen, texts, theme
from gui.control import Control
from gui.main_window import MainWindow
from gui.options import options
from gui.tasks import Collector, Tasks
from gui.watches import Idle, Sleep
from scribe import build, log, paths, sandbox, settings
from scribe.build import Parts
from scribe.coding import tables
from scribe.errors import ScribeError
from scribe.ids import new_encounter_id
from scribe.records import Encounter, Visit, VisitState
from scribe.settings import Settings
from scribe.supervisor import FAILED, Why

__all__ = ["application", "main", "options", "show_bug"]

SWITCH_SECONDS = 0.0005
"""How long a lane may hold the interpreter before the Qt thread gets it (Python's own: 5 ms, which
a click that calls Qt many times pays many times over while a draft is being written)."""

MakeParts = Callable[[Namespace, Settings], Parts]


def main(argv: Sequence[str] | None = None) -> int:
    """The window, if the supervisor asks for it; else the whole program. Returns its exit code."""
    chosen = options(sys.argv[1:] if argv is None else argv)
    return run(chosen, _parts) if chosen.supervised else launch.main(argv)


def _parts(chosen: Namespace, known: Settings) -> Parts:
    return demo.parts(known) if chosen.demo else build.real_parts(known)


def run(
    chosen: Namespace, make_parts: MakeParts, make_window: type[MainWindow] = MainWindow
) -> int:
    """Be the window between two pipes of a supervisor, until it is closed or locked."""
    heard, told = sandbox.own_pipes(errors=True)
    sandbox.die_with_parent(signal.SIGKILL)
    sandbox.deny_dumps()
    app = application()
    # Now, because a display may be reached over the network, and nothing else may.
    sandbox.deny_network()
    sys.excepthook = show_bug
    control = Control(heard.fileno(), told.fileno(), app)
    control.orphaned.connect(app.quit)
    try:
        if not chosen.demo:
            log.open_log(paths.log_dir())
            tables.add_folder(paths.codes_dir())
        known = settings.load(paths.settings_file())
        parts = make_parts(chosen, known)
    except ScribeError as error:
        QMessageBox.critical(None, texts.APP, str(error))
        return FAILED
    window = make_window(parts, Tasks(app), control)
    _open(window, control, chosen)
    _watch(window, control, known)
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


def _open(window: MainWindow, control: Control, chosen: Namespace) -> None:
    """Show what this window was started for."""

    def open_file() -> None:
        window.open_audio(chosen.visit, _new_visit(chosen.date_of_service))

    if control.begin.why is not Why.STARTED:
        window.show_locked(control.begin, open_file)
    elif chosen.visit is not None:
        open_file()
    else:
        window.show_start()
    window.show()


def _watch(window: MainWindow, control: Control, known: Settings) -> None:
    """Everything that locks the window, and what brings it to the front."""
    idle = Idle(known.lock_minutes * 60.0, parent=window)
    idle.watch(window.windowHandle())
    idle.passed.connect(lambda: window.lock("idle"))
    Sleep(parent=window).slept.connect(lambda: window.lock("sleep"))
    told = screen.Screen(window)
    told.locked.connect(lambda: window.lock("screen"))
    told.sleeping.connect(lambda: window.lock("sleep"))
    told.holder = screen.watch(told, int(window.winId()))
    control.raised.connect(window.come_forward)


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


if __name__ == "__main__":
    sys.exit(main())
