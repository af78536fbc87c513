"""Code lists changed in one step: a code taken out, put in, moved; no rule and no finding here."""

from scribe.coding.spoken_codes import normalise
from scribe.records import CodedDiagnosis, Origin

Claim = tuple[CodedDiagnosis, ...]


def codes(claim: Claim) -> tuple[str, ...]:
    """The codes of a claim as they are understood, however they are written."""
    return tuple(normalise(each.code) for each in claim)


def without(claim: Claim, *gone: str) -> Claim:
    """The claim without these codes."""
    return tuple(each for each in claim if normalise(each.code) not in gone)


def placed(claim: Claim, code: str, at: int) -> Claim:
    """`code` at a place counted among the other codes; taken from where it stood, or new."""
    there = [each for each in claim if normalise(each.code) == code]
    rest = without(claim, code)
    made = there[0] if there else CodedDiagnosis(code=code, rank=0, origin=Origin.RULE)
    return (*rest[:at], made, *rest[at:])


def place_of(claim: Claim, code: str) -> int:
    """Where a code stands first; the end of the claim if it is not there."""
    return codes(claim).index(code) if code in codes(claim) else len(claim)


def instead(claim: Claim, old: str, *new: str) -> Claim:
    """`new` in the place of `old`; what is on the claim already stays where it is."""
    at = place_of(claim, old)
    missing = [code for code in new if code not in codes(claim)]
    made = (CodedDiagnosis(code=code, rank=0, origin=Origin.RULE) for code in missing)
    return (*without(claim[:at], old), *made, *without(claim[at:], old))


def before(claim: Claim, code: str, other: str) -> Claim:
    """`code` right before `other`, moved there or new; unchanged if it stands before it already."""
    if code in codes(claim) and place_of(claim, code) < place_of(claim, other):
        return claim
    return placed(claim, code, place_of(without(claim, code), other))
