"""Windows come and go, the recorder stays, and nobody is left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scribe import supervisor
from scribe.supervisor import FAILED, QUIT, Instance, Supervisor

HERE = Path(__file__).parent
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs PDEATHSIG")
PATIENCE = 20.0


def commands(folder: Path, *lives: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return (
        (sys.executable, "-P", str(HERE / "scripted_window.py"), str(folder), *lives),
        (sys.executable, "-P", str(HERE / "scripted_recorder.py"), str(folder)),
    )


def run(folder: Path, *lives: str, asked_again: Callable[[], bool] = lambda: False) -> int:
    return Supervisor(*commands(folder, *lives), asked_again=asked_again).run()


def begins(folder: Path) -> list[str]:
    """How each window was greeted, without its process number."""
    found = sorted(folder.glob("window-*"))
    return [each.read_text().partition(" ")[2] for each in found]


def wait(what: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "this never happened"
        time.sleep(0.02)


def test_a_window_that_is_closed_ends_the_program(tmp_path: Path) -> None:
    assert run(tmp_path, "quit") == QUIT
    assert begins(tmp_path) == ["begin started no "]


def test_a_window_that_cannot_start_is_not_tried_again(tmp_path: Path) -> None:
    assert run(tmp_path, "fail", "quit") == FAILED
    assert len(begins(tmp_path)) == 1


def test_a_locked_window_is_followed_by_one_that_knows_where_it_was(tmp_path: Path) -> None:
    assert run(tmp_path, "lock", "quit") == QUIT
    assert begins(tmp_path)[1] == 'begin locked no {"visit":"e-1"}'


def test_a_window_that_does_not_end_in_time_is_ended(tmp_path: Path) -> None:
    assert run(tmp_path, "hang", "quit") == QUIT
    assert begins(tmp_path)[1].startswith("begin locked ")
    assert supervisor.LOCK_SECONDS < 2.0


@POSIX
def test_a_crashed_window_is_followed_by_another_but_not_for_ever(tmp_path: Path) -> None:
    assert run(tmp_path, "crash", "quit") == QUIT
    assert begins(tmp_path)[1] == "begin crashed no "
    again = tmp_path / "again"
    again.mkdir()
    assert run(again, "crash", "crash", "quit") == FAILED
    assert len(begins(again)) == 2


def test_the_recorder_goes_on_through_a_lock_and_completes_at_the_end(tmp_path: Path) -> None:
    assert run(tmp_path, "record-then-lock", "hears-recorder-then-quits") == QUIT
    assert begins(tmp_path)[1] == "begin locked yes {}"
    assert (tmp_path / "recorder-finished").exists()


@POSIX
def test_a_dead_recorder_is_told_to_the_window(tmp_path: Path) -> None:
    assert run(tmp_path, "says-when-recorder-is-gone") == QUIT
    assert (tmp_path / "told").exists()


def test_a_hanging_lock_is_ended_although_the_recorder_talks_all_the_time(tmp_path: Path) -> None:
    assert run(tmp_path, "record-then-lock", "hang", "quit") == QUIT


# ---------------------------------------------------------------- the end of the supervisor

PROGRAM = """
import sys
from scribe.supervisor import Supervisor, end_by_signal
end_by_signal()
window, recorder = eval(sys.argv[1])
sys.exit(Supervisor(window, recorder).run())
"""


@pytest.fixture
def family(tmp_path: Path) -> Iterator[tuple[psutil.Process, list[psutil.Process]]]:
    """A running supervisor and its window, recorder, and a child of the window."""
    both = commands(tmp_path, "with-child")
    top = subprocess.Popen([sys.executable, "-c", PROGRAM, repr(both)])
    wait((tmp_path / "ready").exists)
    process = psutil.Process(top.pid)
    below = process.children(recursive=True)
    assert len(below) == 3
    yield process, below
    for each in below:
        if each.is_running():
            each.kill()
    top.wait()


@LINUX
@pytest.mark.parametrize("by", ["SIGKILL", "SIGTERM"])
def test_when_the_supervisor_ends_nobody_is_left(
    by: str, family: tuple[psutil.Process, list[psutil.Process]], tmp_path: Path
) -> None:
    top, below = family
    top.send_signal(getattr(signal, by))
    gone, alive = psutil.wait_procs(below, timeout=PATIENCE)
    assert alive == []
    assert len(gone) == 3
    assert (tmp_path / "recorder-finished").exists(), "the recording was completed"


# ---------------------------------------------------------------- one program


def test_only_one_may_run_and_a_second_start_is_noticed(tmp_path: Path) -> None:
    first, second = Instance(tmp_path), Instance(tmp_path)
    assert first.take()
    assert not first.asked_again()
    began = time.monotonic()
    assert not second.take()
    assert time.monotonic() - began < 1.0, "the promise to the person who waits"
    assert first.asked_again()
    assert not first.asked_again()
    first.free()
    assert second.take()
    second.free()


def test_an_old_note_to_come_to_the_front_is_not_for_a_new_program(tmp_path: Path) -> None:
    (tmp_path / "window.raise").touch()
    only = Instance(tmp_path)
    assert only.take()
    assert not only.asked_again()
    only.free()


@POSIX
def test_a_killed_program_holds_no_lock(tmp_path: Path) -> None:
    code = (
        "import sys, time, pathlib; from scribe.supervisor import Instance;"
        "one = Instance(pathlib.Path(sys.argv[1])); print(one.take(), flush=True); time.sleep(99)"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    assert not Instance(tmp_path).take()
    holder.kill()
    holder.communicate()
    later = Instance(tmp_path)
    assert later.take()
    later.free()


def test_a_second_start_raises_the_first_window(tmp_path: Path) -> None:
    first = Instance(tmp_path)
    assert first.take()
    both = commands(tmp_path, "waits-for-raise")

    def second_start() -> bool:
        assert not Instance(tmp_path).take()
        return first.asked_again()

    assert Supervisor(*both, asked_again=second_start).run() == QUIT
    assert (tmp_path / "raised").exists()
    first.free()


def test_the_supervisor_loads_no_window_and_no_engine() -> None:
    code = (
        "import sys, gui.launch\n"
        "heavy = {'PySide6', 'numpy', 'pydantic', 'cryptography', 'sqlcipher3', 'sounddevice'}\n"
        "sys.exit(sorted(heavy & set(sys.modules)) or 0)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert told.returncode == 0, told.stderr
