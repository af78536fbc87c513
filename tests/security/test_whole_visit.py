"""One whole visit in the real program, watched by strace: created, recorded, killed, gone on with,
drafted, checked, signed, copied, exported, left alone, locked, opened again. It opens no network
socket, and no word of the patient lies anywhere but in the file that was asked for.
"""

import re
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pytest

from scribe import paths
from scribe.audio.importfile import blocks
from scribe.records import Samples
from scribe.store import vault
from tests.conftest import REAL_MODELS
from tests.security import canaries, recorders, tracing
from tests.security.canaries import Hit, Scanner
from tests.security.tracing import NAMES, NETWORK, WRITES, Call
from tests.security.window_visit import ENCOUNTER, MODULE, Plan

pytestmark = pytest.mark.security

SAMPLE = tracing.ROOT / "tests" / "cases" / "sample_visit" / "visit.flac"
SPOKEN, TYPED, NAMED = "zymurgist Quetzal 7741", "xylophone Ocelot 3390", "Bartholomew Quux"
SIGNER, PASSPHRASE = "Wilhelmina Vexley", "jackdaws vault over sphinx quartz"
CALLS = (*NETWORK, *WRITES, *NAMES, "mkdir", "unlink", "symlink", "memfd_create", "mmap")
SECONDS = 90.0
"""How long the program runs at least: telemetry has been seen to wait ten seconds."""
UNWANTED = (
    "requests", "httpx", "httpx2", "httpcore", "aiohttp", "urllib3", "hf_xet", "websockets",
    "huggingface_hub", "PySide6/QtNetwork", "libQt6Network", "av",
)  # fmt: skip
"""Packages that can speak to a network; none is even read from the disk."""


@dataclass(kw_only=True)
class Watched:
    """A visit that is over, and everything that strace saw of it."""

    plan: Plan
    home: Path
    log: Path
    seconds: float
    before: set[Path]

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """Every call of every process."""
        return tuple(tracing.calls(self.log))

    def networked(self) -> list[str]:
        """Calls that could lead off this computer, whether the kernel let them or not."""
        return networked(self.calls)

    def new_files(self) -> set[Path]:
        """Files outside of its home that were not there before."""
        return litter() - self.before


def networked(calls: tuple[Call, ...]) -> list[str]:
    """Sockets of any family but AF_UNIX, and rings that could open one unseen."""
    return [
        f"{call.name}({call.arguments[:60]})"
        for call in calls
        if (call.name in ("socket", "socketpair") and not call.arguments.startswith("AF_UNIX"))
        or call.name == "io_uring_setup"
    ]


def litter() -> set[Path]:
    """Files where a program might leave something without being asked."""
    places = (Path("/dev/shm"), Path(tempfile.gettempdir()), tracing.ROOT, Path("/var/tmp"))
    return {
        each
        for place in places
        if place.is_dir()
        for each in place.iterdir()
        if each.is_file() or each.name.startswith("scribe")
    }


def program(home: Path, plan: Path) -> tuple[list[str], dict[str, str]]:
    """The program on its own in the world: nothing in its environment silences a library."""
    env = tracing.clean(home, CLINIC_SCRIBE_MODELS=str(REAL_MODELS), QT_QPA_PLATFORM="offscreen")
    assert "CI" not in env
    env.pop(paths.HOME_VARIABLE, None)
    dumping = ["sh", "-c", 'ulimit -c unlimited; exec "$@"', "sh"]
    return [*dumping, *tracing.python("-m", MODULE, str(plan))], env


def visit(folder: Path, plan: Plan, settings: str = "") -> Watched:
    """Live it."""
    home, log = folder / "home", folder / "log"
    data = home / ".local" / "share" / "clinic-scribe"
    data.mkdir(parents=True, mode=0o700)
    (data / "settings.toml").write_text(settings, encoding="utf-8")
    Path(plan.export).parent.mkdir(parents=True)
    plan.write(folder / "plan.json")
    before, began = litter(), time.monotonic()
    command, env = program(home, folder / "plan.json")
    done = tracing.run(log, command, CALLS, env=env, timeout=900)
    told = plan.told()
    assert done.returncode == 0, f"{told} {done.stdout} {done.stderr[-2000:]}"
    assert told[-1] == "locked and opened again", told
    return Watched(plan=plan, home=home, log=log, seconds=time.monotonic() - began, before=before)


def planned(folder: Path, sound: Samples, *, models: bool, dies_by: int, until: float) -> Plan:
    """A visit with these words in it."""
    np.save(folder / "sound.npy", sound)
    return Plan(
        report=str(folder / "report"),
        export=str(folder / "export" / "note.txt"),
        sound=str(folder / "sound.npy"),
        spoken=SPOKEN,
        typed=TYPED,
        named=NAMED,
        signer=SIGNER,
        passphrase=PASSPHRASE,
        models=models,
        seconds=len(sound) / 16_000 - 2.0,
        until=time.time() + until,
        dies_by=dies_by,
    )


@pytest.fixture(scope="module")
def scripted(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The visit with scripted hearing; its first window crashes with a core dump allowed."""
    folder = tmp_path_factory.mktemp("scripted")
    return visit(
        folder,
        planned(folder, recorders.sound(14.0), models=False, dies_by=signal.SIGSEGV, until=0.0),
    )


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Watched:
    """The visit with real small models on real speech; its first window is killed."""
    folder = tmp_path_factory.mktemp("real")
    speech = np.concatenate(list(blocks(SAMPLE)))[: 16_000 * 40]
    settings = (
        'speech_model = "whisper-tiny.en"\nwriter_model = "smollm2-135m-instruct-q4_1"\n'
        "lock_minutes = 30\n"
    )
    plan = planned(folder, speech, models=True, dies_by=signal.SIGKILL, until=SECONDS + 20)
    return visit(folder, plan, settings)


def words(watched: Watched) -> list[str]:
    """What nobody may find: what was typed and named, and every sentence that was heard."""
    plan = watched.plan
    folder = watched.home / ".local" / "share" / "clinic-scribe" / "vault"
    with vault.open_vault(folder, plan.passphrase) as store:
        kept = store.load(ENCOUNTER)
    assert kept.transcript is not None
    assert len(kept.notes) == 1
    heard = [each.text for each in kept.transcript.utterances if len(each.text) > 15]
    assert len(heard) > 2
    return [plan.typed, plan.named, plan.passphrase, *heard] + (
        [] if plan.models else [plan.spoken]
    )


def hits(watched: Watched) -> Iterator[Hit]:
    """Everywhere that something of the patient can be found, but in the export."""
    export = Path(watched.plan.export).parent
    sound: Samples = np.load(watched.plan.sound)
    scanner = Scanner({**canaries.of_words(words(watched)), **canaries.of_sound(sound)})
    yield from scanner.files([watched.home, *watched.new_files()])
    yield from scanner.writes(watched.calls, leave=export)


def unreadable(watched: Watched) -> int:
    """Calls whose names strace was not allowed to read; then the proof would have a hole."""
    return sum(call.unread for call in watched.calls)


# ---------------------------------------------------------------- the proofs


def test_scripted_nothing_of_the_patient_lies_anywhere(
    scripted: Watched, figure: Callable[[str, object], None]
) -> None:
    assert unreadable(scripted) == 0, "run this as root: strace may not look into our processes"
    assert list(hits(scripted)) == []
    buffers = [call for call in scripted.calls if call.name in WRITES]
    assert any("vault.db" in path for call in buffers for path in call.paths())
    figure("plaintext: buffers and names looked through, scripted", len(scripted.calls))


def test_scripted_the_export_that_was_asked_for_is_found(scripted: Watched) -> None:
    """The same search finds the words where they must be, so it can find them."""
    export = Path(scripted.plan.export)
    scanner = Scanner(canaries.of_words([TYPED, SPOKEN]))
    assert [hit.form for hit in scanner.files([export])] == ["utf-8"]
    written = [call for call in scripted.calls if str(export.parent) in str(call.paths())]
    assert [hit.form for hit in scanner.writes(written, leave=Path("/nowhere"))]


def test_scripted_nothing_is_named_in_titles_and_no_core_is_left(scripted: Watched) -> None:
    assert not [line for line in scripted.plan.told() if "title" in line]
    assert not [path for path in scripted.new_files() if path.name.startswith("core")]
    assert not list(scripted.home.rglob("core*"))


def test_scripted_no_network(scripted: Watched) -> None:
    assert scripted.networked() == []


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_real_models_no_network_in_a_whole_visit(
    real: Watched, figure: Callable[[str, object], None]
) -> None:
    assert real.seconds >= SECONDS
    assert real.networked() == []
    programs = {call.thread for call in real.calls}
    assert len(programs) > 10, "it did not run in several processes"
    figure("network: seconds watched", f"{real.seconds:.0f}")
    figure("network: sockets of another family than AF_UNIX", len(real.networked()))


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_real_models_nothing_of_the_patient_lies_anywhere(
    real: Watched, figure: Callable[[str, object], None]
) -> None:
    assert unreadable(real) == 0
    assert list(hits(real)) == []
    figure("plaintext: buffers and names looked through, real models", len(real.calls))


@pytest.mark.weights
@pytest.mark.timeout(900)
def test_real_models_no_network_library_is_even_read(real: Watched) -> None:
    opened = {
        name.decode(errors="replace")
        for call in real.calls
        if call.name in NAMES and not call.failed
        for name in call.texts()
    }
    assert any("faster_whisper" in name for name in opened)
    assert any("llama_cpp" in name for name in opened)
    packages = "|".join(re.escape(each) for each in UNWANTED)
    unwanted = {
        found.group(1)
        for name in opened
        if (found := re.search(rf"/site-packages/(?:[^/]*/)*?({packages})[./]", name))
    }
    assert unwanted == set()


# ---------------------------------------------------------------- the proofs can fail


@pytest.mark.parametrize(("family", "found"), [("AF_INET", 1), ("AF_NETLINK", 1), ("AF_UNIX", 0)])
def test_a_child_of_a_child_that_opens_a_socket_is_found(
    family: str, found: int, tmp_path: Path
) -> None:
    inner = f"import socket; socket.socket(socket.{family}, socket.SOCK_DGRAM)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    done = tracing.run(tmp_path / "log", tracing.python("-c", outer), CALLS)
    assert done.returncode == 0
    assert len(networked(tuple(tracing.calls(tmp_path / "log")))) == found


LEAKS = {
    "utf-8": "open('x', 'w').write(word)",
    "utf-16-le": "open('x', 'wb').write(word.encode('utf-16-le'))",
    "base64": "open('x', 'wb').write(__import__('base64').b64encode(b'ab' + word.encode() + b'z'))",
    "hexadecimal": "open('x', 'w').write(word.encode().hex())",
    "compressed utf-8": "__import__('gzip').open('x', 'w').write(b'before ' + word.encode())",
    "a deleted file": "open('x', 'w').write(word); __import__('os').unlink('x')",
    "a name": "open(word.replace(' ', '_'), 'w')",
}


@pytest.mark.parametrize("leak", LEAKS.values(), ids=LEAKS)
def test_a_word_left_behind_in_any_form_is_found(leak: str, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    code = f"import os; os.chdir({str(place)!r}); word = {SPOKEN!r}; {leak}"
    tracing.run(tmp_path / "log", tracing.python("-c", code), CALLS)
    scanner = Scanner(canaries.of_words([SPOKEN, SPOKEN.replace(" ", "_")]))
    calls = tuple(tracing.calls(tmp_path / "log"))
    assert list(scanner.writes(calls, leave=Path("/nowhere"))), leak


def test_sound_left_behind_is_found(tmp_path: Path) -> None:
    sound = recorders.sound(2.0)
    scanner = Scanner(canaries.of_sound(sound))
    whole = (sound[3_000:20_000] * 32_768).astype("<i2")
    for name, content in (("16", whole.tobytes()), ("32", sound[3_000:20_000].tobytes())):
        (tmp_path / name).write_bytes(b"RIFF" + content)
    assert [hit.form for hit in scanner.files([tmp_path])] == ["16-bit sound", "32-bit sound"]
