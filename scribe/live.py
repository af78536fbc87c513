"""One visit while it is being recorded: one loop that hears and one that writes. No thread is
started here; whoever owns the threads runs each loop in one of them.

    recorder process -> encrypted file -> listen() -> write()

The recording is made elsewhere and depends on nothing here: a lost engine or a locked window cannot
lose audio. What is heard is read from the file, so that a loop that comes late, or comes again
after its engine was lost, hears the same sound as one that was there from the start.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from threading import Event as Flag

from scribe.consent.gate import Permit
from scribe.draft.write import Drafter
from scribe.errors import Cancelled, EngineError, WeightsError
from scribe.events import Heard, Never, Stop, Tell, Written
from scribe.ids import utterance_id
from scribe.ports import Recogniser
from scribe.records import SAMPLE_RATE, Draft, Samples, Transcript, Utterance
from scribe.speech.speakers import assign, assign_all

WAIT_SECONDS = 0.1
"""How long a loop waits for news before it asks whether it should stop."""

Sound = Callable[[], Iterator[Samples]]
"""A recording from its beginning, as far as it goes, waiting for more until it is complete."""


class LiveVisit:
    """Both loops of one recording, and what they have produced so far.

    There is none without a `permit`: when it is revoked nothing more is heard or written.
    """

    def __init__(
        self,
        *,
        sound: Sound,
        drafter: Drafter,
        permit: Permit,
        heard: tuple[Utterance, ...] = (),
    ) -> None:
        """`heard` is what an earlier window heard of the same recording; it is not heard again."""
        self._sound = sound
        self._drafter = drafter
        self._permit = permit
        self._utterances = list(heard)
        self._all_heard = Flag()
        self._given_up = False
        self._drafter.add(heard)

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """What has been heard so far."""
        return tuple(self._utterances)

    def listen(self, recogniser: Recogniser, tell: Tell, stop: Stop) -> Transcript:
        """Turn the sound into final utterances, from where the last call came to.

        Raises EngineError and WeightsError, after which it may be called again, with another
        recogniser; VaultDamaged, StoreError; Cancelled.
        """
        try:
            seconds = self._hear(recogniser, tell, stop)
        except (EngineError, WeightsError):
            raise
        except BaseException:
            # Nobody will try again, so nobody shall wait for it.
            self._given_up = True
            raise
        self._all_heard.set()
        return Transcript(
            # At the end the answers are known, which tells speakers apart better than on the way.
            utterances=assign_all(self._utterances),
            model_id=recogniser.model_id,
            seconds=seconds,
        )

    def _hear(self, recogniser: Recogniser, tell: Tell, stop: Stop) -> float:
        since = self._utterances[-1].end if self._utterances else 0.0
        known, samples = round(since * SAMPLE_RATE), 0
        for block in self._sound():
            self._go_on(stop, "Listening was stopped; the recording is kept.")
            samples += len(block)
            fresh = block[max(0, len(block) - max(0, samples - known)) :]
            if len(fresh):
                self._final(recogniser.hear(fresh), since, tell)
        self._go_on(Never(), "")
        self._final(recogniser.flush(), since, tell)
        return samples / SAMPLE_RATE

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
        if stop.is_set() or self._given_up:
            raise Cancelled(kept)

    def _final(self, utterances: tuple[Utterance, ...], since: float, tell: Tell) -> None:
        for each in utterances:
            placed = _placed(each, len(self._utterances) + 1, since)
            known = assign(placed, tuple(self._utterances))
            self._utterances.append(known)
            self._drafter.add((known,))
            tell(Heard(utterance=known))


def _placed(heard: Utterance, number: int, since: float) -> Utterance:
    """An utterance of a recogniser that began `since` seconds into the recording, as number so and
    so of the whole.
    """
    if not since:
        return heard
    words = tuple(
        replace(each, start=each.start + since, end=each.end + since) for each in heard.words
    )
    return replace(
        heard,
        id=utterance_id(number),
        start=heard.start + since,
        end=heard.end + since,
        words=words,
    )
