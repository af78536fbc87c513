"""What a program of ours does to a vault, one act each, in a process that can be watched, cut off
or killed: `python -m tests.security.acts ACT FOLDER`. Each line it prints is a promise to its user.
"""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from scribe import errors
from scribe.audio.recording import RecordingWriter
from scribe.consent import wording
from scribe.ids import EncounterId, ModelId, StatementId, TemplateId, UtteranceId
from scribe.records import (
    SAMPLE_RATE,
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Consent,
    Draft,
    Encounter,
    Section,
    SignedNote,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
    Visit,
    VisitState,
)
from scribe.signoff import review
from scribe.store import rotate, vault
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault

PASSPHRASE = "four quiet otters waiting"
NEW_PASSPHRASE = "nine loud herons leaving"
GOLDEN_PASSPHRASE = "golden otters wait in the snow"
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
AGREED = Consent(
    given_by="patient",
    at=NOON,
    wording_version=wording.current(wording.RECORDING).version,
    present=("patient",),
)
SAID = "Weak on both sides since Monday. " * 40


def visit(name: str, said: str = SAID, label: str = "J. D.") -> Visit:
    """A visit ready to be signed."""
    heard = Utterance(
        id=UtteranceId("u1"),
        speaker=Speaker.PATIENT,
        start=0.0,
        end=9.0,
        text=said,
        confidence=0.9,
        words=(),
    )
    sentence = Statement(
        id=StatementId("s1"),
        section=Section.SUBJECTIVE,
        heading="History",
        text=said,
        evidence=(heard.id,),
        support=Support.SUPPORTED,
    )
    return Visit(
        encounter=Encounter(
            id=EncounterId(name), date_of_service=NOON.date(), patient_label=label, age=61
        ),
        state=VisitState.REVIEWED,
        updated=NOON,
        consent=AGREED,
        transcript=Transcript(utterances=(heard,), model_id=ModelId("hears"), seconds=9.0),
        draft=Draft(
            statements=(sentence,), template_id=TemplateId("soap"), model_id=ModelId("writes")
        ),
        diagnoses=(CodedDiagnosis(code="R53.1", rank=1),),
    )


def signed(store: Vault, made: Visit, passphrase: str = PASSPHRASE) -> SignedNote:
    """The note of this visit, signed and not yet kept."""
    assert made.draft is not None
    return review.sign(
        CodedNote(
            encounter=made.encounter, draft=made.draft, diagnoses=made.diagnoses, findings=()
        ),
        transcript=made.transcript,
        overrides=(),
        seen_unsupported=(),
        attestation=Attestation(signer="Ana Rivera", credential="MD", meaning="author", at=NOON),
        models=(ModelId("hears"),),
        make_signature=lambda digest: store.sign_digest(digest, passphrase),
        log=store.log_head(),
    )


def say(text: str) -> None:
    """Tell the user; from now on it must be true."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


# ---------------------------------------------------------------- the acts


def prepare(folder: Path) -> None:
    """A vault with one signed note, for the acts that find one."""
    with vault.create_vault(folder, PASSPHRASE, clinician="Dr. A. Rivera", test_cost=FAST) as store:
        first = visit("e-0")
        store.save(first)
        store.sign(first, signed(store, first))


def create(folder: Path) -> None:
    """Make a new vault."""
    with vault.create_vault(folder, PASSPHRASE, clinician="Dr. A. Rivera", test_cost=FAST):
        say("created")
    say("closed")


def sign_off(folder: Path) -> None:
    """Save two visits and sign both."""
    with vault.open_vault(folder, PASSPHRASE) as store:
        for name in ("e-1", "e-2"):
            made = visit(name)
            store.save(made)
            say(f"saved {name}")
            store.sign(made, signed(store, made))
            say(f"signed {name}")
    say("closed")


def record(folder: Path) -> None:
    """Record three seconds under a key of the vault."""
    with vault.open_vault(folder, PASSPHRASE) as store:
        store.save(visit("e-9"))
        key = store.audio_key(EncounterId("e-9"))
        say("key kept")
        with RecordingWriter(store.recording_path(EncounterId("e-9")), key) as file:
            for block in np.split(sound(3.0), 30):
                file.append(block)
                say(f"recorded {file.seconds}")
    say("closed")


def sound(seconds: float) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
    """Noise on the 16-bit grid, the same every time, so that it comes back exactly."""
    whole = np.random.default_rng(3).integers(-20_000, 20_000, int(seconds * SAMPLE_RATE))
    return (whole / 32_768).astype(np.float32)


def passphrase(folder: Path) -> None:
    """Another passphrase, then another recovery key."""
    with vault.open_vault(folder, PASSPHRASE) as store:
        store.access.change_passphrase(PASSPHRASE, NEW_PASSPHRASE)
        say("changed")
        store.access.new_recovery_key(NEW_PASSPHRASE)
        say("recovery key")
    say("closed")


def rotate_keys(folder: Path) -> None:
    """Everything new that can be."""
    with rotate.rotate_vault(folder, PASSPHRASE, new_passphrase=NEW_PASSPHRASE):
        say("changed")
    say("closed")


def upgrade(folder: Path) -> None:
    """Open a vault that the first release made."""
    with vault.open_vault(folder, GOLDEN_PASSPHRASE):
        say("opened")
    say("closed")


def careless(folder: Path) -> None:
    """Says that a file is kept which was never synced: to test the testing."""
    folder.mkdir()
    (folder / "note").write_bytes(b"kept" * 1000)
    say("kept")
    say("closed")


def three_renames(folder: Path) -> None:
    """Says a line after each of three renames: to test the testing."""
    at = folder.parent / "a"
    at.write_bytes(b"")
    for name in ("b", "c", "d"):
        at = at.rename(folder.parent / name)
        say(name)


ACTS: dict[str, Callable[[Path], None]] = {
    "create": create,
    "sign_off": sign_off,
    "record": record,
    "passphrase": passphrase,
    "rotate_keys": rotate_keys,
    "upgrade": upgrade,
    "careless": careless,
    "three_renames": three_renames,
}


def main(act: str, folder: str) -> int:
    """Do it; a known fault is told in its own words and is no crash."""
    try:
        ACTS[act](Path(folder))
    except errors.ScribeError as error:
        say(f"fault {type(error).__name__}")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
