"""`scribe vault retention`, `hold` and `release` on a real vault."""

import io
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from scribe import cli

GOLDEN = Path(__file__).parents[1] / "store" / "golden" / "v1"
PASSPHRASE = "golden otters wait in the snow"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two signed visits and an open one with a recording."""
    return Path(shutil.copytree(GOLDEN, tmp_path / "vault"))


def run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *argv: str
) -> tuple[int, Any]:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSPHRASE}\n"))
    code = cli.main(["vault", *argv, "--passphrase-stdin", "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_less_than_six_years_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--folder", str(folder))
    code, told = run(monkeypatch, capsys, "retention", "--notes-years", "5", "--apply", *where)
    assert code == 3
    assert told["error"]["error"] == "SettingsUnusable"


def test_nothing_of_an_open_visit_is_due(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = run(
        monkeypatch, capsys, "retention", "--apply", "--notes-years", "6", "--folder", str(folder)
    )
    assert (code, told) == (0, {"applied": True, "removals": []})
    assert (folder / "recordings" / "e-open.rec").exists()


def test_a_hold_is_set_and_released(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ("--folder", str(folder))
    code, told = run(monkeypatch, capsys, "release", "e-open", *where)
    assert code == 3
    code, told = run(monkeypatch, capsys, "hold", "e-open", "--reason", "letter", *where)
    assert (code, told["held"]) == (0, True)
    code, told = run(monkeypatch, capsys, "release", "e-open", *where)
    assert (code, told["held"]) == (0, False)
