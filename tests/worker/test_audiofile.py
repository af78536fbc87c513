"""Audio files made elsewhere are read by a process that has nothing else, and cost nothing else."""

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe.audio import importfile
from scribe.errors import AudioUnusable
from scribe.records import SAMPLE_RATE
from scribe.worker.audiofile import AudioFile, probe

CURIOUS = (sys.executable, "-P", str(Path(__file__).with_name("curious_reader.py")))
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel filter's")
FORMATS = ("wav", "flac", "ogg", "mp3")


def audio(path: Path, seconds: float = 3.0, rate: int = 22_050) -> Path:
    noise = np.random.default_rng(7).standard_normal((int(seconds * rate), 2)) * 0.1
    soundfile.write(path, np.clip(noise, -1, 1), rate)
    return path


@pytest.mark.parametrize("kind", FORMATS)
def test_what_comes_through_the_pipe_is_what_the_decoder_says(kind: str, tmp_path: Path) -> None:
    path = audio(tmp_path / f"visit.{kind}")
    with AudioFile(path) as file:
        heard = np.concatenate(list(file.blocks()))
        told = importfile.probe(path)
        assert (file.info.seconds, file.info.rate) == (told.seconds, told.rate)
    np.testing.assert_array_equal(heard, np.concatenate(list(importfile.blocks(path))))


def test_closing_early_leaves_no_process(tmp_path: Path) -> None:
    file = AudioFile(audio(tmp_path / "visit.wav", seconds=60))
    assert len(next(file.blocks())) == pytest.approx(SAMPLE_RATE / 2, abs=800)
    file.close()
    file.close()
    assert file._process.returncode is not None


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"this is not sound", "not a WAV"), (b"RIFF....WAVE", "cut short")],
    ids=["empty", "text", "header only"],
)
def test_what_is_no_recording_is_refused_with_its_reason(
    content: bytes, words: str, tmp_path: Path
) -> None:
    path = tmp_path / "visit.wav"
    path.write_bytes(content)
    with pytest.raises(AudioUnusable, match=words):
        probe(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "none.wav", tmp_path):
        with pytest.raises(AudioUnusable):
            probe(path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe")
def test_a_pipe_by_the_name_of_a_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "visit.wav")
    with pytest.raises(AudioUnusable):
        probe(tmp_path / "visit.wav")


@LINUX
def test_a_reader_that_was_taken_over_gets_nowhere(tmp_path: Path) -> None:
    path = audio(tmp_path / "visit.wav", seconds=0.1)
    with pytest.raises(AudioUnusable) as told:
        AudioFile(path, command=CURIOUS)
    said = dict(each.split(":") for each in told.value.message.split())
    assert said.pop("bytes") == str(path.stat().st_size), "it did read its own file"
    assert said.pop("kernel") == "True"
    assert said.pop("dumpable") == "0"
    assert said == dict.fromkeys(said, "refused")
    assert len(said) == 10


@pytest.mark.parametrize(
    "end",
    ["import os; os.kill(os.getpid(), 11)", "import time; time.sleep(600)", "print('x' * 99)"],
    ids=["crash", "hang", "garbage"],
)
def test_a_reader_that_fails_is_a_known_fault_of_the_file(end: str, tmp_path: Path) -> None:
    path = audio(tmp_path / "visit.wav", seconds=0.1)
    with pytest.raises(AudioUnusable, match="made its reader fail"):
        AudioFile(path, command=(sys.executable, "-c", end), patience=0.5)


@pytest.mark.parametrize("kind", FORMATS)
def test_damaged_files_are_read_or_refused_and_never_more(kind: str, tmp_path: Path) -> None:
    """Bytes of a good file are changed at random; the seed is fixed."""
    good = audio(tmp_path / f"good.{kind}", seconds=1.0).read_bytes()
    chance = random.Random(20_261_122)
    path = tmp_path / "visit.dat"
    for _ in range(8):
        content = bytearray(good)
        for _ in range(chance.randint(1, 12)):
            # Headers are where a decoder believes what it is told.
            content[chance.randrange(min(len(content), chance.choice((64, len(content)))))] = (
                chance.randrange(256)
            )
        path.write_bytes(content)
        try:
            with AudioFile(path) as file:
                heard = sum(map(len, file.blocks()))
        except AudioUnusable:
            continue
        assert heard <= importfile.MAX_HOURS * 3600 * SAMPLE_RATE


def test_our_own_process_loads_no_decoder() -> None:
    code = (
        "import sys, scribe.worker.audiofile, scribe.pipeline\n"
        "sys.exit('soundfile' in sys.modules or 'scribe.audio.importfile' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
