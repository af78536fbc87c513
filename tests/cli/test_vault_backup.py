"""`scribe vault backup` and `restore`, as typed on one computer and on an empty one."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from scribe import cli, paths
from scribe.store import escrow, vault
from scribe.store.keyfile import KdfCost
from scribe.store.recovery import RecoveryKey

PASSPHRASE, NEW = "four quiet otters waiting", "nine loud herons leaving"
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """run("backup", folder, answers=...) -> exit code and everything that was said."""

    def run(*argv: object, answers: tuple[str, ...] = ()) -> tuple[int, str]:
        monkeypatch.setattr("sys.stdin", StringIO("".join(f"{each}\n" for each in answers)))
        code = cli.main(["vault", *map(str, argv), "--passphrase-stdin"])
        said = capsys.readouterr()
        return code, said.out + said.err

    return run


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def key() -> RecoveryKey:
    """The recovery key of an empty vault in its usual place, cheap to open."""
    with vault.create_vault(
        paths.vault_dir(), PASSPHRASE, clinician="Dr. A. Rivera", test_cost=FAST
    ) as made:
        return made.access.take_recovery_key()


def the_one(stick: Path) -> Path:
    (found,) = stick.iterdir()
    return found


def test_a_backup_is_made_and_restored(
    run: Run, key: RecoveryKey, stick: Path, tmp_path: Path
) -> None:
    code, said = run("backup", stick, answers=(PASSPHRASE,))
    assert code == 0, said
    assert str(the_one(stick)) in said
    assert "restored once" in said
    assert "copy it to another one" in said
    back = tmp_path / "back"
    code, said = run("restore", the_one(stick), "--folder", back, answers=(PASSPHRASE,))
    assert code == 0, said
    assert "Dr. A. Rivera" in said
    assert vault.verify_vault(back, PASSPHRASE).ok


def test_an_empty_computer_needs_the_recovery_key_alone(
    run: Run, key: RecoveryKey, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("backup", stick, answers=(PASSPHRASE,))[0] == 0
    monkeypatch.setenv("CLINIC_SCRIBE_HOME", str(tmp_path / "other computer"))
    code, said = run("restore", the_one(stick), "--recovery-key", answers=(key.text, NEW))
    assert code == 0, said
    assert run("unlock-test", answers=(NEW,))[0] == 0
    assert run("unlock-test", answers=(PASSPHRASE,))[0] == 3
    assert key.text not in said


def test_the_clinic_restores_with_its_key(
    run: Run, key: RecoveryKey, stick: Path, tmp_path: Path
) -> None:
    public, private = escrow.new_pair("Clinic")
    escrow.write(tmp_path / "private.json", private)
    with vault.open_vault(paths.vault_dir(), PASSPHRASE) as opened:
        opened.access.add_escrow(PASSPHRASE, public)
    assert run("backup", stick, answers=(PASSPHRASE,))[0] == 0
    back = ("--folder", tmp_path / "back", "--private", tmp_path / "private.json")
    code, said = run("restore", the_one(stick), *back, answers=(NEW,))
    assert code == 3
    assert "--who" in said
    code, said = run("restore", the_one(stick), *back, "--who", "B. Lee", answers=(NEW,))
    assert code == 0, said
    assert vault.verify_vault(tmp_path / "back", NEW).ok


def test_it_is_told_as_json_as_well(
    run: Run, key: RecoveryKey, stick: Path, tmp_path: Path
) -> None:
    code, said = run("backup", stick, "--json", answers=(PASSPHRASE,))
    made: dict[str, Any] = json.loads(said)
    assert (code, made["path"]) == (0, str(the_one(stick)))
    assert (made["visits"], made["psychotherapy"]) == (0, False)
    back = ("--folder", tmp_path / "back")
    code, said = run("restore", the_one(stick), *back, "--json", answers=(PASSPHRASE,))
    assert json.loads(said)["folder"] == str(tmp_path / "back")


@pytest.mark.parametrize(
    ("argv", "answers", "told"),
    [
        pytest.param(["{file}"], (PASSPHRASE,), "already", id="over the vault that is there"),
        pytest.param(
            ["{file}", "--vault", "other"], ("another one",), "does not open", id="wrong passphrase"
        ),
        pytest.param(
            ["{home}", "--vault", "other"], (PASSPHRASE,), "cannot be restored", id="a folder"
        ),
        pytest.param(
            ["{file}", "--vault", "other", "--recovery-key"], ("ABCD", NEW), "14 groups", id="short"
        ),
    ],
)
def test_what_cannot_be_is_told(
    run: Run,
    key: RecoveryKey,
    stick: Path,
    own_home: Path,
    argv: list[str],
    answers: tuple[str, ...],
    told: str,
) -> None:
    assert run("backup", stick, answers=(PASSPHRASE,))[0] == 0
    filled = [each.format(file=the_one(stick), home=own_home) for each in argv]
    code, said = run("restore", *filled, answers=answers)
    assert code == 3
    assert told in said
    assert vault.verify_vault(paths.vault_dir(), PASSPHRASE).ok
