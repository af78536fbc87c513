"""Every card of the shipped catalogue is complete, lawful and consistent with itself."""

import re

import pytest

from scribe.errors import SettingsUnusable
from scribe.ids import ModelId
from scribe.settings import Settings
from scribe.weights import catalogue
from scribe.weights.catalogue import Kind, ModelCard

CARDS = catalogue.shipped()
LICENCES = {"MIT", "Apache-2.0"}
"""Licences under which a clinic may use a model for patients without asking anybody."""


def by_id(card: ModelCard) -> str:
    return card.id


BLOCK = """[[model]]
id = "m"
kind = "speech"
title = "t"
licence = "MIT"
memory_bytes = 1
memory_measured = false
files = [{ name = "model.bin", bytes = 1, sha256 = "00" }]
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param(BLOCK + "speed = 3\n", "speed", id="unknown key"),
        pytest.param(BLOCK.replace("licence", "license"), "licence", id="missing key"),
        pytest.param(BLOCK.replace('"speech"', '"vision"'), "kind", id="unknown kind"),
        pytest.param(BLOCK.replace("model.bin", "../model.bin"), "file name", id="leaves folder"),
        pytest.param(BLOCK.replace('"m"', '"a/b"'), "file name", id="id with a slash"),
        pytest.param(BLOCK.replace('"m"', '".fetch"'), "file name", id="hidden id"),
        pytest.param(BLOCK + 'https = "http://x/"\n', "https", id="unprotected source"),
        pytest.param(BLOCK.replace("files", "file ["), "not TOML", id="not TOML"),
    ],
)
def test_refuses(text: str, words: str) -> None:
    with pytest.raises(SettingsUnusable, match=words):
        catalogue.parse(text, what="the catalogue")


def test_the_plain_block_is_read() -> None:
    assert [each.id for each in catalogue.parse(BLOCK, what="the catalogue")] == ["m"]


def test_ids_are_unique() -> None:
    assert len({each.id for each in CARDS}) == len(CARDS)


def test_places_are_unique() -> None:
    assert len({each.place for each in CARDS}) == len(CARDS)


@pytest.mark.parametrize("card", CARDS, ids=by_id)
def test_card(card: ModelCard) -> None:
    assert card.licence in LICENCES
    assert card.title
    assert card.https or card.wheels, "a card needs a source"
    assert not card.https or re.fullmatch(r"https://[a-z.]+/.+/", card.https)
    assert card.memory_bytes > card.bytes
    for file in card.files:
        assert re.fullmatch(r"[0-9a-f]{64}", file.sha256)
        assert file.bytes > 0
    assert card.is_folder or len(card.files) == 1
    assert card.is_folder or card.files[0].name == f"{card.id}.gguf"


@pytest.mark.parametrize("card", [each for each in CARDS if each.wheels], ids=by_id)
def test_parts_make_up_the_files(card: ModelCard) -> None:
    names = {each.name for each in card.files}
    assert {each.file for each in card.wheels} == names
    for file in card.files:
        parts = [each for each in card.wheels if each.file == file.name]
        assert sum(each.bytes for each in parts) == file.bytes
        if len(parts) == 1:
            assert parts[0].sha256 == file.sha256
    for part in card.wheels:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", part.package), "pinned to one version"
        assert re.fullmatch(r"[0-9a-f]{64}", part.sha256)


def test_speech_models_hold_all_that_the_library_would_else_look_for_online() -> None:
    for card in CARDS:
        if card.kind is Kind.SPEECH:
            assert {"model.bin", "config.json", "tokenizer.json"} <= {f.name for f in card.files}


def test_the_default_settings_name_models_of_the_catalogue() -> None:
    settings = Settings()
    assert catalogue.card(settings.speech_model, CARDS).kind is Kind.SPEECH
    assert catalogue.card(settings.writer_model, CARDS).kind is Kind.WRITER


def test_an_unknown_model_is_named_with_those_that_are_known() -> None:
    with pytest.raises(SettingsUnusable, match=r"no-such.*whisper-base"):
        catalogue.card(ModelId("no-such"))
