"""Rules on fatigue coded as weakness."""

from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Severity

_OWN_RULES = ("chronic-fatigue", "cancer-fatigue")
"""Kinds of fatigue with codes of their own."""


def _fatigue_only(facts: Facts) -> Iterator[Hit]:
    fatigue = facts.assessed("fatigue")
    if R531 not in facts.coded(R531) or not fatigue:
        return
    if facts.weakness or facts.weakness_left_open or facts.assessed(*_OWN_RULES):
        return
    denied = [each for each in facts.of("weakness") if not each.established][:1]
    pregnant = bool(facts.established("pregnancy"))
    offers = [Offer(code="R53.83", why=f"the note assesses {fatigue[0].text}")]
    if pregnant:
        offers.insert(0, Offer(code="O26.81-", why="fatigue in pregnancy"))
    yield Hit(
        message=f"The note describes {fatigue[0].text}, not loss of strength. Fatigue is coded "
        "R53.83.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in (*fatigue, *denied)),
        offers=tuple(offers),
    )


FATIGUE_ONLY = Rule(
    id=RuleId("R531-FATIGUE-ONLY"),
    severity=Severity.BLOCK,
    title="Fatigue documented, weakness coded",
    citations=(
        tabular("R53.83 inclusion terms (fatigue NOS, lack of energy, lethargy, tiredness)"),
        guideline("I.A.19"),
    ),
    article="Your reference article agrees: extreme tiredness without loss of strength is R53.83.",
    needs_note=True,
    decide=_fatigue_only,
)
