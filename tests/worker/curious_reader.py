"""A reader of audio files that has been taken over: it tries what the sandbox must refuse. Not a
test itself.
"""

import ctypes
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from scribe import sandbox
from scribe.worker import protocol, reader
from scribe.worker.protocol import Failed


def refused(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except (OSError, MemoryError, RuntimeError):
        return "refused"
    return "done"


ATTEMPTS: dict[str, Callable[[], object]] = {
    "read": Path("/etc/hostname").read_bytes,
    "write": lambda: Path("taken").write_bytes(b"x"),
    "openat2": lambda: os.open("/", os.O_RDONLY),
    "unlink": lambda: os.unlink("visit.wav"),
    "fork": os.fork,
    "exec": lambda: os.execv("/bin/true", ["true"]),
    "inet": lambda: socket.socket(socket.AF_INET),
    "unix": lambda: socket.socket(socket.AF_UNIX),
    "gigabyte": lambda: bytearray(1 << 30),
    "kill": lambda: os.kill(os.getppid(), 0),
}

if __name__ == "__main__":
    file, answers = sandbox.own_pipes()
    whole = len(file.read())
    kept = reader.confine(file)
    said = " ".join(f"{name}:{refused(attempt)}" for name, attempt in ATTEMPTS.items())
    core = ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)
    message = f"{said} bytes:{whole} kernel:{kept} dumpable:{core}"
    protocol.send(answers, Failed(error="AudioUnusable", message=message))
    sys.exit(0)
