"""Adding to a note that is already signed: a new version, chained to the one before it. The signed
text itself is never touched; `review.sign` with `previous` makes a correction in the same way.
"""

from collections.abc import Callable
from dataclasses import replace

from scribe.errors import StepRefused
from scribe.ids import new_note_id
from scribe.records import Attestation, SignedNote
from scribe.signoff import review


def addendum(
    note: SignedNote,
    text: str,
    attestation: Attestation,
    make_signature: Callable[[str], str],
    log: review.LogHead = review.NO_LOG,
) -> SignedNote:
    """The next version of `note`: the same content, the added `text`, a signature of its own.
    `log` is where the audit log stands.

    Raises StepRefused for an empty text, an unsigned note or an incomplete attestation.
    """
    if not text.strip():
        raise StepRefused("The addendum is empty.", advice="Type what is to be added.")
    if not note.sha256 or not note.signature:
        raise StepRefused("Only a signed note can have an addendum.")
    review.require_attestation(attestation)
    bare = replace(
        note,
        id=new_note_id(),
        version=note.version + 1,
        attestation=attestation,
        previous_sha256=note.sha256,
        addendum=text.strip(),
        correction="",
        log_seq=log[0],
        log_sha256=log[1],
        sha256="",
        signature="",
    )
    return review.seal(bare, make_signature)
