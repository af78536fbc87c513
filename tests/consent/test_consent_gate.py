"""What may not be recorded or heard comes first; then the few consents that suffice."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from scribe import resources
from scribe.consent import gate, wording
from scribe.consent.gate import Permit
from scribe.draft import template
from scribe.errors import ConsentNeeded
from scribe.ids import EncounterId, TemplateId
from scribe.records import Arrival, Consent, Encounter, Transcript, Visit, VisitState

AT = datetime(2026, 11, 3, 9, tzinfo=UTC)
GENERAL = Encounter(id=EncounterId("e-1"), date_of_service=date(2026, 11, 3))
THERAPY = replace(GENERAL, specialty="Mental health")
UNKNOWN = replace(GENERAL, template_id=TemplateId("nobody-has-classified-this"))
SPOKEN = Consent(given_by="patient", at=AT, wording_version="2026-11", present=("patient",))
SIGNED = replace(SPOKEN, method="written", wording_id="therapy", ai_transcription=True)
FILE = replace(SPOKEN, wording_id="imported", statement="Agreed on the phone on 2026-11-02.")
CAME = Arrival(role="daughter", at=AT)


def visit(consent: Consent | None, encounter: Encounter = GENERAL, *arrivals: Arrival) -> Visit:
    state = VisitState.CONSENTED if consent else VisitState.NEW
    return Visit(encounter=encounter, state=state, updated=AT, consent=consent, arrivals=arrivals)


MUST_NOT = {
    "nobody was asked": visit(None),
    "nobody is named": visit(replace(SPOKEN, given_by="  ")),
    "no known time": visit(replace(SPOKEN, at=datetime(2026, 11, 3, 9))),
    "neither spoken nor written": visit(replace(SPOKEN, method="assumed")),
    "a wording that was never published": visit(replace(SPOKEN, wording_version="1999-01")),
    "a wording of another kind": visit(replace(SPOKEN, wording_id="terms-of-use")),
    "consent to a file only": visit(FILE),
    "therapy under the general wording": visit(SPOKEN, THERAPY),
    "therapy without the word on AI": visit(replace(SIGNED, ai_transcription=False), THERAPY),
    "therapy agreed by word of mouth": visit(replace(SIGNED, method="spoken"), THERAPY),
    "a template nobody has classified": visit(SPOKEN, UNKNOWN),
    "somebody came in": visit(SPOKEN, GENERAL, CAME),
    "one of two who came in agreed": visit(
        SPOKEN, GENERAL, replace(CAME, consent=SPOKEN), replace(CAME, role="nurse")
    ),
}

MAY = {
    "everybody agreed": visit(SPOKEN),
    "agreed in writing": visit(replace(SPOKEN, method="written")),
    "consent as it was recorded before roles were": visit(replace(SPOKEN, present=())),
    "therapy with all it needs": visit(SIGNED, THERAPY),
    "an unclassified template with all that therapy needs": visit(SIGNED, UNKNOWN),
    "a physical therapist": visit(SPOKEN, replace(GENERAL, specialty="physical therapy")),
    "who came in agreed": visit(SPOKEN, GENERAL, replace(CAME, consent=SPOKEN)),
    "who came in has left": visit(SPOKEN, GENERAL, replace(CAME, left=AT)),
}


@pytest.mark.parametrize("one", MUST_NOT.values(), ids=MUST_NOT)
def test_must_not_be_recorded(one: Visit) -> None:
    assert gate.lacking(one)
    with pytest.raises(ConsentNeeded):
        Permit(one)


@pytest.mark.parametrize("one", MAY.values(), ids=MAY)
def test_may_be_recorded(one: Visit) -> None:
    assert gate.lacking(one) == ()
    assert Permit(one).open


FILE_MUST_NOT = {
    "nobody was asked": visit(None),
    "consent to a recording only": visit(SPOKEN),
    "nothing stated": visit(replace(FILE, statement=" ")),
    "therapy without the word on AI": visit(replace(FILE, method="written"), THERAPY),
}


@pytest.mark.parametrize("one", FILE_MUST_NOT.values(), ids=FILE_MUST_NOT)
def test_a_file_must_not_be_heard(one: Visit) -> None:
    with pytest.raises(ConsentNeeded):
        gate.require_file(one)


def test_a_file_may_be_heard() -> None:
    gate.require_file(visit(FILE))
    gate.require_file(visit(replace(FILE, method="written", ai_transcription=True), THERAPY))


def test_what_was_heard_unasked_is_not_kept() -> None:
    heard = replace(visit(None), transcript=Transcript(utterances=(), model_id=None))  # type: ignore[arg-type]  # only its presence counts
    with pytest.raises(ConsentNeeded):
        gate.require_kept(heard)
    gate.require_kept(replace(heard, consent=SPOKEN))
    gate.require_kept(visit(None))


def test_a_permit_is_held_resumed_and_revoked() -> None:
    permit = Permit(visit(SPOKEN))
    permit.hold()
    assert not permit.open
    for still in (visit(SPOKEN, GENERAL, CAME), visit(None)):
        with pytest.raises(ConsentNeeded):
            permit.resume(still)
    other = replace(visit(SPOKEN), encounter=replace(GENERAL, id=EncounterId("e-2")))
    with pytest.raises(ConsentNeeded):
        permit.resume(other)
    assert not permit.open
    permit.resume(visit(SPOKEN))
    assert permit.open
    permit.revoke()
    with pytest.raises(ConsentNeeded):
        permit.resume(visit(SPOKEN))
    assert permit.revoked
    assert not permit.open


# ---------------------------------------------------------------- the shipped wordings

PUBLISHED = {
    "imported-2026-11": "8f7bd45b67d4ba70613abad90a88f96789c13d310fc42522d516b9ea05d635e7",
    "recording-2026-11": "53d7d071f6111942928e33a5c91bc2fa1dae37ff6167a61021e080f6c57765f7",
    "therapy-2026-11": "c0e448f4af4e79f8b3fdb28c0e2274fa19241ee80d4ad03704482d72ed82ccff",
}
"""SHA-256 of each published file. Records of consent point at them: a file whose hash changes here
was edited after people agreed to it. Other words are a new file, and a new line here.
"""


@pytest.mark.parametrize("name", PUBLISHED)
def test_a_published_wording_is_never_edited(name: str) -> None:
    text = resources.text(f"prompts/consent/wording/{name}.toml")
    assert hashlib.sha256(text.encode()).hexdigest() == PUBLISHED[name]


def test_every_wording_is_pinned_and_has_a_source() -> None:
    assert {f"{each.id}-{each.version}" for each in wording.published()} == set(PUBLISHED)
    for each in wording.published():
        assert each.sources
        assert all(one.url.startswith("https://") and one.place for one in each.sources)


def test_the_wording_of_therapy_says_what_the_act_asks_for() -> None:
    words = wording.for_visit(THERAPY)
    assert words.id == "therapy"
    for needed in ("Artificial intelligence", "write down", "nothing else", "take your consent"):
        assert needed in words.say
    assert "in writing" in words.agreed_ai
    assert wording.for_visit(GENERAL).agreed_ai == ""


def test_every_template_is_therapy_unless_it_is_listed() -> None:
    listed = {
        each
        for each in template.ids()
        if not wording.is_therapy(replace(GENERAL, template_id=each))
    }
    assert "soap" in listed
