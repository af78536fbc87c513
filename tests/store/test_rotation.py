"""New keys throughout: what the old ones still open (nothing) and what stays (everything)."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from scribe.errors import BadInput, VaultBusy, VaultDamaged, WrongKey, WrongPassphrase
from scribe.ids import EncounterId
from scribe.records import SignedNote, Visit
from scribe.store import entrances, escrow, keyfile, keys, rotate, vault
from scribe.store.database import Database
from scribe.store.keyfile import KdfCost
from scribe.store.recovery import RecoveryKey
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
NEW = "nine patient herons fishing"
PUBLIC, PRIVATE = escrow.new_pair("North Clinic")


@pytest.fixture
def key(opened: Vault, passphrase: str, make_visit: MakeVisit, sign_note: SignNote) -> RecoveryKey:
    """The recovery key of a vault with a signed note and a recording; the vault is closed."""
    found = opened.access.take_recovery_key()
    opened.access.add_escrow(passphrase, PUBLIC)
    visit = make_visit("e-1", text="Weak since Monday. " * 200)
    opened.save(visit)
    opened.audio_key(visit.encounter.id)
    opened.sign(visit, sign_note(opened, visit))
    opened.close()
    return found


def content(store: Vault) -> tuple[Visit, bytes]:
    return store.load(EncounterId("e-1")), store.audio_key(EncounterId("e-1"))


def test_everything_is_there_under_new_keys(
    key: RecoveryKey, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    with vault.open_vault(folder, passphrase, clock=clock) as store:
        before, public = content(store), store.public_key
        rows = len(store.audit())
    old_file, _ = keyfile.read(folder)
    old = keys.unlock(old_file, passphrase)
    with rotate.rotate_vault(folder, passphrase, new_passphrase=NEW, clock=clock) as store:
        assert content(store) == before
        assert store.access.public_keys == (public, store.public_key)
        assert not store.access.setup_finished
        assert store.access.escrow == PUBLIC
        acts = [row.act for row in store.audit()[rows:]]
        assert acts == ["rotate", "unlock", "view"]
        fresh = store.access.take_recovery_key()
        store.access.confirm_recovery(dict(enumerate(fresh.groups, start=1)))
    new_file, _ = keyfile.read(folder)
    new = keys.unlock(new_file, NEW)
    for one, other in (
        (old.database, new.database),
        (old.wrap, new.wrap),
        (old.file, new.file),
        (old_file.db_salt, new_file.db_salt),
    ):
        assert one != other
    assert vault.verify_vault(folder, NEW).problems == ()
    assert (folder / "vault.db").read_bytes()[:16].hex() == new_file.db_salt
    entrances.check_recovery(folder, fresh, clock=clock)


def test_the_old_keys_open_nothing_any_more(
    key: RecoveryKey, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    old_file, _ = keyfile.read(folder)
    old = keys.unlock(old_file, passphrase)
    rotate.rotate_vault(folder, passphrase, new_passphrase=NEW, clock=clock).close()
    with pytest.raises(WrongPassphrase):
        vault.open_vault(folder, passphrase, clock=clock)
    with pytest.raises(WrongKey):
        entrances.check_recovery(folder, key, clock=clock)
    for salt in (old_file.db_salt, keyfile.read(folder)[0].db_salt):
        with pytest.raises(VaultDamaged):
            Database(folder / "vault.db", old.database, bytes.fromhex(salt))
    for name in (keyfile.CURRENT, keyfile.PREVIOUS):
        (folder / name).write_bytes(keyfile.to_bytes(old_file))
    clock.passes(60)
    with pytest.raises(VaultDamaged):
        vault.open_vault(folder, passphrase, clock=clock)


def test_the_clinic_can_still_break_the_glass(
    key: RecoveryKey, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    rotate.rotate_vault(folder, passphrase, clock=clock).close()
    why = entrances.Emergency.PATIENT_CARE
    with entrances.open_emergency(folder, PRIVATE, who="B", why=why, clock=clock) as store:
        assert [each.id for each in store.list()] == ["e-1"]


def test_twice_in_a_row_and_still_one_unbroken_log(
    key: RecoveryKey, folder: Path, passphrase: str, clock: FakeClock, sign_note: SignNote
) -> None:
    for _ in range(2):
        rotate.rotate_vault(folder, passphrase, clock=clock).close()
    report = vault.verify_vault(folder, passphrase)
    assert (report.problems, report.notes) == ((), 1)
    with vault.open_vault(folder, passphrase, clock=clock) as store:
        assert len(store.access.public_keys) == 3


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        pytest.param("four loud otters waiting", NEW, WrongPassphrase, id="wrong passphrase"),
        pytest.param("four quiet otters waiting", "short", BadInput, id="too short"),
    ],
)
def test_a_refused_rotation_changes_nothing(
    key: RecoveryKey, folder: Path, clock: FakeClock, old: str, new: str, refusal: type[Exception]
) -> None:
    def seen() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.glob("vault.[dk]*")}

    before = seen()
    with pytest.raises(refusal):
        rotate.rotate_vault(folder, old, new_passphrase=new, clock=clock)
    assert seen() == before


def test_an_open_vault_is_not_rotated(opened: Vault, folder: Path, passphrase: str) -> None:
    with pytest.raises(VaultBusy):
        rotate.rotate_vault(folder, passphrase)


def test_damage_is_not_copied(
    key: RecoveryKey, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    path = folder / "vault.db"
    data = bytearray(path.read_bytes())
    data[-2000] ^= 1
    path.write_bytes(data)
    before = (folder / keyfile.CURRENT).read_bytes()
    with pytest.raises(VaultDamaged):
        rotate.rotate_vault(folder, passphrase, clock=clock)
    assert (folder / keyfile.CURRENT).read_bytes() == before
    assert not (folder / "vault.db.new").exists()


def test_no_column_with_wrapped_keys_is_forgotten(opened: Vault) -> None:
    """A new table with keys in it needs its line in rotate.WRAPPED."""
    tables = opened._opened.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    found = {
        (str(table), str(column[1]))
        for (table,) in tables
        for column in opened._opened.database.execute(f"PRAGMA table_info({table})")
        if "wrapped" in str(column[1])
    }
    assert found == {(table, column) for table, _, column in rotate.WRAPPED}


# ---------------------------------------------------------------- what is left behind


def test_a_database_whose_keys_never_came_into_force_goes(
    opened: Vault, folder: Path, passphrase: str
) -> None:
    opened.close()
    (folder / "vault.db.new").write_bytes(b"\x00" * 5000)
    (folder / "vault.db.new-journal").write_bytes(b"x")
    (folder / "vault.key.0a1b2c3d.part").write_bytes(b"x")
    vault.open_vault(folder, passphrase).close()
    assert not list(folder.glob("*.new*"))
    assert not list(folder.glob("*.part"))


def test_a_log_of_the_old_database_is_never_played_into_the_new_one(
    key: RecoveryKey, folder: Path, tmp_path: Path, passphrase: str, clock: FakeClock
) -> None:
    """As a power cut may leave it: key file written, database not yet in its place."""
    old = tmp_path / "old"
    shutil.copytree(folder, old)
    rotate.rotate_vault(folder, passphrase, clock=clock).close()
    (folder / "vault.db").replace(folder / "vault.db.new")
    shutil.copy(old / "vault.db", folder / "vault.db")
    (folder / "vault.db-wal").write_bytes((old / "vault.db").read_bytes())
    with vault.open_vault(folder, passphrase, clock=clock) as store:
        assert store.load(EncounterId("e-1")).notes
    assert vault.verify_vault(folder, passphrase).problems == ()


@pytest.mark.parametrize("old", [True, False], ids=["left over", "being built"])
def test_a_folder_that_never_became_a_vault(
    opened: Vault, folder: Path, passphrase: str, fast: KdfCost, old: bool
) -> None:
    opened.close()
    built, other = (folder.with_name(name) for name in (".vault.0a1b.new", ".vault2.0a1b.new"))
    for each in (built, other):
        each.mkdir()
        (each / keyfile.CURRENT).write_bytes(b"{}")
        if old:
            os.utime(each, (1, 1))
    vault.open_vault(folder, passphrase).close()
    assert built.exists() is not old
    assert other.exists(), "it is another vault's"
    if old:
        with vault.create_vault(
            folder.with_name("vault2"), passphrase, clinician="A", test_cost=fast
        ):
            assert not other.exists()
