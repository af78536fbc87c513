"""The wheel holds the program and its data, and nothing else: no weights, no tests, no strays."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from this checkout, without the network."""
    out = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)]
    built = subprocess.run(
        [*command, str(ROOT)], cwd=out, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (found,) = out.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def names(wheel: Path) -> frozenset[str]:
    """Names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


def shipped(folder: str, pattern: str) -> set[str]:
    """Files of the checkout, as paths from its root."""
    return {path.relative_to(ROOT).as_posix() for path in (ROOT / folder).rglob(pattern)}


def test_site_packages_gains_two_folders_only(names: frozenset[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {each for each in tops if not each.endswith(".dist-info")} == {"scribe", "gui"}


@pytest.mark.parametrize("suffix", [".gguf", ".bin", ".onnx", ".safetensors", ".part"])
def test_no_weights(suffix: str, names: frozenset[str]) -> None:
    assert not [name for name in names if name.endswith(suffix)]


def test_no_tests_no_caches_no_audio(names: frozenset[str]) -> None:
    unwanted = ("test", "conftest", "__pycache__", ".flac", ".wav", "packaging")
    assert not [name for name in names if any(each in name for each in unwanted)]


def test_all_modules_travel(names: frozenset[str]) -> None:
    assert shipped("scribe", "*.py") | shipped("gui", "*.py") <= names


def test_prompts_and_catalogue_travel_as_data(names: frozenset[str]) -> None:
    data = shipped("prompts", "*.*") | shipped("models", "*.toml")
    assert data
    assert {f"scribe/_data/{each}" for each in data} <= names
    assert "scribe/_data/models/catalogue.toml" in names


def test_code_tables_and_migrations_travel(names: frozenset[str]) -> None:
    tables = shipped("scribe/coding/tables", "*.*")
    migrations = shipped("scribe/store/migrations", "*.sql")
    assert tables
    assert migrations
    assert tables | migrations <= names


def test_the_licence_travels(names: frozenset[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_both_programs_lead_to_a_module(wheel: Path, names: frozenset[str]) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (listed,) = (name for name in names if name.endswith(".dist-info/entry_points.txt"))
        text = archive.read(listed).decode()
    programs = dict(re.findall(r"^([a-z-]+) = ([a-z_.]+):main$", text, re.MULTILINE))
    assert set(programs) == {"scribe", "scribe-window"}
    assert {f"{module.replace('.', '/')}.py" for module in programs.values()} <= names


def test_the_data_is_found_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "import scribe; from scribe import resources;"
        "print(scribe.__file__); print(resources.names('prompts/notes', '.toml'));"
        "print(len(resources.text('models/catalogue.toml')))"
    )
    told = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(tmp_path / "site")},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    place, templates, length = told.stdout.splitlines()
    assert place.startswith(str(tmp_path))
    assert "soap" in templates
    assert int(length) > 1000
