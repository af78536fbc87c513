"""Visits with a note and a claim, to be put on the desk without being spoken first."""

from datetime import UTC, date, datetime

from scribe.ids import ModelId, TemplateId, new_encounter_id, statement_id, utterance_id
from scribe.records import (
    CodedDiagnosis,
    Consent,
    Draft,
    Encounter,
    Section,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
    Visit,
    VisitState,
)

DAY = date(2026, 6, 1)
SAID = (
    (Speaker.PATIENT, "My legs have been weak all over since October."),
    (Speaker.CLINICIAN, "Your thyroid is underactive, that is why."),
    (Speaker.CLINICIAN, "Your blood pressure is well controlled, and you have asthma."),
)
ASSESSED = ("Weakness due to hypothyroidism.", "Hypertension, stable.", "Asthma.")


def coded_visit(*codes: str, assessed: tuple[str, ...] = ASSESSED, day: date = DAY) -> Visit:
    """A visit in review; the first sentence rests on what the patient said."""
    now = datetime.now(UTC)
    said = tuple(
        Utterance(id=utterance_id(n), speaker=who, start=5.0 * n, end=5.0 * n + 4, text=text)
        for n, (who, text) in enumerate(SAID, start=1)
    )
    words = (
        (Section.SUBJECTIVE, "Patient reports weakness since October."),
        *((Section.ASSESSMENT, each) for each in assessed),
    )
    statements = tuple(
        Statement(
            id=statement_id(n),
            section=section,
            heading="",
            text=text,
            evidence=(utterance_id(min(n, len(said))),),
            support=Support.SUPPORTED,
        )
        for n, (section, text) in enumerate(words, start=1)
    )
    return Visit(
        encounter=Encounter(id=new_encounter_id(), date_of_service=day, patient_label="M. K."),
        state=VisitState.CODED,
        updated=now,
        consent=Consent(given_by="patient", at=now, wording_version="1"),
        transcript=Transcript(utterances=said, model_id=ModelId("scripted"), seconds=20.0),
        draft=Draft(
            statements=statements, template_id=TemplateId("soap"), model_id=ModelId("rules")
        ),
        diagnoses=tuple(CodedDiagnosis(code=code, rank=n) for n, code in enumerate(codes, 1)),
    )
