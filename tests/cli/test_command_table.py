"""The command line's grammar and exit codes, without any model."""

import io
import json
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from scribe import cli
from scribe.commands import COMMANDS
from scribe.fakes import tone
from scribe.records import SAMPLE_RATE

FOLDER = Path(cli.__file__).parent / "commands"
HELPERS = {"__init__", "asking", "console", "render", "vault_backup", "vault_keeping", "vault_keys"}

USAGE = [
    pytest.param([], id="no command"),
    pytest.param(["frobnicate"], id="unknown command"),
    pytest.param(["note"], id="no audio"),
    pytest.param(["note", "a.wav", "--date-of-service", "yesterday"], id="not a date"),
    pytest.param(["note", "a.wav", "--sex", "X"], id="not a sex"),
    pytest.param(["models"], id="no act"),
    pytest.param(["vault", "create"], id="nobody's vault"),
]

REFUSED = [
    pytest.param(["note", "{tmp}/absent.wav"], "AudioUnusable", id="no such audio"),
    pytest.param(["note", "{tmp}/tone.wav", "--template", "nope"], "BadInput", id="template"),
    pytest.param(["transcribe", "{tmp}/tone.wav"], "WeightsMissing", id="no weights yet"),
    pytest.param(["draft", "{tmp}/absent.json"], "BadInput", id="no such transcript"),
    pytest.param(["draft", "{tmp}/bad.json", "--rules-only"], "TranscriptUnusable", id="bad form"),
    pytest.param(["check", "{tmp}/bad.json"], "BadInput", id="bad note"),
    pytest.param(["models", "fetch", "nope"], "SettingsUnusable", id="unknown model"),
    pytest.param(["models", "import", "{tmp}/bad.json"], "WeightsCorrupt", id="not a model"),
    pytest.param(["vault", "verify", "--passphrase-stdin"], "VaultMissing", id="no vault"),
]


def _tone(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes((tone(1.0) * 32767).astype("<i2").tobytes())


def test_every_command_file_has_its_line() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - HELPERS
    assert files == {each.__name__.rpartition(".")[2] for each in COMMANDS}


@pytest.mark.parametrize("argv", USAGE)
def test_wrong_usage_is_exit_code_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(("argv", "error"), REFUSED)
def test_a_known_error_is_exit_code_3_and_says_what_to_do(
    argv: list[str],
    error: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _tone(tmp_path / "tone.wav")
    (tmp_path / "bad.json").write_text('{"utterances": "Maria Canary"}')
    monkeypatch.setattr(sys, "stdin", io.StringIO("a passphrase\n" * 2))
    argv = [each.format(tmp=tmp_path) for each in argv]
    assert cli.main([*argv, "--json"]) == 3
    said = json.loads(capsys.readouterr().out)["error"]
    assert said["error"] == error
    assert said["advice"]
    assert "Canary" not in json.dumps(said)
    assert cli.main(argv) == 3
    told = capsys.readouterr()
    assert told.out == ""
    assert said["message"] in told.err


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux runs without one")
def test_a_window_without_a_display_is_a_known_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    assert cli.main(["window"]) == 3
    assert "no display" in capsys.readouterr().err


def test_a_bug_does_not_quote_what_it_stumbled_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stumble:
        @staticmethod
        def read() -> str:
            raise RuntimeError("Maria Canary")

    monkeypatch.setattr(sys, "stdin", Stumble())
    assert cli.main(["draft", "-"]) == 70
    told = capsys.readouterr()
    assert "Canary" not in told.out + told.err
    assert "RuntimeError" in told.err


def test_no_progress_where_nobody_looks(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-P", "-m", "scribe.cli", "doctor", "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.stderr == ""
    assert json.loads(result.stdout)["checks"]
