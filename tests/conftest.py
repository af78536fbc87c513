"""Fixtures for every room: a home of its own for each test, and the model weights where they lie.

Weights are never skipped over: a test marked `weights` or `full` runs only when it is selected, and
then a missing model is a failure that says which command brings it.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scribe import log, paths

# Before anything loads Qt: no test opens a window on the screen of the person who runs it.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

# Read before any test gets a home of its own.
REAL_MODELS = Path(os.environ.get(paths.MODELS_VARIABLE) or paths.root() / "models")


@pytest.fixture(autouse=True)
def own_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Path]:
    """Each test has its own data folder; only tests marked `weights` or `full` see real models."""
    home = tmp_path / "home"
    monkeypatch.setenv(paths.HOME_VARIABLE, str(home))
    if request.node.get_closest_marker("weights") or request.node.get_closest_marker("full"):
        monkeypatch.setenv(paths.MODELS_VARIABLE, str(REAL_MODELS))
    else:
        monkeypatch.delenv(paths.MODELS_VARIABLE, raising=False)
    yield home
    log.close_log()


@pytest.fixture(autouse=True)
def no_unexpected_warnings(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A logged warning that the test did not look at with `caplog.clear()` fails it."""
    yield
    loud = [
        r for r in caplog.get_records("call") if r.levelname in ("WARNING", "ERROR", "CRITICAL")
    ]
    assert not loud, f"unexpected log: {[(r.name, r.getMessage()) for r in loud]}"


def _weights(name: str) -> Path:
    path = REAL_MODELS / name
    if not path.exists():
        pytest.fail(
            f"The model {path.stem if path.suffix == '.gguf' else name} is not in {REAL_MODELS}. "
            f"Run: make setup-{'full' if 'base' in name or 'qwen' in name else 'test'}",
            pytrace=False,
        )
    return path


@pytest.fixture
def tiny_path() -> Path:
    """Folder of whisper-tiny.en (tests marked `weights`)."""
    return _weights("whisper-tiny.en")


@pytest.fixture
def base_path() -> Path:
    """Folder of whisper-base (tests marked `full`)."""
    return _weights("whisper-base")


@pytest.fixture
def smollm_path() -> Path:
    """File of SmolLM2-135M-Instruct (tests marked `weights`): wiring only, its prose is poor."""
    return _weights("smollm2-135m-instruct-q4_1.gguf")


@pytest.fixture
def qwen_path() -> Path:
    """File of Qwen2.5-Coder-1.5B-Instruct (tests marked `full`)."""
    return _weights("qwen2.5-coder-1.5b-instruct-q4_k_m.gguf")
