"""What goes into a vault comes out again, what is signed stays, and nothing lies there readable."""

import base64
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from scribe.errors import (
    BadInput,
    StepRefused,
    StoreError,
    VaultBusy,
    VaultDamaged,
    VaultExists,
    VaultMissing,
    WrongPassphrase,
)
from scribe.ids import EncounterId
from scribe.ports import Store
from scribe.records import Attestation, SignedNote, Visit, VisitState
from scribe.signoff import audit, review
from scribe.signoff.addendum import addendum
from scribe.store import keyfile, vault
from scribe.store.database import Database
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
CANARY = "zymurgist-canary-7741"


def acts(store: Vault) -> list[tuple[str, str]]:
    return [(row.act, row.object_id) for row in store.audit()]


def raw(store: Vault) -> Database:
    """The connection under the vault, for what only a person with the keys and a shell can try."""
    return store._database


def test_the_vault_is_a_store(opened: Vault) -> None:
    store: Store = opened
    assert store.list() == ()


def test_a_visit_comes_back_as_it_was_saved(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    first = make_visit("e-1", "Weak since März. 🙂", minutes=1)
    second = make_visit("e-2", state=VisitState.CONSENTED, minutes=2)
    opened.save(first)
    opened.save(second)
    opened.save(replace(first, state=VisitState.CODED))
    opened.close()
    with vault.open_vault(folder, passphrase) as again:
        assert again.load(EncounterId("e-1")) == replace(first, state=VisitState.CODED)
        assert [each.id for each in again.list()] == ["e-2", "e-1"]
        line = again.list()[0]
        assert (line.patient_label, line.state, line.updated) == (
            "J. D.",
            VisitState.CONSENTED,
            second.updated,
        )
        assert again.clinician == "Dr. A. Rivera"


def test_the_list_is_in_order_of_time_not_of_clocks(opened: Vault, make_visit: MakeVisit) -> None:
    early = replace(make_visit("e-1"), updated=datetime.fromisoformat("2026-03-02T23:00:00+09:00"))
    late = replace(make_visit("e-2"), updated=datetime.fromisoformat("2026-03-02T15:00:00+00:00"))
    opened.save(early)
    opened.save(late)
    assert [each.id for each in opened.list()] == ["e-2", "e-1"]


def test_a_visit_that_is_not_there(opened: Vault) -> None:
    with pytest.raises(StoreError, match="no such visit"):
        opened.load(EncounterId("e-404"))
    assert ("view", "e-404") not in acts(opened)


# ---------------------------------------------------------------- signing


def test_a_signed_note_comes_back_and_still_verifies(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit()
    note = sign_note(opened, visit)
    opened.sign(visit, note)
    public = opened.public_key
    opened.close()
    with vault.open_vault(folder, passphrase) as again:
        kept = again.load(visit.encounter.id)
        assert again.public_key == public
    assert kept.state is VisitState.SIGNED
    assert kept.notes == (note,)
    assert review.verify_note(kept.notes[0], public)


def test_signing_leaves_a_row_for_the_note_and_each_override(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit()
    note = sign_note(opened, visit)
    opened.sign(visit, note)
    rows = [(row.act, row.object_id, row.detail) for row in opened.audit()][-2:]
    assert rows == [
        ("sign", note.id, f"version 1 {note.sha256}"),
        ("override", note.id, "R53.1-07"),
    ]


def test_after_signing_the_visit_is_closed(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit()
    opened.sign(visit, sign_note(opened, visit))
    before = opened.audit()
    with pytest.raises(StepRefused, match="signed"):
        opened.save(make_visit(text="Something else."))
    assert opened.audit() == before
    assert (
        replace(opened.load(visit.encounter.id), notes=(), state=visit.state).draft == visit.draft
    )


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE notes SET content = x'7b7d'",
        "UPDATE notes SET signature = ''",
        "DELETE FROM notes",
        "INSERT OR REPLACE INTO notes SELECT id, visit_id, version, x'7b7d', sha256, signature"
        " FROM notes",
        "INSERT OR REPLACE INTO notes SELECT 'n-2', visit_id, version, content, sha256, signature"
        " FROM notes",
        "UPDATE OR REPLACE notes SET id = 'n-2'",
        "UPDATE visits SET body = '{}'",
        "UPDATE visits SET patient_label = 'X'",
        "UPDATE visits SET state = 'drafted'",
        "DELETE FROM visits",
        "INSERT OR REPLACE INTO visits SELECT id, 'X', date_of_service, template_id, state,"
        " updated, body FROM visits",
        "UPDATE audit SET actor = 'nobody'",
        "DELETE FROM audit WHERE seq = (SELECT max(seq) FROM audit)",
        "INSERT OR REPLACE INTO audit SELECT * FROM audit WHERE seq = 1",
        "INSERT INTO audit VALUES (99, '', '', '', '', '', '', '', '', '', '')",
    ],
)
def test_what_is_signed_or_logged_is_refused_to_sql_as_well(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote, sql: str
) -> None:
    visit = make_visit()
    note = sign_note(opened, visit)
    opened.sign(visit, note)
    with pytest.raises(StepRefused):
        raw(opened).execute(sql)
    assert opened.load(visit.encounter.id).notes == (note,)


def _other_visit(note: SignedNote, visit: Visit) -> tuple[SignedNote, Visit]:
    return note, replace(visit, encounter=replace(visit.encounter, id=EncounterId("e-9")))


def _changed_text(note: SignedNote, visit: Visit) -> tuple[SignedNote, Visit]:
    attestation = replace(note.attestation, signer="Somebody Else")
    return replace(note, attestation=attestation), visit


def _rehashed(note: SignedNote, visit: Visit) -> tuple[SignedNote, Visit]:
    changed = replace(note, attestation=replace(note.attestation, signer="Somebody Else"))
    return replace(changed, sha256=review.content_sha256(changed)), visit


def _unsigned(note: SignedNote, visit: Visit) -> tuple[SignedNote, Visit]:
    return replace(note, signature=""), visit


def _other_transcript(note: SignedNote, visit: Visit) -> tuple[SignedNote, Visit]:
    assert visit.transcript is not None
    return note, replace(visit, transcript=replace(visit.transcript, seconds=99.0))


@pytest.mark.parametrize(
    "tampered", [_other_visit, _changed_text, _rehashed, _unsigned, _other_transcript]
)
def test_a_note_that_is_not_what_was_signed_is_not_stored(
    opened: Vault,
    make_visit: MakeVisit,
    sign_note: SignNote,
    tampered: Callable[[SignedNote, Visit], tuple[SignedNote, Visit]],
) -> None:
    visit = make_visit()
    opened.save(visit)
    before = opened.audit()
    note, shown = tampered(sign_note(opened, visit), visit)
    with pytest.raises(StepRefused):
        opened.sign(shown, note)
    assert opened.audit() == before
    assert opened.load(visit.encounter.id).notes == ()


def test_versions_follow_each_other(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote, passphrase: str
) -> None:
    visit = make_visit()
    note = sign_note(opened, visit)
    stray = sign_note(opened, visit)
    opened.sign(visit, note)
    later = Attestation(
        signer="Ana Rivera",
        credential="MD",
        meaning="addendum",
        at=datetime(2026, 3, 3, 9, tzinfo=UTC),
    )

    def make(digest: str) -> str:
        return opened.sign_digest(digest, passphrase)

    with pytest.raises(StepRefused, match="follow"):
        opened.sign(visit, stray)
    with pytest.raises(StepRefused, match="follow"):
        opened.sign(visit, addendum(stray, "Fits another note.", later, make, opened.log_head()))
    added = addendum(note, "CK was normal.", later, make, opened.log_head())
    opened.sign(visit, added)
    kept = opened.load(visit.encounter.id)
    assert kept.notes == (note, added)
    assert kept.state is VisitState.AMENDED
    assert kept.updated == later.at
    assert vault_is_sound(opened, passphrase)


def vault_is_sound(store: Vault, passphrase: str) -> bool:
    store.close()
    return vault.verify_vault(store.folder, passphrase).problems == ()


def test_signing_asks_for_the_passphrase_each_time_and_logs_a_wrong_one(opened: Vault) -> None:
    with pytest.raises(WrongPassphrase):
        opened.sign_digest("00" * 32, "four loud otters waiting")
    row = opened.audit()[-1]
    assert (row.act, row.detail) == ("failed-unlock", "signing")


# ---------------------------------------------------------------- unlocking


def test_a_wrong_passphrase_is_refused_and_told_at_the_next_unlock(
    opened: Vault, folder: Path, passphrase: str, clock: FakeClock
) -> None:
    opened.close()
    for _ in range(3):
        clock.passes(10)
        with pytest.raises(WrongPassphrase) as caught:
            vault.open_vault(folder, "four loud otters waiting", clock=clock)
        assert "otters" not in str(caught.value)
    clock.passes(10)
    with vault.open_vault(folder, passphrase, clock=clock) as again:
        row = again.audit()[-2]
        assert (row.act, row.detail[:10]) == ("failed-unlock", "3, last at")
    with vault.open_vault(folder, passphrase) as again:
        assert [row.act for row in again.audit()].count("failed-unlock") == 1


def test_a_second_opening_is_refused_and_changes_nothing(
    opened: Vault, folder: Path, passphrase: str
) -> None:
    for act in (vault.open_vault, vault.verify_vault):
        with pytest.raises(VaultBusy):
            act(folder, passphrase)
        with pytest.raises(VaultBusy):
            act(folder, "not even the right one")
    opened.close()
    with vault.open_vault(folder, passphrase) as again:
        assert acts(again) == [("create", "vault"), ("unlock", "vault")]


def test_a_locked_vault_says_so(opened: Vault, make_visit: MakeVisit) -> None:
    opened.close()
    opened.close()
    for act in (opened.list, opened.audit, lambda: opened.save(make_visit())):
        with pytest.raises(StoreError, match="locked"):
            act()


def test_nothing_is_ever_overwritten(
    opened: Vault, folder: Path, tmp_path: Path, passphrase: str, fast: KdfCost
) -> None:
    opened.close()
    with pytest.raises(VaultExists):
        vault.create_vault(folder, passphrase, clinician="B", test_cost=fast)
    with vault.open_vault(folder, passphrase) as again:
        assert again.clinician == "Dr. A. Rivera"
    full = tmp_path / "full"
    full.mkdir()
    (full / "letter.txt").write_text("mine")
    with pytest.raises(VaultExists, match="not empty"):
        vault.create_vault(full, passphrase, clinician="B", test_cost=fast)
    assert [each.name for each in full.iterdir()] == ["letter.txt"]


def test_a_refused_creation_leaves_nothing(
    folder: Path, tmp_path: Path, passphrase: str, fast: KdfCost
) -> None:
    for words, name in (("short", "A"), (passphrase, "  ")):
        with pytest.raises(BadInput):
            vault.create_vault(folder, words, clinician=name, test_cost=fast)
    assert not folder.exists()
    assert [each.name for each in tmp_path.iterdir() if each.name != "home"] == []


def test_an_empty_folder_becomes_a_private_vault(
    folder: Path, passphrase: str, fast: KdfCost
) -> None:
    folder.mkdir(mode=0o755)
    assert not vault.exists(folder)
    vault.create_vault(folder, passphrase, clinician="A", test_cost=fast).close()
    assert vault.exists(folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {each.stat().st_mode & 0o777 for each in folder.iterdir()} == {0o600}


def test_there_is_no_vault_here(folder: Path, passphrase: str) -> None:
    for act in (vault.open_vault, vault.verify_vault):
        with pytest.raises(VaultMissing):
            act(folder, passphrase)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("accident", "said"),
    [
        pytest.param(lambda f: (f / "vault.db").unlink(), "missing", id="no database"),
        pytest.param(lambda f: (f / "vault.db").write_bytes(b""), "empty", id="emptied"),
        pytest.param(
            lambda f: (f / "vault.db").write_bytes(b"SQLite format 3\x00" + bytes(4080)),
            "not encrypted",
            id="a plaintext database",
        ),
        pytest.param(lambda f: (f / "vault.db").write_bytes(b"x" * 8192), "damaged", id="junk"),
        pytest.param(
            lambda f: [each.unlink() for each in f.glob("vault.key*")],
            "key file of this vault is missing",
            id="no key file",
        ),
    ],
)
def test_a_vault_that_lost_a_part_is_damaged(
    opened: Vault, folder: Path, passphrase: str, accident: Callable[[Path], Any], said: str
) -> None:
    opened.close()
    accident(folder)
    with pytest.raises(VaultDamaged, match=said):
        vault.open_vault(folder, passphrase)


def test_a_damaged_key_file_is_restored_and_logged(
    opened: Vault, folder: Path, passphrase: str
) -> None:
    opened.close()
    (folder / keyfile.CURRENT).write_bytes(b"{}")
    with vault.open_vault(folder, passphrase) as again:
        assert again.audit()[-1].detail == "key file restored"
    assert keyfile.read(folder)[1] is False


def test_a_newer_database_is_refused_and_left_alone(
    opened: Vault, folder: Path, passphrase: str
) -> None:
    raw(opened).execute("PRAGMA user_version = 99")
    opened.close()
    before = (folder / "vault.db").read_bytes()
    with pytest.raises(StoreError, match="newer version") as caught:
        vault.open_vault(folder, passphrase)
    assert not isinstance(caught.value, VaultDamaged)
    assert (folder / "vault.db").read_bytes() == before


# ---------------------------------------------------------------- recordings and the log


def test_each_recording_has_a_key_of_its_own_that_lasts(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    first, second = EncounterId("e-1"), EncounterId("e-2")
    opened.save(make_visit("e-1"))
    opened.save(make_visit("e-2"))
    key = opened.audio_key(first)
    assert len(key) == 32
    assert opened.audio_key(second) != key
    opened.close()
    assert key not in (folder / "vault.db").read_bytes()
    with vault.open_vault(folder, passphrase) as again:
        assert again.audio_key(first) == key


def test_a_recording_lies_inside_the_vault(opened: Vault, folder: Path) -> None:
    path = opened.recording_path(EncounterId("e-1"))
    assert path == folder / "recordings" / "e-1.rec"
    assert path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", ".", "e-1\n", "e" * 65, "e 1", "é"])
def test_an_identifier_never_leads_elsewhere(
    opened: Vault, make_visit: MakeVisit, name: str
) -> None:
    for act in (
        lambda: opened.recording_path(EncounterId(name)),
        lambda: opened.audio_key(EncounterId(name)),
        lambda: opened.save(make_visit(name)),
    ):
        with pytest.raises(BadInput):
            act()


def test_every_act_leaves_its_row(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit()
    opened.save(visit)
    opened.save(visit)
    opened.load(visit.encounter.id)
    opened.list()
    note = sign_note(opened, visit)
    opened.sign(visit, note)
    opened.record(audit.Act.EXPORT, note.id, "text")
    assert acts(opened) == [
        ("create", "vault"),
        ("consent-given", "e-1"),
        ("create", "e-1"),
        ("edit", "e-1"),
        ("view", "e-1"),
        ("view", "vault"),
        ("edit", "e-1"),
        ("sign", note.id),
        ("override", note.id),
        ("export", note.id),
    ]
    rows = opened.audit()
    assert audit.verify(rows) is None
    assert {row.actor for row in rows} == {"Dr. A. Rivera"}
    assert all(row.at.utcoffset() is not None for row in rows)


def test_no_patient_text_in_the_log(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit(text=f"Says {CANARY}.", label=CANARY)
    opened.save(visit)
    opened.list()
    opened.sign(visit, sign_note(opened, visit))
    assert CANARY not in repr(opened.audit())


def test_one_thread_after_the_other_may_use_it(opened: Vault, make_visit: MakeVisit) -> None:
    names = [f"e-{number}" for number in range(8)]
    threads = [threading.Thread(target=opened.save, args=(make_visit(name),)) for name in names]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(each.id for each in opened.list()) == names
    assert audit.verify(opened.audit()) is None


# ---------------------------------------------------------------- nothing readable


def spellings(text: str) -> Iterator[bytes]:
    """How a text may lie in a file: UTF-8, UTF-16, and base64 at each of its three shifts."""
    yield text.encode()
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")
    for shift in range(3):
        coded = base64.b64encode(b" " * shift + text.encode())[4 if shift else 0 : -4]
        assert len(coded) >= 8, "too short to tell from chance"
        yield coded


def readable(folder: Path, *texts: str) -> list[str]:
    return [
        f"{path.name}: {text}"
        for path in folder.rglob("*")
        if path.is_file()
        for text in texts
        for spelling in spellings(text)
        if spelling in path.read_bytes()
    ]


@pytest.mark.parametrize("number", range(6))
def test_the_search_for_readable_text_would_find_it(tmp_path: Path, number: int) -> None:
    hidden = [
        CANARY.encode(),
        CANARY.encode("utf-16-le"),
        CANARY.encode("utf-16-be"),
        base64.b64encode(CANARY.encode() + b"!!"),
        base64.b64encode(b"x" + CANARY.encode() + b"yz"),
        base64.b64encode(b"xy" + CANARY.encode() + b"z"),
    ][number]
    (tmp_path / "leak").write_bytes(b"\x00\x01" + hidden + b"\x02")
    assert readable(tmp_path, CANARY)


def test_nothing_in_the_folder_can_be_read(
    opened: Vault, folder: Path, passphrase: str, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    secret = f"Says {CANARY}."
    visit = make_visit(text=secret, label=f"label {CANARY}")
    opened.save(visit)
    opened.save(make_visit("e-2", text=f"{secret} " * 2000))
    opened.sign(visit, sign_note(opened, visit))
    key = opened.audio_key(visit.encounter.id)
    private = opened._opened.keys
    assert (folder / "vault.db-wal").stat().st_size > 0
    searched = (
        CANARY,
        passphrase,
        "Dr. A. Rivera",
        "No cause was found",
        key.hex(),
        private.database.hex(),
    )
    assert readable(folder, *searched) == []
    opened.close()
    assert readable(folder, *searched) == []
    for path in folder.iterdir():
        data = path.read_bytes()
        assert b"SQLite format 3" not in data
        assert key not in data
        assert private.database not in data
