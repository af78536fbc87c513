"""A model the user brings is copied, hashed, listed, and held to its hash like any other."""

from pathlib import Path

import pytest

from scribe import paths
from scribe.errors import WeightsCorrupt
from scribe.weights import catalogue, own, verify
from scribe.weights.catalogue import Kind, ModelCard


@pytest.fixture
def folder() -> Path:
    return paths.models_dir()


def speech_folder(tmp_path: Path) -> Path:
    place = tmp_path / "Dr Alvarez fine-tune"
    place.mkdir()
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt", "README.md"):
        (place / name).write_bytes(name.encode())
    return place


def gguf(tmp_path: Path) -> Path:
    path = tmp_path / "Maria Alvarez.gguf"
    path.write_bytes(b"GGUF" + bytes(1000))
    return path


def test_refuses_a_file_that_is_no_model(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "note.gguf"
    path.write_bytes(b"PK\x03\x04")
    with pytest.raises(WeightsCorrupt, match="not a GGUF"):
        own.import_model(path, Kind.WRITER, folder)
    assert list(folder.iterdir()) == []


def test_refuses_a_file_that_is_not_there(tmp_path: Path, folder: Path) -> None:
    with pytest.raises(WeightsCorrupt, match="cannot be read"):
        own.import_model(tmp_path / "none.gguf", Kind.WRITER, folder)


def test_refuses_a_folder_without_a_tokenizer(tmp_path: Path, folder: Path) -> None:
    place = speech_folder(tmp_path)
    (place / "tokenizer.json").unlink()
    with pytest.raises(WeightsCorrupt, match=r"tokenizer\.json is missing"):
        own.import_model(place, Kind.SPEECH, folder)
    assert list(folder.iterdir()) == []


def test_refuses_a_damaged_list(folder: Path) -> None:
    (folder / catalogue.OWN_LIST).write_text("[]", encoding="utf-8")
    with pytest.raises(WeightsCorrupt):
        catalogue.known()


def test_refuses_a_list_that_names_a_file_elsewhere(tmp_path: Path, folder: Path) -> None:
    own.import_model(gguf(tmp_path), Kind.WRITER, folder)
    path = folder / catalogue.OWN_LIST
    text = path.read_text(encoding="utf-8").replace('"name": "own-', '"name": "../own-')
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsCorrupt):
        catalogue.known()


def check(card: ModelCard, folder: Path) -> None:
    place = verify.locate(card, folder)
    assert place.is_relative_to(folder)
    assert catalogue.card(card.id) == card
    assert "Alvarez" not in (folder / catalogue.OWN_LIST).read_text(encoding="utf-8")
    assert card in catalogue.known()


def test_a_gguf_file(tmp_path: Path, folder: Path) -> None:
    card = own.import_model(gguf(tmp_path), Kind.WRITER, folder)
    check(card, folder)
    (folder / card.place).write_bytes(b"GGUF" + bytes(999) + b"x")
    with pytest.raises(WeightsCorrupt):
        verify.locate(card, folder)


def test_a_speech_folder_comes_without_strangers(tmp_path: Path, folder: Path) -> None:
    card = own.import_model(speech_folder(tmp_path), Kind.SPEECH, folder)
    check(card, folder)
    assert not (folder / card.place / "README.md").exists()


def test_importing_twice_lists_it_once(tmp_path: Path, folder: Path) -> None:
    first = own.import_model(gguf(tmp_path), Kind.WRITER, folder)
    assert own.import_model(gguf(tmp_path), Kind.WRITER, folder) == first
    assert catalogue.own(folder) == (first,)
