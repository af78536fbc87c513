"""Which notes may be signed and which must not: the table of refusals first."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scribe import codec
from scribe.errors import StepRefused, WrongPassphrase
from scribe.ids import EncounterId, ModelId, RuleId, StatementId, UtteranceId
from scribe.records import (
    Attestation,
    CodedNote,
    Finding,
    Omission,
    Override,
    Severity,
    SignedNote,
    Speaker,
    Statement,
    Support,
    Transcript,
    Utterance,
)
from scribe.signoff import points, review, signature

MakeStatement = Callable[[int, Support], Statement]
NOON = datetime.fromisoformat("2026-03-02T12:00:00-05:00")
NAIVE = datetime(2026, 3, 2, 12)
PRIVATE = "the patient said something private"


def finding(rule: str, severity: Severity = Severity.BLOCK, code: str = "R53.1") -> Finding:
    return Finding(rule_id=RuleId(rule), severity=severity, message=PRIVATE, codes=(code,))


def override(
    rule: str, reason: str = "No cause was found today.", by: str = "Dr. R", at: datetime = NOON
) -> Override:
    return Override(rule_id=RuleId(rule), reason=reason, by=by, at=at)


B1, B2 = finding("R53.1-01"), finding("R53.1-02")
WARN, INFO = finding("R53.1-03", Severity.WARN), finding("R53.1-04", Severity.INFO)
O1, O2 = override("R53.1-01"), override("R53.1-02")

MUST_NOT = {
    "a blocking finding nobody answered": ((B1,), (), "R53.1-01: needs a correction or a typed"),
    "one of two answered": ((B1, B2), (O1,), "R53.1-02: needs"),
    "a reason for another rule": ((B1,), (O2,), "R53.1-01: needs"),
    "no reason": ((B1,), (override("R53.1-01", ""),), "R53.1-01: the typed reason is shorter"),
    "only blanks": ((B1,), (override("R53.1-01", " " * 40),), "shorter than 10"),
    "a shrug": ((B1,), (override("R53.1-01", "ok"),), "shorter than 10"),
    "stretched with blanks": ((B1,), (override("R53.1-01", "o      k       "),), "shorter than 10"),
    "not a word": ((B1,), (override("R53.1-01", "-.-.-.-.-.-.-"),), "shorter than 10"),
    "nobody's reason": ((B1,), (override("R53.1-01", by=" "),), "does not say whose"),
    "a reason at no known time": ((B1,), (override("R53.1-01", at=NAIVE),), "no time zone"),
}

MAY = {
    "no finding": ((), ()),
    "a warning and a hint": ((WARN, INFO), ()),
    "a blocking finding with a reason": ((B1,), (O1,)),
    "two with a reason each": ((B1, B2), (O2, O1)),
    "the same rule twice, one reason": ((B1, replace(B1, codes=("M62.81",))), (O1,)),
    "a poor reason corrected by a good one": ((B1,), (override("R53.1-01", "ok"), O1)),
    "the shortest reason": ((B1,), (override("R53.1-01", "a" * 10),)),
    "a reason in another script": ((B1,), (override("R53.1-01", "原因は今日の診察では不明です"),)),
    "a reason for a finding that was fixed": ((), (O1,)),
}


def attempt(
    coded: CodedNote,
    attestation: Attestation,
    *,
    overrides: tuple[Override, ...] = (),
    seen: tuple[StatementId, ...] = (),
    transcript: Transcript | None = None,
    previous: SignedNote | None = None,
    correction: str = "",
    make: Callable[[str], str] = lambda digest: signature.sign_hash(bytes(32), digest),
) -> SignedNote:
    return review.sign(
        coded,
        transcript=transcript,
        overrides=overrides,
        seen_unsupported=seen,
        attestation=attestation,
        models=(ModelId("hears"),),
        make_signature=make,
        previous=previous,
        correction=correction,
    )


def never(digest: str) -> str:
    raise AssertionError("asked for a signature on a note that must not be signed")


@pytest.mark.parametrize(("findings", "overrides", "said"), MUST_NOT.values(), ids=MUST_NOT)
def test_must_not_be_signed(
    coded: CodedNote,
    attestation: Attestation,
    findings: tuple[Finding, ...],
    overrides: tuple[Override, ...],
    said: str,
) -> None:
    note = replace(coded, findings=findings)
    with pytest.raises(StepRefused, match=said) as caught:
        attempt(note, attestation, overrides=overrides, make=never)
    left = review.blocking(note, overrides, ())
    assert len(left) == 1
    assert left[0] in caught.value.message
    assert PRIVATE not in str(caught.value)


@pytest.mark.parametrize(("findings", "overrides"), MAY.values(), ids=MAY)
def test_may_be_signed(
    coded: CodedNote,
    attestation: Attestation,
    findings: tuple[Finding, ...],
    overrides: tuple[Override, ...],
) -> None:
    note = replace(coded, findings=findings)
    assert review.blocking(note, overrides, ()) == ()
    signed = attempt(note, attestation, overrides=overrides)
    blocks = {each.rule_id for each in findings if each.severity is Severity.BLOCK}
    assert {each.rule_id for each in signed.overrides} == blocks
    assert review.verify_note(signed, signature.public_key_of(bytes(32)))


@pytest.mark.parametrize(
    ("seen", "left"),
    [
        pytest.param((), "Statement s2 .* Statement s4 ", id="none opened"),
        pytest.param(("s2",), "Statement s4 ", id="one left"),
        pytest.param(("s1", "s3"), "Statement s2 .* Statement s4 ", id="others opened"),
        pytest.param(("s2", "s4"), "", id="all opened"),
        pytest.param(("s9", "s4", "s2"), "", id="more than all"),
    ],
)
def test_what_was_not_said_is_not_signed_unseen(
    coded: CodedNote,
    attestation: Attestation,
    make_statement: MakeStatement,
    seen: tuple[str, ...],
    left: str,
) -> None:
    kinds = (Support.TYPED, Support.UNSUPPORTED, Support.REPAIRED, Support.UNSUPPORTED)
    statements = tuple(make_statement(number, kind) for number, kind in enumerate(kinds, start=1))
    note = replace(coded, draft=replace(coded.draft, statements=statements))
    opened = tuple(StatementId(each) for each in seen)
    if left:
        with pytest.raises(StepRefused, match=left) as caught:
            attempt(note, attestation, seen=opened, make=never)
        assert "Sentence" not in str(caught.value)
    else:
        assert attempt(note, attestation, seen=opened).seen_unsupported == ("s2", "s4")


def test_everything_that_is_left_is_told_at_once(
    coded: CodedNote, attestation: Attestation, make_statement: MakeStatement
) -> None:
    statements = (make_statement(1, Support.UNSUPPORTED),)
    note = replace(coded, findings=(B1, B2), draft=replace(coded.draft, statements=statements))
    with pytest.raises(StepRefused) as caught:
        attempt(note, replace(attestation, meaning=""), make=never)
    for part in ("R53.1-01", "R53.1-02", "s1", "meaning"):
        assert part in caught.value.message


def test_an_empty_note_is_not_signed(coded: CodedNote, attestation: Attestation) -> None:
    empty = replace(coded, draft=replace(coded.draft, statements=()))
    with pytest.raises(StepRefused, match="no statements"):
        attempt(empty, attestation, make=never)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"signer": ""}, "signer", id="nobody"),
        pytest.param({"signer": " \t"}, "signer", id="a blank name"),
        pytest.param({"credential": ""}, "credential", id="no credential"),
        pytest.param({"meaning": "\n"}, "meaning", id="no meaning"),
        pytest.param({"at": NAIVE}, "time zone", id="no zone"),
    ],
)
def test_an_incomplete_signature_is_refused(
    coded: CodedNote, attestation: Attestation, changes: dict[str, object], said: str
) -> None:
    incomplete = replace(attestation, **changes)  # type: ignore[arg-type]  # table of fields
    with pytest.raises(StepRefused, match=said):
        attempt(coded, incomplete, make=never)


def test_no_signature_no_signed_note(coded: CodedNote, attestation: Attestation) -> None:
    def wrong(digest: str) -> str:
        raise WrongPassphrase("This passphrase does not open the vault.")

    with pytest.raises(WrongPassphrase):
        attempt(coded, attestation, make=wrong)
    with pytest.raises(StepRefused, match="not signed"):
        attempt(coded, attestation, make=lambda digest: "")


# ---------------------------------------------------------------- what a signature holds


def test_the_transcript_is_bound_by_its_hash(coded: CodedNote, attestation: Attestation) -> None:
    said = Utterance(
        id=UtteranceId("u1"), speaker=Speaker.PATIENT, start=0.0, end=1.0, text="I am weak."
    )
    heard = Transcript(utterances=(said,), model_id=ModelId("hears"), seconds=1.0)
    assert attempt(coded, attestation, transcript=heard).transcript_sha256 == codec.sha256(heard)
    assert attempt(coded, attestation).transcript_sha256 == ""


def test_a_corrected_version_follows_the_one_before(
    coded: CodedNote, attestation: Attestation, signed: SignedNote
) -> None:
    second = attempt(coded, attestation, previous=signed, correction="The wrong arm was named.")
    assert second.correction == "The wrong arm was named."
    assert (second.version, second.previous_sha256) == (2, signed.sha256)
    assert second.id != signed.id
    elsewhere = replace(coded, encounter=replace(coded.encounter, id=EncounterId("e-2")))
    with pytest.raises(StepRefused, match="another visit"):
        attempt(elsewhere, attestation, previous=signed, make=never)


@pytest.mark.parametrize("reason", ["", "  ", "typo"], ids=["none", "blank", "a shrug"])
def test_a_correction_says_why(
    coded: CodedNote, attestation: Attestation, signed: SignedNote, reason: str
) -> None:
    with pytest.raises(StepRefused, match="reason for the correction"):
        attempt(coded, attestation, previous=signed, correction=reason, make=never)


def test_there_is_no_correction_of_nothing(coded: CodedNote, attestation: Attestation) -> None:
    with pytest.raises(StepRefused, match="no version to correct"):
        attempt(coded, attestation, correction="The wrong arm was named.", make=never)


def test_a_correction_leaves_the_version_before_it_valid(
    coded: CodedNote, attestation: Attestation, signed: SignedNote, key: bytes
) -> None:
    changed = replace(coded, diagnoses=())
    second = attempt(changed, attestation, previous=signed, correction="The code was wrong.")
    assert signed.coded.diagnoses
    assert second.coded.diagnoses == ()
    assert review.verify_note(signed, signature.public_key_of(key))
    assert review.verify_note(second, signature.public_key_of(bytes(32)))


@pytest.mark.parametrize(
    ("reason_for", "fits"),
    [
        pytest.param((), True, id="for the whole rule"),
        pytest.param(("R53.1",), True, id="for this code"),
        pytest.param(("R53.83",), False, id="for another code"),
    ],
)
def test_a_reason_holds_for_the_codes_it_was_typed_for(
    coded: CodedNote, reason_for: tuple[str, ...], fits: bool
) -> None:
    reason = replace(O1, codes=reason_for)
    assert (review.blocking(replace(coded, findings=(B1,)), (reason,), ()) == ()) is fits


OMITTED = [
    pytest.param("risk", "I thought about ending it.", True, id="risk"),
    pytest.param("medicine", "I take warfarin.", True, id="medicine"),
    pytest.param("number", "Take 81 milligrams a day.", True, id="a number that is a dose"),
    pytest.param("number", "I fell 2 times.", False, id="another number"),
    pytest.param("side", "The left one.", False, id="side"),
]


@pytest.mark.parametrize(("kind", "text", "must"), OMITTED)
def test_what_was_said_of_risk_medicines_and_doses_is_opened_before_signing(
    coded: CodedNote, attestation: Attestation, kind: str, text: str, must: bool
) -> None:
    lost = Omission(kind=kind, text=text, evidence=(UtteranceId("u7"),))
    note = replace(coded, draft=replace(coded.draft, omissions=(lost,)))
    left = review.blocking(note, (), ())
    assert bool(left) is must
    assert not any(text in each for each in left)
    if must:
        with pytest.raises(StepRefused, match="u7"):
            attempt(note, attestation, make=never)
        signed = attempt(note, attestation, seen=(StatementId(points.name(lost)),))
        assert signed.seen_omissions == (f"{kind} u7",)
        assert points.still_seen(note, (points.seen_as(lost),)) == (f"{kind} u7",)
        changed = replace(lost, text=f"{text} Twice.")
        other = replace(note, draft=replace(note.draft, omissions=(changed,)))
        assert points.still_seen(other, (points.seen_as(lost),)) == ()


def test_the_models_are_named_with_their_hashes(coded: CodedNote, attestation: Attestation) -> None:
    def sign(hashes: tuple[str, ...]) -> SignedNote:
        return review.sign(
            coded,
            transcript=None,
            overrides=(),
            seen_unsupported=(),
            attestation=attestation,
            models=(ModelId("hears"), ModelId("writes")),
            model_sha256=hashes,
            make_signature=lambda digest: signature.sign_hash(bytes(32), digest),
        )

    assert sign(("aa", "")).model_sha256 == ("aa", "")
    with pytest.raises(ValueError, match="one hash for each"):
        sign(("aa",))


CHANGES: dict[str, Callable[[SignedNote], SignedNote]] = {
    "version": lambda n: replace(n, version=2),
    "id": lambda n: replace(n, id=type(n.id)("n-other")),
    "signer": lambda n: replace(n, attestation=replace(n.attestation, signer="Ana Riviera")),
    "meaning": lambda n: replace(n, attestation=replace(n.attestation, meaning="witness")),
    "another second": lambda n: replace(
        n, attestation=replace(n.attestation, at=n.attestation.at.replace(second=1))
    ),
    "the same instant elsewhere": lambda n: replace(
        n, attestation=replace(n.attestation, at=n.attestation.at.astimezone(UTC))
    ),
    "models": lambda n: replace(n, models=()),
    "transcript": lambda n: replace(n, transcript_sha256="0" * 64),
    "chain": lambda n: replace(n, previous_sha256="0" * 64),
    "addendum": lambda n: replace(n, addendum="And more."),
    "correction": lambda n: replace(n, correction="Another reason."),
    "what was seen": lambda n: replace(n, seen_omissions=("risk u1",)),
    "model hashes": lambda n: replace(n, model_sha256=("0", "0")),
    "place in the log": lambda n: replace(n, log_seq=7),
    "code": lambda n: replace(n, coded=replace(n.coded, diagnoses=())),
    "hash": lambda n: replace(n, sha256="0" * 64),
    "signature": lambda n: replace(n, signature=n.signature[:-20] + "0" * 20),
    "no signature": lambda n: replace(n, signature=""),
    "scheme": lambda n: replace(n, signature=n.signature.replace("ed25519", "none")),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_any_change_breaks_the_seal(
    signed: SignedNote, key: bytes, change: Callable[[SignedNote], SignedNote]
) -> None:
    public = signature.public_key_of(key)
    assert review.verify_note(signed, public)
    changed = change(signed)
    assert changed != signed or changed.attestation.at.utcoffset() != NOON.utcoffset()
    assert not review.verify_note(changed, public)


def test_a_note_changed_and_hashed_anew_still_lacks_the_key(signed: SignedNote, key: bytes) -> None:
    forged = replace(signed, addendum="And more.")
    forged = replace(forged, sha256=review.content_sha256(forged))
    public = signature.public_key_of(key)
    assert not review.verify_note(forged, public)
    stranger = signature.sign_hash(bytes(32), forged.sha256)
    assert not review.verify_note(replace(forged, signature=stranger), public)


def test_a_signature_copied_to_another_note_fails(
    signed: SignedNote, coded: CodedNote, attestation: Attestation, key: bytes
) -> None:
    other = attempt(coded, attestation)
    public = signature.public_key_of(key)
    assert not review.verify_note(replace(other, signature=signed.signature), public)
    both = replace(other, signature=signed.signature, sha256=signed.sha256)
    assert not review.verify_note(both, public)


def test_a_note_read_back_from_json_still_verifies(signed: SignedNote, key: bytes) -> None:
    again = codec.from_json(SignedNote, codec.to_json(signed), what="note")
    assert again == signed
    assert review.verify_note(again, signature.public_key_of(key))
