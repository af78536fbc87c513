"""Bring a model onto this machine: the only module of the program that may use the network.

It is imported by the command `scribe models fetch` alone, whose process does nothing else.

    lock the model -> is it there? -> room on the disk? -> each source in turn -> size and SHA-256
    -> one rename

A source fills a staging folder beside the models; nothing in it is ever loaded. What was verified
stays there when a fetch breaks off, and the next one goes on from it.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Protocol
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from filelock import FileLock, Timeout

from scribe.errors import Cancelled, DiskFull, FetchFailed, WeightsError
from scribe.events import Never, Progress, Stop, Tell, silence
from scribe.weights import verify, wheels
from scribe.weights.catalogue import ModelCard, ModelFile

STAGING = ".fetch"

_BLOCK = 1 << 20
_SOCKET_SECONDS = 60.0
_LOCK_SECONDS = 0.5
_SPARE_BYTES = 200_000_000
"""Room left over for everybody else: a full disk would stop a recording."""


class Reply(Protocol):
    """What is used of an answer from a web server; `http.client.HTTPResponse` is one."""

    status: int
    url: str

    def read(self, amount: int) -> bytes:
        """The next bytes, empty at the end."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


OpenUrl = Callable[[Request], Reply]


def fetch(
    card: ModelCard,
    folder: Path,
    *,
    tell: Tell = silence,
    stop: Stop | None = None,
    again: bool = False,
    download: wheels.Download | None = None,
    open_url: OpenUrl | None = None,
) -> Path:
    """Bring the model of `card` into `folder` and return its place there, verified.

    A model that is there and good is left alone unless `again`; a damaged one is fetched anew.
    A second fetch of the same model waits for the first. `download` and `open_url` replace pip and
    the web in tests.

    Raises FetchFailed naming why each source failed, DiskFull naming the room needed, Cancelled.
    """
    stop = stop or Never()
    staging = folder / STAGING / card.id
    with _translated(card), _alone(card, folder, stop):
        if not again and (there := _there(card, folder)):
            return there
        staging.mkdir(parents=True, exist_ok=True)
        _check_room(card, staging)
        _fill(card, staging, tell, stop, download, open_url or _open_url)
        hashes = _check(card, staging)
        _place(card, staging, folder)
        verify.remember(
            folder, {verify.file_path(card, f, folder): hashes[f.name] for f in card.files}
        )
    return folder / card.place


@contextmanager
def _translated(card: ModelCard) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(
                f"The disk filled up while fetching {card.id}; parts that were verified are kept."
            ) from error
        raise FetchFailed(f"{card.id} could not be written ({error.strerror}).") from error


@contextmanager
def _alone(card: ModelCard, folder: Path, stop: Stop) -> Iterator[None]:
    (folder / STAGING).mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / STAGING / f"{card.id}.lock")
    while True:
        if stop.is_set():
            raise Cancelled("The fetch was stopped.")
        try:
            lock.acquire(timeout=_LOCK_SECONDS)
            break
        except Timeout:
            continue
    try:
        yield
    finally:
        lock.release()


def _there(card: ModelCard, folder: Path) -> Path | None:
    try:
        return verify.locate(card, folder)
    except WeightsError:
        return None


def _check_room(card: ModelCard, staging: Path) -> None:
    have = sum(each.stat().st_size for each in staging.iterdir() if each.is_file())
    largest = max((each.bytes for each in card.wheels), default=0)
    need = max(card.bytes - have, 0) + largest + _SPARE_BYTES
    free = shutil.disk_usage(staging).free
    if free < need:
        raise DiskFull(
            f"Fetching {card.id} needs {need / 1e9:.1f} GB of disk space and "
            f"{free / 1e9:.1f} GB is free; nothing was fetched."
        )


def _fill(
    card: ModelCard,
    staging: Path,
    tell: Tell,
    stop: Stop,
    download: wheels.Download | None,
    open_url: OpenUrl,
) -> None:
    reasons: list[str] = []
    if card.wheels:
        try:
            return wheels.fill(card, staging, tell=tell, stop=stop, download=download)
        except FetchFailed as error:
            reasons.append(error.message)
    if card.https:
        try:
            return _fill_from_web(card, staging, tell, stop, open_url)
        except FetchFailed as error:
            reasons.append(error.message)
    why = " ".join(reasons) or "It has no source: it was brought by hand."
    raise FetchFailed(f"The model {card.id} could not be fetched. {why}")


def _fill_from_web(
    card: ModelCard, staging: Path, tell: Tell, stop: Stop, open_url: OpenUrl
) -> None:
    before = 0
    for file in card.files:
        path = staging / file.name
        if path.exists() and path.stat().st_size >= file.bytes and not _good(file, path):
            path.unlink()
        if not path.exists() or path.stat().st_size < file.bytes:
            for done in _stream(card, file, path, open_url):
                if stop.is_set():
                    raise Cancelled("The fetch was stopped; what came so far is kept.")
                tell(Progress(step=card.id, done=before + done, total=card.bytes, unit="bytes"))
        if not _good(file, path):
            path.unlink()
            raise FetchFailed(f"{file.name} from the publisher is not the expected file.")
        before += file.bytes


def _stream(card: ModelCard, file: ModelFile, path: Path, open_url: OpenUrl) -> Iterator[int]:
    """Append what is missing of `file` to `path`; yields its size after every block."""
    have = path.stat().st_size if path.exists() else 0
    url = card.https + (file.upstream or file.name)
    request = Request(url, headers={"Range": f"bytes={have}-"} if have else {})
    reply = _asked(request, open_url, file)
    try:
        if not reply.url.startswith("https://"):
            raise FetchFailed(f"{file.name} was offered over an unprotected connection.")
        # A server that does not know ranges answers 200 and starts from the beginning.
        have = have if reply.status == 206 else 0
        with path.open("r+b" if have else "wb") as sink:
            sink.seek(have)
            while have < file.bytes and (block := _read(reply, min(_BLOCK, file.bytes - have))):
                sink.write(block)
                have += len(block)
                yield have
            sink.flush()
            os.fsync(sink.fileno())
    finally:
        reply.close()
    if have < file.bytes:
        raise FetchFailed(f"{file.name} broke off after {have:,} of {file.bytes:,} bytes.")


def _asked(request: Request, open_url: OpenUrl, file: ModelFile) -> Reply:
    try:
        return open_url(request)
    except HTTPError as error:
        code = error.code
        error.close()
        raise FetchFailed(f"The publisher answered {code} for {file.name}.") from error
    except (URLError, HTTPException, TimeoutError, ConnectionError) as error:
        raise FetchFailed(f"The publisher of {file.name} could not be reached.") from error


def _read(reply: Reply, amount: int) -> bytes:
    try:
        return reply.read(amount)
    except (HTTPException, TimeoutError, ConnectionError) as error:
        raise FetchFailed("The connection to the publisher broke; what came is kept.") from error


def _open_url(request: Request) -> Reply:
    reply: Reply = urlopen(request, timeout=_SOCKET_SECONDS)
    return reply


def _good(file: ModelFile, path: Path) -> bool:
    return path.stat().st_size == file.bytes and verify.sha256_of(path) == file.sha256


def _check(card: ModelCard, staging: Path) -> dict[str, str]:
    """Hashes of all files in `staging`; a wrong file is removed, so that it is fetched anew."""
    hashes = {}
    for file in card.files:
        path = staging / file.name
        if not path.exists():
            raise FetchFailed(f"{file.name} of the model {card.id} did not come.")
        hashes[file.name] = verify.sha256_of(path)
        if hashes[file.name] != file.sha256 or path.stat().st_size != file.bytes:
            path.unlink()
            raise FetchFailed(f"{file.name} of the model {card.id} is not the published file.")
    return hashes


def _place(card: ModelCard, staging: Path, folder: Path) -> None:
    """Move the checked files into place with one rename; a model that was there is replaced."""
    target = folder / card.place
    if not card.is_folder:
        os.replace(staging / card.files[0].name, target)
        shutil.rmtree(staging)
    else:
        wanted = {each.name for each in card.files}
        for stray in (each for each in staging.iterdir() if each.name not in wanted):
            shutil.rmtree(stray) if stray.is_dir() else stray.unlink()
        old = staging.with_name(staging.name + ".old")
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            os.replace(target, old)
        os.replace(staging, target)
        shutil.rmtree(old, ignore_errors=True)
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # Windows cannot open a folder for syncing
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
