"""A vault with notes and recordings, and what is the same in it after it was restored."""

import resource
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from scribe.audio import recording
from scribe.audio.recording import RecordingWriter
from scribe.ids import EncounterId
from scribe.records import SAMPLE_RATE, SignedNote, Visit
from scribe.store.vault import Vault

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]


class Stopped:
    """Asked to stop from the `after`-th question on."""

    def __init__(self, after: int) -> None:
        self.after, self.asked = after, 0

    def is_set(self) -> bool:
        self.asked += 1
        return self.asked > self.after


def fill(store: Vault, make_visit: MakeVisit, sign_note: SignNote, seconds: float = 1.0) -> None:
    """A signed visit with its recording, and one under way with another."""
    for number, name in enumerate(("e-signed", "e-open")):
        visit = make_visit(name, text=f"Weak since Monday, visit {number}.")
        store.save(visit)
        tape(store, name, seconds)
        if name == "e-signed":
            store.sign(visit, sign_note(store, visit))


def tape(store: Vault, name: str, seconds: float) -> None:
    """Record a tone for a stored visit."""
    path, key = store.recording_path(EncounterId(name)), store.audio_key(EncounterId(name))
    sound = np.sin(np.arange(int(seconds * SAMPLE_RATE), dtype=np.float32) / 9) / 4
    with RecordingWriter(path, key) as writer:
        writer.append(sound.astype(np.float32))


def heard(store: Vault, name: str) -> np.ndarray:
    """The samples of a recording, decrypted with the key that the vault has of it."""
    path, key = store.recording_path(EncounterId(name)), store.audio_key(EncounterId(name))
    return np.concatenate(list(recording.read(path, key)))


def files(folder: Path) -> Mapping[str, bytes]:
    """Every file below a folder."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def names(folder: Path) -> list[str]:
    """What lies in a folder, hidden things included."""
    return sorted(each.name for each in folder.iterdir())


@contextmanager
def small_files(size: int) -> Iterator[None]:
    """No file of this process can grow past `size` bytes: to it, the disk is full there."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
