"""Readers of foreign audio files, forked from one loaded program, one for each file of a folder:
`python -m tests.security.readers FOLDER`. One line of JSON tells how each ended and what it cost.
"""

import json
import os
import sys
import time
from pathlib import Path

from scribe.errors import EngineError
from scribe.records import SAMPLE_RATE
from scribe.worker import protocol, reader
from scribe.worker.protocol import Failed, Sound


def read(path: Path) -> dict[str, object]:
    """Read one file as the program does; `end` says how it ended for its user."""
    got, given = os.pipe()
    began = time.monotonic()
    process = os.fork()
    if process == 0:
        handle = os.open(path, os.O_RDONLY)
        os.dup2(handle, 0)
        os.dup2(given, 1)
        os.closerange(3, 256)
        os._exit(reader.main())
    os.close(given)
    end, samples = "gone", 0
    with os.fdopen(got, "rb") as frames:
        try:
            while (frame := protocol.receive(frames)) is not None:
                message, block = frame
                samples += len(block)
                if isinstance(message, Failed):
                    end = f"refused: {message.error}"
                elif isinstance(message, Sound) and not len(block):
                    end = "read"
        except EngineError:
            end = "not one of our frames"
    _, status, used = os.wait4(process, 0)
    return {
        "file": path.name,
        "end": end,
        "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
        "hours": samples / SAMPLE_RATE / 3600,
        "megabytes": used.ru_maxrss / 1024,
        "seconds": time.monotonic() - began,
    }


def main(folder: str) -> int:
    """All of them, one after the other."""
    sys.stdout.write(json.dumps([read(each) for each in sorted(Path(folder).iterdir())]) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
