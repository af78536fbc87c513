"""A backup is one file, is verified before it counts, and gives the whole vault back; what fails
leaves nothing behind and touches no backup before it.
"""

import errno
import os
import shutil
import stat
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from scribe.errors import (
    BadInput,
    Cancelled,
    DiskFull,
    StepRefused,
    StoreError,
    VaultDamaged,
    WrongPassphrase,
)
from scribe.events import Event, Progress
from scribe.ids import EncounterId
from scribe.signoff import audit
from scribe.signoff.audit import Act
from scribe.store import anchor, entrances, escrow, keyfile, psychotherapy, restore, vault
from scribe.store.entrances import Emergency
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault
from tests.store.backups import (
    MakeVisit,
    SignNote,
    Stopped,
    files,
    fill,
    heard,
    names,
    small_files,
    tape,
)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Where backups go."""
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def filled(opened: Vault, make_visit: MakeVisit, sign_note: SignNote) -> Vault:
    """A vault with a signed visit and one under way, each with its recording."""
    fill(opened, make_visit, sign_note)
    return opened


# ---------------------------------------------------------------- what must not happen


def test_nothing_is_left_beside_the_vault_or_the_backup(filled: Vault, out: Path) -> None:
    before = names(filled.folder.parent)
    made = filled.backups.make(out)
    assert names(filled.folder.parent) == before
    assert names(out) == [made.path.name]


def test_a_file_that_is_there_is_never_overwritten(filled: Vault, out: Path) -> None:
    there = out / "mine.scribe-backup"
    there.write_bytes(b"something else")
    with pytest.raises(BadInput, match="left as it is"):
        filled.backups.make(there)
    assert there.read_bytes() == b"something else"
    assert filled.backups.last() is None
    assert filled.backups.folder() is None


def test_a_folder_that_is_not_there_is_not_made(filled: Vault, out: Path) -> None:
    with pytest.raises(BadInput, match="no such folder"):
        filled.backups.make(out / "absent" / "file")
    assert names(out) == []


def test_a_backup_does_not_lie_in_its_vault(filled: Vault) -> None:
    with pytest.raises(BadInput, match="lost with it"):
        filled.backups.make(filled.folder / "recordings")


def test_nothing_of_the_patient_is_in_the_clear(
    opened: Vault, make_visit: MakeVisit, out: Path
) -> None:
    canary = "Kestrelwood"
    opened.save(make_visit("e-1", text=f"{canary} is weak.", label=canary))
    content = opened.backups.make(out).path.read_bytes()
    for coded in (canary.encode(), canary.encode("utf-16-le"), b"e-1", b"Rivera", b"SQLite"):
        assert coded not in content


@pytest.mark.parametrize("questions", [0, 1, 2, 3, 5, 8])
def test_who_stops_it_keeps_what_was_there(filled: Vault, out: Path, questions: int) -> None:
    first = filled.backups.make(out).path.read_bytes()
    before, beside = files(out), names(filled.folder.parent)
    rows = len(filled.audit())
    with pytest.raises(Cancelled):
        filled.backups.make(out / "second", stop=Stopped(questions))
    assert files(out) == before
    assert first in before.values()
    assert names(filled.folder.parent) == beside
    assert len(filled.audit()) == rows


def test_a_damaged_vault_is_not_called_backed_up(filled: Vault, out: Path) -> None:
    # A signed note put back to another text, with all triggers out of the way.
    database = filled._database
    database.execute("DROP TRIGGER notes_no_update")
    database.execute(
        "UPDATE notes SET content = CAST(replace(CAST(content AS TEXT), 'Weak', 'Well') AS BLOB)"
    )
    with pytest.raises(VaultDamaged, match="does not match its content hash") as caught:
        filled.backups.make(out)
    assert "Older ones are kept" in str(caught.value)
    assert names(out) == []
    assert filled.backups.last() is None


def test_a_vault_whose_log_was_cut_is_not_called_backed_up(filled: Vault, out: Path) -> None:
    (filled.folder / anchor.ANCHOR).unlink()
    with pytest.raises(VaultDamaged, match="anchor"):
        filled.backups.make(out)
    assert names(out) == []


def test_a_recording_that_is_gone_is_told(filled: Vault, out: Path) -> None:
    """Its name stays in the folder, as a link that leads nowhere."""
    path = filled.recording_path(EncounterId("e-open"))
    path.unlink()
    path.symlink_to(out / "nowhere")
    with pytest.raises(StoreError, match="recording of visit e-open is gone"):
        filled.backups.make(out)
    assert names(out) == []


def test_the_clinics_key_makes_no_backup(
    folder: Path, filled: Vault, passphrase: str, out: Path
) -> None:
    public, private = escrow.new_pair("Clinic")
    filled.access.add_escrow(passphrase, public)
    filled.close()
    with (
        entrances.open_emergency(folder, private, who="B. Lee", why=Emergency.PATIENT_CARE) as read,
        pytest.raises(StepRefused, match="reading only"),
    ):
        read.backups.make(out)
    assert names(out) == []


def test_a_second_backup_does_not_start_inside_the_first(filled: Vault, out: Path) -> None:
    refused: list[str] = []

    def again(event: Event) -> None:
        if not refused:
            with pytest.raises(StepRefused) as caught:
                filled.backups.make(out)
            refused.append(caught.value.message)

    filled.backups.make(out, tell=again)
    assert refused == ["A backup is being made already."]
    assert len(names(out)) == 1


# ---------------------------------------------------------------- what must


def test_everything_comes_back(filled: Vault, out: Path, tmp_path: Path, passphrase: str) -> None:
    made = filled.backups.make(out)
    visits = {each.id: filled.load(each.id) for each in filled.list()}
    sounds = {name: heard(filled, name) for name in visits}
    rows = filled.audit()
    back = tmp_path / "back"
    told = restore.restore_vault(made.path, back, passphrase)
    assert (told.visits, told.notes, told.recordings) == (2, 1, 2)
    assert told.clinician == "Dr. A. Rivera"
    with vault.open_vault(back, passphrase) as store:
        assert {each.id: store.load(each.id) for each in store.list()} == visits
        for name, sound in sounds.items():
            assert np.array_equal(heard(store, name), sound)
        acts = [each.act for each in store.audit()]
        log = store.audit()
    restored = acts.index(Act.RESTORED)
    # All that the log held when the backup was made, then where it comes from.
    assert log[:restored] == rows[:restored]
    assert rows[restored].act == Act.BACKUP
    assert audit.verify(log) is None
    assert vault.verify_vault(back, passphrase).problems == ()


def test_it_is_private_and_says_what_it_holds(filled: Vault, out: Path) -> None:
    made = filled.backups.make(out)
    assert (made.visits, made.notes, made.recordings, made.psychotherapy) == (2, 1, 2, False)
    assert made.size == made.path.stat().st_size
    assert made.same_disk
    if os.name == "posix":
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_the_log_knows_it_and_when(filled: Vault, out: Path) -> None:
    made = filled.backups.make(out / "one")
    row = filled.audit()[-1]
    assert (row.act, row.at) == (Act.BACKUP, made.at)
    assert filled.backups.last() == made.at
    assert filled.backups.folder() == out
    again = filled.backups.make(out / "two")
    assert filled.backups.last() == again.at
    assert names(out) == ["one", "two"]


def test_the_vault_is_used_while_it_is_copied(
    filled: Vault, make_visit: MakeVisit, out: Path, tmp_path: Path, passphrase: str
) -> None:
    """What is saved after the copy is not in it; what is in it fits together."""
    saved: list[str] = []

    def meanwhile(event: Event) -> None:
        if isinstance(event, Progress) and event.step in ("write", "check"):
            name = f"e-late-{len(saved)}"
            filled.save(make_visit(name))
            tape(filled, name, 0.6)
            saved.append(name)

    made = filled.backups.make(out, tell=meanwhile)
    assert len(saved) > 3
    restore.restore_vault(made.path, tmp_path / "back", passphrase)
    with vault.open_vault(tmp_path / "back", passphrase) as store:
        assert sorted(each.id for each in store.list()) == ["e-open", "e-signed"]


def test_a_recording_that_grows_is_copied_as_far_as_it_was(
    filled: Vault, out: Path, tmp_path: Path, passphrase: str
) -> None:
    path = filled.recording_path(EncounterId("e-open"))
    whole = heard(filled, "e-open")

    def grow(event: Event) -> None:
        if isinstance(event, Progress) and event.step == "write":
            with path.open("ab") as file:
                file.write(b"half a frame")

    made = filled.backups.make(out, tell=grow)
    restore.restore_vault(made.path, tmp_path / "back", passphrase)
    copied = (tmp_path / "back" / "recordings" / "e-open.rec").read_bytes()
    assert path.read_bytes().startswith(copied)
    assert len(copied) >= len(whole)


def test_a_recording_shredded_meanwhile_is_not_in_it(
    filled: Vault, out: Path, tmp_path: Path, passphrase: str
) -> None:
    def shred(event: Event) -> None:
        if isinstance(event, Progress) and event.step == "write":
            filled.shred(EncounterId("e-signed"), "asked for")

    made = filled.backups.make(out, tell=shred)
    assert made.recordings == 1
    restore.restore_vault(made.path, tmp_path / "back", passphrase)
    assert names(tmp_path / "back" / "recordings") == ["e-open.rec"]


def test_a_recording_without_a_key_is_left_out(filled: Vault, out: Path) -> None:
    (filled.folder / "recordings" / "e-gone.rec").write_bytes(b"noise")
    assert filled.backups.make(out).recordings == 2


def test_all_parts_of_an_interrupted_recording_are_in_it(
    filled: Vault, out: Path, tmp_path: Path, passphrase: str
) -> None:
    first = filled.recording_path(EncounterId("e-open"))
    shutil.copy(first, first.with_name("e-open.2.rec"))
    made = filled.backups.make(out)
    restore.restore_vault(made.path, tmp_path / "back", passphrase)
    assert names(tmp_path / "back" / "recordings") == [
        "e-open.2.rec", "e-open.rec", "e-signed.rec",
    ]  # fmt: skip


def test_progress_goes_up_to_the_end(filled: Vault, out: Path) -> None:
    told: list[Progress] = []
    filled.backups.make(out, tell=lambda event: told.append(event))  # type: ignore[arg-type]  # only Progress is told
    for step in ("write", "check"):
        done = [each.done for each in told if each.step == step]
        assert done == sorted(done)
        assert done[-1] == next(each.total for each in told if each.step == step)


def test_parts_of_a_backup_that_was_killed_are_swept_by_the_next(filled: Vault, out: Path) -> None:
    one = filled.backups.make(out)
    left = out / f"{one.path.name}.01234567.part"
    left.write_bytes(b"half")
    other = out / "vault-ffffffff-20260101-000000.scribe-backup.01234567.part"
    other.write_bytes(b"another vault's, perhaps being written")
    filled.backups.make(out / "two")
    assert names(out) == sorted([one.path.name, other.name, "two"])


# ---------------------------------------------------------------- psychotherapy notes


@pytest.fixture
def therapy(filled: Vault, passphrase: str, fast: KdfCost) -> Vault:
    """A vault with a psychotherapy note."""
    trail = filled.keeping._trail
    with psychotherapy.open_notes(filled.folder, passphrase, fast, trail) as notes:
        notes.write(EncounterId("e-open"), "Speaks of her father.")
    return filled


def test_psychotherapy_notes_are_left_out(
    therapy: Vault, out: Path, tmp_path: Path, passphrase: str
) -> None:
    made = therapy.backups.make(out)
    assert not made.psychotherapy
    restore.restore_vault(made.path, tmp_path / "back", passphrase)
    assert not (tmp_path / "back" / psychotherapy.FOLDER).exists()


def test_only_their_author_can_have_them_copied(therapy: Vault, out: Path) -> None:
    with pytest.raises(WrongPassphrase):
        therapy.backups.make(out, psychotherapy_passphrase="somebody else entirely")
    assert names(out) == []


def test_their_author_gets_them_back(
    therapy: Vault, out: Path, tmp_path: Path, passphrase: str, fast: KdfCost
) -> None:
    made = therapy.backups.make(out, psychotherapy_passphrase=passphrase)
    assert made.psychotherapy
    back = tmp_path / "back"
    assert restore.restore_vault(made.path, back, passphrase).psychotherapy
    with vault.open_vault(back, passphrase) as store:
        trail = store.keeping._trail
        with psychotherapy.open_notes(back, passphrase, fast, trail) as notes:
            (line,) = notes.list(EncounterId("e-open"))
            assert notes.read(line.id) == "Speaks of her father."


def test_asking_for_notes_that_nobody_wrote_is_no_fault(
    filled: Vault, out: Path, passphrase: str
) -> None:
    assert not filled.backups.make(out, psychotherapy_passphrase=passphrase).psychotherapy


# ---------------------------------------------------------------- the reminder


def test_an_empty_vault_needs_no_backup(opened: Vault) -> None:
    assert not opened.backups.due(opened.audit()[0].at + timedelta(days=99))


@pytest.mark.parametrize(
    ("hours", "due"),
    [
        pytest.param(0, False, id="just made"),
        pytest.param(47.9, False, id="not yet two days"),
        pytest.param(48.1, True, id="two days"),
        pytest.param(-1, False, id="clock set back an hour"),
        pytest.param(-1000, True, id="clock set back weeks"),
    ],
)
@pytest.mark.parametrize("made", [True, False], ids=["after a backup", "never made one"])
def test_a_reminder_is_due_after_48_hours(
    filled: Vault, out: Path, hours: float, due: bool, made: bool
) -> None:
    since = filled.backups.make(out).at if made else filled.audit()[0].at
    assert filled.backups.due(since + timedelta(hours=hours)) is due
    assert not filled.backups.due()


# ---------------------------------------------------------------- a full disk


def test_too_little_room_is_said_beforehand(
    filled: Vault, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=10))
    with pytest.raises(DiskFull, match="MB too little"):
        filled.backups.make(out)
    assert names(out) == []


@pytest.mark.parametrize("kilobytes", [0, 1, 4, 32, 71, 72, 80, 100, 120, 136])
def test_a_disk_that_is_full_costs_no_backup_before(
    filled: Vault, out: Path, kilobytes: int
) -> None:
    assert filled.backups.make(out / "first").size > 136 * 1024
    before, beside = files(out), names(filled.folder.parent)
    last = filled.backups.last()
    with small_files(kilobytes * 1024), pytest.raises(DiskFull, match="Older ones are kept"):
        filled.backups.make(out / "second")
    assert files(out) == before
    assert names(filled.folder.parent) == beside
    assert filled.backups.last() == last
    filled.backups.make(out / "third")


def test_a_row_that_cannot_be_written_takes_the_file_back(
    filled: Vault, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> None:
        raise OSError(errno.EIO, "no")

    monkeypatch.setattr(keyfile, "sync_folder", refuse)
    with pytest.raises(StoreError, match="Older ones are kept"):
        filled.backups.make(out)
    assert names(out) == []
    assert filled.backups.last() is None
