"""A recorder that is killed at any moment loses less than a second of sound, and nothing of what it
kept is anything but what was said.
"""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scribe.audio import recording
from scribe.errors import VaultDamaged
from scribe.records import SAMPLE_RATE
from tests.security import recorders, tracing

pytestmark = pytest.mark.security

MOST_LOST = 1.0
"""Seconds of sound, the published promise."""


def kills(folder: Path, count: int, seconds: float, seed: int) -> list[float]:
    """The seconds of sound that each kill cost."""
    program = tracing.python("-m", "tests.security.recorders", str(folder))
    done = subprocess.run(
        [*program, str(count), "40", str(seconds), str(seed)],
        capture_output=True,
        text=True,
        cwd=tracing.ROOT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    killed = json.loads(done.stdout)
    assert len(killed) == count
    spoken = recorders.sound(seconds + 1.0)
    return [lost(Path(each["path"]), each["given"], spoken) for each in killed]


def lost(path: Path, given: int, spoken: np.ndarray[tuple[int], np.dtype[np.float32]]) -> float:
    """Compare what is in the file with what the microphone gave."""
    kept = np.zeros(0, dtype=np.float32)
    if path.exists():
        try:
            blocks = list(recording.read(path, recorders.KEY))
        except VaultDamaged:
            # Killed while the very first bytes were written: nothing was kept yet.
            assert path.stat().st_size < 32
            blocks = []
        kept = np.concatenate([kept, *blocks])
    np.testing.assert_array_equal(kept, spoken[: len(kept)])
    assert len(kept) <= given
    path.unlink(missing_ok=True)
    return (given - len(kept)) / SAMPLE_RATE


def test_two_hundred_kills(tmp_path: Path, figure: Callable[[str, object], None]) -> None:
    losses = kills(tmp_path, 200, 3.0, seed=1)
    figure("kills while recording: worst loss, s of sound", f"{max(losses):.3f} of 200")
    figure("kills while recording: median loss, s of sound", f"{np.median(losses):.3f}")
    assert max(losses) <= MOST_LOST
    assert max(losses) > 0.25, "they were not killed while they recorded"


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_five_thousand_kills(tmp_path: Path, figure: Callable[[str, object], None]) -> None:
    losses = kills(tmp_path, 5_000, 6.0, seed=2)
    figure("kills while recording: worst loss, s of sound", f"{max(losses):.3f} of 5,000")
    assert max(losses) <= MOST_LOST
