"""Keys that are being changed when the program dies: at every step the vault opens with exactly one
of the two passphrases, nothing in it is lost, and the next opening leaves nothing of the other.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scribe.errors import StoreError, WrongPassphrase
from scribe.ids import EncounterId
from scribe.records import SignedNote, Visit
from scribe.store import delays, entrances, keyfile, keys, rekey, rotate, vault
from scribe.store.keyfile import KdfCost
from scribe.store.recovery import RecoveryKey
from tests.store import dying
from tests.store.clocks import FakeClock

OLD, NEW = "four quiet otters waiting", "nine patient herons fishing"
MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
EXPECTED = {"vault.key", "vault.key.old", "vault.db", "vault.anchor", "vault.lock", "psychotherapy"}
SECRET = "A thought of the author."


def entries(folder: Path) -> list[bool]:
    """For the old and the new passphrase, whether the key file opens with it."""
    return [_opens(folder, each) for each in (OLD, NEW)]


def _opens(folder: Path, passphrase: str) -> bool:
    try:
        keys.enter(keyfile.read(folder)[0], passphrase)
    except WrongPassphrase:
        return False
    return True


def alive_anywhere(folder: Path, passphrase: str) -> bool:
    """Whether any file in the folder still opens with this passphrase."""
    for path in folder.glob("**/vault.key*"):
        try:
            keys.enter(keyfile.from_bytes(path.read_bytes()), passphrase)
        except StoreError:
            continue
        return True
    return False


def test_a_change_of_the_key_file_at_every_step(tmp_path: Path) -> None:
    before, _ = keys.new_key_file(OLD, test_cost=FAST)
    after = rekey.with_new_passphrase(before, keys.enter(before, OLD), NEW)

    def change(folder: Path, at: int) -> None:
        folder.mkdir()
        keyfile.write(folder, before)
        with dying.dying(folder, at):
            keyfile.write(folder, after)

    change(tmp_path / "whole", 0)
    steps = dying.acts()
    assert steps >= 8
    turned = []
    for at in range(1, steps + 1):
        folder = tmp_path / str(at)
        change(folder, at)
        old, new = entries(folder)
        assert old != new, f"step {at}: neither or both"
        turned.append(new)
        keyfile.settle(folder)
        assert alive_anywhere(folder, OLD) is old, f"step {at}: the old one lives on"
    assert turned == sorted(turned), "the change went back and forth"
    assert True in turned
    assert False in turned


@pytest.fixture
def template(
    tmp_path: Path, make_visit: MakeVisit, sign_note: SignNote
) -> tuple[Path, RecoveryKey, bytes]:
    """A vault that nobody has open, with a signed note, a recording and a psychotherapy note: where
    it lies, its recovery key and the key of that recording.
    """
    folder = tmp_path / "template"
    with vault.create_vault(folder, OLD, clinician="A", test_cost=FAST) as store:
        key = store.access.take_recovery_key()
        store.access.confirm_recovery(dict(enumerate(key.groups, start=1)))
        visit = make_visit("e-1")
        store.save(visit)
        recording = store.audio_key(visit.encounter.id)
        store.sign(visit, sign_note(store, visit, passphrase=OLD))
        with store.psychotherapy(OLD) as notes:
            notes.write(visit.encounter.id, SECRET)
    return folder, key, recording


def change_passphrase(folder: Path, key: RecoveryKey) -> None:
    with vault.open_vault(folder, OLD) as store:
        store.access.change_passphrase(OLD, NEW)


def recover(folder: Path, key: RecoveryKey) -> None:
    entrances.recover_vault(folder, key, NEW).close()


def turn(folder: Path, key: RecoveryKey) -> None:
    rotate.rotate_vault(folder, OLD, new_passphrase=NEW).close()


def opens(folder: Path, passphrase: str, recording: bytes) -> bool:
    """Whether the vault opens with it; then everything in it has to be there."""
    try:
        with vault.open_vault(folder, passphrase, clock=FakeClock()) as store:
            assert store.audio_key(EncounterId("e-1")) == recording
            with store.psychotherapy(passphrase) as notes:
                (line,) = notes.list(EncounterId("e-1"))
                assert notes.read(line.id) == SECRET
    except WrongPassphrase:
        (folder / delays.FAILED).unlink()
        return False
    return True


@pytest.mark.parametrize(
    ("act", "part", "parts"),
    [
        pytest.param(act, part, parts, id=f"{name}, part {part + 1}")
        for act, parts, name in (
            (change_passphrase, 4, "passphrase"),
            (recover, 2, "recovery"),
            (turn, 8, "rotation"),
        )
        for part in range(parts)
    ],
)
def test_a_vault_whose_keys_are_changed_at_every_step(
    tmp_path: Path,
    template: tuple[Path, RecoveryKey, bytes],
    act: Callable[[Path, RecoveryKey], None],
    part: int,
    parts: int,
) -> None:
    original, key, recording = template
    whole = tmp_path / "whole"
    shutil.copytree(original, whole)
    with dying.dying(whole, 0):
        act(whole, key)
    steps = dying.acts()
    assert steps >= 15
    turned = []
    for at in range(1 + part, steps + 1, parts):
        folder = tmp_path / str(at)
        shutil.copytree(original, folder)
        with dying.dying(folder, at):
            act(folder, key)
        if act is recover and _opens(folder, NEW):
            # Cut off between the two; the paper stays good, and the second time brings both.
            recover(folder, key)
        new, old = (opens(folder, each, recording) for each in (NEW, OLD))
        assert old is not new, f"step {at}: neither or both"
        turned.append(new)
        passphrase = NEW if new else OLD
        report = vault.verify_vault(folder, passphrase)
        assert (report.problems, report.notes) == ((), 1), f"step {at}"
        assert not alive_anywhere(folder, OLD if new else NEW), f"step {at}"
        own = {path.name for path in (folder / "psychotherapy").iterdir()}
        assert own == {"vault.key", "vault.key.old", "psychotherapy.db"}, f"step {at}"
        left = {path.name for path in folder.iterdir()} - EXPECTED
        assert left == set(), f"step {at}: {left} were left behind"
    assert turned == sorted(turned), "the change went back and forth"
    assert {True, False} == set(turned)
