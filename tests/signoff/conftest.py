"""A note that may be signed as it is, and a key to sign it with."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

import pytest

from scribe.ids import EncounterId, ModelId, StatementId, TemplateId
from scribe.records import (
    Attestation,
    CodedDiagnosis,
    CodedNote,
    Draft,
    Encounter,
    Section,
    SignedNote,
    Statement,
    Support,
)
from scribe.signoff import review, signature

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=-5)))
KEY = bytes(range(32))


def statement(number: int, support: Support = Support.SUPPORTED) -> Statement:
    return Statement(
        id=StatementId(f"s{number}"),
        section=Section.SUBJECTIVE,
        heading="History",
        text=f"Sentence {number} about the patient.",
        evidence=(),
        support=support,
    )


@pytest.fixture(scope="session")
def noon() -> datetime:
    return NOON


@pytest.fixture(scope="session")
def key() -> bytes:
    """An Ed25519 private key."""
    return KEY


@pytest.fixture(scope="session")
def attestation() -> Attestation:
    return Attestation(signer="Ana Rivera", credential="MD", meaning="author", at=NOON)


@pytest.fixture(scope="session")
def coded() -> CodedNote:
    """Two supported statements, no finding."""
    return CodedNote(
        encounter=Encounter(id=EncounterId("e-1"), date_of_service=date(2026, 3, 2)),
        draft=Draft(
            statements=(statement(1), statement(2)),
            template_id=TemplateId("soap"),
            model_id=ModelId("writes"),
        ),
        diagnoses=(CodedDiagnosis(code="M62.81", rank=1),),
        findings=(),
    )


@pytest.fixture(scope="session")
def make_statement() -> Callable[[int, Support], Statement]:
    return statement


@pytest.fixture(scope="session")
def signed(coded: CodedNote, attestation: Attestation) -> SignedNote:
    """The note above, signed with `key`."""
    return review.sign(
        coded,
        transcript=None,
        overrides=(),
        seen_unsupported=(),
        attestation=attestation,
        models=(ModelId("hears"), ModelId("writes")),
        make_signature=lambda digest: signature.sign_hash(KEY, digest),
    )
