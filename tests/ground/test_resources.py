"""Shipped files are found by name and nothing outside the shipped folders can be named."""

import pytest

from scribe import resources
from scribe.errors import ResourceMissing


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/etc/passwd", id="absolute"),
        pytest.param("../pyproject.toml", id="parent"),
        pytest.param("prompts/../../secret", id="parent inside"),
        pytest.param("prompts\\notes\\soap.toml", id="backslash"),
        pytest.param("C:/secret", id="drive"),
        pytest.param("", id="empty"),
        pytest.param("prompts/notes/no-such.toml", id="not there"),
        pytest.param("models", id="a folder"),
    ],
)
def test_refuses(path: str) -> None:
    with pytest.raises(ResourceMissing):
        resources.text(path)


def test_reads_a_shipped_file() -> None:
    assert "[[model]]" in resources.text("models/catalogue.toml")


def test_names_are_sorted_and_without_suffix() -> None:
    assert resources.names("models", ".toml") == ("catalogue",)
    assert resources.names("models", ".gguf") == ()


def test_names_of_a_missing_folder() -> None:
    with pytest.raises(ResourceMissing):
        resources.names("prompts/no-such-folder", ".toml")
