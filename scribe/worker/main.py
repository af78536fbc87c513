"""The child process that holds one engine: it loads what it is told to and answers until the pipe
closes. It has no network, no key and no database, and what it prints goes nowhere.

Started as `python -m scribe.worker.main` by `worker/host.py`.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from scribe import errors, sandbox
from scribe.ports import Recogniser, Writer
from scribe.records import Samples
from scribe.worker import protocol
from scribe.worker.protocol import Final, Flush, Hear, Load, Message, Ready, Write, Written

Answer = Callable[[Message, Samples], Message]


def _speech(load: Load) -> Answer:
    from scribe.speech.whisper import WhisperRecogniser  # noqa: PLC0415  (only in this process)

    engine: Recogniser = WhisperRecogniser(
        Path(load.path), model_id=load.model_id, threads=load.threads
    )

    def answer(message: Message, samples: Samples) -> Message:
        match message:
            case Hear():
                return Final(utterances=engine.hear(samples))
            case Flush():
                return Final(utterances=engine.flush())
            case _:
                raise errors.EngineError("The speech process was asked for something else.")

    return answer


def _writer(load: Load) -> Answer:
    from scribe.draft.llama import LlamaWriter  # noqa: PLC0415  (only in this process)

    engine: Writer = LlamaWriter(Path(load.path), model_id=load.model_id, threads=load.threads)

    def answer(message: Message, samples: Samples) -> Message:
        match message:
            case Write(prompt=prompt):
                return Written(completion=engine.write(prompt))
            case _:
                raise errors.EngineError("The writer process was asked for something else.")

    return answer


ENGINES: dict[str, Callable[[Load], Answer]] = {"speech": _speech, "writer": _writer}


def serve(requests: BinaryIO, answers: BinaryIO, *, offline: bool) -> None:
    """Answer requests in order until the stream ends."""
    answer: Answer | None = None
    while (frame := protocol.receive(requests)) is not None:
        message, samples = frame
        reply: Message
        try:
            if isinstance(message, Load):
                began = time.monotonic()
                answer = ENGINES[message.kind](message)
                reply = Ready(seconds=time.monotonic() - began, offline=offline)
            elif answer is None:
                raise errors.EngineError("The model process has loaded nothing yet.")
            else:
                reply = answer(message, samples)
        except errors.ScribeError as error:
            reply = protocol.reportable(error)
        except MemoryError:
            reply = protocol.Failed(
                error="TooLittleMemory", message="The model did not fit into the free memory."
            )
        protocol.send(answers, reply)


NICENESS = 5
"""An engine takes every core it gets; the window and the recorder must come first."""


def main() -> int:
    """Run until the parent closes the pipe."""
    sys.excepthook = sandbox.quiet_death
    requests, answers = sandbox.own_pipes()
    if os.name == "posix":
        os.nice(NICENESS)
    # An engine in the middle of an answer does not look at its pipe.
    sandbox.die_with_parent(signal.SIGKILL)
    sandbox.deny_dumps()
    serve(requests, answers, offline=sandbox.deny_network())
    return 0


if __name__ == "__main__":
    sys.exit(main())
