"""The codes of the symptoms that a note affirms; pure, decides nothing."""

import re

from scribe.coding.facts import Facts
from scribe.coding.mentions import Extent, Mention
from scribe.coding.rule import Offer
from scribe.coding.spotting import spot
from scribe.coding.status import Status
from scribe.coding.words import vocabulary, whole_words

_BEHIND = re.compile(r"\b(?:with|w/|causing|presenting as|for)\b[^,;:.]*$")


def documented(facts: Facts, doubted: tuple[Mention, ...] = ()) -> tuple[Offer, ...]:
    """Weakness first, then the others. What stands behind "with" after one of the `doubted`
    diseases is there although the disease is in doubt: "suspected stroke with slurred speech".
    """
    offers = []
    extents = {each.extent for each in facts.established("weakness")}
    extents |= {each.extent for each in facts.of("weakness") if _there(facts, each, doubted)}
    if extents & {Extent.GENERAL, Extent.UNQUALIFIED}:
        offers.append(Offer(code="R53.1", why="weakness is documented"))
    if extents & {Extent.PART, Extent.ONE_SIDE}:
        offers.append(Offer(code="R29.898", why="weakness of a limb is documented"))
    if Extent.FACE in extents:
        offers.append(Offer(code="R29.810", why="facial weakness is documented"))
    for entry in vocabulary("symptom_codes")["symptoms"]:
        pattern = whole_words(tuple(entry["terms"]))
        found = spot(facts.page, pattern)
        if any(each.established or _there(facts, each, doubted) for each in found):
            offers.append(Offer(code=entry["code"], why=f"{entry['name']} is documented"))
    return tuple(offers)


def _there(facts: Facts, symptom: Mention, doubted: tuple[Mention, ...]) -> bool:
    if symptom.status is not Status.UNCERTAIN:
        return False
    text = facts.page.folded[symptom.section]
    return any(
        disease.section is symptom.section
        and disease.sentence.start <= disease.end <= symptom.start < disease.sentence.end
        and _BEHIND.search(text[disease.end : symptom.start]) is not None
        for disease in doubted
    )
