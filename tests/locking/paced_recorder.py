"""The recorder process, hearing a tone at the pace of time. Not a test itself."""

import sys
import time
from collections.abc import Callable
from threading import Event, Thread

from scribe.fakes import tone
from scribe.ports import Device
from scribe.recorder import main
from scribe.records import Samples


class PacedMicrophone:
    """Ten blocks a second."""

    def __init__(self) -> None:
        self._stop = Event()

    def devices(self) -> tuple[Device, ...]:
        return (
            Device(index=0, name="Tone", default=True),
            Device(index=1, name="b", default=False),
        )

    def start(self, on_block: Callable[[Samples], None], device: int | None = None) -> None:
        block = tone(0.1)

        def run() -> None:
            while not self._stop.wait(0.1):
                on_block(block)

        Thread(target=run, daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        time.sleep(0.05)


if __name__ == "__main__":
    sys.exit(main.main(PacedMicrophone()))
