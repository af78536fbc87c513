"""Audio files made elsewhere: what must be refused, what must work."""

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe.audio import importfile
from scribe.errors import AudioUnusable
from scribe.records import SAMPLE_RATE, Samples

Make = Callable[[Path], Path]


def speechlike(
    seconds: float, rate: int, channels: int = 1
) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    """Noise at a moderate level; the same every time."""
    noise = np.random.default_rng(7).standard_normal((int(seconds * rate), channels)) * 0.1
    return np.clip(noise, -1, 1).astype(np.float32)


def wav(path: Path, seconds: float = 1.0, rate: int = SAMPLE_RATE, channels: int = 1) -> Path:
    soundfile.write(path, speechlike(seconds, rate, channels), rate, subtype="PCM_16")
    return path


def bytes_in(name: str, content: bytes) -> Make:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content)
        return path

    return make


def cut(name: str, kept: float) -> Make:
    """A good file of four seconds of which only the first part is there."""

    def make(folder: Path) -> Path:
        path = folder / name
        soundfile.write(path, speechlike(4.0, SAMPLE_RATE), SAMPLE_RATE)
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * kept)])
        return path

    return make


def patched_wav(offset: int, content: bytes) -> Make:
    """A good WAV with some bytes of its header replaced."""

    def make(folder: Path) -> Path:
        path = wav(folder / "visit.wav")
        raw = bytearray(path.read_bytes())
        raw[offset : offset + len(content)] = content
        path.write_bytes(raw)
        return path

    return make


def floats(value: float) -> Make:
    def make(folder: Path) -> Path:
        sound = speechlike(1.0, SAMPLE_RATE)
        sound[9_000] = value
        path = folder / "visit.wav"
        soundfile.write(path, sound, SAMPLE_RATE, subtype="FLOAT")
        return path

    return make


def ten_hours(folder: Path) -> Path:
    """Very slow to speak, quick to write: a FLAC of silence."""
    path = folder / "long.flac"
    with soundfile.SoundFile(path, "w", 8_000, 1, subtype="PCM_16") as file:
        minute = np.zeros(8_000 * 60, dtype=np.int16)
        for _ in range(600):
            file.write(minute)
    return path


def claims_to_be_endless(folder: Path) -> Path:
    """A FLAC whose header announces 2**36 - 1 frames."""
    path = folder / "endless.flac"
    soundfile.write(path, speechlike(1.0, SAMPLE_RATE), SAMPLE_RATE)
    raw = bytearray(path.read_bytes())
    raw[21] |= 0x0F
    raw[22:26] = b"\xff\xff\xff\xff"
    path.write_bytes(raw)
    return path


REFUSED = [
    pytest.param(lambda folder: folder / "nowhere.wav", "no file", id="missing"),
    pytest.param(lambda folder: folder, "cannot be opened", id="a folder"),
    pytest.param(bytes_in("a.wav", b""), "empty", id="empty"),
    pytest.param(bytes_in("a.wav", b"RIFF"), "not a WAV", id="four bytes"),
    pytest.param(bytes_in("a.wav", b"hello, this is text"), "not a WAV", id="text"),
    pytest.param(bytes_in("a.mp3", b"%PDF-1.7 and so on"), "not a WAV", id="a PDF"),
    pytest.param(bytes_in("a.m3u8", b"#EXTM3U\n/etc/passwd\n"), "not a WAV", id="a playlist"),
    pytest.param(bytes_in("a.mp4", b"\0\0\0\x20ftypisom" + bytes(99)), "not a WAV", id="MP4"),
    pytest.param(bytes_in("a.wav", b"RIFF\x04\0\0\0AVI " + bytes(99)), "not a WAV", id="AVI"),
    pytest.param(bytes_in("a.flac", b"fLaC" + bytes(99)), "cannot be decoded", id="not FLAC"),
    pytest.param(bytes_in("a.ogg", b"OggS\0\4" + bytes(99)), "cannot be decoded", id="not OGG"),
    pytest.param(bytes_in("a.mp3", b"ID3" + bytes(99)), "cannot be decoded", id="only a tag"),
    pytest.param(bytes_in("a.wav", b"RIFF\xff\0\0\0WAVE"), "cut short", id="only a header"),
    pytest.param(cut("a.wav", 0.7), "cut short", id="WAV cut"),
    pytest.param(cut("a.flac", 0.7), "damaged|cut short", id="FLAC cut"),
    pytest.param(cut("a.ogg", 0.7), "damaged|cut short", id="OGG cut"),
    pytest.param(patched_wav(24, bytes(4)), "0 samples per second|decoded", id="0 Hz"),
    pytest.param(patched_wav(24, b"\xff\xff\xff\x7f"), "samples per second", id="2 GHz"),
    pytest.param(patched_wav(22, b"\0\0"), "channels|decoded", id="no channel"),
    pytest.param(ten_hours, "longer than 8 hours", id="ten hours"),
    pytest.param(claims_to_be_endless, "longer than 8 hours", id="claims to be endless"),
    pytest.param(floats(float("nan")), "not numbers", id="NaN"),
    pytest.param(floats(float("-inf")), "not numbers", id="infinite"),
]


def hear(path: Path) -> Samples:
    """The whole file."""
    return np.concatenate(list(importfile.blocks(path)))


@pytest.mark.parametrize(("make", "says"), REFUSED)
def test_what_cannot_be_used_is_refused_with_a_reason(
    make: Make, says: str, tmp_path: Path
) -> None:
    with pytest.raises(AudioUnusable, match=says) as refused:
        hear(make(tmp_path))
    assert refused.value.advice


def test_an_empty_recording_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "nothing.wav"
    soundfile.write(path, np.zeros(0, dtype=np.float32), SAMPLE_RATE)
    with pytest.raises(AudioUnusable):
        importfile.probe(path)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_any_usual_rate_becomes_16_khz_mono(rate: int, channels: int, tmp_path: Path) -> None:
    path = wav(tmp_path / "visit.wav", seconds=2.0, rate=rate, channels=channels)
    info = importfile.probe(path)
    assert (info.seconds, info.rate, info.channels) == (2.0, rate, channels)
    sound = hear(path)
    assert sound.ndim == 1
    assert sound.dtype == np.float32
    assert abs(len(sound) - 2 * SAMPLE_RATE) <= 2


@pytest.mark.parametrize("name", ["visit.wav", "visit.flac", "visit.ogg", "visit.mp3"])
def test_the_four_formats_work_whatever_the_name_ends_in(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    soundfile.write(path, speechlike(2.0, SAMPLE_RATE), SAMPLE_RATE)
    renamed = path.rename(tmp_path / "Aufnahme ü.dat")
    assert importfile.probe(renamed).seconds == pytest.approx(2.0, abs=0.15)
    assert len(hear(renamed)) == pytest.approx(2 * SAMPLE_RATE, abs=0.15 * SAMPLE_RATE)


def test_a_wav_of_unknown_length_is_read_to_its_end(tmp_path: Path) -> None:
    """A recorder that writes into a pipe cannot know the length and leaves the largest number."""
    path = wav(tmp_path / "piped.wav", seconds=2.0)
    raw = bytearray(path.read_bytes())
    raw[4:8] = raw[40:44] = struct.pack("<I", 0xFFFF_FFFF)
    path.write_bytes(raw)
    assert len(hear(path)) == 2 * SAMPLE_RATE


def test_what_is_louder_than_full_scale_is_clipped(tmp_path: Path) -> None:
    assert np.abs(hear(floats(1e30)(tmp_path))).max() == 1.0


def test_blocks_are_as_short_as_asked(tmp_path: Path) -> None:
    path = wav(tmp_path / "visit.wav", seconds=3.0)
    assert [len(each) for each in importfile.blocks(path, seconds=1.0)] == [SAMPLE_RATE] * 3


def test_what_came_before_the_damage_was_handed_on(tmp_path: Path) -> None:
    blocks = importfile.blocks(cut("a.flac", 0.7)(tmp_path))
    got = [next(blocks), next(blocks)]
    assert sum(map(len, got)) == SAMPLE_RATE
    with pytest.raises(AudioUnusable):
        list(blocks)


def test_no_error_names_the_folder(tmp_path: Path) -> None:
    """Folders are often named after patients."""
    path = bytes_in("a.wav", b"")(tmp_path)
    with pytest.raises(AudioUnusable) as refused:
        importfile.probe(path)
    assert str(tmp_path) not in str(refused.value)
