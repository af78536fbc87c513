"""Many short lives of one program: it is loaded once and forked for each, so that a life costs
milliseconds. Meant to be run under a strace that makes the n-th call of one kind fail or kill.

`python -m tests.security.farm N ACT PLACE CALL=LIVES ...`: life i of a CALL first makes N - i
calls of that kind that do nothing, so that strace's n-th is the i-th that matters. It works in
PLACE/CALL-i. One line of JSON tells how all ended; the farm itself makes no call that counts.
"""

import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.security import acts

BUG = 70
_CLOSED = 9_999
_NOWHERE = "/nowhere/at/all"

IDLE: dict[str, Callable[[], object]] = {
    "write": lambda: os.write(_CLOSED, b""),
    "pwrite64": lambda: os.pwrite(_CLOSED, b"", 0),
    "fsync": lambda: os.fsync(_CLOSED),
    "fdatasync": lambda: os.fdatasync(_CLOSED),
    "ftruncate": lambda: os.ftruncate(_CLOSED, 0),
    "rename": lambda: os.rename(_NOWHERE, _NOWHERE),
    "unlink": lambda: os.unlink(_NOWHERE),
    "mkdir": lambda: os.mkdir(_NOWHERE),
}
"""Each fails without doing anything; strace counts it all the same."""


class _Line:
    """Standard output by another system call than write(), which may be the one that fails."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end

    def write(self, text: str) -> int:
        self._end.sendall(text.encode())
        return len(text)

    def flush(self) -> None:
        """Nothing waits here."""


def life(idle: Callable[[], object], idles: int, act: str, folder: Path) -> dict[str, object]:
    """One life in a process of its own: how it ended, and what it said before."""
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        ours.close()
        sys.stdout = _Line(theirs)
        for _ in range(idles):
            with suppress(OSError):
                idle()
        code = BUG
        try:
            code = acts.main(act, str(folder))
        finally:
            if code == BUG:
                traceback.print_exc()
            os._exit(code)
    theirs.close()
    said = b""
    while piece := ours.recv(65_536):
        said += piece
    ours.close()
    _, status = os.waitpid(process, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    code = 0 if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
    return {"killed": killed, "code": code, "said": said.decode().splitlines()}


def main(last: str, act: str, place: str, *wanted: str) -> int:
    """Live all lives, each in a folder of its own below `place`."""
    ended = []
    for call, lives in (each.split("=") for each in wanted):
        for number in range(1, int(lives) + 1):
            folder = Path(place) / f"{call}-{number}" / "vault"
            how = life(IDLE[call], int(last) - number, act, folder)
            ended.append({"call": call, "number": number, **how})
    sys.stdout.write(json.dumps(ended) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
