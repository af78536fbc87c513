"""Settings survive the way to the disk and back; a mistake is named, never guessed over."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe import settings
from scribe.errors import DiskFull, SettingsUnusable
from scribe.ids import ModelId, TemplateId
from scribe.settings import Settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param('speech_modell = "x"', "speech_modell", id="unknown key"),
        pytest.param('threads = "many"', "threads", id="wrong type"),
        pytest.param("threads = -1", "threads", id="below range"),
        pytest.param("threads = 257", "threads", id="above range"),
        pytest.param("lock_minutes = 1", "lock_minutes", id="locks too soon"),
        pytest.param("lock_minutes = 31", "lock_minutes", id="locks too late"),
        pytest.param("[threads]", "threads", id="a table for a number"),
        pytest.param("threads = ", "not TOML", id="not TOML"),
        pytest.param('[more]\nspeech_model = "x"', "more", id="unknown table"),
    ],
)
def test_refuses_and_names_key_and_file(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsUnusable) as caught:
        settings.load(path)
    assert words in caught.value.message
    assert str(path) in caught.value.message


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(SettingsUnusable):
        settings.load(path)


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert settings.load(tmp_path / "none.toml") == Settings()


def test_a_partial_file_keeps_the_other_defaults(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('writer_model = "none"\n', encoding="utf-8")
    assert settings.load(path) == Settings(writer_model=settings.RULES_ONLY)


TEXT = st.text(st.characters(codec="utf-8"))


@given(speech=TEXT, microphone=TEXT, template=TEXT, threads=st.integers(0, 256))
def test_what_is_written_is_read(speech: str, microphone: str, template: str, threads: int) -> None:
    chosen = Settings(
        speech_model=ModelId(speech),
        microphone=microphone,
        template=TemplateId(template),
        threads=threads,
    )
    assert settings.parse(settings.to_toml(chosen), what="the test") == chosen


def test_saving_replaces_in_one_step(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    settings.save(Settings(threads=1), path)
    settings.save(Settings(threads=3), path)
    assert settings.load(path).threads == 3
    assert [each.name for each in tmp_path.glob("settings*")] == ["settings.toml"]


def test_a_place_that_cannot_be_written_is_a_known_error(tmp_path: Path) -> None:
    with pytest.raises(DiskFull):
        settings.save(Settings(), tmp_path / "no-such-folder" / "settings.toml")


def test_threads_are_all_cores_unless_chosen() -> None:
    assert Settings(threads=3).cores == 3
    assert Settings().cores == settings.usable_cores() >= 1
