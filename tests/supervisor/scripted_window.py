"""A window without Qt that does what its first argument says. Not a test itself.

Arguments: a folder to leave marks in, then one behaviour per life of the window, in order.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from scribe import sandbox


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def hear() -> str:
    return sys.stdin.readline().rstrip("\n")


def lock(folder: Path) -> int:
    say('locking {"visit":"e-1"}')
    return 75


def hang(folder: Path) -> int:
    lock(folder)
    time.sleep(3600)
    return 0


def crash(folder: Path) -> int:
    os.kill(os.getpid(), 11)
    return 0


def record_then_lock(folder: Path) -> int:
    say("recorder start")
    while hear() != "recorder 3":
        pass
    say("locking {}")
    return 75


def hears_recorder_then_quits(folder: Path) -> int:
    assert hear().startswith("recorder ")
    return 0


def says_when_recorder_is_gone(folder: Path) -> int:
    say("recorder die")
    while hear() != "recorder-gone":
        pass
    (folder / "told").touch()
    return 0


def waits_for_raise(folder: Path) -> int:
    assert hear() == "raise"
    (folder / "raised").touch()
    return 0


def with_child(folder: Path) -> int:
    subprocess.Popen([sys.executable, "-c", CHILD], stdin=subprocess.PIPE)
    say("recorder start")
    hear()
    (folder / "ready").touch()
    time.sleep(3600)
    return 0


LIVES: dict[str, Callable[[Path], int]] = {
    "quit": lambda folder: 0,
    "fail": lambda folder: 1,
    "lock": lock,
    "hang": hang,
    "crash": crash,
    "record-then-lock": record_then_lock,
    "hears-recorder-then-quits": hears_recorder_then_quits,
    "says-when-recorder-is-gone": says_when_recorder_is_gone,
    "waits-for-raise": waits_for_raise,
    "with-child": with_child,
}


def main() -> int:
    folder, lives = Path(sys.argv[1]), sys.argv[2:]
    sandbox.die_with_parent(9)
    begin = hear()
    number = len(list(folder.glob("window-*")))
    (folder / f"window-{number}").write_text(f"{os.getpid()} {begin}")
    return LIVES[lives[number]](folder)


CHILD = """
import time
from scribe import sandbox
sandbox.die_with_parent(9)
time.sleep(3600)
"""

if __name__ == "__main__":
    sys.exit(main())
