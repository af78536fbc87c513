"""Everything lies below one root, for this user alone."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from scribe import paths
from scribe.errors import StoreError

FOLDERS = [paths.data_dir, paths.models_dir, paths.vault_dir, paths.log_dir]


def by_name(folder: Callable[[], Path]) -> str:
    return folder.__name__


@pytest.mark.parametrize("folder", FOLDERS, ids=by_name)
def test_a_folder_is_private_and_below_the_root(folder: Callable[[], Path], own_home: Path) -> None:
    made = folder()
    assert made.is_relative_to(own_home)
    assert stat.S_IMODE(made.stat().st_mode) == 0o700


def test_naming_the_root_creates_nothing(own_home: Path) -> None:
    assert paths.root() == own_home
    assert not own_home.exists()


def test_models_may_lie_elsewhere_and_the_vault_may_not(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(paths.MODELS_VARIABLE, str(tmp_path / "shared"))
    assert paths.models_dir() == tmp_path / "shared"
    assert paths.vault_dir().is_relative_to(own_home)


def test_a_folder_that_is_shared_on_purpose_keeps_its_mode(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    monkeypatch.setenv(paths.MODELS_VARIABLE, str(shared))
    paths.models_dir()
    assert stat.S_IMODE(shared.stat().st_mode) == 0o755


def test_a_root_that_cannot_be_made_is_a_known_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv(paths.HOME_VARIABLE, str(tmp_path / "file" / "home"))
    with pytest.raises(StoreError, match="cannot be created"):
        paths.data_dir()


def test_without_a_choice_the_system_says_where(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(paths.HOME_VARIABLE)
    assert paths.root().name == paths.APP
