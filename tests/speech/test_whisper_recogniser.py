"""The real recogniser: what it refuses to load, what it does not hear, and that blocks do not
matter.
"""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from scribe.audio import importfile
from scribe.errors import WeightsCorrupt, WeightsMissing
from scribe.ids import ModelId
from scribe.records import SAMPLE_RATE, Samples, Speaker, Utterance
from scribe.speech.vad import WINDOW
from scribe.speech.whisper import WhisperRecogniser

VISIT = Path(__file__).parents[1] / "cases" / "sample_visit" / "visit.flac"
MODEL = ModelId("whisper-tiny.en")

LOADED = """
import sys
import scribe.speech.whisper
maps = open("/proc/self/maps").read() if sys.platform == "linux" else ""
print("libav" in maps or "libx264" in maps, hasattr(sys.modules["av"], "open"))
"""


def test_the_bundled_video_libraries_are_never_loaded() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


FILES = ("config.json", "tokenizer.json", "model.bin", "vocabulary.txt")


@pytest.mark.parametrize("missing", FILES)
def test_a_folder_without_one_of_the_files_is_refused_by_name(missing: str, tmp_path: Path) -> None:
    for name in FILES:
        if name != missing:
            (tmp_path / name).write_text("{}")
    with pytest.raises(WeightsMissing, match=missing):
        WhisperRecogniser(tmp_path, model_id=MODEL)


@pytest.mark.parametrize("content", ["", "not json", "[]", "{}", '{"model": 1}', "\0\0\0"])
def test_a_tokenizer_that_is_none_is_refused(content: str, tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text(content)
    with pytest.raises(WeightsCorrupt, match="tokenizer"):
        WhisperRecogniser(tmp_path, model_id=MODEL)


@pytest.mark.weights
@pytest.mark.parametrize("kept", [0, 4, 1_000, 1_000_000])
def test_a_truncated_model_is_refused(kept: int, tiny_path: Path, tmp_path: Path) -> None:
    for name in FILES:
        shutil.copyfile(tiny_path / name, tmp_path / name)
    content = (tmp_path / "model.bin").read_bytes()
    (tmp_path / "model.bin").write_bytes(content[:kept])
    with pytest.raises(WeightsCorrupt):
        WhisperRecogniser(tmp_path, model_id=MODEL)


def noise(dbfs: float, seconds: float) -> Samples:
    """White noise; the same every time."""
    samples = np.random.default_rng(11).standard_normal(int(seconds * SAMPLE_RATE))
    return (samples * 10 ** (dbfs / 20)).astype(np.float32)


def hum(seconds: float) -> Samples:
    """Mains hum with two overtones."""
    time = np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    tones = sum(np.sin(2 * np.pi * 60 * n * time) / n for n in (1, 2, 4))
    return np.asarray(0.05 * tones, dtype=np.float32)


def knocks(seconds: float) -> Samples:
    """A click every second, as of a keyboard."""
    samples = noise(-60, seconds)
    samples[::SAMPLE_RATE] = 0.8
    return samples


def heard(recogniser: WhisperRecogniser, samples: Samples, block: int = 8_000) -> list[Utterance]:
    """All utterances of a recording handed over in blocks."""
    found: list[Utterance] = []
    for start in range(0, len(samples), block):
        found += recogniser.hear(samples[start : start + block])
    return found + list(recogniser.flush())


@pytest.mark.weights
def test_where_nobody_speaks_nothing_is_written(tiny_path: Path) -> None:
    recogniser = WhisperRecogniser(tiny_path, model_id=MODEL)
    for sound in (
        np.zeros(20 * SAMPLE_RATE, dtype=np.float32),
        noise(-70, 20.0),
        noise(-40, 20.0),
        noise(-20, 20.0),
        hum(20.0),
        knocks(20.0),
        np.zeros(0, dtype=np.float32),
    ):
        assert heard(recogniser, sound) == []


class Convinced:
    """A voice detector that hears speech everywhere."""

    def reset(self) -> None:
        """Nothing to forget."""

    def __call__(self, samples: Samples) -> Sequence[float]:
        return [1.0] * (len(samples) // WINDOW)


@pytest.mark.weights
def test_what_the_model_invents_over_noise_is_taken_out(tiny_path: Path) -> None:
    """With a voice detector that fails Whisper writes "you" or "I'm going to do it."."""
    recogniser = WhisperRecogniser(tiny_path, model_id=MODEL, detector=Convinced())
    for sound in (np.zeros(10 * SAMPLE_RATE, dtype=np.float32), noise(-40, 10.0), knocks(10.0)):
        assert heard(recogniser, sound) == []


@pytest.mark.weights
def test_the_size_of_the_blocks_does_not_change_the_text(tiny_path: Path) -> None:
    recogniser = WhisperRecogniser(tiny_path, model_id=MODEL)
    sound = np.concatenate(list(importfile.blocks(VISIT)))[: 25 * SAMPLE_RATE]
    first = heard(recogniser, sound, block=1_600)
    assert heard(recogniser, sound, block=len(sound)) == first
    assert len(first) >= 5
    assert [each.id for each in first] == [f"u{n}" for n in range(1, len(first) + 1)]
    for each in first:
        assert 0 <= each.start < each.end <= 25.2
        assert each.speaker is Speaker.UNKNOWN
        assert 0 < each.confidence <= 1
        assert each.text == each.text.strip() != ""


@pytest.mark.weights
def test_quiet_speech_is_heard_like_loud_speech(tiny_path: Path) -> None:
    recogniser = WhisperRecogniser(tiny_path, model_id=MODEL)
    sound = np.concatenate(list(importfile.blocks(VISIT)))[: 13 * SAMPLE_RATE]
    text = " ".join(each.text for each in heard(recogniser, sound * np.float32(0.1)))
    for word in ("weakness", "left arm", "left leg", "stroke", "two years"):
        assert word in text.lower()
