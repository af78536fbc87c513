"""Locked means locked: two seconds later no process of ours holds a word, a name or a key, and the
recording has not missed a frame. The whole program is run: supervisor, window, recorder, vault and
a speech process; only what is said and who types is scripted.
"""

import os
import re
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from scribe import paths
from scribe.audio import recording
from scribe.store import vault
from scribe.store.keyfile import KdfCost

HERE = Path(__file__).parent
PASSPHRASE = "four quiet otters waiting"
PROMISE = 2.0
PATIENCE = 60.0
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)

PROGRAM = """
import sys
from scribe import sandbox
from scribe.supervisor import Supervisor, end_by_signal
sandbox.deny_dumps()
end_by_signal()
window, recorder = eval(sys.argv[1])
sys.exit(Supervisor(window, recorder).run())
"""


def memory_readable() -> bool:
    """Whether this test may read what no program of this user may: /proc/PID/mem of a process that
    forbids it.
    """
    return sys.platform.startswith("linux") and os.geteuid() == 0


READS_MEMORY = pytest.mark.skipif(
    not memory_readable(), reason="only root may read the memory of a process that forbids it"
)
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")


def wait(what: Callable[[], object], seconds: float = PATIENCE) -> float:
    """Seconds until `what()` was true."""
    began = time.monotonic()
    while not what():
        assert time.monotonic() - began < seconds, "this never happened"
        time.sleep(0.01)
    return time.monotonic() - began


class House:
    """The running program, and a person who is told by files what to do."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.canaries = {
            each: f"Canary{secrets.token_hex(12)}{each}" for each in ("name", "note", "said")
        }
        for name, text in self.canaries.items():
            (folder / name).write_text(text)
        (folder / "passphrase").write_text(PASSPHRASE)
        with vault.create_vault(
            folder / "vault", PASSPHRASE, clinician="Dr. A. Rivera", test_cost=FAST
        ) as made:
            groups = made.access.take_recovery_key().groups
            made.access.confirm_recovery({each: groups[each - 1] for each in made.access.asked})
        both = tuple(
            (sys.executable, "-P", str(HERE / script), str(folder))
            for script in ("whole_window.py", "paced_recorder.py")
        )
        # Standard input and the environment of this test hold none of the canaries.
        self.top = psutil.Popen(
            [sys.executable, "-P", "-c", PROGRAM, repr(both)],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )

    def tell(self, name: str) -> None:
        (self.folder / name).touch()

    def hears(self, name: str) -> list[str]:
        wait((self.folder / name).exists)
        return (self.folder / name).read_text().split(maxsplit=1)

    def forgets_to_write_down(self) -> None:
        """What only the first window may know is gone from the disk before the second starts."""
        for each in self.canaries:
            if each != "said":
                (self.folder / each).unlink()

    def processes(self) -> list[psutil.Process]:
        return [self.top, *self.top.children(recursive=True)]

    def child(self, script: str) -> psutil.Process:
        (found,) = [
            each
            for each in self.top.children(recursive=True)
            if any(part.endswith(script) for part in each.cmdline())
        ]
        return found

    def key(self) -> bytes:
        return (self.folder / "key").read_bytes()

    def close(self) -> None:
        if self.top.poll() is not None:
            return
        left = self.processes()
        self.top.terminate()
        self.top.wait()
        _, alive = psutil.wait_procs(left, timeout=PATIENCE)
        assert alive == [], "no process is left behind"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


def found_in(process: psutil.Process, words: dict[str, bytes]) -> dict[str, int]:
    """How often each of these stands in the memory of a process; nothing if it is gone."""
    count = dict.fromkeys(words, 0)
    try:
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        with Path(f"/proc/{process.pid}/mem").open("rb", buffering=0) as memory:
            for line in maps.splitlines():
                found = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw", line)
                if found is None or "[vvar" in line:
                    continue
                start, end = (int(each, 16) for each in found.groups())
                try:
                    memory.seek(start)
                    content = memory.read(end - start) or b""
                except OSError:
                    continue
                for name, word in words.items():
                    count[name] += content.count(word)
    except (FileNotFoundError, ProcessLookupError):
        return dict.fromkeys(words, 0)
    return count


def spellings(house: House) -> dict[str, bytes]:
    """As Python, the database and Qt write them."""
    words = {}
    for name, text in house.canaries.items():
        words[f"{name} in UTF-8"] = text.encode()
        words[f"{name} in UTF-16"] = text.encode("utf-16-le")
    return words


def frames(path: Path, key: bytes) -> float:
    return recording.inspect(path, key).seconds


@READS_MEMORY
def test_two_seconds_after_a_lock_nothing_is_left_in_any_memory(house: House) -> None:
    pid, where = house.hears("ready")
    path, key, words = Path(where), house.key(), spellings(house)
    window, speech = psutil.Process(int(pid)), house.child("canary_speech.py")
    open_ = found_in(window, words)
    for name in house.canaries:
        assert open_[f"{name} in UTF-8"] + open_[f"{name} in UTF-16"] > 0, name
    assert open_["name in UTF-16"] > 0, "what Qt shows is looked for as Qt writes it"
    assert found_in(speech, words)["said in UTF-8"] > 0
    assert found_in(house.child("paced_recorder.py"), {"key": key})["key"] > 0
    before = frames(path, key)
    house.forgets_to_write_down()

    house.tell("lock")
    _, alive = psutil.wait_procs([window, speech], timeout=PROMISE)
    assert alive == [], "what held plaintext has ended"
    left = {each.pid: found_in(each, words) for each in house.processes()}
    assert {pid: sum(count.values()) for pid, count in left.items()} == dict.fromkeys(left, 0)

    pid, seconds = house.hears("locked-1")
    assert int(pid) != window.pid
    for each in house.processes():
        assert sum(found_in(each, words).values()) == 0, each.cmdline()
    assert found_in(house.top, {"key": key})["key"] == 0, "the supervisor never saw the key"
    assert found_in(psutil.Process(int(pid)), {"key": key})["key"] == 0
    assert float(seconds) > 0, "the unlock screen says that the recording goes on"
    wait(lambda: frames(path, key) > before + 2.0)


@LINUX
def test_the_recording_goes_on_and_is_heard_after_unlocking(house: House) -> None:
    _, where = house.hears("ready")
    path, key = Path(where), house.key()
    recorder = house.child("paced_recorder.py")
    house.tell("lock")
    house.hears("locked-1")
    then = frames(path, key)
    wait(lambda: frames(path, key) > then + 1.0)
    (house.folder / "said").write_text("And it came back.")
    house.tell("unlock")
    assert house.hears("attached")[1] == "recording"
    assert recorder.is_running()
    house.tell("quit")
    house.top.wait(timeout=PATIENCE)
    told = recording.inspect(path, key)
    assert told.complete
    assert len(recording.parts(path)) == 1, "one recording, never interrupted"
    with vault.open_vault(house.folder / "vault", PASSPHRASE) as opened:
        visits = [opened.load(each.id) for each in opened.list()]
    (visit,) = [each for each in visits if each.encounter.id == path.stem]
    assert visit.transcript is not None
    assert [each.text for each in visit.transcript.utterances] == [
        house.canaries["said"],
        "And it came back.",
    ]
    assert visit.transcript.seconds == pytest.approx(told.seconds, abs=0.1)


@LINUX
def test_a_recording_can_be_stopped_without_unlocking(house: House) -> None:
    _, where = house.hears("ready")
    house.tell("lock")
    house.hears("locked-1")
    house.tell("stop")
    house.hears("stopped")
    assert recording.inspect(Path(where), house.key()).complete
    house.tell("unlock")
    assert house.hears("attached")[1] != "recording"


@LINUX
def test_a_window_that_crashes_leaves_the_recording_running_and_comes_back_locked(
    house: House,
) -> None:
    pid, where = house.hears("ready")
    path, key = Path(where), house.key()
    then = frames(path, key)
    os.kill(int(pid), 11)
    assert int(house.hears("locked-1")[0]) != int(pid)
    wait(lambda: frames(path, key) > then + 1.0)


@LINUX
def test_a_recorder_that_dies_is_said_at_once_and_recording_on_keeps_both_parts(
    house: House,
) -> None:
    _, where = house.hears("ready")
    path, key = Path(where), house.key()
    wait(lambda: frames(path, key) > 1.0)
    house.tell("watch-recorder")
    house.child("paced_recorder.py").kill()
    assert wait((house.folder / "recorder-lost").exists) < PROMISE
    house.tell("record-on")
    wait(lambda: len(recording.parts(path)) == 2)
    wait(lambda: frames(recording.parts(path)[1], key) > 0.5)
    assert frames(path, key) > 1.0
    house.tell("lock")
    house.hears("locked-1")


@LINUX
def test_no_process_of_ours_may_be_read_or_leave_a_core(house: House) -> None:
    house.hears("ready")
    for each in house.processes():
        limits = Path(f"/proc/{each.pid}/limits").read_text()
        assert re.search(r"Max core file size\s+0\s+0", limits), each.cmdline()
        # The kernel gives the files of a process that may not be dumped to root.
        status = Path(f"/proc/{each.pid}/status").read_text()
        if each.pid != house.top.pid:
            assert re.search(r"Seccomp:\s+2", status), each.cmdline()


def test_the_home_of_this_test_is_its_own() -> None:
    assert "pytest" in str(paths.root())
