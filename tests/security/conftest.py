"""What every proof here shares: a way to tell the figures it measured, printed after the tests."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

Figure = Callable[[str, object], None]

_FIGURES = pytest.StashKey[list[str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = []


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """figure("worst loss, s", 0.48): a measured figure, printed at the end; it asserts nothing."""

    def told(name: str, value: object) -> None:
        request.config.stash[_FIGURES].append(f"{name}: {value}")

    return told


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory where the system has one: thousands of syncs cost nothing there."""
    shared = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shared if shared.is_dir() else None) as folder:
        yield Path(folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = terminalreporter.config.stash[_FIGURES]
    if figures:
        terminalreporter.section("measured")
        for each in sorted(figures):
            terminalreporter.line(each)
