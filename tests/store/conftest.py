"""A vault that opens in milliseconds, and visits to put into it."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

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
    SignedNote,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
    Visit,
    VisitState,
    Word,
)
from scribe.signoff import review
from scribe.store import vault
from scribe.store.keyfile import KdfCost
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock

PASSPHRASE = "four quiet otters waiting"
FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
ZONE = timezone(timedelta(hours=5, minutes=30))
NOON = datetime(2026, 3, 2, 12, 0, 0, 250_000, tzinfo=ZONE)

AGREED = Consent(
    given_by="patient", at=NOON, wording_version="2026-11", present=("patient", "daughter")
)

MakeVisit = Callable[..., Visit]
SignNote = Callable[..., SignedNote]


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture(scope="session")
def fast() -> KdfCost:
    """A key stretching that protects nothing and costs nothing."""
    return FAST


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def opened(folder: Path) -> Iterator[Vault]:
    """A fresh open vault."""
    with vault.create_vault(folder, PASSPHRASE, clinician="Dr. A. Rivera", test_cost=FAST) as made:
        yield made


@pytest.fixture(scope="session")
def make_visit() -> MakeVisit:
    """make_visit("e-1", text="...") -> a reviewed visit with transcript, draft and a code."""
    return _visit


@pytest.fixture(scope="session")
def sign_note() -> SignNote:
    """sign_note(vault, visit) -> the note, signed with the key of that vault, not yet stored."""
    return _signed


def _visit(
    name: str = "e-1",
    text: str = "Reports weakness.",
    label: str = "J. D.",
    minutes: int = 0,
    state: VisitState = VisitState.REVIEWED,
) -> Visit:
    words = tuple(
        Word(text=each, start=i / 3, end=(i + 1) / 3, confidence=0.9)
        for i, each in enumerate(text.split())
    )
    said = Utterance(
        id=UtteranceId("u1"),
        speaker=Speaker.PATIENT,
        start=0.0,
        end=2.5,
        text=text,
        confidence=0.875,
        words=words,
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
            id=EncounterId(name), date_of_service=date(2026, 3, 2), patient_label=label, age=61
        ),
        state=state,
        updated=NOON + timedelta(minutes=minutes),
        consent=AGREED,
        transcript=Transcript(utterances=(said,), model_id=ModelId("hears"), seconds=2.5),
        draft=Draft(
            statements=(sentence,), template_id=TemplateId("soap"), model_id=ModelId("writes")
        ),
        diagnoses=(CodedDiagnosis(code="R53.1", rank=1),),
    )


def _signed(
    store: Vault, visit: Visit, previous: SignedNote | None = None, passphrase: str = PASSPHRASE
) -> SignedNote:
    assert visit.draft is not None
    rule = RuleId("R53.1-07")
    finding = Finding(rule_id=rule, severity=Severity.BLOCK, message="symptom", codes=("R53.1",))
    reason = Override(rule_id=rule, reason="No cause was found today.", by="Dr. R", at=NOON)
    return review.sign(
        CodedNote(
            encounter=visit.encounter,
            draft=visit.draft,
            diagnoses=visit.diagnoses,
            findings=(finding,),
        ),
        transcript=visit.transcript,
        overrides=(reason,),
        seen_unsupported=(),
        attestation=Attestation(
            signer="Ana Rivera",
            credential="MD",
            meaning="author",
            at=NOON.astimezone(UTC),
        ),
        models=(ModelId("hears"), ModelId("writes")),
        make_signature=lambda digest: store.sign_digest(digest, passphrase),
        previous=previous,
        correction="" if previous is None else "The code was wrong.",
        log=store.log_head(),
    )
