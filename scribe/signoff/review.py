"""From a reviewed note to a signed one: the only maker of SignedNote. Pure but for the signature,
which is asked of the caller; nothing is stored here.

What still blocks is named by rule, count and statement id, never by patient text.
"""

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from scribe import codec
from scribe.errors import StepRefused
from scribe.ids import ModelId, RuleId, StatementId, new_note_id
from scribe.records import (
    Attestation,
    CodedNote,
    Finding,
    Override,
    Severity,
    SignedNote,
    Support,
    Transcript,
)
from scribe.signoff import signature

MIN_REASON = 10
"""Shortest typed reason for signing over a blocking finding, counted without runs of spaces."""


def blocking(
    coded: CodedNote, overrides: Sequence[Override], seen: Collection[StatementId]
) -> tuple[str, ...]:
    """What still stands between this note and a signature; empty when it may be signed.

    A blocking finding is answered by fixing it (then the rules no longer report it) or by an
    override of its rule with a typed reason; an unsupported statement by having been opened.
    """
    found = []
    if not coded.draft.statements:
        found.append("The note has no statements.")
    for rule_id in blocking_rules(coded):
        fault = _override_fault(rule_id, overrides)
        if fault:
            found.append(f"Rule {rule_id}: {fault}.")
    unseen = [each for each in unsupported(coded) if each not in seen]
    if unseen:
        found.append(
            f"{len(unseen)} statement(s) that the recording does not bear out have not been "
            f"opened: {', '.join(unseen)}."
        )
    return tuple(found)


def blocking_rules(coded: CodedNote) -> tuple[RuleId, ...]:
    """The rules with a blocking finding, each once, in order of the findings."""
    blocks: list[Finding] = [each for each in coded.findings if each.severity is Severity.BLOCK]
    return tuple(dict.fromkeys(each.rule_id for each in blocks))


def unsupported(coded: CodedNote) -> tuple[StatementId, ...]:
    """The statements that must be opened before signing, in reading order."""
    return tuple(s.id for s in coded.draft.statements if s.support is Support.UNSUPPORTED)


def sign(
    coded: CodedNote,
    *,
    transcript: Transcript | None,
    overrides: Sequence[Override],
    seen_unsupported: Collection[StatementId],
    attestation: Attestation,
    models: Sequence[ModelId],
    make_signature: Callable[[str], str],
    previous: SignedNote | None = None,
) -> SignedNote:
    """The signed note. `make_signature` gets the content hash (64 hex digits) and asks for the
    passphrase; `previous` is the version that this one corrects.

    Overrides of rules that no longer block are left out: they would explain nothing.
    Raises StepRefused with everything that is left to do, and what `make_signature` raises.
    """
    left = blocking(coded, overrides, seen_unsupported) + _attestation_faults(attestation)
    if previous is not None and previous.coded.encounter.id != coded.encounter.id:
        left += ("The version before this one belongs to another visit.",)
    if left:
        raise StepRefused(f"This note cannot be signed yet. {' '.join(left)}", advice="")
    rules = blocking_rules(coded)
    bare = SignedNote(
        id=new_note_id(),
        version=1 if previous is None else previous.version + 1,
        coded=coded,
        overrides=tuple(each for each in overrides if each.rule_id in rules),
        seen_unsupported=tuple(each for each in unsupported(coded) if each in seen_unsupported),
        attestation=attestation,
        models=tuple(models),
        transcript_sha256="" if transcript is None else codec.sha256(transcript),
        previous_sha256="" if previous is None else previous.sha256,
    )
    return seal(bare, make_signature)


def require_attestation(attestation: Attestation) -> None:
    """Raises StepRefused unless name, credential and meaning are filled in and the time has a zone
    (21 CFR 11.50: printed name, date and time, meaning of the signature).
    """
    left = _attestation_faults(attestation)
    if left:
        raise StepRefused(f"This note cannot be signed yet. {' '.join(left)}", advice="")


def seal(bare: SignedNote, make_signature: Callable[[str], str]) -> SignedNote:
    """Hash and sign a note that is otherwise complete. Raises StepRefused without a signature."""
    digest = content_sha256(bare)
    signed = make_signature(digest)
    if not signed:
        raise StepRefused("The note was not signed.", advice="Sign it with your passphrase.")
    return replace(bare, sha256=digest, signature=signed)


def content(note: SignedNote) -> bytes:
    """The bytes that are hashed: the canonical form of all but the hash and the signature."""
    plain = codec.plain(note)
    del plain["sha256"], plain["signature"]
    return codec.canonical(plain)


def content_sha256(note: SignedNote) -> str:
    """Hex SHA-256 of `content`."""
    return hashlib.sha256(content(note)).hexdigest()


def verify_note(note: SignedNote, public_key: bytes) -> bool:
    """Whether the note is, to the last character, what the holder of this key signed."""
    return note.sha256 == content_sha256(note) and signature.verify_hash(
        public_key, note.sha256, note.signature
    )


def _override_fault(rule_id: RuleId, overrides: Sequence[Override]) -> str:
    given = [each for each in overrides if each.rule_id == rule_id]
    if not given:
        return "needs a correction or a typed reason"
    faults = [_fault(each) for each in given]
    return "" if "" in faults else faults[0]


def _fault(override: Override) -> str:
    reason = " ".join(override.reason.split())
    if len(reason) < MIN_REASON or not any(letter.isalpha() for letter in reason):
        return f"the typed reason is shorter than {MIN_REASON} characters"
    if not override.by.strip():
        return "the typed reason does not say whose it is"
    if override.at.utcoffset() is None:
        return "the time of the typed reason has no time zone"
    return ""


def _attestation_faults(attestation: Attestation) -> tuple[str, ...]:
    blank = [
        name
        for name in ("signer", "credential", "meaning")
        if not str(getattr(attestation, name)).strip()
    ]
    faults = [f"The {name} of the signature is empty." for name in blank]
    if attestation.at.utcoffset() is None:
        faults.append("The time of the signature has no time zone.")
    return tuple(faults)
