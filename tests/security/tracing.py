"""Running a program of ours under strace and reading what strace saw, call by call.

One log file per thread, so that no call is split in two; strings in hexadecimal, so that any byte
can be read back. Without strace the tests that need it fail and say how to get it: a proof that did
not run is not a proof.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

WRITES = ("write", "pwrite64", "writev", "pwritev", "pwritev2", "sendfile", "copy_file_range")
NAMES = ("open", "openat", "openat2", "creat", "rename", "renameat", "renameat2", "link", "linkat")
NETWORK = ("%network", "io_uring_setup")

_LINE = re.compile(r"^(?:(\d+\.\d+) )?(\w+)\((.*)\)\s+= (-?\d+|\?|0x[0-9a-f]+)(.*)$", re.DOTALL)
_TEXT = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
_ANGLED = re.compile(r"<((?:\\x[0-9a-f]{2})+)>")
_HIDDEN = re.compile(r"\b0x[0-9a-f]{9,}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One system call as strace wrote it down; `result` is None where it never returned."""

    thread: int
    at: float
    name: str
    arguments: str
    result: int | None
    rest: str

    @property
    def failed(self) -> bool:
        """Whether the kernel refused it."""
        return self.result is None or self.result < 0

    def texts(self) -> tuple[bytes, ...]:
        """The strings and buffers of the call, in order."""
        return tuple(_bytes(each[0]) for each in _TEXT.findall(self.arguments))

    def paths(self) -> tuple[str, ...]:
        """What its file descriptors stood for, in order (`-y`)."""
        return tuple(_bytes(each).decode() for each in _ANGLED.findall(self.arguments))

    def opened(self) -> str | None:
        """The path behind the file descriptor it returned."""
        found = _ANGLED.search(self.rest)
        return _bytes(found.group(1)).decode() if found else None

    @property
    def unread(self) -> bool:
        """Whether strace could not look into the process, so that a string is only an address."""
        return self.name in NAMES and _HIDDEN.search(self.arguments) is not None


def strace() -> str:
    """The path of strace; without it the test fails."""
    found = shutil.which("strace")
    if found is None:
        pytest.fail(
            "strace is not installed, so this was not tested. Run: sudo apt-get install -y strace",
            pytrace=False,
        )
    return found


def command(
    log: Path, program: Sequence[str], calls: Iterable[str], *, children: bool = True
) -> list[str]:
    """`program` under strace, which follows it into all its threads and children."""
    follow = ["-f", "-ff"] if children else []
    shown = ["-y", "-xx", "-s", "4000000", "-ttt", "-qq", "-e", "signal=none"]
    only = ["-e", f"trace={','.join(calls)}"]
    return [strace(), *follow, *shown, *only, "-o", str(log / "trace"), "--", *program]


def run(
    log: Path,
    program: Sequence[str],
    calls: Iterable[str],
    *,
    children: bool = True,
    env: Mapping[str, str] | None = None,
    timeout: float = 280,
) -> subprocess.CompletedProcess[str]:
    """Run a program of ours under strace to its end."""
    log.mkdir(parents=True, exist_ok=True)
    return subprocess.run(
        command(log, program, calls, children=children),
        capture_output=True,
        text=True,
        env=None if env is None else dict(env),
        cwd=ROOT,
        timeout=timeout,
        check=False,
    )


def calls(log: Path) -> Iterator[Call]:
    """Every call of every thread, in the order of time within each thread."""
    files = sorted(log.glob("trace*"))
    assert files, "strace wrote nothing"
    for file in files:
        yield from calls_of(file)


def calls_of(file: Path) -> Iterator[Call]:
    """Every call of one thread."""
    suffix = file.name.removeprefix("trace").lstrip(".")
    with file.open(encoding="ascii", errors="backslashreplace") as lines:
        for line in lines:
            call = _call(int(suffix or 0), line.rstrip("\n"))
            if call is not None:
                yield call


def _call(thread: int, line: str) -> Call | None:
    if line.startswith("+++") or " +++ " in line[:40] or " --- " in line[:40]:
        return None
    found = _LINE.match(line)
    if found is None:
        # The thread was killed inside the call, or the call does not return (exit).
        name = re.match(r"^(?:\d+\.\d+ )?(\w+)\(", line)
        assert name is not None, f"a line of strace that cannot be read: {line[:80]}"
        return Call(thread=thread, at=0.0, name=name.group(1), arguments=line, result=None, rest="")
    at, name_, arguments, result, rest = found.groups()
    number = None if result == "?" else int(result, 0)
    return Call(
        thread=thread,
        at=float(at or 0),
        name=name_,
        arguments=arguments,
        result=number,
        rest=rest,
    )


def _bytes(escaped: str) -> bytes:
    return bytes.fromhex(escaped.replace("\\x", ""))


def python(*arguments: str) -> list[str]:
    """This Python with these arguments."""
    return [sys.executable, *arguments]


def clean(home: Path, **more: str) -> dict[str, str]:
    """An environment with nothing in it that could silence or redirect a library: no CI, no
    proxies, no variables of ours but the two that say where things lie.
    """
    home.mkdir(parents=True, exist_ok=True)
    temporary = home / "tmp"
    temporary.mkdir(exist_ok=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(temporary), **more}
