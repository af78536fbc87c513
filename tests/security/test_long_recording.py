"""A recorder holds as much memory after three hours as after ten minutes, and all of the sound."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scribe.audio import recording
from tests.security import recorders, tracing

pytestmark = pytest.mark.security

MOST_GROWTH, MOST = 1.0, 80.0
"""Megabytes an hour, and megabytes: the published promise."""


def recorded(path: Path, hours: float) -> list[float]:
    """The megabytes held, every five minutes of sound."""
    program = tracing.python("-m", "tests.security.long_recording", str(path), str(hours))
    done = subprocess.run(
        program, capture_output=True, text=True, cwd=tracing.ROOT, check=False, timeout=3600
    )
    assert done.returncode == 0, done.stderr
    megabytes: list[float] = json.loads(done.stdout)["megabytes"]
    return megabytes


@pytest.mark.parametrize(
    ("hours", "name"),
    [
        pytest.param(3.0, "3 h", id="three hours"),
        pytest.param(24.0, "24 h", id="a day", marks=pytest.mark.soak),
    ],
)
@pytest.mark.timeout(3600)
def test_hours_of_sound(
    hours: float, name: str, memory: Path, figure: Callable[[str, object], None]
) -> None:
    path = memory / "long.rec"
    megabytes = recorded(path, hours)
    # The first ten minutes fill buffers and caches.
    settled = np.array(megabytes[2:])
    slope = float(np.polyfit(np.arange(len(settled)) / 12, settled, 1)[0])
    figure(f"recorder, {name}: growth, MB/h", f"{slope:.3f}")
    figure(f"recorder, {name}: most memory, MB", f"{max(megabytes):.1f}")
    assert slope <= MOST_GROWTH
    assert max(megabytes) <= MOST
    found = recording.inspect(path, recorders.KEY)
    assert (found.seconds, found.complete) == (hours * 3600, True)
