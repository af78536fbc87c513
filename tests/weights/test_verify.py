"""A model is loaded only if it is the published one, byte for byte."""

import os
import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from scribe.errors import WeightsCorrupt, WeightsMissing
from scribe.ids import ModelId
from scribe.weights import catalogue, verify
from scribe.weights.catalogue import Kind, ModelCard, ModelFile

FILES = {"model.bin": b"weights" * 1000, "config.json": b"{}"}


def speech_card() -> ModelCard:
    files = tuple(
        ModelFile(name=name, bytes=len(data), sha256=sha256(data).hexdigest())
        for name, data in FILES.items()
    )
    return ModelCard(
        id=ModelId("tiny"),
        kind=Kind.SPEECH,
        title="t",
        licence="MIT",
        memory_bytes=1,
        memory_measured=False,
        files=files,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "models" / "tiny"
    place.mkdir(parents=True)
    for name, data in FILES.items():
        (place / name).write_bytes(data)
    return place.parent


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        pytest.param(lambda p: (p / "config.json").unlink(), WeightsMissing, id="a file missing"),
        pytest.param(lambda p: (p / "model.bin").write_bytes(b"w"), WeightsCorrupt, id="truncated"),
        pytest.param(lambda p: (p / "model.bin").write_bytes(b""), WeightsCorrupt, id="empty"),
        pytest.param(lambda p: flip(p / "model.bin"), WeightsCorrupt, id="one bit flipped"),
        pytest.param(
            lambda p: (p / "preprocessor_config.json").write_text("{}"),
            WeightsCorrupt,
            id="a file more",
        ),
    ],
)
def test_refuses(damage: Callable[[Path], object], error: type[Exception], folder: Path) -> None:
    damage(folder / "tiny")
    with pytest.raises(error, match="tiny"):
        verify.locate(speech_card(), folder)


def test_an_empty_folder_is_missing_not_corrupt(tmp_path: Path) -> None:
    with pytest.raises(WeightsMissing):
        verify.locate(speech_card(), tmp_path)


def test_a_good_model_is_found(folder: Path) -> None:
    assert verify.locate(speech_card(), folder) == folder / "tiny"


def test_what_was_hashed_is_not_read_again(folder: Path) -> None:
    verify.locate(speech_card(), folder)
    path = folder / "tiny" / "model.bin"
    facts = path.stat()
    # Same size and inode, and the time put back: only reading it would find the change.
    flip(path)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert verify.locate(speech_card(), folder) == folder / "tiny"
    verify.forget(folder)
    with pytest.raises(WeightsCorrupt):
        verify.locate(speech_card(), folder)


def test_after_a_week_it_is_read_again(folder: Path) -> None:
    verify.locate(speech_card(), folder)
    memory = folder / verify.MEMORY_FILE
    text = memory.read_text(encoding="utf-8")
    aged = re.sub(r'"at": ?([0-9.]+)', lambda m: f'"at": {float(m[1]) - 8 * 24 * 3600}', text)
    assert aged != text
    memory.write_text(aged, encoding="utf-8")
    path = folder / "tiny" / "model.bin"
    facts = path.stat()
    flip(path)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    with pytest.raises(WeightsCorrupt):
        verify.locate(speech_card(), folder)


def test_a_changed_file_is_read_again(folder: Path) -> None:
    verify.locate(speech_card(), folder)
    path = folder / "tiny" / "model.bin"
    later = path.stat().st_mtime_ns + 1_000_000_000
    flip(path)
    os.utime(path, ns=(later, later))
    with pytest.raises(WeightsCorrupt):
        verify.locate(speech_card(), folder)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param("", id="empty"),
        pytest.param("not json", id="not JSON"),
        pytest.param('{"seen": [{"path": "x"}]}', id="another form"),
        pytest.param("\0", id="binary"),
    ],
)
def test_a_damaged_memory_is_only_forgotten(content: str, folder: Path) -> None:
    (folder / verify.MEMORY_FILE).write_text(content, encoding="utf-8")
    assert verify.locate(speech_card(), folder) == folder / "tiny"


def test_verify_all_says_what_is_missing_and_what_is_wrong(folder: Path) -> None:
    good = speech_card()
    absent = ModelCard(
        id=ModelId("absent"),
        kind=Kind.WRITER,
        title="t",
        licence="MIT",
        memory_bytes=1,
        memory_measured=False,
        files=(ModelFile(name="absent.gguf", bytes=1, sha256="0" * 64),),
    )
    flip(folder / "tiny" / "model.bin")
    bad, missing = verify.verify_all((good, absent), folder)
    assert bad.path is None
    assert "model.bin" in bad.fault
    assert missing.missing
    assert not missing.fault


@pytest.mark.weights
def test_the_small_models_on_this_machine_are_the_published_ones(
    tiny_path: Path, smollm_path: Path
) -> None:
    for name in ("whisper-tiny.en", "smollm2-135m-instruct-q4_1"):
        card = catalogue.card(ModelId(name), catalogue.shipped())
        assert verify.locate(card, tiny_path.parent) in (tiny_path, smollm_path)
