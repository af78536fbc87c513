"""The models of this window and the recording they hear, as jobs use them; no widget here."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event as Flag

from gui.tasks import Job
from scribe.audio import recording
from scribe.build import Parts
from scribe.errors import EngineError, ScribeError
from scribe.events import Stop, Tell
from scribe.ports import Recogniser, Writer
from scribe.records import Draft, Samples, Transcript


class Engines:
    """The speech and writing models of this window, started with the first work they get.

    A visit prepares in the work lane and then uses each model in that model's lane only.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._recogniser: Recogniser | None = None
        self._writer: Writer | None = None
        self._writer_known = False

    def recogniser(self) -> Recogniser:
        """The speech model. Raises WeightsError, TooLittleMemory."""
        if self._recogniser is None:
            self._recogniser = self._parts.new_recogniser()
        return self._recogniser

    def writer(self) -> Writer | None:
        """The writing model, or None for rules only. Raises WeightsError, TooLittleMemory."""
        if not self._writer_known:
            self._writer = self._parts.new_writer()
            self._writer_known = True
        return self._writer

    def drop_recogniser(self) -> None:
        """Let the speech model go; the next work starts a new one."""
        lost, self._recogniser = self._recogniser, None
        if lost is not None:
            lost.close()

    def drop_writer(self) -> None:
        """Let the writing model go; the next work starts a new one."""
        lost, self._writer, self._writer_known = self._writer, None, False
        if lost is not None:
            lost.close()

    def close(self) -> None:
        """End both models, whatever they are doing."""
        self.drop_recogniser()
        self.drop_writer()

    def hearing(self, work: Callable[[Recogniser, Tell, Stop], Transcript]) -> Job[Transcript]:
        """A job with the speech model; a fault of the model lets it go."""

        def job(tell: Tell, stop: Stop) -> Transcript:
            try:
                return work(self.recogniser(), tell, stop)
            except ScribeError:
                # Also after a cancel: the model is in the middle of a recording.
                self.drop_recogniser()
                raise

        return job

    def writing(self, work: Callable[[Writer | None, Tell, Stop], Draft]) -> Job[Draft]:
        """A job with the writing model; a fault of the model lets it go."""

        def job(tell: Tell, stop: Stop) -> Draft:
            try:
                return work(self.writer(), tell, stop)
            except EngineError:
                self.drop_writer()
                raise

        return job


class Tape:
    """The recording of one visit as it is read while the recorder still writes it."""

    WAIT_SECONDS = 0.1

    def __init__(self, path: Path, key: bytes) -> None:
        self.path, self.key = path, key
        self._over = Flag()

    def end(self) -> None:
        """Nothing more will be recorded."""
        self._over.set()

    def sound(self) -> Iterator[Samples]:
        """See live.Sound: all parts, from the beginning. Raises VaultDamaged, StoreError."""
        number = 0
        while number < len(parts := recording.parts(self.path)):
            number += 1
            more = partial(self._more, number)
            yield from recording.follow(parts[number - 1], self.key, more=more)

    def _more(self, number: int) -> bool:
        """Whether anything may still come in this part."""
        if len(recording.parts(self.path)) > number:
            return False
        return not self._over.wait(self.WAIT_SECONDS)

    def seconds(self, of: slice = slice(None)) -> float:
        """How much is there in these parts. Raises VaultDamaged, StoreError."""
        parts = recording.parts(self.path)[of]
        return sum(recording.inspect(each, self.key).seconds for each in parts)
