"""Restoring: never over what is there, whole or not at all, by each secret that opens the vault; an
altered, cut, foreign or newer backup is refused and nothing is written.
"""

import shutil
from collections.abc import Iterator
from importlib.resources import files as files_of
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scribe.errors import (
    BackupUnusable,
    BadInput,
    Cancelled,
    DiskFull,
    StoreError,
    VaultExists,
    WrongKey,
    WrongPassphrase,
)
from scribe.ids import EncounterId
from scribe.signoff import audit
from scribe.signoff.audit import Act
from scribe.store import (
    anchor,
    backupfile,
    entrances,
    escrow,
    keyfile,
    keys,
    opening,
    psychotherapy,
    recovery,
    replica,
    restore,
    rotate,
    vault,
)
from scribe.store.backupfile import PIECE, Contents, Reader, Writer
from scribe.store.database import Database
from scribe.store.entrances import Emergency
from scribe.store.escrow import ClinicKey
from scribe.store.keyfile import KdfCost
from scribe.store.recovery import RecoveryKey
from tests.store.backups import (
    MakeVisit,
    SignNote,
    Stopped,
    files,
    fill,
    heard,
    names,
    small_files,
)
from tests.store.conftest import FAST, PASSPHRASE
from tests.store.dying import acts, dying

NEW = "nine loud herons leaving"
CLINICIAN = "Dr. A. Rivera"


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, make_visit: MakeVisit, sign_note: SignNote
) -> "Made":
    """One backup for all tests of this file; none may change it."""
    return Made(tmp_path_factory.mktemp("made"), make_visit, sign_note)


class Made:
    """A backup, the keys that open it, and the vault it is of."""

    def __init__(self, place: Path, make_visit: MakeVisit, sign_note: SignNote) -> None:
        self.vault = place / "vault"
        public, self.clinic = escrow.new_pair("Clinic")
        with vault.create_vault(
            self.vault, PASSPHRASE, clinician=CLINICIAN, test_cost=FAST
        ) as store:
            self.recovery: RecoveryKey = store.access.take_recovery_key()
            store.access.add_escrow(PASSPHRASE, public)
            fill(store, make_visit, sign_note)
            self.file = store.backups.make(place / "file").path
            self.rows = store.audit()
        self.content = self.file.read_bytes()
        self.working = keys.unlock(keyfile.read(self.vault)[0], PASSPHRASE)


@pytest.fixture
def back(tmp_path: Path) -> Path:
    """Where a vault is to be restored; an empty machine has nothing there."""
    return tmp_path / "machine" / "data" / "vault"


# ---------------------------------------------------------------- what must not happen


@pytest.mark.parametrize("what", ["a vault", "a database", "a file", "no folder at all"])
def test_nothing_that_is_there_is_restored_over(
    made: Made, back: Path, what: str, passphrase: str
) -> None:
    back.parent.mkdir(parents=True)
    if what == "a vault":
        shutil.copytree(made.vault, back)
    elif what == "no folder at all":
        back.write_bytes(b"mine")
    else:
        back.mkdir()
        (back / ("vault.db" if what == "a database" else "letter.txt")).write_bytes(b"mine")
    before = files(back.parent)
    with pytest.raises(VaultExists) as caught:
        restore.restore_vault(made.file, back, passphrase)
    assert "never put over what is there" in caught.value.advice
    assert files(back.parent) == before


@pytest.mark.parametrize(
    ("secret", "fault"),
    [
        pytest.param("four quiet otters waitinh", WrongPassphrase, id="wrong passphrase"),
        pytest.param(recovery.new_recovery_key(), WrongKey, id="another vault's recovery key"),
        pytest.param(escrow.new_pair("Other")[1], WrongKey, id="another clinic's key"),
    ],
)
def test_a_wrong_secret_opens_nothing(
    made: Made, back: Path, secret: str | RecoveryKey | ClinicKey, fault: type[StoreError]
) -> None:
    with pytest.raises(fault):
        restored_by(made.file, back, secret)
    assert not back.parent.exists()


def restored_by(file: Path, back: Path, secret: str | RecoveryKey | ClinicKey) -> None:
    if isinstance(secret, str):
        restore.restore_vault(file, back, secret)
    elif isinstance(secret, RecoveryKey):
        restore.restore_by_recovery(file, back, secret, NEW)
    else:
        restore.restore_by_clinic(
            file, back, secret, NEW, who="B. Lee", why=Emergency.CLINICIAN_ABSENT
        )


def test_a_new_passphrase_that_is_too_short_is_refused_first(made: Made, back: Path) -> None:
    with pytest.raises(BadInput):
        restore.restore_by_recovery(made.file, back, made.recovery, "short")
    assert not back.parent.exists()


@pytest.mark.parametrize("questions", [0, 1, 4, 7])
def test_who_stops_it_has_nothing_half(
    made: Made, back: Path, passphrase: str, questions: int
) -> None:
    with pytest.raises(Cancelled):
        restore.restore_vault(made.file, back, passphrase, stop=Stopped(questions))
    assert names(back.parent) == []


@pytest.mark.parametrize("kilobytes", [0, 1, 4, 32, 60, 71])
def test_a_full_disk_leaves_nothing(
    made: Made, back: Path, passphrase: str, kilobytes: int
) -> None:
    with small_files(kilobytes * 1024), pytest.raises(DiskFull, match="Nothing was restored"):
        restore.restore_vault(made.file, back, passphrase)
    assert names(back.parent) == []


def test_a_missing_file_is_told(tmp_path: Path, back: Path, passphrase: str) -> None:
    with pytest.raises(StoreError, match="No such file"):
        restore.restore_vault(tmp_path / "nowhere", back, passphrase)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "not a backup", id="an empty file"),
        pytest.param(b"PK\x03\x04 some archive", "not a backup", id="another kind of file"),
        pytest.param(backupfile.MAGIC, "not a backup", id="the name alone"),
        pytest.param(
            backupfile.MAGIC + b"\x00\x02\x00\x00" + bytes(99), "newer version", id="a newer form"
        ),
        pytest.param(
            backupfile.MAGIC + b"\x00\x00\x00\x00" + bytes(99),
            "changed",
            id="a form that never was",
        ),
        pytest.param(
            backupfile.MAGIC + b"\x00\x01\xff\xff" + bytes(99_999), "changed", id="a huge key file"
        ),
        pytest.param(
            backupfile.MAGIC + b"\x00\x01\x00\x02{}" + bytes(99), "changed", id="no key file"
        ),
    ],
)
def test_what_is_no_backup_is_refused(
    tmp_path: Path, back: Path, passphrase: str, content: bytes, told: str
) -> None:
    strange = tmp_path / "strange"
    strange.write_bytes(content)
    with pytest.raises(BackupUnusable, match=told):
        restore.restore_vault(strange, back, passphrase)
    assert not back.parent.exists()


def test_a_newer_key_file_is_refused(made: Made, tmp_path: Path, back: Path) -> None:
    newer = made.content.replace(b'"format":2', b'"format":3')
    assert newer != made.content
    (tmp_path / "newer").write_bytes(newer)
    with pytest.raises(StoreError, match="newer version"):
        restore.restore_vault(tmp_path / "newer", back, PASSPHRASE)


def start_size(content: bytes) -> int:
    """How long the part in the clear is."""
    fixed = len(backupfile.MAGIC) + 4
    return fixed + int.from_bytes(content[fixed - 2 : fixed]) + backupfile.SALT_BYTES


def refused(content: bytes, made: Made) -> bool:
    """Whether a backup of these bytes is refused, with a message, before anything is placed."""
    place = made.vault.parent / "altered"
    place.mkdir()
    try:
        (place / "file").write_bytes(content)
        with pytest.raises(StoreError) as caught:
            restore.restore_vault(place / "file", place / "back", PASSPHRASE)
        assert caught.value.message
        return names(place) == ["file"]
    finally:
        shutil.rmtree(place)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_changed_byte_is_noticed(made: Made, data: st.DataObject) -> None:
    at = data.draw(
        st.one_of(
            st.integers(0, start_size(made.content) - 1),
            st.integers(start_size(made.content), len(made.content) - 1),
        )
    )
    bits = data.draw(st.integers(1, 255))
    changed = bytearray(made.content)
    changed[at] ^= bits
    assert refused(bytes(changed), made)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_any_cut_is_noticed(made: Made, data: st.DataObject) -> None:
    assert refused(made.content[: data.draw(st.integers(0, len(made.content) - 1))], made)


@settings(max_examples=20, deadline=None)
@given(more=st.binary(min_size=1, max_size=99))
def test_anything_added_is_noticed(made: Made, more: bytes) -> None:
    assert refused(made.content + more, made)


def test_the_body_of_another_backup_does_not_fit(made: Made, make_visit: MakeVisit) -> None:
    """Two backups of one vault, under one root key: still each fits its own start alone."""
    with vault.open_vault(made.vault, PASSPHRASE) as store:
        other = store.backups.make(made.vault.parent / "other").path
    content = other.read_bytes()
    other.unlink()
    mixed = made.content[: start_size(made.content)] + content[start_size(content) :]
    assert refused(mixed, made)


# ---------------------------------------------------------------- made by somebody with the key


def written(made: Made, place: Path, parts: dict[str, bytes], **changes: object) -> Path:
    """A backup whose seals are right and whose content is not what we would write."""
    reader = Reader(BytesIO(made.content)).unlock(made.working.backup)
    contents = reader.contents()
    whole = {field: getattr(contents, field) for field in contents.__dataclass_fields__}
    path = place / "crafted"
    with path.open("wb") as file:
        writer = Writer(file, reader.start.key_file, made.working.backup)
        writer.put_record("contents", Contents(**{**whole, **changes}))
        for name, content in parts.items():
            writer.put(name, len(content), (content,))
        writer.finish()
    return path


def own_parts(made: Made) -> dict[str, bytes]:
    reader = Reader(BytesIO(made.content)).unlock(made.working.backup)
    reader.contents()
    found = {}
    while (part := reader.next_part())[0] != "manifest":
        found[part[0]] = b"".join(reader.blocks(part[1]))
    return found


def test_crafting_itself_makes_a_good_backup(made: Made, tmp_path: Path, back: Path) -> None:
    restore.restore_vault(written(made, tmp_path, own_parts(made)), back, PASSPHRASE)
    assert vault.verify_vault(back, PASSPHRASE).ok


@pytest.mark.parametrize(
    "name",
    ["../outside", "/tmp/outside", "vault.lock", "vault.key", "recordings/../../x.rec",
     "recordings/.rec", "recordings/a b.rec", "recordings/x.rec/y", "contents", "RECORDINGS/x.rec"],
)  # fmt: skip
def test_a_part_of_another_name_is_refused(
    made: Made, tmp_path: Path, back: Path, name: str
) -> None:
    crafted = written(made, tmp_path, {name: b"x", **own_parts(made)})
    with pytest.raises(BackupUnusable):
        restore.restore_vault(crafted, back, PASSPHRASE)
    assert names(back.parent) == []
    assert names(tmp_path) == ["crafted", "machine"]


@pytest.mark.parametrize("lacking", ["vault.db", "vault.anchor"])
def test_a_part_that_is_lacking_is_noticed(
    made: Made, tmp_path: Path, back: Path, lacking: str
) -> None:
    parts = own_parts(made)
    del parts[lacking]
    with pytest.raises(BackupUnusable):
        restore.restore_vault(written(made, tmp_path, parts), back, PASSPHRASE)
    assert names(back.parent) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"rows": (("visits", 9), ("notes", 1), ("audit", 9), ("audio_keys", 2))},
                     id="fewer rows than there were"),
        pytest.param({"log_sha256": "0" * 64}, id="another log"),
        pytest.param({"log_seq": 999}, id="a longer log"),
        pytest.param({"vault_id": "0" * 32}, id="of another vault"),
        pytest.param({"psychotherapy": True}, id="psychotherapy notes that are not there"),
    ],
)  # fmt: skip
def test_a_vault_that_is_not_what_the_backup_says_is_refused(
    made: Made, tmp_path: Path, back: Path, changes: dict[str, object]
) -> None:
    crafted = written(made, tmp_path, own_parts(made), **changes)
    with pytest.raises(BackupUnusable):
        restore.restore_vault(crafted, back, PASSPHRASE)
    assert names(back.parent) == []


def test_a_database_of_a_newer_schema_is_refused(made: Made, tmp_path: Path, back: Path) -> None:
    newer = tmp_path / "newer"
    shutil.copytree(made.vault, newer)
    key_file, _ = keyfile.read(newer)
    database = Database(
        newer / opening.DATABASE, made.working.database, bytes.fromhex(key_file.db_salt)
    )
    database.execute("PRAGMA user_version = 999")
    database.close()
    parts = {**own_parts(made), "vault.db": (newer / opening.DATABASE).read_bytes()}
    with pytest.raises(StoreError, match="newer version"):
        restore.restore_vault(written(made, tmp_path, parts), back, PASSPHRASE)
    assert names(back.parent) == []


def test_a_note_that_was_changed_is_not_restored(made: Made, tmp_path: Path, back: Path) -> None:
    """By somebody who has all keys but the passphrase: the signature does not fit."""
    forged = tmp_path / "forged"
    shutil.copytree(made.vault, forged)
    key_file, _ = keyfile.read(forged)
    database = Database(
        forged / opening.DATABASE, made.working.database, bytes.fromhex(key_file.db_salt)
    )
    database.execute("DROP TRIGGER notes_no_update")
    database.execute("UPDATE notes SET content = CAST('{}' AS BLOB)")
    database.close()
    parts = {**own_parts(made), "vault.db": (forged / opening.DATABASE).read_bytes()}
    with pytest.raises(BackupUnusable, match="does not match its content hash"):
        restore.restore_vault(written(made, tmp_path, parts), back, PASSPHRASE)
    assert names(back.parent) == []


# ---------------------------------------------------------------- what must


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "no folder"])
def test_a_vault_comes_back_where_there_was_none(
    made: Made, back: Path, passphrase: str, there: bool
) -> None:
    if there:
        back.mkdir(parents=True)
    told = restore.restore_vault(made.file, back, passphrase)
    assert (told.folder, told.clinician) == (back, CLINICIAN)
    assert names(back.parent) == ["vault"]
    assert vault.verify_vault(back, passphrase).problems == ()


def test_by_the_recovery_key_alone_on_an_empty_machine(made: Made, back: Path) -> None:
    key = recovery.from_text(made.recovery.text.lower())
    restore.restore_by_recovery(made.file, back, key, NEW)
    with pytest.raises(WrongPassphrase):
        vault.open_vault(back, PASSPHRASE)
    with vault.open_vault(back, NEW) as store:
        note = store.load(EncounterId("e-signed")).notes[0]
        assert note.version == 1
        acts = [each.act for each in store.audit()]
        assert acts.index(Act.RESTORED) < acts.index(Act.RECOVERY)
    assert vault.verify_vault(back, NEW).problems == ()
    entrances.check_recovery(back, made.recovery)


def test_by_the_clinics_key(made: Made, back: Path) -> None:
    restored_by(made.file, back, made.clinic)
    with vault.open_vault(back, NEW) as store:
        acts = [each.act for each in store.audit()]
    assert acts.index(Act.RESTORED) < acts.index(Act.BREAK_GLASS)
    assert vault.verify_vault(back, NEW).problems == ()


def test_a_backup_of_before_a_rotation_opens_with_the_keys_of_then(
    made: Made, tmp_path: Path, back: Path
) -> None:
    turned = tmp_path / "turned"
    shutil.copytree(made.vault, turned)
    with rotate.rotate_vault(turned, PASSPHRASE, new_passphrase=NEW) as store:
        after = store.backups.make(tmp_path / "after").path
    restore.restore_vault(made.file, back, PASSPHRASE)
    assert vault.verify_vault(back, PASSPHRASE).ok
    with pytest.raises(WrongPassphrase):
        restore.restore_vault(after, tmp_path / "other", PASSPHRASE)
    restore.restore_vault(after, tmp_path / "other", NEW)
    assert vault.verify_vault(tmp_path / "other", NEW).ok


def test_what_was_restored_can_be_worked_with_and_backed_up(
    made: Made, back: Path, make_visit: MakeVisit, sign_note: SignNote, tmp_path: Path
) -> None:
    restore.restore_vault(made.file, back, PASSPHRASE)
    with vault.open_vault(back, PASSPHRASE) as store:
        visit = make_visit("e-after")
        store.save(visit)
        store.sign(visit, sign_note(store, visit))
        again = store.backups.make(tmp_path / "again")
    restore.restore_vault(again.path, tmp_path / "third", PASSPHRASE)
    with vault.open_vault(tmp_path / "third", PASSPHRASE) as store:
        assert audit.verify(store.audit()) is None
        assert [each.act for each in store.audit()].count(Act.RESTORED) == 2


def test_psychotherapy_notes_come_back_by_the_recovery_key(
    tmp_path: Path, passphrase: str, fast: KdfCost, make_visit: MakeVisit
) -> None:
    folder, back = tmp_path / "vault", tmp_path / "back"
    with vault.create_vault(folder, passphrase, clinician="Dr. T", test_cost=fast) as store:
        key = store.access.take_recovery_key()
        store.save(make_visit("e-1"))
        with store.psychotherapy(passphrase) as notes:
            line = notes.write(EncounterId("e-1"), "Speaks of her father.")
        made = store.backups.make(tmp_path / "file", psychotherapy_passphrase=passphrase)
    restore.restore_by_recovery(made.path, back, key, NEW)
    with vault.open_vault(back, NEW) as store, store.psychotherapy(NEW) as notes:
        assert notes.read(line) == "Speaks of her father."
    assert (back / psychotherapy.FOLDER).is_dir()


# ---------------------------------------------------------------- old backups


GOLDEN = Path(__file__).parent / "golden_backups"
OLD = sorted(each.name for each in GOLDEN.glob("schema-*"))


@pytest.mark.parametrize("name", OLD)
def test_a_backup_of_an_old_schema_is_restored_and_brought_to_ours(name: str, back: Path) -> None:
    secret = "golden otters wait in the snow"
    told = restore.restore_vault(GOLDEN / name, back, secret)
    assert (told.visits, told.notes, told.recordings) == (3, 3, 1)
    with vault.open_vault(back, secret) as store:
        assert sorted(each.id for each in store.list()) == ["e-more", "e-open", "e-signed"]
        assert [n.addendum for n in store.load(EncounterId("e-more")).notes] == ["", "CK normal."]
        version = int(store._database.execute("PRAGMA user_version")[0][0])
        assert len(heard(store, "e-open")) == 12_000
    newest = len(list((files_of("scribe.store") / "migrations").iterdir()))
    assert version == newest
    assert vault.verify_vault(back, secret).problems == ()


def test_every_schema_has_its_golden_backup() -> None:
    newest = len(list((files_of("scribe.store") / "migrations").iterdir()))
    assert [f"schema-{number}.scribe-backup" for number in range(1, newest + 1)] == OLD


# ---------------------------------------------------------------- the form


@pytest.mark.parametrize(
    "size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE], ids=lambda size: f"{size} bytes"
)
def test_parts_of_any_size_are_read_as_they_were_written(made: Made, size: int) -> None:
    """Pieces end where they end; parts do not care."""
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    for lead in (0, 1, 200):
        file = BytesIO()
        writer = Writer(file, keyfile.read(made.vault)[0], made.working.backup)
        writer.put("recordings/a.rec", lead, (bytes(lead),))
        writer.put("recordings/b.rec", size, (content,))
        writer.finish()
        reader = Reader(BytesIO(file.getvalue())).unlock(made.working.backup)
        assert b"".join(reader.blocks(reader.next_part()[1])) == bytes(lead)
        name, length = reader.next_part()
        assert (name, b"".join(reader.blocks(length))) == ("recordings/b.rec", content)
        found = reader.manifest(reader.next_part()[1])
        assert [(each.name, each.size) for each in found.parts] == [
            ("recordings/a.rec", lead), ("recordings/b.rec", size),
        ]  # fmt: skip


def test_a_file_that_shrinks_while_it_is_copied_is_told(made: Made) -> None:
    writer = Writer(BytesIO(), keyfile.read(made.vault)[0], made.working.backup)
    with pytest.raises(StoreError, match="changed while it was copied"):
        writer.put("vault.db", 10, (b"short",))


def test_every_name_that_a_vault_has_fits_the_form() -> None:
    for name in (opening.DATABASE, anchor.ANCHOR, "recordings/e-1.rec", "recordings/e-1.12.rec"):
        assert backupfile.PART_NAME.fullmatch(name)
    for name in replica.PSYCHOTHERAPY_FILES:
        assert backupfile.PART_NAME.fullmatch(f"{psychotherapy.FOLDER}/{name}")


# ---------------------------------------------------------------- killed


@pytest.fixture
def few(made: Made) -> Iterator[Path]:
    """A place for many short tries."""
    place = made.vault.parent / "tries"
    place.mkdir()
    yield place
    shutil.rmtree(place)


def test_killed_anywhere_a_restored_vault_is_whole_or_not_there(made: Made, few: Path) -> None:
    whole = 0
    for at in range(1, 500):
        place = few / str(at)
        place.mkdir()
        with dying(place, at):
            restore.restore_vault(made.file, place / "vault", PASSPHRASE)
        ended = acts() < at
        if (place / "vault").exists():
            assert vault.verify_vault(place / "vault", PASSPHRASE).problems == ()
            whole += 1
        if ended:
            break
    assert at > 20
    assert whole >= 1
    assert names(place) == ["vault"]


def test_killed_anywhere_a_backup_is_whole_or_not_there(made: Made, few: Path) -> None:
    for at in range(1, 500):
        place = few / str(at)
        (place / "out").mkdir(parents=True)
        shutil.copytree(made.vault, place / "vault")
        store = vault.open_vault(place / "vault", PASSPHRASE)
        with dying(place, at):
            store.backups.make(place / "out" / "file")
        ended, logged = acts() < at, store.backups.last()
        store.close()
        if (place / "out" / "file").exists():
            restore.restore_vault(place / "out" / "file", place / "back", PASSPHRASE)
        if ended:
            break
        shutil.rmtree(place)
    assert at > 20
    assert logged is not None
    assert names(place / "out") == ["file"]
