"""Psychotherapy notes stay with their author: in no list, export, page or key of the vault."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from scribe import codec, export
from scribe.errors import BadInput, StepRefused, StoreError, VaultDamaged, WrongPassphrase
from scribe.ids import EncounterId
from scribe.records import SignedNote, Visit
from scribe.store import entrances, escrow, keyfile, keys, psychotherapy, rekey, vault
from scribe.store.database import Database
from scribe.store.retention import Rules
from scribe.store.vault import Vault
from tests.store.pages import readable

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
CANARY = "zymurgist-canary-7741"
ONE = EncounterId("e-1")


@pytest.fixture
def mixed(opened: Vault, passphrase: str, make_visit: MakeVisit, sign_note: SignNote) -> Vault:
    """A patient with a signed progress note and a psychotherapy note of the same visit."""
    visit = make_visit(text="Attended. Mood improved.")
    opened.sign(visit, sign_note(opened, visit))
    with opened.psychotherapy(passphrase) as notes:
        notes.write(ONE, f"Says {CANARY}.")
    return opened


def test_it_is_in_nothing_that_the_vault_gives_out(mixed: Vault, tmp_path: Path) -> None:
    visit = mixed.load(ONE)
    given = [
        codec.to_json(visit),
        repr(mixed.list()),
        repr(mixed.audit()),
        repr(mixed.keeping.preview(Rules(notes_years=6), visit.updated.date())),
    ]
    for kind in export.EXPORTERS:
        path = tmp_path / f"note.{kind}"
        export.write(visit.notes[-1], kind, path)
        given.append(path.read_bytes().decode("utf-8", "replace"))
    assert not any(CANARY in each for each in given)
    assert CANARY.encode() not in readable(mixed.folder, mixed._opened.keys.database)
    assert not any(CANARY.encode() in each.read_bytes() for each in files(mixed.folder))


def files(folder: Path) -> list[Path]:
    return [each for each in folder.rglob("*") if each.is_file()]


def test_no_key_of_the_vault_opens_it(mixed: Vault) -> None:
    folder = mixed.folder / psychotherapy.FOLDER
    mine = mixed._opened
    for salt in (mine.key_file.db_salt, keyfile.read(folder)[0].db_salt):
        with pytest.raises(VaultDamaged):
            Database(
                folder / psychotherapy.DATABASE,
                mine.keys.database,
                bytes.fromhex(salt),
                schema=psychotherapy.SCHEMA,
            )


def test_the_clinics_key_never_opens_it(mixed: Vault, folder: Path, passphrase: str) -> None:
    public, private = escrow.new_pair("Clinic")
    mixed.access.add_escrow(passphrase, public)
    mixed.close()
    with entrances.open_emergency(
        folder, private, who="Dr. Duty", why=next(iter(entrances.Emergency))
    ) as store:
        assert store.load(ONE).notes
        with pytest.raises(StepRefused):
            store.psychotherapy(passphrase)


def test_a_slot_for_anybody_else_is_refused(mixed: Vault, passphrase: str) -> None:
    folder = mixed.folder / psychotherapy.FOLDER
    key_file, _ = keyfile.read(folder)
    entry = keys.enter(key_file, passphrase)
    public, _ = escrow.new_pair("Clinic")
    keyfile.write(folder, rekey.with_escrow(key_file, entry.root, public.raw, "Clinic"))
    with pytest.raises(VaultDamaged, match="Somebody else"):
        mixed.psychotherapy(passphrase)


def test_a_wrong_passphrase_opens_nothing_and_is_logged(mixed: Vault) -> None:
    before = len(mixed.audit())
    with pytest.raises(WrongPassphrase):
        mixed.psychotherapy("four loud otters waiting")
    assert [row.act for row in mixed.audit()][before:] == ["failed-unlock"]


def test_the_author_reads_changes_and_deletes(mixed: Vault, passphrase: str) -> None:
    with mixed.psychotherapy(passphrase) as notes:
        (line,) = notes.list(ONE)
        assert notes.read(line.id) == f"Says {CANARY}."
        notes.rewrite(line.id, "Says less.")
        assert notes.read(line.id) == "Says less."
        assert notes.list(EncounterId("e-2")) == ()
        assert CANARY.encode() not in pages(mixed, passphrase)
        notes.delete(line.id)
        assert notes.list(ONE) == ()
        for act in (lambda: notes.read(line.id), lambda: notes.rewrite(line.id, "x")):
            with pytest.raises(StoreError):
                act()
        with pytest.raises(BadInput):
            notes.write(ONE, "  ")
        assert b"Says less." not in pages(mixed, passphrase)


def pages(store: Vault, passphrase: str) -> bytes:
    """The plain bytes of the database of the notes."""
    folder = store.folder / psychotherapy.FOLDER
    key = keys.enter(keyfile.read(folder)[0], passphrase).keys.database
    return readable(folder, key, psychotherapy.DATABASE)


def test_a_changed_passphrase_is_followed(mixed: Vault, passphrase: str) -> None:
    new = "five loud otters sleeping"
    mixed.access.change_passphrase(passphrase, new)
    with pytest.raises(WrongPassphrase):
        mixed.psychotherapy(passphrase)
    with mixed.psychotherapy(new) as notes:
        (line,) = notes.list(ONE)
        assert CANARY in notes.read(line.id)


def test_deleting_the_visit_leaves_the_authors_notes(
    opened: Vault, passphrase: str, make_visit: MakeVisit
) -> None:
    opened.save(replace(make_visit()))
    with opened.psychotherapy(passphrase) as notes:
        notes.write(ONE, "Mine.")
    opened.keeping.delete(ONE)
    with opened.psychotherapy(passphrase) as notes:
        assert len(notes.list(ONE)) == 1
    opened.close()
    assert vault.verify_vault(opened.folder, passphrase).problems == ()
