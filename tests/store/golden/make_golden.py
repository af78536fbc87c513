"""Writes the golden vault of the schema that this checkout has: run it once before a migration is
added (`python tests/store/golden/make_golden.py`) and commit the folder it makes. Never run it
again for a schema that has been released: the fixture is worth something only because it is old.
"""

import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from scribe.audio.recording import RecordingWriter
from scribe.ids import EncounterId, ModelId, RuleId, StatementId, TemplateId, UtteranceId
from scribe.records import (
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Consent,
    Draft,
    Encounter,
    Finding,
    Override,
    Section,
    Severity,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
    Visit,
    VisitState,
)
from scribe.signoff import review
from scribe.signoff.addendum import addendum
from scribe.store import vault
from scribe.store.keyfile import KdfCost

PASSPHRASE = "golden otters wait in the snow"
AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
CHEAP = KdfCost(memory_kib=64, passes=1, lanes=1)


def visit(name: str, text: str) -> Visit:
    said = Utterance(
        id=UtteranceId("u1"), speaker=Speaker.PATIENT, start=0.0, end=2.5, text=text, confidence=0.9
    )
    sentence = Statement(
        id=StatementId("s1"),
        section=Section.SUBJECTIVE,
        heading="History",
        text=text,
        evidence=(said.id,),
        support=Support.SUPPORTED,
    )
    return Visit(
        encounter=Encounter(
            id=EncounterId(name), date_of_service=date(2026, 3, 2), patient_label=f"Label {name}"
        ),
        state=VisitState.REVIEWED,
        updated=AT,
        consent=Consent(given_by="patient", at=AT, wording_version="2026-11"),
        transcript=Transcript(utterances=(said,), model_id=ModelId("hears"), seconds=2.5),
        draft=Draft(
            statements=(sentence,), template_id=TemplateId("soap"), model_id=ModelId("writes")
        ),
        diagnoses=(CodedDiagnosis(code="R53.1", rank=1),),
    )


def coded(one: Visit) -> CodedNote:
    assert one.draft is not None
    finding = Finding(
        rule_id=RuleId("R53.1-07"), severity=Severity.BLOCK, message="symptom", codes=("R53.1",)
    )
    return CodedNote(
        encounter=one.encounter, draft=one.draft, diagnoses=one.diagnoses, findings=(finding,)
    )


def make(folder: Path) -> None:
    """An open visit with a recording, a signed one, and one with an addendum."""
    signer = Attestation(signer="Ana Rivera", credential="MD", meaning="author", at=AT)
    reason = Override(
        rule_id=RuleId("R53.1-07"), reason="No cause was found today.", by="Ana Rivera", at=AT
    )
    with vault.create_vault(folder, PASSPHRASE, clinician="Dr. A. Rivera", test_cost=CHEAP) as made:
        for name, text in (
            ("e-open", "Weak, März 🙂."),
            ("e-signed", "Tired."),
            ("e-more", "Sore."),
        ):
            one = visit(name, text)
            made.save(one)
            if name == "e-open":
                path, key = made.recording_path(one.encounter.id), made.audio_key(one.encounter.id)
                with RecordingWriter(path, key) as tape:
                    tape.append(np.full(12_000, 0.25, dtype=np.float32))
                continue
            note = review.sign(
                coded(one),
                transcript=one.transcript,
                overrides=(reason,),
                seen_unsupported=(),
                attestation=signer,
                models=(ModelId("hears"), ModelId("writes")),
                make_signature=lambda digest: made.sign_digest(digest, PASSPHRASE),
            )
            made.sign(replace(one, state=VisitState.SIGNED), note)
            if name == "e-more":
                later = addendum(
                    note, "CK normal.", signer, lambda digest: made.sign_digest(digest, PASSPHRASE)
                )
                made.sign(made.load(one.encounter.id), later)


if __name__ == "__main__":
    make(Path(__file__).parent / sys.argv[1])
