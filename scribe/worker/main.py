"""The child process that holds one engine: it loads what it is told to and answers until the pipe
closes. It has no network, no key and no database, and what it prints goes nowhere.

Started as `python -m scribe.worker.main` by `worker/host.py`.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from scribe import errors
from scribe.ports import Recogniser, Writer
from scribe.records import Samples
from scribe.worker import protocol
from scribe.worker.protocol import Final, Flush, Hear, Load, Message, Ready, Write, Written
from scribe.worker.sandbox import deny_dumps, deny_network

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


def own_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Our two ends of the pipe; standard input and output then lead nowhere, so that a native
    library that prints cannot break the protocol or leave patient text in a terminal.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    return requests, answers


def quiet_death(kind: type[BaseException], *_: object) -> None:
    """A bug ends the process without printing: a message could quote the patient."""
    os._exit(70)


NICENESS = 5
"""An engine takes every core it gets; the window and the recorder must come first."""


def main() -> int:
    """Run until the parent closes the pipe."""
    sys.excepthook = quiet_death
    requests, answers = own_pipes()
    if os.name == "posix":
        os.nice(NICENESS)
    deny_dumps()
    offline = deny_network()
    serve(requests, answers, offline=offline)
    return 0


if __name__ == "__main__":
    sys.exit(main())
