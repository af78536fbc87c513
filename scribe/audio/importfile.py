"""The one door for audio files made elsewhere, and the only importer of soundfile.

A file is untrusted: its first bytes must be those of WAV, FLAC, MP3 or OGG before the decoder sees
it, nothing is allocated by what its header claims, and it is read block by block. It runs in a
process of its own (`scribe/worker/reader.py`) that can open nothing else.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import soundfile
from numpy.typing import NDArray

from scribe.audio.samples import Resampler, mono
from scribe.errors import AudioUnusable
from scribe.records import Samples

MAX_HOURS = 8
"""Longer than any visit; a longer file is a mistake and would keep the machine busy all night."""

RATES = range(4_000, 384_001)
"""Samples per second of any real recorder; a header with another number is damaged or hostile."""

MOST_CHANNELS = 32

_OGG_PAGE = 27 + 255 + 255 * 255
"""The longest page an OGG file may have, in bytes."""

FORMATS = {"WAV", "WAVEX", "RF64", "FLAC", "MP3", "OGG"}
"""Names the decoder may give to what it found, whatever the first bytes promised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AudioInfo:
    """What a file says about itself: length in seconds, `rate` in Hz."""

    seconds: float
    rate: int
    channels: int
    format: str


def probe(path: Path) -> AudioInfo:
    """What is in the file, without decoding it. Raises like `Imported`, and if it is missing."""
    with _file(path) as file:
        return Imported(file, path.name).info


def blocks(path: Path, seconds: float = 0.5) -> Iterator[Samples]:
    """The file at `path` like `Imported.blocks`. Raises like it, and if it is missing."""
    with _file(path) as file:
        yield from Imported(file, path.name).blocks(seconds)


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except FileNotFoundError as exc:
        raise AudioUnusable(f"There is no file {path.name}.") from exc
    except OSError as exc:
        raise AudioUnusable(f"{path.name} cannot be opened for reading.") from exc
    with file:
        yield file


class Imported:
    """An open audio file made elsewhere."""

    def __init__(self, file: BinaryIO, name: str) -> None:
        """`file` can be rewound; `name` stands for it in errors.

        Raises AudioUnusable if it is empty, cut short (as far as its header tells), not audio,
        longer than MAX_HOURS, or describes something no recorder makes.
        """
        self._name = name
        _check_bytes(file, name)
        file.seek(0)
        try:
            self._file = soundfile.SoundFile(file)
        except (soundfile.SoundFileError, OSError) as exc:
            raise AudioUnusable(f"{name} looks like audio but cannot be decoded.") from exc
        self.info = _described(name, self._file)

    def blocks(self, seconds: float = 0.5) -> Iterator[Samples]:
        """The file as mono 16 kHz blocks of about `seconds`, full scale -1..1; call once.

        Raises AudioUnusable on the way if samples are not numbers, the file cannot be decoded
        further, or it ends before the length it announced. A shortened MP3 without a length in its
        header cannot be told from a shorter one.
        """
        name, file, info = self._name, self._file, self.info
        resampler = Resampler(info.rate)
        read = 0
        for frames in _frames(name, file, max(1, int(seconds * info.rate))):
            read += len(frames)
            if read > MAX_HOURS * 3600 * info.rate:
                raise _too_long(name)
            ready = resampler.push(np.clip(mono(frames), -1.0, 1.0))
            if len(ready):
                yield ready
        if read < file.frames and info.format != "MP3":
            raise AudioUnusable(
                f"{name} is cut short: {read / info.rate:.0f} s can be read of "
                f"{info.seconds:.0f} s."
            )
        rest = resampler.finish()
        if len(rest):
            yield rest


def _frames(
    name: str, file: soundfile.SoundFile, block_frames: int
) -> Iterator[NDArray[np.float32]]:
    while True:
        try:
            frames: NDArray[np.float32] = file.read(block_frames, dtype="float32", always_2d=True)
        except soundfile.SoundFileError as exc:
            raise AudioUnusable(f"{name} is damaged and cannot be read to its end.") from exc
        if not len(frames):
            return
        if not np.isfinite(frames).all():
            raise AudioUnusable(f"{name} holds samples that are not numbers.")
        yield frames


def _check_bytes(file: BinaryIO, name: str) -> None:
    """Refuse by size and first bytes, before any decoder is involved."""
    head = file.read(12)
    if not head:
        raise AudioUnusable(f"{name} is empty.")
    if not _is_audio(head):
        raise AudioUnusable(f"{name} is not a WAV, FLAC, MP3 or OGG file.")
    size = file.seek(0, os.SEEK_END)
    if head[:4] == b"RIFF":
        _check_wav_length(file, name, size)
    if head[:4] == b"OggS":
        _check_ogg_end(file, name, size)


def _is_audio(head: bytes) -> bool:
    if head[:4] in (b"RIFF", b"RF64"):
        return head[8:12] == b"WAVE"
    if head[:4] in (b"fLaC", b"OggS") or head[:3] == b"ID3":
        return True
    # The sync word of an MPEG audio frame: eleven ones, then neither a reserved version nor layer.
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)


def _check_wav_length(file: BinaryIO, name: str, size: int) -> None:
    """The decoder shortens a cut WAV silently, so its data chunk is compared with the file here."""
    position = 12
    while position + 8 <= size:
        file.seek(position)
        chunk, length = file.read(4), int.from_bytes(file.read(4), "little")
        if chunk == b"data":
            # 0 and the largest numbers are what recorders write that do not know the length.
            if 0 < length < 0xFFFF_FF00 and position + 8 + length > size:
                raise AudioUnusable(
                    f"{name} is cut short: {size - position - 8:,} of {length:,} bytes "
                    "of sound are there."
                )
            return
        position += 8 + length + length % 2
    raise AudioUnusable(f"{name} is cut short: it has a header and no sound.")


def _check_ogg_end(file: BinaryIO, name: str, size: int) -> None:
    """The decoder takes the last page it finds for the end; the real one is marked as such."""
    file.seek(max(0, size - _OGG_PAGE))
    end = file.read()
    page = end[end.rfind(b"OggS") :]
    # Page header: magic, version, flags (4: end of stream), 20 bytes, then the lacing values.
    complete = len(page) > 27 and len(page) >= 27 + page[26] + sum(page[27 : 27 + page[26]])
    if not complete or not page[5] & 4:
        raise AudioUnusable(f"{name} is cut short or damaged: its last page is missing.")


def _described(name: str, file: soundfile.SoundFile) -> AudioInfo:
    if file.format not in FORMATS:
        raise AudioUnusable(f"{name} is not a WAV, FLAC, MP3 or OGG file.")
    if file.samplerate not in RATES:
        raise AudioUnusable(f"{name} claims {file.samplerate} samples per second.")
    if not 1 <= file.channels <= MOST_CHANNELS:
        raise AudioUnusable(f"{name} claims {file.channels} channels.")
    if file.frames <= 0:
        raise AudioUnusable(f"{name} holds no sound.")
    if file.frames > MAX_HOURS * 3600 * file.samplerate:
        raise _too_long(name)
    return AudioInfo(
        seconds=file.frames / file.samplerate,
        rate=file.samplerate,
        channels=file.channels,
        format=file.format,
    )


def _too_long(name: str) -> AudioUnusable:
    return AudioUnusable(f"{name} is longer than {MAX_HOURS} hours, the most a recording may have.")
