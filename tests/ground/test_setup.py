"""Set-up and make name things that exist; a missing system library never stops it."""

import re
import runpy
from pathlib import Path

import pytest

from scribe.settings import Settings
from scribe.weights import catalogue
from scribe.weights.catalogue import ModelCard

ROOT = Path(__file__).resolve().parents[2]
SETUP = runpy.run_path(str(ROOT / "packaging" / "setup_machine.py"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CARDS = {each.id: each for each in catalogue.shipped()}


@pytest.mark.parametrize("purpose", ["run", "test", "test-full"])
def test_models_of_a_purpose_can_be_had_from_a_package_index(purpose: str) -> None:
    cards: list[ModelCard] = [CARDS[each] for each in SETUP["MODELS"][purpose]]
    assert {each.kind for each in cards} == set(catalogue.Kind)
    assert all(each.wheels for each in cards)


def test_the_program_is_set_up_with_the_models_of_its_settings() -> None:
    defaults = Settings()
    assert set(SETUP["MODELS"]["run"]) == {defaults.speech_model, defaults.writer_model}


def test_every_file_that_make_names_is_there() -> None:
    named = re.findall(r"(?:packaging|tests)/[\w./-]+", MAKEFILE)
    assert named
    assert [each for each in named if not (ROOT / each).exists()] == []


def test_every_target_is_declared_and_explained() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    declared = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)
    assert declared
    assert targets == set(declared[1].split())
    explained = set(re.findall(r"^([a-z-]+):.*##", MAKEFILE, re.MULTILINE))
    assert targets - explained == {"setup-test", "setup-full"}


def test_a_step_is_done_again_only_when_its_facts_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, mark = SETUP["done"], SETUP["mark"]
    monkeypatch.setitem(done.__globals__, "STAMPS", tmp_path / "stamps")
    assert not done("lock", "a")
    mark("lock", "a")
    assert done("lock", "a")
    assert not done("lock", "b")


def test_missing_libraries_that_cannot_be_installed_are_named_and_stop_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    look = SETUP["system_libraries"]
    monkeypatch.setitem(look.__globals__, "has_library", lambda name: "portaudio" not in name)
    monkeypatch.setitem(look.__globals__, "apt_install", lambda names: False)
    monkeypatch.setattr("sys.platform", "linux")
    look()
    assert "sudo apt-get install -y libportaudio2\n" in capsys.readouterr().out


def test_the_folder_hides_no_library() -> None:
    folder = ROOT / "packaging"
    assert not (folder / "__init__.py").exists()
    assert not (folder / "build.py").exists()
