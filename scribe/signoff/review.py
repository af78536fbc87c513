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
from scribe.signoff import points, signature

MIN_REASON = points.MIN_REASON

LogHead = tuple[int, str]
"""Number and hash of the last row of an audit log."""
NO_LOG: LogHead = (0, "")

_LATER = ("correction", "seen_omissions", "model_sha256", "log_seq", "log_sha256")
"""Fields that the first signed notes do not have; empty, they are not hashed."""


def blocking(
    coded: CodedNote, overrides: Sequence[Override], seen: Collection[str]
) -> tuple[str, ...]:
    """What still stands between this note and a signature, each in words without patient text;
    empty when it may be signed. `points.left` has the same with the records behind it.
    """
    return tuple(dict.fromkeys(each.told for each in points.left(coded, overrides, seen)))


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
    seen_unsupported: Collection[str],
    attestation: Attestation,
    models: Sequence[ModelId],
    make_signature: Callable[[str], str],
    previous: SignedNote | None = None,
    correction: str = "",
    model_sha256: Sequence[str] = (),
    log: LogHead = NO_LOG,
) -> SignedNote:
    """The signed note. `make_signature` gets the content hash (64 hex digits) and asks for the
    passphrase; `previous` is the version that this one corrects, `correction` says why.

    `seen_unsupported` names all that was opened, statements and omissions (`points.name`).
    `model_sha256` belongs to `models` one by one; `log` is where the audit log stands. Overrides
    of rules that no longer block are left out: they would explain nothing.
    Raises StepRefused with everything that is left to do, and what `make_signature` raises.
    """
    faults = blocking(coded, overrides, seen_unsupported) + _attestation_faults(attestation)
    faults += _version_faults(coded, previous, correction)
    if model_sha256 and len(model_sha256) != len(models):
        raise ValueError("one hash for each model")
    if faults:
        raise StepRefused(f"This note cannot be signed yet. {' '.join(faults)}", advice="")
    rules = blocking_rules(coded)
    opened = [points.name(each) for each in points.must_open(coded)]
    bare = SignedNote(
        id=new_note_id(),
        version=1 if previous is None else previous.version + 1,
        coded=coded,
        overrides=tuple(each for each in overrides if each.rule_id in rules),
        seen_unsupported=tuple(each for each in unsupported(coded) if each in seen_unsupported),
        seen_omissions=tuple(o for o in opened if o not in unsupported(coded)),
        attestation=attestation,
        models=tuple(models),
        model_sha256=tuple(model_sha256),
        transcript_sha256="" if transcript is None else codec.sha256(transcript),
        previous_sha256="" if previous is None else previous.sha256,
        correction=" ".join(correction.split()),
        log_seq=log[0],
        log_sha256=log[1],
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
    for later in _LATER:
        if not plain[later]:
            del plain[later]
    return codec.canonical(plain)


def content_sha256(note: SignedNote) -> str:
    """Hex SHA-256 of `content`."""
    return hashlib.sha256(content(note)).hexdigest()


def verify_note(note: SignedNote, public_key: bytes) -> bool:
    """Whether the note is, to the last character, what the holder of this key signed."""
    return note.sha256 == content_sha256(note) and signature.verify_hash(
        public_key, note.sha256, note.signature
    )


def _version_faults(
    coded: CodedNote, previous: SignedNote | None, correction: str
) -> tuple[str, ...]:
    if previous is None:
        return ("There is no version to correct.",) if correction.strip() else ()
    if previous.coded.encounter.id != coded.encounter.id:
        return ("The version before this one belongs to another visit.",)
    if not previous.sha256 or not previous.signature:
        return ("Only a signed note can be corrected.",)
    if len(" ".join(correction.split())) < points.MIN_REASON:
        return (f"The reason for the correction is shorter than {points.MIN_REASON} characters.",)
    return ()


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
