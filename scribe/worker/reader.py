"""The child process that reads one audio file made elsewhere: standard input is the file, standard
output the frames. It can open no other file, no socket and no program, and its memory and time are
bounded; a hostile file costs this process and nothing else.

Started as `python -m scribe.worker.reader` by `worker/audiofile.py`.
"""

import os
import signal
import sys
from typing import BinaryIO

from scribe import errors, sandbox
from scribe.audio.importfile import Imported
from scribe.worker import protocol
from scribe.worker.protocol import Failed, Opened, Sound

MEMORY = 512 * 1024 * 1024
"""Bytes of address space."""
SECONDS = 30
"""Processor time for any file, and one more for each megabyte of it."""
NAME = "The file"
"""What an error calls it: the name given to it by a person stays with our side."""


def serve(file: BinaryIO, answers: BinaryIO) -> None:
    """Tell what the file is, then its sound, then that it is over; or why not."""
    try:
        imported = Imported(file, NAME)
        info = imported.info
        opened = Opened(
            seconds=info.seconds, rate=info.rate, channels=info.channels, format=info.format
        )
        protocol.send(answers, opened)
        for block in imported.blocks():
            protocol.send(answers, Sound(), block)
        protocol.send(answers, Sound())
    except errors.AudioUnusable as error:
        protocol.send(answers, protocol.reportable(error))
    except MemoryError:
        said = Failed(error="AudioUnusable", message=f"{NAME} asks for more memory than it may.")
        protocol.send(answers, said)


def confine(file: BinaryIO) -> bool:
    """Give up everything but the open file and pipe; whether the kernel keeps us to it."""
    sandbox.die_with_parent(signal.SIGKILL)
    sandbox.deny_dumps()
    size = os.fstat(file.fileno()).st_size
    sandbox.limit(memory=MEMORY, seconds=SECONDS + size // 1_000_000)
    return sandbox.deny_files()


def main() -> int:
    """Read the file on standard input."""
    sys.excepthook = sandbox.quiet_death
    file, answers = sandbox.own_pipes()
    confine(file)
    try:
        serve(file, answers)
    except BrokenPipeError:
        # Nobody wants the rest.
        os._exit(0)
    return 0


if __name__ == "__main__":
    sys.exit(main())
