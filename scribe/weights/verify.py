"""Find a model on this machine and make sure that it is the published one; nothing is loaded here.

Hashing a gigabyte takes seconds, so a file that was hashed once is known again by path, size,
modification time and inode, for a week; after that it is hashed again, as a disk may rot silently.
"""

import hashlib
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from scribe import codec
from scribe.errors import TranscriptUnusable, WeightsCorrupt, WeightsMissing
from scribe.events import Never, Progress, Stop, Tell, silence
from scribe.files import write_whole
from scribe.ids import ModelId
from scribe.weights.catalogue import ModelCard, ModelFile

MEMORY_FILE = ".verified.json"

_WEEK = 7 * 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    path: str
    size: int
    mtime_ns: int
    inode: int
    sha256: str
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Memory:
    seen: tuple[_Seen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How one model stands: `path` once it is verified, else `missing`, or `fault` in words."""

    model: ModelId
    path: Path | None
    missing: bool = False
    fault: str = ""


def locate(card: ModelCard, folder: Path) -> Path:
    """The verified folder (speech) or file (writer) of a model in `folder`.

    Raises WeightsMissing if any of its files is not there, WeightsCorrupt if one has another size
    or hash than the card says or if the model's folder holds a file the card does not know.
    """
    place = folder / card.place
    for each in card.files:
        _check_size(card, each, file_path(card, each, folder))
    if card.is_folder:
        _check_strangers(card, place)
    known = _recall(folder)
    fresh = {}
    for each in card.files:
        path = file_path(card, each, folder)
        found = known.get(str(path)) or _look(path)
        if found.sha256 != each.sha256:
            raise WeightsCorrupt(f"{each.name} of the model {card.id} is not the published file.")
        fresh[str(path)] = found
    if any(known.get(path) != seen for path, seen in fresh.items()):
        _remember(folder, {**known, **fresh})
    return place


def verify_all(
    cards: Iterable[ModelCard], folder: Path, *, tell: Tell = silence, stop: Stop | None = None
) -> tuple[State, ...]:
    """How every model of `cards` stands, hashing what is there anew; ends early when stopped."""
    stop = stop or Never()
    forget(folder)
    states: list[State] = []
    for each in cards:
        if stop.is_set():
            break
        tell(Progress(step=each.id, done=len(states), total=0))
        states.append(state(each, folder))
    return tuple(states)


def state(card: ModelCard, folder: Path) -> State:
    """Like `locate`, as a record instead of an error."""
    try:
        return State(model=card.id, path=locate(card, folder))
    except WeightsMissing:
        return State(model=card.id, path=None, missing=True)
    except WeightsCorrupt as error:
        return State(model=card.id, path=None, fault=error.message)


def file_path(card: ModelCard, file: ModelFile, folder: Path) -> Path:
    """Where one file of a model lies in `folder`."""
    return folder / card.place / file.name if card.is_folder else folder / file.name


def forget(folder: Path) -> None:
    """Hash every file anew the next time."""
    (folder / MEMORY_FILE).unlink(missing_ok=True)


def sha256_of(path: Path) -> str:
    """Hex SHA-256 of a file. Raises OSError."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remember(folder: Path, hashes: dict[Path, str]) -> None:
    """Note files that were hashed while they were written, so that they need not be read again."""
    now = time.time()
    fresh = {str(path): _seen(path, sha256, now) for path, sha256 in hashes.items()}
    _remember(folder, {**_recall(folder), **fresh})


def _check_size(card: ModelCard, file: ModelFile, path: Path) -> None:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise WeightsMissing(f"The model {card.id} is not on this machine yet.") from error
    if size != file.bytes:
        raise WeightsCorrupt(
            f"{file.name} of the model {card.id} has {size:,} bytes instead of {file.bytes:,}."
        )


def _check_strangers(card: ModelCard, place: Path) -> None:
    known = {each.name for each in card.files}
    strangers = sorted(
        each.name
        for each in place.iterdir()
        if each.name not in known and not each.name.startswith(".")
    )
    # The speech library reads optional files beside the weights, so a file we have no hash for
    # could change what it hears.
    if strangers:
        raise WeightsCorrupt(
            f"The folder of the model {card.id} holds {strangers[0]}, which is not part of it.",
            advice="Move that file away, or run: scribe models fetch --again",
        )


def _look(path: Path) -> _Seen:
    try:
        return _seen(path, sha256_of(path), time.time())
    except OSError as error:
        raise WeightsCorrupt(f"{path.name} cannot be read ({error.strerror}).") from error


def _seen(path: Path, sha256: str, at: float) -> _Seen:
    facts = path.stat()
    return _Seen(
        path=str(path),
        size=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
        inode=facts.st_ino,
        sha256=sha256,
        at=at,
    )


def _recall(folder: Path) -> dict[str, _Seen]:
    try:
        memory = codec.from_json(
            _Memory, (folder / MEMORY_FILE).read_bytes(), what="the memory of verified files"
        )
    except (OSError, TranscriptUnusable):
        return {}  # only a memory: what is not in it is hashed
    now = time.time()
    return {each.path: each for each in memory.seen if _still(each, now)}


def _still(seen: _Seen, now: float) -> bool:
    try:
        facts = os.stat(seen.path)
    except OSError:
        return False
    same = (facts.st_size, facts.st_mtime_ns, facts.st_ino) == (
        seen.size,
        seen.mtime_ns,
        seen.inode,
    )
    return same and 0 <= now - seen.at < _WEEK


def _remember(folder: Path, seen: dict[str, _Seen]) -> None:
    memory = _Memory(seen=tuple(seen.values()))
    try:
        write_whole(folder / MEMORY_FILE, codec.to_json(memory).encode())
    except OSError:
        return  # a folder that cannot be written to is read in full each time
