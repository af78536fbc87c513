"""What a disk may hold after the power failed: the recorded writes of a real program, replayed.

The program runs once under strace. From its writes, syncs and renames this module builds every
state that a crash at any moment could leave behind:

- what was synced is there;
- of what was written since, nothing, all, or any 512-byte sectors may be there, and a file may have
  grown without its content;
- names (created, renamed, removed) appear in the order in which they were made, as on every
  journalling file system, up to any point after the last sync of a folder.

The fault model is that of SQLite's own crash tests (src/test6.c), widened to the whole folder, as
in Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NewType

from tests.security.tracing import Call

SECTOR = 512
TRACED = (
    "openat", "close", "write", "pwrite64", "lseek", "fsync", "fdatasync", "ftruncate",
    "rename", "unlink", "sendfile", "mkdir", "rmdir", "dup", "dup2", "dup3", "fcntl",
)  # fmt: skip
NONE, ALL, BLANK = "none", "all", "blank"
DATA = (NONE, ALL, BLANK, "torn 1", "torn 2")
NAMED = (NONE, ALL)

Inode = NewType("Inode", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """Bytes written to a file, or (with `data` None) its length set to `at`."""

    inode: Inode
    at: int
    data: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name made (`inode` given), removed (None), or moved here from `source`."""

    path: str
    inode: Inode | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """Everything of one file, or (`folder`) the names in one folder, is on the disk."""

    inode: Inode | None = None
    folder: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The program told its user something: from now on it is a promise."""

    line: str


Step = Put | Name | Sync | Said


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What one crash left: content by relative path (None: a folder), and what had been said."""

    step: int
    variant: str
    files: dict[str, bytes | None]
    said: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Put it on a real disk."""
        folder.mkdir(mode=0o700, parents=True)
        for path, content in sorted(self.files.items()):
            if content is None:
                (folder / path).mkdir(mode=0o700, parents=True, exist_ok=True)
            else:
                (folder / path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                (folder / path).write_bytes(content)

    @property
    def digest(self) -> bytes:
        """Tells states apart."""
        each = sha256(repr(self.said).encode())
        for path, content in sorted(self.files.items()):
            each.update(f"{path} {content is None} {len(content or b'')} ".encode())
            each.update(content or b"")
        return each.digest()


# ---------------------------------------------------------------- recording


@dataclass
class _Open:
    inode: Inode | None
    folder: str = ""
    at: int = 0


@dataclass
class Recording:
    """The steps of one program inside `root`, and what lay there before it began."""

    root: str
    before: dict[str, bytes | None]
    steps: list[Step] = field(default_factory=list)

    @classmethod
    def of(cls, root: Path, before: dict[str, bytes | None], calls: Iterable[Call]) -> "Recording":
        """Read the calls of the one thread that wrote. `before`: see `snapshot`."""
        made = cls(root=str(root), before=before)
        reader = _Reader(made)
        for call in calls:
            if not call.failed:
                reader.take(call)
        return made


def snapshot(root: Path) -> dict[str, bytes | None]:
    """All files and folders below `root`."""
    return {
        str(path.relative_to(root)): None if path.is_dir() else path.read_bytes()
        for path in sorted(root.rglob("*"))
    }


class _Reader:
    """Turns system calls into steps; knows file descriptors and inodes."""

    def __init__(self, made: Recording) -> None:
        self._made = made
        self._open: dict[int, _Open] = {}
        self._names: dict[str, Inode | None] = {}
        self._next = 0
        self._now: dict[Inode, bytearray] = {}
        for path, content in made.before.items():
            inode = self._names[path] = None if content is None else self._inode()
            if inode is not None and content is not None:
                self._now[inode] = bytearray(content)

    def _inode(self) -> Inode:
        self._next += 1
        return Inode(self._next)

    def take(self, call: Call) -> None:
        handler = getattr(self, f"_on_{call.name}", None)
        if handler is not None:
            handler(call)

    def _inside(self, raw: bytes | str) -> str | None:
        """The path below the root, '' for the root itself, None outside."""
        path = raw.decode() if isinstance(raw, bytes) else raw
        if path == self._made.root:
            return ""
        head = self._made.root + "/"
        return path.removeprefix(head) if path.startswith(head) else None

    def _step(self, step: Step) -> None:
        self._made.steps.append(step)
        if isinstance(step, Put):
            now = self._now.setdefault(step.inode, bytearray())
            _put(now, step, ALL, random.Random())

    def _on_openat(self, call: Call) -> None:
        assert call.result is not None
        self._open.pop(call.result, None)
        path = self._inside(call.opened() or "")
        if path is None:
            return
        if "O_DIRECTORY" in call.arguments or path == "" or self._names.get(path, 0) is None:
            self._open[call.result] = _Open(None, folder=path)
            return
        if path not in self._names:
            self._names[path] = self._inode()
            self._step(Name(path=path, inode=self._names[path]))
        inode = self._names[path]
        assert inode is not None
        self._open[call.result] = _Open(inode)
        if "O_TRUNC" in call.arguments:
            self._step(Put(inode=inode, at=0, data=None))
        assert "O_APPEND" not in call.arguments, "append mode is not modelled"

    def _number(self, call: Call, which: int = 0) -> int:
        return int(call.arguments.split(", ")[which].split("<")[0], 0)

    def _last_number(self, call: Call) -> int:
        return int(call.arguments.rsplit(", ", 1)[1], 0)

    def _on_close(self, call: Call) -> None:
        self._open.pop(self._number(call), None)

    def _dup(self, call: Call) -> None:
        assert self._number(call) not in self._open, "copied file descriptors are not modelled"

    _on_dup = _on_dup2 = _on_dup3 = _dup

    def _on_fcntl(self, call: Call) -> None:
        if "F_DUPFD" in call.arguments:
            self._dup(call)

    def _on_write(self, call: Call) -> None:
        number, data = self._number(call), call.texts()[0]
        assert call.result == len(data), "a write that strace cut short"
        if number == 1:
            self._step(Said(line=data.decode().strip()))
        file = self._open.get(number)
        if file is not None and file.inode is not None:
            self._step(Put(inode=file.inode, at=file.at, data=data))
            file.at += len(data)

    def _on_pwrite64(self, call: Call) -> None:
        file = self._open.get(self._number(call))
        if file is not None and file.inode is not None:
            data = call.texts()[0]
            assert call.result == len(data), "a write that strace cut short"
            self._step(Put(inode=file.inode, at=self._last_number(call), data=data))

    def _on_sendfile(self, call: Call) -> None:
        """Bytes from file to file, which strace does not see."""
        target, source = (self._open.get(self._number(call, which)) for which in (0, 1))
        if target is None or target.inode is None:
            return
        assert source is not None, "copied from a file outside of what is watched"
        assert source.inode is not None
        assert call.result is not None
        at = int(call.arguments.split(", ")[2].strip("[]").split("]")[0])
        data = bytes(self._now[source.inode][at : at + call.result])
        self._step(Put(inode=target.inode, at=target.at, data=data))
        target.at += len(data)

    def _on_lseek(self, call: Call) -> None:
        file = self._open.get(self._number(call))
        if file is not None:
            assert call.result is not None
            file.at = call.result

    def _on_ftruncate(self, call: Call) -> None:
        file = self._open.get(self._number(call))
        if file is not None and file.inode is not None:
            self._step(Put(inode=file.inode, at=self._last_number(call), data=None))

    def _sync(self, call: Call) -> None:
        file = self._open.get(self._number(call))
        if file is not None:
            self._step(Sync(inode=file.inode, folder=file.folder))

    _on_fsync = _on_fdatasync = _sync

    def _on_mkdir(self, call: Call) -> None:
        path = self._inside(call.texts()[0])
        if path:
            self._names[path] = None
            self._step(Name(path=path))

    def _on_rename(self, call: Call) -> None:
        source, target = (self._inside(each) for each in call.texts()[:2])
        assert (source is None) == (target is None), "moved across the border of what is watched"
        if source is None or target is None:
            return
        for path in [p for p in self._names if p == source or p.startswith(source + "/")]:
            self._names[target + path.removeprefix(source)] = self._names.pop(path)
        self._step(Name(path=target, source=source))

    def _on_unlink(self, call: Call) -> None:
        path = self._inside(call.texts()[0])
        if path and path in self._names:
            del self._names[path]
            self._step(Name(path=path, inode=Inode(0)))

    _on_rmdir = _on_unlink


# ---------------------------------------------------------------- replaying

_REMOVED = Inode(0)


Variant = tuple[str, str]
"""What becomes of the names, and of the data, that were not synced."""

VARIANTS: tuple[Variant, ...] = tuple((names, data) for names in NAMED for data in DATA)


def states(made: Recording, *, variants: tuple[Variant, ...] = VARIANTS) -> Iterator[State]:
    """Every state that a power cut during the recording may leave, each different one once."""
    seen: set[bytes] = set()
    for step in range(len(made.steps) + 1):
        for names, data in variants:
            state = _state(made, step, names, data, random.Random(f"{step} {data}"))
            if state.digest not in seen:
                seen.add(state.digest)
                yield state


def _state(made: Recording, step: int, names: str, data: str, chance: random.Random) -> State:
    done = made.steps[:step]
    contents = _contents(made, done, data, chance)
    firm = len(done) if names == ALL else _firm(done)
    tree: dict[str, Inode | None] = {}
    number = 0
    for path, content in made.before.items():
        if content is not None:
            number += 1
        tree[path] = None if content is None else Inode(number)
    for each in done[:firm]:
        if isinstance(each, Name):
            _apply(tree, each)
    files = {
        path: None if inode is None else bytes(contents.get(inode, b""))
        for path, inode in tree.items()
    }
    said = tuple(each.line for each in done if isinstance(each, Said))
    return State(step=step, variant=f"names {names}, data {data}", files=files, said=said)


def _firm(done: list[Step]) -> int:
    """How many steps have names that are surely on the disk: up to the last one whose folder was
    synced, for a journal keeps their order.
    """
    firm = 0
    changed: dict[str, int] = {}
    for number, each in enumerate(done, start=1):
        if isinstance(each, Name):
            changed[each.path.rpartition("/")[0]] = number
            if each.source:
                changed[each.source.rpartition("/")[0]] = number
        elif isinstance(each, Sync) and each.inode is None:
            firm = max(firm, changed.get(each.folder, 0))
    return firm


def _apply(tree: dict[str, Inode | None], step: Name) -> None:
    if step.source:
        for path in [p for p in tree if p == step.source or p.startswith(step.source + "/")]:
            tree[step.path + path.removeprefix(step.source)] = tree.pop(path)
    elif step.inode == _REMOVED:
        tree.pop(step.path, None)
    else:
        tree[step.path] = step.inode


def _contents(
    made: Recording, done: list[Step], data: str, chance: random.Random
) -> dict[Inode, bytearray]:
    """Of every inode, what was synced and the chosen part of what was not."""
    contents: dict[Inode, bytearray] = {}
    number = 0
    for content in made.before.values():
        if content is not None:
            number += 1
            contents[Inode(number)] = bytearray(content)
    synced: dict[Inode, int] = {}
    for index, each in enumerate(done):
        if isinstance(each, Sync) and each.inode is not None:
            synced[each.inode] = index
    for index, each in enumerate(done):
        if isinstance(each, Put):
            firm = index < synced.get(each.inode, -1)
            _put(contents.setdefault(each.inode, bytearray()), each, ALL if firm else data, chance)
    return contents


def _put(content: bytearray, put: Put, data: str, chance: random.Random) -> None:
    if data == NONE:
        return
    if put.data is None:
        if data in (ALL, BLANK) or chance.random() < 0.5:
            _resize(content, put.at)
        return
    end = put.at + len(put.data)
    if data == ALL:
        _resize(content, max(end, len(content)))
        content[put.at : end] = put.data
        return
    if data == BLANK:
        _resize(content, max(end, len(content)))
        return
    for start, stop in _sectors(put.at, end):
        if chance.random() < 0.5:
            _resize(content, max(stop, len(content)))
            content[start:stop] = put.data[start - put.at : stop - put.at]


def _sectors(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield start, stop
        start = stop


def _resize(content: bytearray, size: int) -> None:
    if size < len(content):
        del content[size:]
    else:
        content.extend(bytes(size - len(content)))
