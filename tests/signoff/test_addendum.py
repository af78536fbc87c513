"""An addendum is a version of its own, chained and signed; the note below it stays as it was."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from scribe.errors import StepRefused
from scribe.records import Attestation, SignedNote
from scribe.signoff import review, signature
from scribe.signoff.addendum import addendum


def never(digest: str) -> str:
    raise AssertionError("asked for a signature on nothing")


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_nothing_is_not_added(signed: SignedNote, attestation: Attestation, text: str) -> None:
    with pytest.raises(StepRefused, match="empty"):
        addendum(signed, text, attestation, never)


def test_an_unsigned_note_has_no_addendum(signed: SignedNote, attestation: Attestation) -> None:
    for unsigned in (replace(signed, signature=""), replace(signed, sha256="")):
        with pytest.raises(StepRefused, match="Only a signed note"):
            addendum(unsigned, "More.", attestation, never)


def test_an_addendum_is_signed_as_completely_as_a_note(
    signed: SignedNote, attestation: Attestation
) -> None:
    for incomplete in (
        replace(attestation, meaning=""),
        replace(attestation, at=attestation.at.replace(tzinfo=None)),
    ):
        with pytest.raises(StepRefused):
            addendum(signed, "More.", incomplete, never)


def test_addenda_follow_each_other(
    signed: SignedNote, attestation: Attestation, key: bytes
) -> None:
    def make(digest: str) -> str:
        return signature.sign_hash(key, digest)

    later = replace(attestation, meaning="addendum", at=attestation.at + timedelta(days=1))
    first = addendum(signed, " CK was normal. ", later, make)
    second = addendum(first, "MRI was normal.", later, make)
    assert [n.version for n in (signed, first, second)] == [1, 2, 3]
    assert (first.previous_sha256, second.previous_sha256) == (signed.sha256, first.sha256)
    assert (first.addendum, second.addendum) == ("CK was normal.", "MRI was normal.")
    assert first.coded == second.coded == signed.coded
    assert len({signed.id, first.id, second.id}) == 3
    public = signature.public_key_of(key)
    assert all(review.verify_note(n, public) for n in (signed, first, second))
    assert not review.verify_note(replace(second, addendum="MRI was abnormal."), public)


MAKERS: tuple[Callable[[str], str], ...] = (lambda digest: "",)


@pytest.mark.parametrize("make", MAKERS)
def test_without_a_signature_nothing_is_added(
    signed: SignedNote, attestation: Attestation, make: Callable[[str], str]
) -> None:
    with pytest.raises(StepRefused, match="not signed"):
        addendum(signed, "More.", attestation, make)
