"""Recordings on disk: encrypted half-second frames, appended and synced as they arrive.

Nothing but ciphertext touches the disk. The file:

    header   magic (8 bytes) | nonce prefix (8, random) | key check (16: tag over no data)
    frame    flag (1: more or last) | AES-256-GCM of up to half a second of 16-bit PCM | tag (16)

All frames but the last are full, so no length is stored that could be changed. Nonce = prefix and
frame number (the key check is number 0); the authenticated data are header, number and flag, so a
frame can be neither moved nor swapped between recordings, and only the last one proves that the
recording is complete.
"""

import errno
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count, takewhile
from pathlib import Path
from secrets import token_bytes
from types import TracebackType
from typing import BinaryIO, Protocol, Self

import numpy as np
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from scribe.errors import DiskFull, StoreError, VaultDamaged
from scribe.records import SAMPLE_RATE, Samples

MAGIC = b"SCRBAUD1"
KEY_BYTES = 32
FRAME_SAMPLES = SAMPLE_RATE // 2

_PREFIX_BYTES = 8
_TAG_BYTES = 16
_HEADER_BYTES = len(MAGIC) + _PREFIX_BYTES + _TAG_BYTES
_FULL_BYTES = FRAME_SAMPLES * 2 + _TAG_BYTES
# The two flags differ in every bit, so that no single flipped bit turns one into the other.
_MORE = b"\x5a"
_LAST = b"\xa5"
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class Disk(Protocol):
    """The three calls a recording makes on its open file."""

    def append(self, data: bytes) -> None:
        """Write all of `data` at the end and wait until it is on the disk. Raises OSError."""
        ...

    def cut(self, size: int) -> None:
        """Shorten the file to `size` bytes. Raises OSError."""
        ...

    def close(self) -> None:
        """Let the file go."""
        ...


class NewFile:
    """A file that did not exist before, readable by its owner only."""

    def __init__(self, path: Path) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        self._fd = os.open(path, flags, 0o600)
        _sync_folder(path.parent)

    def append(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(self._fd, rest) :]
        _sync(self._fd)

    def cut(self, size: int) -> None:
        os.ftruncate(self._fd, size)
        os.lseek(self._fd, size, os.SEEK_SET)

    def close(self) -> None:
        os.close(self._fd)


class RecordingWriter:
    """Appends to a new recording. Every full half second is on the disk before `append` returns,
    so it must never be called from the sound system's own thread.
    """

    def __init__(self, path: Path, key: bytes, *, disk: Disk | None = None) -> None:
        """`key`: 32 bytes for this recording alone. `disk` replaces the file itself.

        Raises StoreError if there is a file already, DiskFull.
        """
        self._cipher = AESGCM(_checked(key))
        self._prefix = token_bytes(_PREFIX_BYTES)
        self._pending: Samples = np.zeros(0, dtype=np.float32)
        self._written = 0
        self._number = 0
        self._size = 0
        self._closed = False
        self._disk = disk or _create(path)
        start = MAGIC + self._prefix
        check = self._cipher.encrypt(_nonce(self._prefix, 0), b"", start)
        self._header = start + check
        try:
            self._append(self._header)
        except StoreError:
            self._disk.close()
            raise

    @property
    def seconds(self) -> float:
        """How much is safe on the disk."""
        return self._written / SAMPLE_RATE

    def append(self, samples: Samples) -> None:
        """Take the next samples (16 kHz mono, -1..1, any length).

        Raises DiskFull or StoreError; all frames before stay readable, and what could not be
        written is tried again with the next call.
        """
        self._pending = np.concatenate([self._pending, samples])
        while len(self._pending) >= FRAME_SAMPLES:
            self._frame(self._pending[:FRAME_SAMPLES], _MORE)
            self._pending = self._pending[FRAME_SAMPLES:]

    def close(self) -> None:
        """Write the last frame, which marks the recording complete; harmless when called twice.

        Raises DiskFull or StoreError; the file is closed all the same.
        """
        if self._closed:
            return
        self._closed = True
        try:
            self.append(np.zeros(0, dtype=np.float32))
            self._frame(self._pending, _LAST)
        finally:
            self._disk.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    def _frame(self, samples: Samples, flag: bytes) -> None:
        number = self._number + 1
        sealed = self._cipher.encrypt(
            _nonce(self._prefix, number), _pcm(samples), _bound(self._header, number, flag)
        )
        self._append(flag + sealed)
        self._number = number
        self._written += len(samples)

    def _append(self, data: bytes) -> None:
        try:
            self._disk.append(data)
        except OSError as exc:
            self._take_back()
            kept = f"The recording is safe up to {self.seconds:.1f} s."
            if exc.errno in _NO_ROOM:
                raise DiskFull(f"The disk is full. {kept}") from exc
            raise StoreError(f"The disk refused to write. {kept}") from exc
        self._size += len(data)

    def _take_back(self) -> None:
        """Remove a half-written frame, or later frames could not be read."""
        try:
            self._disk.cut(self._size)
        except OSError as exc:
            raise StoreError(
                f"The disk refused to write. The recording is safe up to {self.seconds:.1f} s."
            ) from exc


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingInfo:
    """What can be read of a recording; `complete` means that its last frame is there.

    `lost_bytes` counts the torn tail that a crash or a power cut left (at most half a second).
    """

    seconds: float
    complete: bool
    lost_bytes: int


@dataclass(frozen=True, slots=True)
class _Frame:
    samples: Samples
    last: bool


def read(path: Path, key: bytes) -> Iterator[Samples]:
    """The samples of a recording, half a second at a time, up to its end or its torn tail.

    Raises VaultDamaged if the key does not fit or any byte before the last frame was changed; what
    came before it was yielded. A last frame that was changed counts as a torn tail (see `inspect`).
    Raises StoreError if the file cannot be read.
    """
    return follow(path, key, more=_no_more)


def follow(path: Path, key: bytes, *, more: Callable[[], bool]) -> Iterator[Samples]:
    """Like `read`, while another process may still be appending. At the end of what is there
    `more` waits a moment and tells whether anything may still come. Raises like `read`.
    """
    with _open(path) as file:
        for frame in _frames(file, _checked(key), more):
            if len(frame.samples):
                yield frame.samples


def parts(path: Path) -> tuple[Path, ...]:
    """The files of one recording in order: `path`, and those begun when it was interrupted."""
    return (path, *takewhile(Path.exists, (_part(path, number) for number in count(2))))


def next_part(path: Path) -> Path:
    """Where to record on: `path` itself, or a new file beside it, for no file is ever reopened."""
    return _part(path, len(parts(path)) + 1) if path.exists() else path


def _part(path: Path, number: int) -> Path:
    return path.with_name(f"{path.stem}.{number}{path.suffix}")


def inspect(path: Path, key: bytes) -> RecordingInfo:
    """Read a recording through and tell what is there. Raises like `read`."""
    length, complete = 0, False
    with _open(path) as file:
        end = _HEADER_BYTES
        for frame in _frames(file, _checked(key)):
            length += len(frame.samples)
            complete = frame.last
            end += len(_MORE) + len(frame.samples) * 2 + _TAG_BYTES
    return RecordingInfo(
        seconds=length / SAMPLE_RATE, complete=complete, lost_bytes=path.stat().st_size - end
    )


def _no_more() -> bool:
    return False


def _frames(file: BinaryIO, key: bytes, more: Callable[[], bool] = _no_more) -> Iterator[_Frame]:
    cipher = AESGCM(key)
    header = file.read(_HEADER_BYTES)
    while len(header) < _HEADER_BYTES and more():
        header += file.read(_HEADER_BYTES - len(header))
    prefix = header[len(MAGIC) : len(MAGIC) + _PREFIX_BYTES]
    start, check = header[: len(MAGIC) + _PREFIX_BYTES], header[len(MAGIC) + _PREFIX_BYTES :]
    if len(header) < _HEADER_BYTES or not header.startswith(MAGIC):
        raise VaultDamaged("This is not a recording, or its beginning is missing.")
    if _opened(cipher, _nonce(prefix, 0), check, start) is None:
        raise VaultDamaged("The key does not fit this recording, or its beginning was changed.")
    number, growing, last = 0, True, False
    while not last:
        at = file.tell()
        whole = file.read(1 + _FULL_BYTES)
        flag, sealed = whole[:1], whole[1:]
        # A short read met the end, even if more has been appended since.
        at_end = len(sealed) < _FULL_BYTES or not file.read(1)
        file.seek(at + len(whole))
        pcm = _opened(cipher, _nonce(prefix, number + 1), sealed, _bound(header, number + 1, flag))
        if pcm is None and at_end:
            # The frame that was being written when the machine stopped: cut short, or of the right
            # length with the wrong content (so does a change to the last frame of a complete
            # recording look). Or nothing was there yet; what came while we waited is still read.
            if not growing:
                return
            growing = more()
            file.seek(at)
            continue
        last = flag == _LAST
        if pcm is None or (last and not at_end):
            raise VaultDamaged(
                f"The recording was changed after it was made, {number / 2:.1f} s from its start."
            )
        number += 1
        yield _Frame(samples=_samples(pcm), last=last)


def _opened(cipher: AESGCM, nonce: bytes, sealed: bytes, bound: bytes) -> bytes | None:
    """The plain bytes, or None if they are not what was sealed."""
    try:
        return cipher.decrypt(nonce, sealed, bound)
    except InvalidTag:
        return None


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _bound(header: bytes, number: int, flag: bytes) -> bytes:
    return header + number.to_bytes(8, "big") + flag


def _pcm(samples: Samples) -> bytes:
    whole = np.clip(np.rint(samples * 32_768.0), -32_768, 32_767)
    return bytes(whole.astype("<i2").tobytes())


def _samples(pcm: bytes) -> Samples:
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(32_768)


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a recording key has {KEY_BYTES} bytes")
    return key


def _create(path: Path) -> Disk:
    try:
        return NewFile(path)
    except FileExistsError as exc:
        raise StoreError("There is a recording of this name; it is never overwritten.") from exc
    except OSError as exc:
        if exc.errno in _NO_ROOM:
            raise DiskFull("The disk is full; the recording was not started.") from exc
        raise StoreError("The recording could not be started in this folder.") from exc


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as exc:
        raise StoreError("The recording is missing or cannot be opened.") from exc


def _sync(fd: int) -> None:
    # fdatasync leaves out the time stamps; macOS and Windows have only fsync.
    getattr(os, "fdatasync", os.fsync)(fd)


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut, where the system can open folders."""
    if os.name == "posix":
        fd = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(fd)
        finally:
            os.close(fd)
