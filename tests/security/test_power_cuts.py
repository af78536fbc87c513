"""The power fails at any moment: the vault opens, what was said to be kept is there, and a note is
kept with its signature and its audit row or not at all.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from scribe.audio import recording
from scribe.errors import VaultMissing, WrongPassphrase
from scribe.ids import EncounterId
from scribe.records import SAMPLE_RATE
from scribe.store import keyfile, keys, vault
from scribe.store.keyfile import KeyFile
from tests.security import acts, powercut, tracing
from tests.security.powercut import Recording, State

pytestmark = pytest.mark.security

GOLDEN = tracing.ROOT / "tests" / "store" / "golden" / "v1"
GOLDEN_COUNTS = (3, 3)
Check = Callable[[Path, State], None]


@pytest.fixture
def place(memory: Path) -> Path:
    """Everything that is watched lies below this folder; the vault is `place/vault`."""
    made = memory / "place"
    made.mkdir()
    return made


def recorded(place: Path, act: str, beside: Path) -> Recording:
    """One act, done once under strace to its good end."""
    before = powercut.snapshot(place)
    log = beside / "log"
    program = tracing.python("-m", "tests.security.acts", act, str(place / "vault"))
    done = tracing.run(log, program, powercut.TRACED, children=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith("closed\n")
    made = Recording.of(place, before, tracing.calls(log))
    assert made_the_same(made, powercut.snapshot(place)), "the recording misses something"
    return made


def made_the_same(made: Recording, there: dict[str, bytes | None]) -> bool:
    """Whether the recorded steps, all carried out, give what really lies on the disk."""
    *_, last = powercut.states(made, variants=((powercut.ALL, powercut.ALL),))
    return last.files == there


def survive(made: Recording, beside: Path, check: Check) -> int:
    """Put every possible state on a disk and look; returns how many there were."""
    count = 0
    for state in powercut.states(made):
        place = beside / "crashed"
        state.write(place)
        try:
            check(place / "vault", state)
        except Exception as error:
            error.add_note(f"after step {state.step} of {len(made.steps)}: {state.variant}")
            raise
        shutil.rmtree(place)
        count += 1
    return count


def kept(folder: Path, state: State, passphrase: str = acts.PASSPHRASE) -> None:
    """The vault opens, is sound, and holds every visit and note it was said to hold."""
    report = vault.verify_vault(folder, passphrase)
    assert report.problems == ()
    with vault.open_vault(folder, passphrase) as store:
        for line in state.said:
            word, _, name = line.partition(" ")
            if word == "saved":
                assert store.load(EncounterId(name)).transcript is not None
            if word == "signed":
                notes = store.load(EncounterId(name)).notes
                assert [note.version for note in notes] == [1]
        rows = store.audit()
    signed = sum(row.act == "sign" for row in rows)
    assert report.notes == signed >= 1 + sum(each.startswith("signed") for each in state.said)


def created(folder: Path, state: State) -> None:
    """There is a whole vault or none, and one that was announced is there."""
    try:
        vault.open_vault(folder, acts.PASSPHRASE).close()
    except VaultMissing:
        assert "created" not in state.said
        vault.create_vault(folder, acts.PASSPHRASE, clinician="A", test_cost=acts.FAST).close()
    assert vault.verify_vault(folder, acts.PASSPHRASE).problems == ()


def heard(folder: Path, state: State) -> None:
    """Every half second that was reported is there, under a key that is there."""
    said = [float(each.split()[1]) for each in state.said if each.startswith("recorded")]
    with vault.open_vault(folder, acts.PASSPHRASE) as store:
        path = store.recording_path(EncounterId("e-9"))
        if not said:
            return
        key = store.audio_key(EncounterId("e-9"))
        blocks = list(recording.read(path, key))
    back = np.concatenate([np.zeros(0, dtype=np.float32), *blocks])
    assert len(back) / SAMPLE_RATE >= said[-1]
    np.testing.assert_array_equal(back, acts.sound(3.0)[: len(back)])


def changed(folder: Path, state: State) -> None:
    """The vault opens with one of the two passphrases; once changed, with the new one alone."""
    key_file, _ = keyfile.read(folder)
    fitting = [each for each in (acts.PASSPHRASE, acts.NEW_PASSPHRASE) if fits(key_file, each)]
    assert len(fitting) == 1
    if "changed" in state.said:
        assert fitting == [acts.NEW_PASSPHRASE]
    kept(folder, state, fitting[0])


def fits(key_file: KeyFile, passphrase: str) -> bool:
    try:
        keys.enter(key_file, passphrase)
    except WrongPassphrase:
        return False
    return True


def upgraded(folder: Path, state: State) -> None:
    """Nothing of a vault of the first release is lost on its way to the newest schema."""
    report = vault.verify_vault(folder, acts.GOLDEN_PASSPHRASE)
    assert report.problems == ()
    assert (report.visits, report.notes) == GOLDEN_COUNTS


CASES: dict[str, Check] = {"create": created, "sign_off": kept, "record": heard}
CHANGES: dict[str, Check] = {
    "passphrase": changed,
    "rotate_keys": changed,
    "upgrade": upgraded,
}


def prepared(act: str, folder: Path) -> None:
    """What the act finds."""
    if act == "upgrade":
        shutil.copytree(GOLDEN, folder)
    elif act != "create":
        acts.prepare(folder)


@pytest.mark.parametrize("act", [*CASES, *CHANGES])
def test_no_power_cut_costs_what_was_promised(
    act: str, place: Path, memory: Path, figure: Callable[[str, object], None]
) -> None:
    prepared(act, place / "vault")
    made = recorded(place, act, memory)
    count = survive(made, memory, {**CASES, **CHANGES}[act])
    figure(f"power cuts in {act}", count)
    assert count > len(made.steps)


def test_a_promise_made_too_early_is_found(place: Path, memory: Path) -> None:
    made = recorded(place, "careless", memory)
    broken = {
        state.variant
        for state in powercut.states(made)
        if "kept" in state.said and state.files.get("vault/note") != b"kept" * 1000
    }
    assert broken >= {"names none, data none", "names all, data none", "names all, data torn 1"}
