"""Recorder processes with a scripted microphone at the pace of a real one, each killed at a moment
of its own: `python -m tests.security.recorders FOLDER KILLS AT_ONCE SECONDS SEED`. They are forked
from one loaded program. One line of JSON tells what each had been given when it was killed.
"""

import json
import mmap
import os
import random
import signal
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import BinaryIO

import numpy as np

from scribe.ids import EncounterId
from scribe.ports import Device
from scribe.recorder import main as recorder
from scribe.recorder import messages
from scribe.recorder.messages import AskLock, Lock, Start
from scribe.recorder.seal import seal
from scribe.records import SAMPLE_RATE, Samples

KEY = bytes(range(32))
BLOCK = 512
"""Samples a sound card hands over at a time: 32 ms."""


def sound(seconds: float) -> Samples:
    """Noise on the 16-bit grid, the same every time, so that it comes back exactly."""
    whole = np.random.default_rng(5).integers(-20_000, 20_000, int(seconds * SAMPLE_RATE))
    return (whole / 32_768).astype(np.float32)


def shared() -> mmap.mmap:
    """A little memory that outlives the process it is shared with."""
    return mmap.mmap(-1, mmap.PAGESIZE)


@dataclass
class PacedMicrophone:
    """Gives a block every 32 ms and notes in shared memory how many samples were given."""

    given: mmap.mmap
    sound: Samples

    def devices(self) -> tuple[Device, ...]:
        """See ports.Microphone."""
        return (Device(index=0, name="paced", default=True),)

    def start(self, on_block: Callable[[Samples], None], device: int | None = None) -> None:
        """See ports.Microphone."""
        Thread(target=self._run, args=(on_block,), daemon=True).start()

    def stop(self) -> None:
        """See ports.Microphone."""

    def _run(self, on_block: Callable[[Samples], None]) -> None:
        began = time.monotonic()
        for at in range(0, len(self.sound), BLOCK):
            block = self.sound[at : at + BLOCK]
            due = began + (at + len(block)) / SAMPLE_RATE
            time.sleep(max(0.0, due - time.monotonic()))
            # Noted before it is given: whoever is killed between the two has lost it.
            self.given[:8] = struct.pack("<Q", at + len(block))
            on_block(block)


@dataclass(frozen=True, kw_only=True)
class Running:
    """A recorder process, seen from outside."""

    process: int
    path: Path
    given: mmap.mmap
    ask: BinaryIO
    told: BinaryIO

    def start(self) -> None:
        """As a window does it: ask for the lock, seal the key, start."""
        self.ask.write(messages.line(AskLock()))
        self.ask.flush()
        lock = messages.said(self.told.readline())
        assert isinstance(lock, Lock)
        name = EncounterId(self.path.stem)
        start = Start(
            encounter=name,
            path=str(self.path),
            sealed=seal(KEY, lock.public, about=name),
            device=None,
        )
        self.ask.write(messages.line(start))
        self.ask.flush()

    def kill(self) -> int:
        """Kill it at once; how many samples it had been given."""
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        self.ask.close()
        self.told.close()
        return int(struct.unpack("<Q", self.given[:8])[0])


def born(path: Path, samples: Samples) -> Running:
    """A recorder process as the program has it, but for the microphone."""
    given = shared()
    (questions, ask), (told, answers) = os.pipe(), os.pipe()
    process = os.fork()
    if process == 0:
        os.dup2(questions, 0)
        os.dup2(answers, 1)
        os.closerange(3, 1024)
        recorder.main(PacedMicrophone(given, samples))
    os.close(questions)
    os.close(answers)
    return Running(
        process=process,
        path=path,
        given=given,
        ask=os.fdopen(ask, "wb"),
        told=os.fdopen(told, "rb"),
    )


def batch(paths: list[Path], samples: Samples, chance: random.Random) -> list[dict[str, object]]:
    """Start all, kill each at a moment of its own."""
    running = [born(path, samples) for path in paths]
    for each in running:
        each.start()
    began = time.monotonic()
    moments = [chance.uniform(0.1, len(samples) / SAMPLE_RATE) for _ in running]
    killed = []
    for moment, each in sorted(zip(moments, running, strict=True), key=lambda pair: pair[0]):
        time.sleep(max(0.0, began + moment - time.monotonic()))
        killed.append({"path": str(each.path), "given": each.kill()})
    return killed


def main(folder: str, kills: str, at_once: str, seconds: str, seed: str) -> int:
    """Kill so many, so many at once, each within so many seconds."""
    chance = random.Random(seed)
    samples = sound(float(seconds) + 1.0)
    killed = []
    for first in range(0, int(kills), int(at_once)):
        numbers = range(first, min(first + int(at_once), int(kills)))
        paths = [Path(folder) / f"r-{number}.rec" for number in numbers]
        killed += batch(paths, samples, chance)
    sys.stdout.write(json.dumps(killed) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
