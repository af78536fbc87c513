"""A speech process that says what the file in CANARY_SAID says, after a second of sound. Not a test
itself.
"""

import os
import signal
import sys
from pathlib import Path

from scribe import errors, sandbox
from scribe.ids import utterance_id
from scribe.records import SAMPLE_RATE, Samples, Speaker, Utterance
from scribe.worker import main
from scribe.worker.protocol import Final, Flush, Hear, Load, Message


def _engine(load: Load) -> main.Answer:
    text = Path(os.environ["CANARY_SAID"]).read_text()
    heard = 0
    said = False

    def answer(message: Message, samples: Samples) -> Message:
        nonlocal heard, said
        heard += len(samples)
        match message:
            case Hear() if heard >= SAMPLE_RATE and not said:
                said = True
                return Final(
                    utterances=(
                        Utterance(
                            id=utterance_id(1),
                            speaker=Speaker.PATIENT,
                            start=0.1,
                            end=0.9,
                            text=text,
                        ),
                    )
                )
            case Hear():
                return Final(utterances=())
            case Flush():
                heard, said = 0, False
                return Final(utterances=())
        raise errors.EngineError("unexpected")

    return answer


if __name__ == "__main__":
    main.ENGINES["speech"] = _engine
    sys.excepthook = sandbox.quiet_death
    requests, answers = sandbox.own_pipes()
    sandbox.die_with_parent(signal.SIGKILL)
    sandbox.deny_dumps()
    main.serve(requests, answers, offline=sandbox.deny_network())
