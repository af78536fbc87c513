"""A model process without a model, that behaves as badly as its `path` says. Not a test itself."""

import os
import resource
import signal
import socket
import sys
import time

from scribe import errors, sandbox
from scribe.ids import utterance_id
from scribe.records import Completion, Samples, Speaker, Utterance
from scribe.worker import main
from scribe.worker.protocol import Final, Flush, Hear, Load, Message, Write, Written


def _engine(load: Load) -> main.Answer:
    if load.path == "refuse":
        raise errors.WeightsCorrupt("The model file is truncated.")
    asked = 0

    def answer(message: Message, samples: Samples) -> Message:
        nonlocal asked
        asked += 1
        match load.path:
            case "die" if asked == 2:
                os.kill(os.getpid(), 9)
            case "crash" if asked == 2:
                os.kill(os.getpid(), signal.SIGSEGV)
            case "hang":
                time.sleep(3600)
            case "bug":
                raise ValueError("Maria Canary has diabetes")
            case "garbage":
                os.write(int(os.environ["ANSWERS"]), b"\xff" * 64)
                time.sleep(3600)
        match message:
            case Hear() | Flush():
                text = f"{len(samples)} samples"
                return Final(
                    utterances=(
                        Utterance(
                            id=utterance_id(asked),
                            speaker=Speaker.UNKNOWN,
                            start=0.0,
                            end=1.0,
                            text=text,
                        ),
                    )
                )
            case Write():
                return Written(completion=Completion(text=_told(load.path)))
        raise errors.EngineError("unexpected")

    return answer


def _told(path: str) -> str:
    if path == "network":
        said = []
        for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX):
            try:
                socket.socket(family).close()
                said.append("open")
            except PermissionError:
                said.append("refused")
        return " ".join(said)
    if path == "environment":
        return " ".join(
            os.environ.get(name, "-")
            for name in ("ORT_DISABLE_TELEMETRY", "HF_HUB_OFFLINE", "OMP_WAIT_POLICY")
        )
    if path == "hardened":
        return f"{sandbox.dumpable()} {resource.getrlimit(resource.RLIMIT_CORE)}"
    if path == "print":
        sys.stdout.write("patient text\n")
        sys.stdout.flush()
        os.write(1, b"native patient text\n")
        os.write(2, b"native patient text\n")
    return "written"


if __name__ == "__main__":
    main.ENGINES.update({"speech": _engine, "writer": _engine})
    sys.excepthook = sandbox.quiet_death
    requests, answers = sandbox.own_pipes()
    os.environ["ANSWERS"] = str(answers.fileno())
    sandbox.die_with_parent(signal.SIGKILL)
    sandbox.deny_dumps()
    main.serve(requests, answers, offline=sandbox.deny_network())
