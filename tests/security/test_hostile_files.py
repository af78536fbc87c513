"""Two thousand damaged and hostile audio files: each is read or refused in its own process, within
its memory and time, and no reader opens anything but its file.
"""

import json
import os
import random
import struct
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe.audio.importfile import MAX_HOURS
from tests.security import tracing

pytestmark = pytest.mark.security

FORMATS = ("wav", "flac", "ogg", "mp3")
MEMORY, SECONDS = 512, 30
"""What one file may cost: megabytes and seconds."""


def wav(channels: int, rate: int, frame: int, *, length: int = 100) -> bytes:
    """A header with these claims, and a little sound."""
    claims = struct.pack("<IHHIIHH", 16, 1, channels, rate, rate, frame, 16)
    return (
        b"RIFF"
        + struct.pack("<I", length)
        + b"WAVEfmt "
        + claims
        + b"data"
        + struct.pack("<I", length)
        + bytes(2_000)
    )


HOSTILE = {
    "playlist": b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n",
    "concat script": b"ffconcat version 1.0\nfile '/etc/passwd'\n",
    "wav of no channels": wav(0, 16_000, 0),
    "wav of 65535 channels": wav(65_535, 16_000, 65_534),
    "wav of a huge rate": wav(1, 0xFFFFFFFF, 2),
    "flac of 68 thousand million frames": b"fLaC\x80\0\0\x22\x10\0\x10\0"
    + bytes(6)
    + b"\x0a\xc4\x42\xff\xff\xff\xff\xff"
    + bytes(216),
    "elf": b"\x7fELF" + bytes(500),
    "zip": b"PK\x03\x04" + bytes(500),
}


def good(folder: Path) -> dict[str, bytes]:
    """One second of sound in every format that is read."""
    noise = np.random.default_rng(7).standard_normal((22_050, 2)) * 0.1
    made = {}
    for kind in FORMATS:
        path = folder / f"good.{kind}"
        soundfile.write(path, np.clip(noise, -1, 1), 22_050)
        made[kind] = path.read_bytes()
    return made


def mutants(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Bytes changed, stretches cut, doubled, moved, overwritten; mostly where headers are."""
    chance = random.Random(seed)
    for _ in range(count):
        made = bytearray(content)
        for _ in range(chance.randint(1, 8)):
            reach = min(len(made), chance.choice((48, 300, len(made))))
            at = chance.randrange(max(1, reach))
            match chance.randrange(5):
                case 0 | 1:
                    made[at : at + 1] = bytes([chance.randrange(256)])
                case 2:
                    made[at : at + 4] = chance.choice((b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"))
                case 3:
                    del made[at : at + chance.choice((1, 16, 2_000))]
                case _:
                    made[at:at] = made[at : at + chance.choice((1, 16, 400))]
        yield bytes(made)


def corpus(folder: Path, each: int, seed: int) -> int:
    """Fill `folder`; returns how many files."""
    folder.mkdir()
    scratch = folder.with_name("scratch")
    scratch.mkdir(exist_ok=True)
    for kind, content in good(scratch).items():
        for number, mutant in enumerate(mutants(content, each, seed)):
            (folder / f"{kind}-{number:05}").write_bytes(mutant)
    for name, content in HOSTILE.items():
        (folder / f"hostile {name}").write_bytes(content)
    return each * len(FORMATS) + len(HOSTILE)


def reading(folder: Path) -> list[str]:
    return tracing.python("-m", "tests.security.readers", str(folder))


def read(folder: Path) -> list[dict[str, object]]:
    """How every file of the folder ended."""
    done = subprocess.run(
        reading(folder),
        capture_output=True,
        text=True,
        cwd=tracing.ROOT,
        check=False,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


def survives(folder: Path, count: int, figure: Callable[[str, object], None]) -> None:
    found = read(folder)
    assert len(found) == count
    for each in found:
        # A decoder that crashes costs its own process; what its user sees is a refused file.
        assert each["end"] in ("read", "refused: AudioUnusable", "gone"), each
        assert float(str(each["megabytes"])) <= MEMORY, each
        assert float(str(each["seconds"])) <= SECONDS, each
        assert float(str(each["hours"])) <= MAX_HOURS, each
        if str(each["file"]).startswith("hostile"):
            assert each["end"] == "refused: AudioUnusable", each
    ends = Counter(str(each["end"]) for each in found)
    assert ends["read"] > 50
    assert ends["refused: AudioUnusable"] > 50
    figure("hostile audio files", dict(ends))
    figure("hostile audio: decoders that crashed", sum(bool(each["signal"]) for each in found))
    figure("hostile audio: most megabytes", max(float(str(e["megabytes"])) for e in found))
    figure("hostile audio: most seconds", max(float(str(e["seconds"])) for e in found))


def test_two_thousand_mutants(memory: Path, figure: Callable[[str, object], None]) -> None:
    count = corpus(memory / "corpus", 500, seed=1)
    assert count >= 2_000
    survives(memory / "corpus", count, figure)


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_sixty_thousand_mutants(memory: Path, figure: Callable[[str, object], None]) -> None:
    for seed in range(2, 17):
        folder = memory / f"corpus{seed}"
        survives(folder, corpus(folder, 1_000, seed=seed), figure)


def test_a_reader_opens_nothing_after_its_file(memory: Path) -> None:
    corpus(memory / "corpus", 5, seed=3)
    log = memory / "log"
    env = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    calls = ("%file", "%process", "%network", "write", "dup2", "seccomp")
    assert tracing.run(log, reading(memory / "corpus"), calls, env=env).returncode == 0
    readers = 0
    for thread in sorted(log.glob("trace*")):
        seen = list(tracing.calls_of(thread))
        confined = [at for at, call in enumerate(seen) if call.name == "seccomp"]
        if not confined:
            continue
        readers += 1
        for call in seen[confined[-1] + 1 :]:
            assert call.failed or call.name in ("write", "exit_group", "newfstatat"), call
    assert readers == 5 * len(FORMATS) + len(HOSTILE)
