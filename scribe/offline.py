"""Proving on a person's own machine that the program opens no network socket: it runs a short visit
and has the system watch it. With strace every attempt is counted; without it the kernel is told to
kill whoever tries. The watch is first shown to work on a program that does try.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from scribe import children, sandbox
from scribe.errors import ProofImpossible

SECONDS = 90.0
"""Telemetry has been seen to speak up ten seconds after the start, or in an idle moment."""

_TRIES = "import socket; socket.socket(socket.AF_INET, socket.SOCK_STREAM)"
_SOCKET = re.compile(r"^(?:socket|socketpair)\((AF_\w+|0x[0-9a-f]+|\d+)", re.MULTILINE)
_RING = re.compile(r"^io_uring_setup\(", re.MULTILINE)
_PROGRAM = re.compile(r"^execve\(.*\) = 0$", re.MULTILINE)
_KILLED = -31  # SIGSYS


class Way(StrEnum):
    """How the program is watched."""

    STRACE = "strace"
    KERNEL = "kernel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was watched and what was seen.

    `caught`: the watch caught a program that opens a network socket. `attempts`: address families
    the visit asked for that could lead off this computer. `steps`: what was done, in words.
    `programs`: how many were started (strace only, else 0).
    """

    way: Way
    caught: bool
    seconds: float
    programs: int
    steps: tuple[str, ...]
    attempts: tuple[str, ...]
    ended: int

    @property
    def offline(self) -> bool:
        """Whether the visit went through and nothing tried to reach a network."""
        whole = self.ended == 0 and not any(each.startswith("failed") for each in self.steps)
        return self.caught and whole and bool(self.steps) and not self.attempts


def way() -> Way:
    """The better of the ways there are. Raises ProofImpossible."""
    if sys.platform.startswith("linux"):
        return Way.STRACE if shutil.which("strace") else Way.KERNEL
    raise ProofImpossible("This can be proven on Linux only.")


def prove(audio: Path | None = None, *, seconds: float = SECONDS, by: Way | None = None) -> Proof:
    """Run a short visit of at least so many seconds (of `audio`, or of a tone) and watch it.

    Raises ProofImpossible.
    """
    how = by or way()
    tried = _watched(how, [sys.executable, "-c", _TRIES])
    program = [*children.command("scribe.shortvisit"), str(seconds)]
    began = time.monotonic()
    seen = _watched(how, [*program, str(audio.absolute())] if audio else program)
    return Proof(
        way=how,
        caught=bool(tried.attempts),
        seconds=time.monotonic() - began,
        programs=seen.programs,
        steps=tuple(seen.said.splitlines()),
        attempts=seen.attempts,
        ended=seen.ended,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    ended: int
    said: str
    programs: int
    attempts: tuple[str, ...]


def _watched(how: Way, program: list[str]) -> _Seen:
    return _under_strace(program) if how is Way.STRACE else _under_the_kernel(program)


def _environment() -> dict[str, str]:
    # CI=true silences some libraries by itself: the clinic's machine has none.
    return {name: value for name, value in children.environment().items() if name != "CI"}


def _run(command: list[str]) -> "subprocess.CompletedProcess[str]":
    try:
        return subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=_environment(),
            check=False,
        )
    except OSError as exc:
        raise ProofImpossible(f"The watch cannot be started ({exc.strerror}).") from exc


def _under_strace(program: list[str]) -> _Seen:
    with tempfile.TemporaryDirectory(prefix="scribe-proof-") as folder:
        # Names and contents are not asked for, only which calls there were.
        calls = "trace=socket,socketpair,io_uring_setup,execve"
        watch = ["strace", "-f", "-ff", "-qq", "-s", "0", "-e", calls, "-e", "signal=none"]
        done = _run([*watch, "-o", str(Path(folder) / "calls"), "--", *program])
        logs = [each.read_text("utf-8", "replace") for each in Path(folder).iterdir()]
    if not logs:
        raise ProofImpossible("strace is not allowed to watch programs on this machine.")
    families = [family for log in logs for family in _SOCKET.findall(log)]
    rings = ["io_uring" for log in logs for _ in _RING.findall(log)]
    return _Seen(
        ended=done.returncode,
        said=done.stdout,
        programs=sum(len(_PROGRAM.findall(log)) for log in logs),
        attempts=tuple(sorted([each for each in families if each != "AF_UNIX"] + rings)),
    )


def _under_the_kernel(program: list[str]) -> _Seen:
    done = _run([*children.command("scribe.offline"), *program])
    if done.returncode == _REFUSED:
        raise ProofImpossible("This kernel has no system call filter, and strace is missing.")
    # A child of the visit that was killed makes its step fail and says so.
    killed = done.returncode == _KILLED or f"({_KILLED})" in done.stdout
    return _Seen(
        ended=done.returncode,
        said=done.stdout,
        programs=0,
        attempts=("a process was killed",) if killed else (),
    )


_REFUSED = 71


def main(program: list[str]) -> int:
    """Become `program`, which the kernel kills if it asks for a network socket."""
    if not sandbox.deny_network(fatal=True):
        return _REFUSED
    os.execv(program[0], program)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
