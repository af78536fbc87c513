"""`scribe doctor --prove-offline`: what it says when all is well, when something calls, and when
the watch itself does not work.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scribe import offline
from scribe.cli import main
from scribe.commands import doctor
from scribe.errors import ProofImpossible
from scribe.offline import Proof, Way

GOOD = Proof(
    way=Way.STRACE, caught=True, seconds=91.0, programs=7, steps=("done: heard",), attempts=(),
    ended=0,
)  # fmt: skip
LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="proven on Linux only")

NOT_PROVEN = {
    "something called": {"attempts": ("AF_INET",)},
    "the watch caught nothing": {"caught": False},
    "the visit failed": {"steps": ("failed: the model",)},
    "the visit did not end": {"ended": -31},
    "nothing was done": {"steps": ()},
}


@pytest.mark.parametrize("fault", NOT_PROVEN.values(), ids=NOT_PROVEN)
def test_a_proof_with_a_hole_is_none(fault: dict[str, object]) -> None:
    assert GOOD.offline
    broken = replace(GOOD, **fault)  # type: ignore[arg-type]  # fields of Proof
    assert not broken.offline
    told = "\n".join(doctor._told(broken))
    assert "Proven" not in told


def test_what_is_told_when_all_is_well() -> None:
    told = doctor._told(GOOD)
    assert told[-1].startswith("Proven for this visit")
    assert "Attempts to open anything that leads off this computer: 0" in told


@LINUX
@pytest.mark.security
@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize(("family", "caught"), [("AF_INET6", True), ("AF_UNIX", False)])
def test_both_watches_tell_a_caller_from_a_quiet_program(
    way: Way, family: str, caught: bool
) -> None:
    inner = f"import socket; socket.socket(socket.{family})"
    outer = (
        "import subprocess, sys\n"
        f"ended = subprocess.run([sys.executable, '-c', {inner!r}]).returncode\n"
        "print('failed' if ended else 'done', f'({ended})')"
    )
    seen = offline._watched(way, [sys.executable, "-c", outer])
    assert bool(seen.attempts) is caught


@LINUX
def test_a_machine_without_either_watch_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scribe.sandbox.platform.machine", lambda: "vax")
    assert offline.main([sys.executable, "-c", ""]) == offline._REFUSED
    monkeypatch.setattr("sys.platform", "plan9")
    with pytest.raises(ProofImpossible):
        offline.way()


@LINUX
@pytest.mark.security
@pytest.mark.weights
@pytest.mark.timeout(600)
@pytest.mark.parametrize("way", ["strace", "kernel"])
def test_the_short_visit_with_real_models_is_proven(
    way: str,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    figure: Callable[[str, object], None],
) -> None:
    own_home.mkdir(parents=True)
    (own_home / "settings.toml").write_text(
        'speech_model = "whisper-tiny.en"\nwriter_model = "smollm2-135m-instruct-q4_1"\n'
    )
    monkeypatch.setattr(offline, "way", lambda: Way(way))
    assert main(["doctor", "--prove-offline", "--seconds", "12"]) == 0
    told = capsys.readouterr().out
    assert "whisper-tiny.en heard" in told
    assert "smollm2-135m-instruct-q4_1 wrote" in told
    assert "left out" not in told
    assert "Proven for this visit" in told
    figure(f"doctor --prove-offline by {way}", told.splitlines()[2])
