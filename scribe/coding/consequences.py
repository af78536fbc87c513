"""What a suggested code would bring with it on this claim and in this note, said beside its reason.

A suggestion that another rule would then stop is still shown, because the clinician may know more
than the note says; but it says what stands against it, and it is never carried out unasked.
"""

from collections.abc import Iterable
from dataclasses import replace

from scribe.coding.facts import Facts
from scribe.coding.rule import AFTER, UNREADY, Hit, Offer
from scribe.coding.rules import code_order, coded_diseases, excludes1, laterality


def weighed(facts: Facts, hit: Hit) -> tuple[Offer, ...]:
    """The offers of a hit, each with what stands against it or where it must stand, if anything."""
    listed = {each.code for each in facts.codes}
    together = tuple(each.code for each in hit.offers)
    return tuple(
        offer
        if offer.code in listed or offer.code.endswith("-") or not facts.table.exists(offer.code)
        else _weighed(facts, hit, offer, together)
        for offer in hit.offers
    )


def _weighed(facts: Facts, hit: Hit, offer: Offer, together: tuple[str, ...]) -> Offer:
    against = _against(facts, hit, offer.code, together)
    if against:
        return replace(offer, why=_joined(offer.why, f"{UNREADY}{against}"))
    first = code_order.first_of(facts, offer.code, together)
    return replace(offer, why=_joined(offer.why, f"{AFTER}{first}")) if first else offer


def _against(facts: Facts, hit: Hit, code: str, together: tuple[str, ...]) -> str:
    """Which rule would stop the code, in words; "" if none would."""
    if needed := code_order.lacking(facts, code, together):
        return f"code first {needed}"
    for other in _left(facts, hit):
        if excludes1.excluding_note(facts.table, code, other) is not None:
            return f"{code} and {other} exclude each other"
    if not facts.page.empty and laterality.contradicted(facts, code):
        return "the note names the other side"
    below = any(code.startswith(each.code) for each in facts.codes if each.code in hit.codes)
    if not below and (stated := coded_diseases.not_established(facts, code)):
        return stated
    return ""


def _left(facts: Facts, hit: Hit) -> Iterable[str]:
    """The codes of the claim that a fix of this hit leaves there."""
    return dict.fromkeys(each.code for each in facts.codes if each.code not in hit.codes)


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
