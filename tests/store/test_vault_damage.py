"""Damage and tampering are found: flipped bytes, pages put back, rows changed by someone with the
key and a shell.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scribe.errors import VaultDamaged
from scribe.ids import EncounterId
from scribe.records import SignedNote, Visit
from scribe.store import vault
from scribe.store.vault import Vault, VaultReport

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
PAGE = 4096


@dataclass(frozen=True, kw_only=True)
class Seen:
    """Everything that can be read out of a vault."""

    visits: tuple[Visit, ...]
    rows: int


def sound(folder: Path, passphrase: str) -> VaultReport | None:
    """The report, or None when the vault was refused as damaged at the door."""
    try:
        return vault.verify_vault(folder, passphrase)
    except VaultDamaged:
        return None


@pytest.fixture
def filled(opened: Vault, folder: Path, make_visit: MakeVisit, sign_note: SignNote) -> Path:
    """A closed vault with two signed notes and one open visit."""
    for name in ("e-1", "e-2"):
        visit = make_visit(name, text=f"Weak since Monday, says {name}. " * 60)
        opened.save(visit)
        opened.sign(visit, sign_note(opened, visit))
    opened.save(make_visit("e-3", text="First words. " * 120))
    opened.close()
    return folder


def test_a_vault_that_nobody_touched_is_sound(filled: Path, passphrase: str) -> None:
    report = vault.verify_vault(filled, passphrase)
    assert report == VaultReport(visits=3, notes=2, audit_rows=13, problems=())
    with vault.open_vault(filled, passphrase) as again:
        assert [row.act for row in again.audit()][-2:] == ["verify", "unlock"]


def test_one_changed_bit_in_any_page_is_found(filled: Path, passphrase: str) -> None:
    path = filled / "vault.db"
    whole = path.read_bytes()
    missed = []
    for page in range(len(whole) // PAGE):
        # the salt or ciphertext, the middle, the initialisation vector, the authentication code
        for offset in (0, 16, 2000, PAGE - 80, PAGE - 1):
            changed = bytearray(whole)
            changed[page * PAGE + offset] ^= 1
            path.write_bytes(changed)
            report = sound(filled, passphrase)
            if report is not None and report.ok:
                missed.append((page + 1, offset))
    assert missed == []


@pytest.mark.parametrize("lost", [1, 100, PAGE, 3 * PAGE])
def test_a_shortened_database_is_found(filled: Path, passphrase: str, lost: int) -> None:
    path = filled / "vault.db"
    path.write_bytes(path.read_bytes()[:-lost])
    report = sound(filled, passphrase)
    assert report is None or not report.ok


def test_a_page_put_back_is_found_or_changes_nothing(
    filled: Path, passphrase: str, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    """SQLCipher accepts an older page at its old place; the log, the marks and hashes do not."""
    path = filled / "vault.db"
    before = path.read_bytes()
    with vault.open_vault(filled, passphrase) as again:
        visit = make_visit("e-3", text="Last words.. " * 120)
        again.save(visit)
        again.sign(visit, sign_note(again, visit))
    after = path.read_bytes()
    newest = read_out(filled, passphrase)
    pages = [
        number
        for number in range(len(before) // PAGE)
        if page(before, number) != page(after, number)
    ]
    found = 0
    for number in pages:
        path.write_bytes(
            after[: number * PAGE] + page(before, number) + after[(number + 1) * PAGE :]
        )
        report = sound(filled, passphrase)
        if report is None or not report.ok:
            found += 1
        else:
            assert read_out(filled, passphrase).visits == newest.visits
    assert len(pages) >= 4
    assert found >= 3


def page(data: bytes, number: int) -> bytes:
    return data[number * PAGE : (number + 1) * PAGE]


def read_out(folder: Path, passphrase: str) -> Seen:
    with vault.open_vault(folder, passphrase) as store:
        visits = tuple(store.load(each.id) for each in store.list())
        return Seen(visits=visits, rows=len(store.audit()))


TAMPERING = {
    "note text": (
        "UPDATE notes SET content = CAST(replace(CAST(content AS TEXT), 'Monday', 'Friday')"
        " AS BLOB) WHERE visit_id = 'e-1'",
        "does not match its content hash",
    ),
    "note hash": ("UPDATE notes SET sha256 = '00' WHERE visit_id = 'e-1'", "content hash"),
    "signature of another note": (
        "UPDATE notes SET signature = (SELECT signature FROM notes WHERE visit_id = 'e-2')"
        " WHERE visit_id = 'e-1'",
        "does not carry a valid signature",
    ),
    "no signature": ("UPDATE notes SET signature = ''", "does not carry a valid signature"),
    "note moved to another visit": (
        "UPDATE notes SET visit_id = 'e-3' WHERE visit_id = 'e-1'",
        "lies under another number",
    ),
    "note deleted": ("DELETE FROM notes WHERE visit_id = 'e-2'", "no longer in the vault"),
    "visit text": (
        "UPDATE visits SET body = replace(body, 'First', 'Other') WHERE id = 'e-3'",
        "visit e-3 is not what the audit log says",
    ),
    "visit state": ("UPDATE visits SET state = 'coded' WHERE id = 'e-1'", "visit e-1 is listed"),
    "state of an open visit": (
        "UPDATE visits SET state = 'signed' WHERE id = 'e-3'",
        "visit e-3 is listed",
    ),
    "patient label": ("UPDATE visits SET patient_label = 'X' WHERE id = 'e-2'", "visit e-2 is"),
    "visit deleted": ("DELETE FROM visits WHERE id = 'e-3'", "visit e-3 is in the audit log and"),
    "log row changed": ("UPDATE audit SET actor = 'nobody' WHERE seq = 4", "audit row 4 was"),
    "log row deleted": ("DELETE FROM audit WHERE seq = 4", "audit row 4 is missing"),
    "first log row deleted": ("DELETE FROM audit WHERE seq = 1", "audit row 1 is missing"),
    "log rows exchanged": (
        "UPDATE audit SET seq = CASE seq WHEN 3 THEN -4 WHEN 4 THEN -3 END WHERE seq IN (3, 4);"
        "UPDATE audit SET seq = -seq WHERE seq < 0",
        "audit row 3",
    ),
    "time of a log row": ("UPDATE audit SET at = 'noon' WHERE seq = 2", "time of audit row 2"),
    "mark of a log row": ("UPDATE audit SET mac = '' WHERE seq = 5", "audit row 5 was not written"),
    "log cut before a signature": ("DELETE FROM audit WHERE seq >= 8", "audit log says"),
}


@pytest.mark.parametrize(("sql", "said"), TAMPERING.values(), ids=TAMPERING)
def test_tampering_with_the_key_in_hand_is_named(
    filled: Path, passphrase: str, sql: str, said: str
) -> None:
    with vault.open_vault(filled, passphrase) as again:
        database = again._database
        database.execute("PRAGMA foreign_keys = OFF")
        for (trigger,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            database.execute(f"DROP TRIGGER {trigger}")
        for statement in sql.split(";"):
            database.execute(statement)
    report = vault.verify_vault(filled, passphrase)
    assert not report.ok
    assert any(said in each for each in report.problems), report.problems
    assert "Monday" not in repr(report)
    assert "words" not in repr(report)


def test_a_bad_report_leaves_the_vault_as_it_is(filled: Path, passphrase: str) -> None:
    with vault.open_vault(filled, passphrase) as again:
        again._database.execute("UPDATE visits SET body = '{}' WHERE id = 'e-3'")
        with pytest.raises(VaultDamaged):
            again.load(EncounterId("e-3"))
        rows = len(again.audit())
    before = (filled / "vault.db").read_bytes()
    report = vault.verify_vault(filled, passphrase)
    assert not report.ok
    assert report.audit_rows == rows
    assert (filled / "vault.db").read_bytes() == before


# ---------------------------------------------------------------- the anchor


def test_an_older_copy_of_the_database_is_noticed(
    filled: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    older = (filled / "vault.db").read_bytes()
    with vault.open_vault(filled, passphrase) as again:
        for number in range(4, 20):
            again.save(make_visit(f"e-{number}"))
    (filled / "vault.db").write_bytes(older)
    for _ in range(2):
        # opening and closing it must not write over the evidence
        vault.open_vault(filled, passphrase).close()
        report = vault.verify_vault(filled, passphrase)
        assert any("does not reach it" in each for each in report.problems)


def test_another_history_of_the_same_length_is_noticed(
    filled: Path, passphrase: str, make_visit: MakeVisit
) -> None:
    older = {path: path.read_bytes() for path in filled.iterdir()}
    with vault.open_vault(filled, passphrase) as again:
        again.save(make_visit("e-4"))
    kept = (filled / "vault.anchor").read_bytes()
    for path, content in older.items():
        path.write_bytes(content)
    with vault.open_vault(filled, passphrase) as again:
        again.save(make_visit("e-5"))
    (filled / "vault.anchor").write_bytes(kept)
    report = vault.verify_vault(filled, passphrase)
    assert report.problems == ("audit row 16 is not the one that was anchored",)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="gone"),
        pytest.param(b"", id="empty"),
        pytest.param(b"{" * 2000, id="deep"),
        pytest.param(b'{"mark":"","seq":0,"sha256":""}', id="forged"),
        pytest.param('{"mark":"é","seq":1,"sha256":""}'.encode(), id="forged in another script"),
    ],
)
def test_a_lost_or_forged_anchor_is_noticed(
    filled: Path, passphrase: str, content: bytes | None
) -> None:
    path = filled / "vault.anchor"
    path.unlink() if content is None else path.write_bytes(content)
    report = vault.verify_vault(filled, passphrase)
    assert len(report.problems) == 1
    assert report.problems[0].startswith("the anchor of the audit log")
