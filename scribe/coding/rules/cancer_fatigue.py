"""Rules on fatigue that belongs to a cancer."""

import re
from collections.abc import Iterator

from scribe.coding.attribution import attribution, offers
from scribe.coding.conditions import conditions
from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import WEAKNESS
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Severity

_WRONG = (R531, "R53.82", "R53.83")
_TREATMENT = re.compile(r"chemo|radiation")


def _cancer_fatigue(facts: Facts) -> Iterator[Hit]:
    stated = [
        each for each in facts.established("cancer-fatigue") if not _TREATMENT.search(each.text)
    ]
    wrong = tuple(code for code in _WRONG if facts.coded(code))
    if not stated or not wrong or facts.coded("R53.0"):
        return
    if wrong == (R531,) and _weakness_apart(facts):
        return
    neoplasm = facts.coded("C", "D0", "D1", "D2", "D3", "D4")
    cancer = offers(facts, attribution(facts, conditions()["cancer"])) or (Offer(code="C80.1"),)
    first = () if neoplasm else (Offer(code=cancer[0].code, why="the neoplasm by its site, first"),)
    yield Hit(
        message=f"{stated[0].text[0].upper()}{stated[0].text[1:]} is coded R53.0, with the "
        "neoplasm listed first.",
        codes=(*wrong, *neoplasm),
        evidence=tuple(each.quote(facts.page) for each in stated),
        offers=(*first, Offer(code="R53.0", why="after the neoplasm")),
    )


def _weakness_apart(facts: Facts) -> bool:
    """Whether weakness is assessed on its own, in a sentence that speaks of no such fatigue."""
    fatigue = {each.sentence for each in facts.established("cancer-fatigue")}
    return any(each.sentence not in fatigue for each in facts.assessed(WEAKNESS))


CANCER_FATIGUE = Rule(
    id=RuleId("R531-CANCER-FATIGUE"),
    severity=Severity.BLOCK,
    title="Cancer-related fatigue with another code than R53.0",
    citations=(
        tabular("R53.0, code first associated neoplasm; R53.82, chronic fatigue, unspecified"),
        guideline("I.C.2"),
    ),
    article="Your reference article says: R53.82. The official rule differs: fatigue related to a "
    "neoplasm is R53.0.",
    needs_note=True,
    sequencing="The neoplasm goes first, R53.0 after it.",
    override="I do not attribute the fatigue to the cancer; those words in the note are about "
    "something else.",
    decide=_cancer_fatigue,
)
