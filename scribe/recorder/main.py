"""The recorder process: it opens the microphone, holds the key of one recording and nothing else of
a patient, and goes on while windows come and go. When its parent is gone it completes the file.

Started as `python -m scribe.recorder.main` by the supervisor.
"""

import os
import signal
import sys
from threading import Lock, Thread
from typing import BinaryIO

from scribe import errors, sandbox
from scribe.audio.capture import PortAudioMicrophone
from scribe.ports import Microphone
from scribe.recorder import messages
from scribe.recorder.messages import Said
from scribe.recorder.service import Service


def serve(questions: BinaryIO, answers: BinaryIO, microphone: Microphone) -> None:
    """Answer until the recording is finished or nobody is left to ask."""
    told = Lock()

    def tell(said: Said) -> None:
        with told:
            try:
                answers.write(messages.line(said))
                answers.flush()
            except BrokenPipeError:
                # Nobody listens any more; the recording is completed when the questions end too.
                return

    service = Service(microphone, tell)
    signal.signal(signal.SIGTERM, lambda number, frame: service.put(None))
    # A daemon, for nothing else ends a thread that waits for a line.
    Thread(target=_read, args=(questions, service), daemon=True).start()
    service.run()


def _read(questions: BinaryIO, service: Service) -> None:
    for line in questions:
        try:
            service.put(messages.asked(line))
        except errors.EngineError:
            # Not from a window of ours; the recording must not suffer for it.
            continue
    service.put(None)


def main(microphone: Microphone | None = None) -> int:
    """Record what is asked for. `microphone` stands in for the real one."""
    sys.excepthook = sandbox.quiet_death
    questions, answers = sandbox.own_pipes()
    # The signal that lets it complete the file, not the one that ends it at once.
    sandbox.die_with_parent(signal.SIGTERM)
    sandbox.deny_dumps()
    sandbox.deny_network()
    serve(questions, answers, microphone or PortAudioMicrophone())
    # Not by returning: the thread that reads would be waited for in the middle of a line.
    os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
