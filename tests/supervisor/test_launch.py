"""The program as a person starts it: it opens, it opens once, and it says what is wrong."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from scribe import paths
from scribe.supervisor import Instance


def start(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-P", "-m", "gui.launch", *arguments],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_demo_opens_and_closes_without_a_trace() -> None:
    before = {each.pid for each in psutil.process_iter()}
    told = start("--demo", "--quit-when-usable")
    assert told.returncode == 0, told.stderr
    assert [
        each
        for each in psutil.process_iter(["cmdline"])
        if each.pid not in before and "gui.app" in (each.info["cmdline"] or [])
    ] == []


def test_the_real_program_opens_and_closes(own_home: Path) -> None:
    told = start("--quit-when-usable")
    assert told.returncode == 0, told.stderr
    assert start("--quit-when-usable").returncode == 0, "and once more"


@pytest.fixture
def running() -> Iterator[Instance]:
    """A program that runs already."""
    one = Instance(paths.data_dir())
    assert one.take()
    yield one
    one.free()


def test_a_second_start_is_refused_and_brings_the_first_to_the_front(running: Instance) -> None:
    told = start()
    assert told.returncode == 1
    assert "open already" in told.stderr
    assert running.asked_again()


def test_the_demo_may_run_beside_it(running: Instance) -> None:
    assert start("--demo", "--quit-when-usable").returncode == 0


@pytest.mark.parametrize(
    ("argument", "code", "said"), [("--help", 0, "--visit"), ("--nonsense", 2, "--nonsense")]
)
def test_the_command_line_is_answered_without_a_window(argument: str, code: int, said: str) -> None:
    told = start(argument)
    assert told.returncode == code
    assert said in told.stdout + told.stderr
