"""One visit while it is being recorded: three loops that hand blocks and utterances to each other
through queues. No thread is started here; whoever owns the threads runs each loop in one of them.

    microphone -> take() -> record() -> listen() -> write()

The recording comes first and depends on nothing after it: a lost engine or a full queue cannot
lose audio. The same three loops run for a file, which is a microphone faster than real time.
"""

from queue import SimpleQueue
from threading import Event as Flag
from typing import Protocol

from scribe.audio.samples import level
from scribe.consent.gate import Permit
from scribe.draft.write import Drafter
from scribe.errors import Cancelled
from scribe.events import Heard, Never, Stop, Tell, Written
from scribe.ports import Recogniser
from scribe.records import SAMPLE_RATE, Draft, Samples, Transcript, Utterance
from scribe.speech.speakers import assign, assign_all

WAIT_SECONDS = 0.1
"""How long a loop waits for news before it asks whether it should stop."""


class Sink(Protocol):
    """Where recorded sound is kept: `audio.recording.RecordingWriter`."""

    def append(self, samples: Samples) -> None:
        """Keep these samples."""
        ...

    def close(self) -> None:
        """Mark the recording complete."""
        ...


class LiveVisit:
    """The three loops of one recording, and what they have produced so far.

    There is none without a `permit`: a block that comes while it is not open is dropped at once,
    and when it is revoked nothing more is heard or written.
    """

    def __init__(
        self,
        *,
        recogniser: Recogniser,
        drafter: Drafter,
        permit: Permit,
        recording: Sink | None = None,
    ) -> None:
        self._permit = permit
        self._recogniser = recogniser
        self._drafter = drafter
        self._recording = recording
        self._incoming: SimpleQueue[Samples | None] = SimpleQueue()
        self._to_hear: SimpleQueue[Samples | None] = SimpleQueue()
        self._all_heard = Flag()
        self._seconds = 0.0
        self._utterances: list[Utterance] = []

    def take(self, block: Samples) -> None:
        """Called with every block of the microphone, from its own thread: hands it on."""
        if self._permit.open:
            self._incoming.put(block)

    def stop_input(self) -> None:
        """No more sound will come; the loops finish what they have."""
        self._incoming.put(None)

    def record(self, tell: Tell, stop: Stop) -> float:
        """Keep every block, then pass it on. Returns the seconds recorded. Raises StoreError.

        Ends only by `stop_input`: cancelling the note must not end the recording.
        """
        try:
            while (block := self._incoming.get()) is not None:
                if self._permit.revoked:
                    continue
                if self._recording is not None:
                    self._recording.append(block)
                self._seconds += len(block) / SAMPLE_RATE
                tell(level(block, self._seconds))
                self._to_hear.put(block)
        finally:
            self._to_hear.put(None)
            if self._recording is not None:
                self._recording.close()
        return self._seconds

    def listen(self, tell: Tell, stop: Stop) -> Transcript:
        """Turn blocks into final utterances. Raises EngineError; the recording goes on."""
        try:
            while (block := self._to_hear.get()) is not None:
                self._go_on(stop, "Listening was stopped; the recording is kept.")
                self._final(self._recogniser.hear(block), tell)
            self._go_on(Never(), "")
            self._final(self._recogniser.flush(), tell)
        finally:
            self._all_heard.set()
        return Transcript(
            # At the end the answers are known, which tells speakers apart better than on the way.
            utterances=assign_all(self._utterances),
            model_id=self._recogniser.model_id,
            seconds=self._seconds,
        )

    def write(self, tell: Tell, stop: Stop) -> Draft:
        """Grow the draft while the visit is heard, and complete it afterwards.

        Raises EngineError; what is written so far stays in the drafter.
        """
        self._drafter.warm()
        while not self._all_heard.wait(WAIT_SECONDS):
            while self._drafter.step():
                tell(Written(statements=self._drafter.statements))
            self._go_on(stop, "Writing was stopped; the recording and transcript are kept.")
        self._go_on(Never(), "")
        return self._drafter.finish(tell, stop)

    def _go_on(self, stop: Stop, kept: str) -> None:
        if self._permit.revoked:
            raise Cancelled("The consent was taken back.")
        if stop.is_set():
            raise Cancelled(kept)

    def _final(self, utterances: tuple[Utterance, ...], tell: Tell) -> None:
        for each in utterances:
            known = assign(each, tuple(self._utterances))
            self._utterances.append(known)
            self._drafter.add((known,))
            tell(Heard(utterance=known))
