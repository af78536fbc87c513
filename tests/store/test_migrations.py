"""A vault of every schema there ever was opens with everything in it; a newer one is left alone."""

import shutil
from importlib.resources import files
from pathlib import Path

import pytest

from scribe.audio import recording
from scribe.ids import EncounterId
from scribe.records import ReviewMarks, VisitState
from scribe.signoff import audit, review
from scribe.store import vault
from scribe.store.vault import Vault

GOLDEN = Path(__file__).parent / "golden"
PASSPHRASE = "golden otters wait in the snow"
VERSIONS = sorted(each.name for each in GOLDEN.iterdir() if each.name.startswith("v"))
NEWEST = len(list((files("scribe.store") / "migrations").iterdir()))


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of the golden vault of one schema."""
    folder = tmp_path / "old"
    shutil.copytree(GOLDEN / str(request.param), folder)
    return folder


def version(store: Vault) -> int:
    return int(store._database.execute("PRAGMA user_version")[0][0])


def test_every_schema_but_the_newest_has_its_golden_vault() -> None:
    older = [each for each in VERSIONS if each != f"v{NEWEST}"]
    assert older == [f"v{number}" for number in range(1, NEWEST)]


def test_an_old_vault_opens_with_everything_in_it(old: Path) -> None:
    with vault.open_vault(old, PASSPHRASE) as store:
        assert version(store) == NEWEST
        assert sorted(each.id for each in store.list()) == ["e-more", "e-open", "e-signed"]
        whole = store.load(EncounterId("e-open"))
        assert whole.consent is not None
        assert whole.transcript is not None
        assert whole.transcript.utterances[0].text == "Weak, März 🙂."
        assert (whole.arrivals, whole.withdrawals, whole.marks) == ((), (), ReviewMarks())
        more = store.load(EncounterId("e-more"))
        assert more.state is VisitState.AMENDED
        assert [each.addendum for each in more.notes] == ["", "CK normal."]
        path, key = store.recording_path(whole.encounter.id), store.audio_key(whole.encounter.id)
        assert recording.inspect(path, key).seconds == pytest.approx(0.75)
        assert audit.verify(store.audit()) is None
    assert vault.verify_vault(old, PASSPHRASE).problems == ()


def test_a_note_of_an_old_vault_still_verifies_and_can_be_added_to(old: Path) -> None:
    with vault.open_vault(old, PASSPHRASE) as store:
        note = store.load(EncounterId("e-signed")).notes[0]
        assert (note.log_seq, note.correction, note.seen_omissions) == (0, "", ())
        corrected = review.sign(
            note.coded,
            transcript=None,
            overrides=note.overrides,
            seen_unsupported=(),
            attestation=note.attestation,
            models=note.models,
            make_signature=lambda digest: store.sign_digest(digest, PASSPHRASE),
            previous=note,
            correction="The wrong arm was named.",
            log=store.log_head(),
        )
        store.sign(store.load(EncounterId("e-signed")), corrected)
        first, second = store.load(EncounterId("e-signed")).notes
        assert first == note
        assert second.correction
    assert vault.verify_vault(old, PASSPHRASE).problems == ()


def test_rows_written_from_now_on_say_who_and_where(old: Path) -> None:
    with vault.open_vault(old, PASSPHRASE) as store:
        rows = store.audit()
        assert rows[0].user == ""
        assert rows[-1].user.startswith("u-")
        assert rows[-1].install.startswith("i-")


def test_a_vault_is_migrated_once(old: Path) -> None:
    with vault.open_vault(old, PASSPHRASE) as store:
        user = store.audit()[-1].user
    with vault.open_vault(old, PASSPHRASE) as store:
        assert version(store) == NEWEST
        assert store.audit()[-1].user == user
