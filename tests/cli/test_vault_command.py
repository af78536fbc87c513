"""`scribe vault ...`: what is asked, what is said, and that no secret is shown unasked."""

import io
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scribe import cli, paths
from scribe.errors import BadInput
from scribe.store import escrow, vault
from scribe.store.keyfile import KdfCost
from scribe.store.recovery import RecoveryKey

PASSPHRASE, NEW = "four quiet otters waiting", "nine patient herons fishing"
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """run("verify", PASSPHRASE) -> exit code, standard output, standard error."""

    def act(argv: str, *lines: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{each}\n" for each in lines)))
        code = cli.main(["vault", *argv.split(), *(["--passphrase-stdin"] if lines else [])])
        told = capsys.readouterr()
        for secret in (PASSPHRASE, NEW):
            assert secret not in told.out + told.err
        return code, told.out, told.err

    return act


@pytest.fixture
def key() -> RecoveryKey:
    """The recovery key of a vault in its usual place, cheap to open."""
    with vault.create_vault(
        paths.vault_dir(), PASSPHRASE, clinician="Dr. A. Rivera", test_cost=FAST
    ) as made:
        return made.access.take_recovery_key()


class Typist:
    """Answers by what was said so far: the passphrase, then the groups that are asked for."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *first: str) -> None:
        self._capsys, self._first = capsys, list(first)
        self.said = ""

    def readline(self) -> str:
        told = self._capsys.readouterr()
        self.said += told.out + told.err
        if self._first:
            return self._first.pop(0) + "\n"
        groups = re.findall(r"\b[0-9A-Z]{4}\b", self.said.partition("(shown once)")[2])[:14]
        asked = int(re.findall(r"Group (\d+):", self.said)[-1])
        return f"{groups[asked - 1]}\n"


# ---------------------------------------------------------------- making one


def test_made_written_down_and_typed_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    typist = Typist(capsys, PASSPHRASE)
    monkeypatch.setattr(sys, "stdin", typist)
    argv = ["vault", "create", "--clinician", "Dr. A. Rivera", "--passphrase-stdin"]
    assert cli.main(argv) == 0
    assert "setup is finished" in capsys.readouterr().out
    code, said, _ = run("unlock-test", PASSPHRASE)
    assert code == 0
    assert "unfinished" not in said
    assert "Last opened by Dr. A. Rivera" in said


@pytest.mark.parametrize("answers", [(), ("0000", "0000")], ids=["nobody answers", "wrong groups"])
def test_a_key_that_nobody_typed_again_leaves_the_setup_unfinished(
    run: Run, key: RecoveryKey, answers: tuple[str, ...]
) -> None:
    code, said, _ = run("recovery", PASSPHRASE, *answers)
    assert code == 0
    assert "unfinished" in said
    assert "unfinished" in run("unlock-test", PASSPHRASE)[1]


def test_another_recovery_key(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    run: Run,
    key: RecoveryKey,
) -> None:
    monkeypatch.setattr(sys, "stdin", Typist(capsys, PASSPHRASE))
    assert cli.main(["vault", "recovery", "--passphrase-stdin"]) == 0
    assert "setup is finished" in capsys.readouterr().out
    code, _, told = run("recover", key.text, NEW)
    assert code == 3
    assert "does not open the vault" in told


# ---------------------------------------------------------------- keys


def test_a_changed_passphrase(run: Run, key: RecoveryKey) -> None:
    assert run("passphrase", PASSPHRASE, NEW)[0] == 0
    assert run("verify", NEW)[0] == 0
    assert run("unlock-test", PASSPHRASE)[0] == 3


def test_the_paper_sets_a_new_passphrase(run: Run, key: RecoveryKey) -> None:
    code, said, _ = run("recover", key.text.lower(), NEW)
    assert code == 0
    assert "new signing key" in said
    assert run("verify", NEW)[0] == 0


@pytest.mark.parametrize("typed", ["", "not the key", "0000-" * 13 + "0000"])
def test_what_is_no_recovery_key_is_told_before_a_passphrase_is_asked(
    run: Run, key: RecoveryKey, typed: str
) -> None:
    code, said, told = run("recover", typed)
    assert (code, said) == (3, "")
    assert "Nothing was changed" in told
    assert not typed or typed not in told


def test_new_keys_throughout(run: Run, key: RecoveryKey) -> None:
    code, said, _ = run("rotate", PASSPHRASE, NEW)
    assert code == 0
    assert "RECOVERY KEY" in said
    assert run("verify", NEW)[0] == 0
    code, said, _ = run("rotate --keep-passphrase --json", NEW)
    assert code == 0
    assert len(json.loads(said)["recovery_key"]) == 69


# ---------------------------------------------------------------- the clinic


def test_the_clinics_key_from_its_making_to_an_emergency(
    run: Run, key: RecoveryKey, tmp_path: Path
) -> None:
    out = tmp_path / "keys"
    code, said, _ = run(f"escrow make-key --label North --out {out}")
    assert code == 0
    private = out / "clinic-private-key.json"
    assert escrow.read(private, escrow.PRIVATE_KIND).key not in said
    assert run(f"escrow make-key --label North --out {out}")[0] == 3
    assert run(f"escrow add --public {private}", PASSPHRASE)[0] == 3
    assert run(f"escrow add --public {out / 'clinic-public-key.json'}", PASSPHRASE)[0] == 0
    who = ["--who", "Dr. B. Stone", "--why", "clinician absent"]
    assert cli.main(["vault", "escrow", "read", "--private", str(private), *who]) == 0
    code, said, _ = run("unlock-test", PASSPHRASE)
    assert "Last opened by Dr. B. Stone (emergency)" in said
    assert "break-glass" in said


def test_an_emergency_needs_a_reason_from_the_list(tmp_path: Path) -> None:
    argv = ["vault", "escrow", "read", "--private", "x", "--who", "B", "--why", "curiosity"]
    with pytest.raises(SystemExit) as ended:
        cli.main(argv)
    assert ended.value.code == 2


# ---------------------------------------------------------------- several clinicians


def test_the_vaults_of_this_computer(run: Run, key: RecoveryKey, own_home: Path) -> None:
    folder = paths.vault_dir("stone")
    vault.create_vault(folder, NEW, clinician="Dr. B. Stone", test_cost=FAST).close()
    (own_home / "settings.toml").write_text('vault = "stone"\n', encoding="utf-8")
    code, said, _ = run("list --json")
    assert code == 0
    found = {each["name"]: each for each in json.loads(said)}
    assert {name: each["in_use"] for name, each in found.items()} == {"": False, "stone": True}
    assert found["stone"]["exists"]
    assert "Dr. B. Stone" in run("unlock-test", NEW)[1]
    assert run("unlock-test --vault stone", NEW)[0] == 0
    assert run("unlock-test --vault stone", PASSPHRASE)[0] == 3
    assert run(f"unlock-test --folder {own_home / 'vault'}", PASSPHRASE)[0] == 0


def test_listing_makes_no_folder(run: Run, own_home: Path) -> None:
    assert run("list")[0] == 0
    assert not (own_home / "vault").exists()
    assert not (own_home / "vaults").exists()


@pytest.mark.parametrize("name", ["../x", "A", "a b", "-a", "a-", "con", "x" * 41, "é", "."])
def test_a_name_that_is_no_folder_everywhere(name: str) -> None:
    with pytest.raises(BadInput, match="small letters"):
        paths.vault_dir(name)


# ---------------------------------------------------------------- asking


def test_without_a_terminal_the_way_out_is_named(
    run: Run, key: RecoveryKey, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said, told = run("verify")
    assert (code, said) == (3, "")
    assert "--passphrase-stdin" in told


def test_an_input_that_ends_is_no_wrong_passphrase(
    run: Run, key: RecoveryKey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert cli.main(["vault", "verify", "--passphrase-stdin"]) == 3
    assert not (paths.vault_dir() / "failed-unlocks.json").exists()


def test_too_many_wrong_ones_are_told_how_long_to_wait(run: Run, key: RecoveryKey) -> None:
    failed = {"count": 9, "wall": "9000-01-01T00:00:00+00:00", "boot": "", "uptime": 0}
    path = paths.vault_dir() / "failed-unlocks.json"
    path.write_text(json.dumps({**failed, "unlogged": []}))
    code, _, told = run("verify", PASSPHRASE)
    assert code == 3
    assert "256 seconds" in told
