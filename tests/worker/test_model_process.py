"""A model process that dies, hangs, lies or prints must cost nothing but its own answer."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

from scribe import errors
from scribe.ids import ModelId
from scribe.records import Prompt
from scribe.worker.host import ModelProcess, SpeechProcess, WriterProcess
from scribe.worker.protocol import Load

WORKER = Path(__file__).with_name("misbehaving_worker.py")
BLOCK = np.zeros(8000, dtype=np.float32)
PROMPT = Prompt(system="Rewrite.", examples=(("D: a", "A."),), user="D: b", max_tokens=8)


PARENT = """
import sys
from scribe.ids import ModelId
from scribe.worker.host import ModelProcess
from scribe.worker.protocol import Flush, Load
load = Load(kind="speech", model_id=ModelId("stub"), path="hang", threads=1)
process = ModelProcess(load, command=(sys.executable, "-P", {worker!r}))
process.start()
print(process.pid, flush=True)
process.ask(Flush())
"""


class Processes:
    """Starts misbehaving processes and ends them with the test."""

    def __init__(self) -> None:
        self.all: list[ModelProcess] = []

    def start(self, behaviour: str, *, patience: float = 60.0) -> ModelProcess:
        load = Load(kind="writer", model_id=ModelId("stub"), path=behaviour, threads=1)
        command = (sys.executable, "-P", str(WORKER))
        self.all.append(ModelProcess(load, command=command, patience=patience))
        return self.all[-1]


@pytest.fixture
def processes() -> Iterator[Processes]:
    made = Processes()
    yield made
    for each in made.all:
        each.close()


def test_sound_goes_in_and_utterances_come_out(processes: Processes) -> None:
    speech = SpeechProcess(processes.start("ok"))
    assert [each.text for each in speech.hear(BLOCK)] == ["8000 samples"]
    assert [each.text for each in speech.flush()] == ["0 samples"]


def test_nothing_starts_before_the_first_word(processes: Processes) -> None:
    process = processes.start("ok")
    assert process.pid is None
    WriterProcess(process).write(PROMPT)
    assert process.running


def test_killed_in_the_middle_says_so_and_stays_said_until_the_recording_ends(
    processes: Processes,
) -> None:
    speech = SpeechProcess(processes.start("die"))
    speech.hear(BLOCK)
    for _ in range(2):
        with pytest.raises(errors.EngineLost):
            speech.hear(BLOCK)
    with pytest.raises(errors.EngineLost):
        speech.flush()
    assert speech.hear(BLOCK), "a new recording starts a new process"


def test_a_killed_writer_comes_back_with_the_next_prompt(processes: Processes) -> None:
    writer = WriterProcess(processes.start("die"))
    assert writer.write(PROMPT).text == "written"
    with pytest.raises(errors.EngineLost):
        writer.write(PROMPT)
    assert writer.write(PROMPT).text == "written"


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_a_native_crash_costs_one_answer_however_often_it_comes(processes: Processes) -> None:
    writer = WriterProcess(processes.start("crash"))
    for _ in range(20):
        assert writer.write(PROMPT).text == "written"
        with pytest.raises(errors.EngineLost):
            writer.write(PROMPT)
    assert not writer.process.running


def test_a_hang_is_ended(processes: Processes) -> None:
    process = processes.start("hang", patience=0.2)
    with pytest.raises(errors.EngineTimeout):
        WriterProcess(process).write(PROMPT)
    assert not process.running


def test_garbage_is_no_answer(processes: Processes) -> None:
    process = processes.start("garbage")
    with pytest.raises(errors.EngineError):
        WriterProcess(process).write(PROMPT)
    assert not process.running


def test_a_bug_in_the_process_prints_nothing_and_is_a_lost_engine(
    processes: Processes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(errors.EngineLost) as caught:
        WriterProcess(processes.start("bug")).write(PROMPT)
    assert "Canary" not in str(caught.value)
    assert capfd.readouterr() == ("", "")


def test_a_known_fault_keeps_its_class(processes: Processes) -> None:
    process = processes.start("refuse")
    with pytest.raises(errors.WeightsCorrupt):
        process.start()
    assert not process.running


def test_what_a_native_library_prints_goes_nowhere(
    processes: Processes, capfd: pytest.CaptureFixture[str]
) -> None:
    assert WriterProcess(processes.start("print")).write(PROMPT).text == "written"
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel filter is Linux only")
def test_the_kernel_refuses_the_network_to_the_process(processes: Processes) -> None:
    process = processes.start("network")
    assert WriterProcess(process).write(PROMPT).text == "refused refused open"
    assert process.offline


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="these calls are Linux's")
def test_nobody_may_read_the_process_and_it_leaves_no_core(processes: Processes) -> None:
    assert WriterProcess(processes.start("hardened")).write(PROMPT).text == "False (0, 0)"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the pipe's end tells")
def test_a_process_in_the_middle_of_an_answer_dies_with_its_parent() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-P", "-c", PARENT.format(worker=str(WORKER))], stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    child = psutil.Process(int(parent.stdout.readline()))
    parent.kill()
    parent.communicate()
    assert psutil.wait_procs([child], timeout=5)[1] == []


def test_the_process_is_born_silent(processes: Processes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ORT_DISABLE_TELEMETRY", raising=False)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    assert WriterProcess(processes.start("environment")).write(PROMPT).text == "1 1 passive"
