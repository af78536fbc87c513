"""The one door for audio files made elsewhere, and the only importer of soundfile.

A file is untrusted: its first bytes must be those of WAV, FLAC, MP3 or OGG before the decoder sees
it, nothing is allocated by what its header claims, and it is read block by block.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

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
    """What is in the file, without decoding it.

    Raises AudioUnusable if it is missing, empty, cut short (as far as its header tells), not audio,
    longer than MAX_HOURS, or describes something no recorder makes.
    """
    with _opened(path) as file:
        return _described(path, file)


def blocks(path: Path, seconds: float = 0.5) -> Iterator[Samples]:
    """The file as mono 16 kHz blocks of about `seconds`, full scale -1..1.

    Raises AudioUnusable like `probe`, and on the way if samples are not numbers, the file cannot be
    decoded further, or it ends before the length it announced. A shortened MP3 without a length
    in its header cannot be told from a shorter one.
    """
    with _opened(path) as file:
        info = _described(path, file)
        resampler = Resampler(info.rate)
        read = 0
        for frames in _frames(path, file, max(1, int(seconds * info.rate))):
            read += len(frames)
            if read > MAX_HOURS * 3600 * info.rate:
                raise _too_long(path)
            ready = resampler.push(np.clip(mono(frames), -1.0, 1.0))
            if len(ready):
                yield ready
        if read < file.frames and info.format != "MP3":
            raise AudioUnusable(
                f"{path.name} is cut short: {read / info.rate:.0f} s can be read of "
                f"{info.seconds:.0f} s."
            )
        rest = resampler.finish()
        if len(rest):
            yield rest


def _frames(
    path: Path, file: soundfile.SoundFile, block_frames: int
) -> Iterator[NDArray[np.float32]]:
    while True:
        try:
            frames: NDArray[np.float32] = file.read(block_frames, dtype="float32", always_2d=True)
        except soundfile.SoundFileError as exc:
            raise AudioUnusable(f"{path.name} is damaged and cannot be read to its end.") from exc
        if not len(frames):
            return
        if not np.isfinite(frames).all():
            raise AudioUnusable(f"{path.name} holds samples that are not numbers.")
        yield frames


@contextmanager
def _opened(path: Path) -> Iterator[soundfile.SoundFile]:
    _check_bytes(path)
    try:
        file = soundfile.SoundFile(path)
    except (soundfile.SoundFileError, OSError) as exc:
        raise AudioUnusable(f"{path.name} looks like audio but cannot be decoded.") from exc
    with file:
        yield file


def _check_bytes(path: Path) -> None:
    """Refuse by name, size and first bytes, before any decoder is involved."""
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except FileNotFoundError as exc:
        raise AudioUnusable(f"There is no file {path.name}.") from exc
    except OSError as exc:
        raise AudioUnusable(f"{path.name} cannot be opened for reading.") from exc
    if not head:
        raise AudioUnusable(f"{path.name} is empty.")
    if not _is_audio(head):
        raise AudioUnusable(f"{path.name} is not a WAV, FLAC, MP3 or OGG file.")
    if head[:4] == b"RIFF":
        _check_wav_length(path)
    if head[:4] == b"OggS":
        _check_ogg_end(path)


def _is_audio(head: bytes) -> bool:
    if head[:4] in (b"RIFF", b"RF64"):
        return head[8:12] == b"WAVE"
    if head[:4] in (b"fLaC", b"OggS") or head[:3] == b"ID3":
        return True
    # The sync word of an MPEG audio frame: eleven ones, then neither a reserved version nor layer.
    return len(head) > 1 and head[0] == 0xFF and head[1] & 0xE6 in (0xE2, 0xE4, 0xE6)


def _check_wav_length(path: Path) -> None:
    """The decoder shortens a cut WAV silently, so its data chunk is compared with the file here."""
    size = path.stat().st_size
    with path.open("rb") as file:
        position = 12
        while position + 8 <= size:
            file.seek(position)
            name, length = file.read(4), int.from_bytes(file.read(4), "little")
            if name == b"data":
                # 0 and the largest numbers are what recorders write that do not know the length.
                if 0 < length < 0xFFFF_FF00 and position + 8 + length > size:
                    raise AudioUnusable(
                        f"{path.name} is cut short: {size - position - 8:,} of {length:,} bytes "
                        "of sound are there."
                    )
                return
            position += 8 + length + length % 2
    raise AudioUnusable(f"{path.name} is cut short: it has a header and no sound.")


def _check_ogg_end(path: Path) -> None:
    """The decoder takes the last page it finds for the end; the real one is marked as such."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _OGG_PAGE))
        end = file.read()
    page = end[end.rfind(b"OggS") :]
    # Page header: magic, version, flags (4: end of stream), 20 bytes, then the lacing values.
    complete = len(page) > 27 and len(page) >= 27 + page[26] + sum(page[27 : 27 + page[26]])
    if not complete or not page[5] & 4:
        raise AudioUnusable(f"{path.name} is cut short or damaged: its last page is missing.")


def _described(path: Path, file: soundfile.SoundFile) -> AudioInfo:
    if file.format not in FORMATS:
        raise AudioUnusable(f"{path.name} is not a WAV, FLAC, MP3 or OGG file.")
    if file.samplerate not in RATES:
        raise AudioUnusable(f"{path.name} claims {file.samplerate} samples per second.")
    if not 1 <= file.channels <= MOST_CHANNELS:
        raise AudioUnusable(f"{path.name} claims {file.channels} channels.")
    if file.frames <= 0:
        raise AudioUnusable(f"{path.name} holds no sound.")
    if file.frames > MAX_HOURS * 3600 * file.samplerate:
        raise _too_long(path)
    return AudioInfo(
        seconds=file.frames / file.samplerate,
        rate=file.samplerate,
        channels=file.channels,
        format=file.format,
    )


def _too_long(path: Path) -> AudioUnusable:
    return AudioUnusable(
        f"{path.name} is longer than {MAX_HOURS} hours, the most a recording may have."
    )
