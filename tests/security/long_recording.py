"""A recorder that hears hours of sound in minutes and tells how much memory it holds:
`python -m tests.security.long_recording FILE HOURS`. One line of JSON.
"""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import psutil

from scribe.ids import EncounterId
from scribe.ports import Device
from scribe.recorder.messages import AskLock, Halt, Lock, Said, Start, Status
from scribe.recorder.seal import seal
from scribe.recorder.service import Service
from scribe.records import SAMPLE_RATE, Samples
from tests.security.recorders import KEY, sound

MINUTE = SAMPLE_RATE * 60
NAME = EncounterId("e-0000000000000001")


class Hasty:
    """Microphone and window in one: a second of sound as soon as the last one is kept."""

    def __init__(self, path: str, hours: float) -> None:
        self._path = path
        self._all = int(hours * 60) * MINUTE
        self._sound = sound(60.0)
        self._given = 0
        self._give: Callable[[Samples], None] = lambda block: None
        self.service = Service(self, self.tell)
        self.megabytes: list[float] = []

    def devices(self) -> tuple[Device, ...]:
        """See ports.Microphone."""
        return (Device(index=0, name="hasty", default=True),)

    def start(self, on_block: Callable[[Samples], None], device: int | None = None) -> None:
        """See ports.Microphone."""
        self._give = on_block
        self._more()

    def stop(self) -> None:
        """See ports.Microphone."""

    def tell(self, said: Said) -> None:
        """What the recorder says to its window."""
        if isinstance(said, Lock):
            sealed = seal(KEY, said.public, about=NAME)
            self.service.put(Start(encounter=NAME, path=self._path, sealed=sealed, device=None))
        if isinstance(said, Status) and said.seconds * SAMPLE_RATE >= self._given:
            self._more()

    def _more(self) -> None:
        if self._given >= self._all:
            self.service.put(Halt())
            return
        at = self._given % MINUTE
        self._given += SAMPLE_RATE
        self._give(self._sound[at : at + SAMPLE_RATE])
        if self._given % (5 * MINUTE) == 0:
            self.megabytes.append(psutil.Process().memory_info().rss / 1e6)


def main(path: str, hours: str) -> int:
    """Record so many hours; tell the memory every five minutes of sound."""
    hasty = Hasty(path, float(hours))
    hasty.service.put(AskLock())
    hasty.service.run()
    size = Path(path).stat().st_size
    sys.stdout.write(json.dumps({"megabytes": hasty.megabytes, "bytes": size}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
