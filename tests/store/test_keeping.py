"""What is deleted is gone, what must be kept stays, and a legal hold wins over everything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from scribe import session
from scribe.audio import recording
from scribe.errors import BadInput, ConsentNeeded, StepRefused, StoreError, VaultDamaged
from scribe.ids import EncounterId
from scribe.records import Arrival, SignedNote, Visit, VisitState
from scribe.store import vault
from scribe.store.retention import Kind, Rules
from scribe.store.vault import Vault
from tests.store.pages import readable

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]
CANARY = "zymurgist-canary-7741"
ONE = EncounterId("e-1")
LATER = date(2033, 1, 1)


def record(store: Vault, visit: Visit) -> Path:
    """A second and a half of sound, in two files as after an interruption."""
    path, key = store.recording_path(visit.encounter.id), store.audio_key(visit.encounter.id)
    for seconds in (1.0, 0.5):
        with recording.RecordingWriter(recording.next_part(path), key) as tape:
            tape.append(np.full(int(seconds * 16_000), 0.25, dtype=np.float32))
    return path


def plain(store: Vault) -> bytes:
    return readable(store.folder, store._opened.keys.database)


def acts(store: Vault) -> list[str]:
    return [row.act for row in store.audit()]


def sound(store: Vault, passphrase: str) -> tuple[str, ...]:
    store.close()
    return vault.verify_vault(store.folder, passphrase).problems


# ---------------------------------------------------------------- what must not happen


def test_no_key_for_a_recording_without_consent(opened: Vault, make_visit: MakeVisit) -> None:
    with pytest.raises(StoreError, match="no such visit"):
        opened.audio_key(ONE)
    bare = replace(make_visit(), consent=None, transcript=None, state=VisitState.NEW)
    opened.save(bare)
    with pytest.raises(ConsentNeeded):
        opened.audio_key(ONE)
    came = replace(make_visit(), arrivals=(Arrival(role="nurse", at=bare.updated),))
    opened.save(came)
    with pytest.raises(ConsentNeeded):
        opened.audio_key(ONE)
    assert "recording-key" not in acts(opened)
    opened.save(make_visit())
    assert len(opened.audio_key(ONE)) == 32


@pytest.mark.parametrize("state", [VisitState.TRANSCRIBED, VisitState.REVIEWED])
def test_what_was_heard_without_consent_is_not_kept(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote, state: VisitState
) -> None:
    unasked = replace(make_visit(state=state), consent=None)
    with pytest.raises(ConsentNeeded):
        opened.save(unasked)
    with pytest.raises(ConsentNeeded):
        opened.sign(unasked, sign_note(opened, unasked))
    assert opened.list() == ()


def test_a_signed_note_is_not_deleted(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    opened.sign(make_visit(), sign_note(opened, make_visit()))
    with pytest.raises(StepRefused):
        opened.keeping.delete(ONE)
    assert opened.load(ONE).notes


@pytest.mark.parametrize(
    "day",
    [date(2026, 3, 2), date(2032, 3, 1), date(1999, 1, 1)],
    ids=["the same day", "a day short of six years", "a clock far behind"],
)
def test_the_database_itself_refuses_a_disposal_before_six_years(
    opened: Vault, make_visit: MakeVisit, sign_note: SignNote, day: date
) -> None:
    opened.sign(make_visit(), sign_note(opened, make_visit()))
    with pytest.raises(StepRefused, match="six years"):
        opened._database.execute(
            "INSERT INTO disposals VALUES ('e-1', ?, 'because')", (day.isoformat(),)
        )
    with pytest.raises(StepRefused):
        opened._database.execute("DELETE FROM notes")


def test_a_hold_wins(opened: Vault, make_visit: MakeVisit, sign_note: SignNote) -> None:
    visit = make_visit()
    opened.save(visit)
    path = record(opened, visit)
    opened.keeping.hold(ONE, "letter of the court")
    opened.sign(visit, sign_note(opened, visit))
    rules = Rules(notes_years=6)
    assert opened.keeping.preview(rules, LATER) == ()
    for act in (
        lambda: opened.keeping.shred(ONE, "test"),
        lambda: opened.keeping.delete(ONE),
        lambda: opened._database.execute("DELETE FROM audio_keys"),
        lambda: opened._database.execute("INSERT INTO disposals VALUES ('e-1', '2040-01-01', '')"),
    ):
        with pytest.raises(StepRefused):
            act()
    opened.keeping.apply(rules, LATER)
    assert path.exists()
    opened.keeping.release(ONE)
    kinds = [each.kind for each in opened.keeping.apply(rules, LATER)]
    assert kinds == [Kind.RECORDING, Kind.NOTES]
    assert not path.exists()
    assert [a for a in acts(opened) if a in ("hold", "release")] == ["hold", "release"]


def test_a_hold_needs_a_reason_and_a_visit(opened: Vault, make_visit: MakeVisit) -> None:
    opened.save(make_visit())
    with pytest.raises(BadInput):
        opened.keeping.hold(ONE, " ")
    with pytest.raises(StoreError):
        opened.keeping.hold(EncounterId("e-404"), "why")
    with pytest.raises(StoreError):
        opened.keeping.release(ONE)


# ---------------------------------------------------------------- a consent taken back


def test_a_withdrawn_consent_destroys_what_was_heard(
    opened: Vault, passphrase: str, make_visit: MakeVisit
) -> None:
    visit = make_visit(text=f"Says {CANARY}.", state=VisitState.CODED)
    opened.save(visit)
    path = record(opened, visit)
    key = opened.audio_key(ONE)
    noise = path.read_bytes()
    assert recording.inspect(path, key).seconds == pytest.approx(1.0)
    assert CANARY.encode() in plain(opened)

    opened.withdraw(session.withdraw(visit, "patient", visit.updated))

    assert list((opened.folder / "recordings").iterdir()) == []
    assert CANARY.encode() not in plain(opened)
    assert opened._database.execute("SELECT * FROM audio_keys") == []
    kept = opened.load(ONE)
    assert (kept.state, kept.consent, kept.transcript) == (VisitState.WITHDRAWN, None, None)
    assert acts(opened)[-4:] == ["consent-withdrawn", "edit", "shred", "view"]
    # a copy of the file that somebody took is noise: no key of this vault opens it any more
    path.write_bytes(noise)
    with pytest.raises(ConsentNeeded):
        opened.audio_key(ONE)
    opened.save(session.agree(kept, visit.consent))  # type: ignore[arg-type]  # make_visit gives one
    assert opened.audio_key(ONE) != key
    with pytest.raises(VaultDamaged, match="does not fit"):
        recording.inspect(path, opened.audio_key(ONE))
    assert sound(opened, passphrase) == ()


def test_a_hold_keeps_the_recording_of_a_withdrawn_consent(
    opened: Vault, make_visit: MakeVisit
) -> None:
    visit = make_visit()
    opened.save(visit)
    path = record(opened, visit)
    opened.keeping.hold(ONE, "letter of the court")
    opened.withdraw(session.withdraw(visit, "patient", visit.updated))
    assert path.exists()
    assert opened.audit()[-1].detail == "consent withdrawn, recording kept"


# ---------------------------------------------------------------- deletion and retention


def test_a_deleted_visit_is_out_of_the_file_and_its_log(
    opened: Vault, passphrase: str, make_visit: MakeVisit
) -> None:
    for name in ("e-1", "e-2"):
        opened.save(make_visit(name, text=f"Says {CANARY}. " * 300, label=CANARY))
    opened.save(make_visit("e-3", text="Somebody else. " * 300))
    path = record(opened, opened.load(ONE))
    assert CANARY.encode() in plain(opened)
    opened.keeping.delete(ONE)
    opened.keeping.delete(EncounterId("e-2"))
    assert not path.exists()
    assert CANARY.encode() not in plain(opened)
    assert b"Somebody else." in plain(opened)
    assert (opened.folder / "vault.db-wal").stat().st_size == 0
    assert [each.id for each in opened.list()] == ["e-3"]
    with pytest.raises(StoreError):
        opened.keeping.delete(ONE)
    assert sound(opened, passphrase) == ()


def test_after_signing_a_recording_goes_and_the_note_stays(
    opened: Vault, passphrase: str, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit()
    opened.save(visit)
    path = record(opened, visit)
    today = date(2026, 3, 2)
    assert opened.keeping.preview(Rules(), today) == ()
    opened.sign(visit, sign_note(opened, visit))
    (only,) = opened.keeping.preview(Rules(), today)
    assert (only.kind, only.visit) == (Kind.RECORDING, "e-1")
    assert path.exists(), "a preview removes nothing"
    assert opened.keeping.preview(Rules(recording_days=30), today) == ()
    assert opened.keeping.apply(Rules(), today) == (only,)
    assert not path.exists()
    assert opened.load(ONE).notes
    assert opened.keeping.apply(Rules(), LATER + timedelta(days=9999)) == ()
    assert sound(opened, passphrase) == ()


def test_a_note_past_its_years_goes_whole_and_leaves_its_rows(
    opened: Vault, passphrase: str, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    visit = make_visit(text=f"Says {CANARY}.")
    note = sign_note(opened, visit)
    opened.sign(visit, note)
    opened.sign(opened.load(ONE), sign_note(opened, visit, previous=note))
    opened.save(make_visit("e-2"))
    rows = len(opened.audit())
    assert opened.keeping.preview(Rules(notes_years=6), date(2032, 3, 1)) == ()
    (gone,) = opened.keeping.apply(Rules(notes_years=6), date(2032, 3, 2))
    assert gone.kind is Kind.NOTES
    assert [each.id for each in opened.list()] == ["e-2"]
    assert CANARY.encode() not in plain(opened)
    assert acts(opened)[rows : rows + 4] == ["delete", "delete", "delete", "retention"]
    assert sound(opened, passphrase) == ()


def test_a_deletion_without_its_row_is_noticed(
    opened: Vault, passphrase: str, make_visit: MakeVisit, sign_note: SignNote
) -> None:
    opened.sign(make_visit(), sign_note(opened, make_visit()))
    opened._database.execute("INSERT INTO disposals VALUES ('e-1', '2040-01-01', '')")
    opened._database.execute("DELETE FROM notes")
    opened._database.execute("DELETE FROM visits")
    problems = sound(opened, passphrase)
    assert any("visit e-1 is in the audit log and no longer" in each for each in problems)
    assert any("note " in each and "no longer" in each for each in problems)


def test_a_recording_that_nobody_can_open_any_more_is_swept_away(
    opened: Vault, make_visit: MakeVisit
) -> None:
    opened.save(make_visit())
    path = record(opened, make_visit())
    stray = path.with_name("e-gone.2.rec")
    stray.write_bytes(b"noise")
    other = path.with_name("notes.txt")
    other.write_bytes(b"not ours")
    opened.keeping.sweep()
    assert not stray.exists()
    assert other.exists()
    assert len(recording.parts(path)) == 2
