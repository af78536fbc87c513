"""Rules on fatigue coded as weakness."""

import re
from collections.abc import Iterator

from scribe.coding import gestation
from scribe.coding.attribution import attribution
from scribe.coding.conditions import conditions
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Severity

_OWN_RULES = ("chronic-fatigue", "cancer-fatigue")
"""Kinds of fatigue with codes of their own."""
_EXERTION = re.compile(r"\b(?:excessive|extreme|heavy|over-?) ?exertion\b|\boverexert\w+")
_AFTER_COVID = re.compile(r"\b(?:post|long|after|since|following)[- ]?covid")


def _fatigue_only(facts: Facts) -> Iterator[Hit]:
    fatigue = facts.assessed("fatigue")
    if R531 not in facts.coded(R531) or not fatigue:
        return
    if facts.weakness or facts.weakness_left_open or facts.assessed(*_OWN_RULES):
        return
    denied = [each for each in facts.of("weakness") if not each.established][:1]
    offers = [Offer(code="R53.83", why=f"the note assesses {fatigue[0].text}")]
    if gestation.present(facts) is not None:
        code = gestation.by_trimester("O26.81", gestation.weeks(facts))
        offers.insert(0, Offer(code=code, why="exhaustion or fatigue in pregnancy"))
    yield Hit(
        message=f"The note describes {fatigue[0].text}, not loss of strength. Fatigue is coded "
        "R53.83.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in (*fatigue, *denied)),
        offers=(*offers, *_in_its_place(facts)),
    )


def _in_its_place(facts: Facts) -> tuple[Offer, ...]:
    """What R53.8- excludes: fatigue of depression, heat or exertion takes their code."""
    offers = []
    if facts.established("other:depression"):
        found = attribution(facts, conditions()["other:depression"])
        code = found.kind(facts).codes[0]
        offers.append(Offer(code=code, why="alone, if the fatigue is due to the depression"))
    if facts.established("other:heat"):
        offers.append(Offer(code="T67.5XXA", why="alone, if the fatigue is due to heat"))
    if facts.says(_EXERTION) is not None:
        offers.append(Offer(code="T73.3XXA", why="alone, if exertion brought on the exhaustion"))
    return tuple(offers)


def _chronic(facts: Facts) -> Iterator[Hit]:
    found = facts.assessed("chronic-fatigue")
    if R531 not in facts.coded(R531) or not found:
        return
    if facts.weakness or facts.weakness_left_open:
        return
    offers = [Offer(code=_code_of(found[0].text), why=f"the note assesses {found[0].text}")]
    if offers[0].code.startswith("G93.3"):
        offers.append(Offer(code="G93.3", why="before 2022-10-01"))
    if facts.says(_AFTER_COVID) is not None and offers[0].code.startswith("G93.3"):
        offers.append(Offer(code="U09.9", why="listed after it, if it follows COVID-19"))
    yield Hit(
        message=f"The note describes {found[0].text}; it has its own code, {offers[0].code}. "
        "R53.1 is for weakness.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in found),
        offers=tuple(offers),
    )


def _code_of(term: str) -> str:
    if ("syndrome" in term and "chronic" in term) or "me/cfs" in term or "myalgic" in term:
        return "G93.32"
    if "viral" in term:
        return "G93.31"
    return "G93.39" if "infect" in term or "covid" in term else "R53.82"


FATIGUE_CHRONIC = Rule(
    id=RuleId("R531-FATIGUE-CHRONIC"),
    severity=Severity.BLOCK,
    title="Chronic or post-infection fatigue coded R53.1",
    citations=(tabular("R53.82 Excludes1 G93.3-; G93.3 use additional code U09.9"),),
    article="Your reference article uses R53.82 for cancer. The official rule differs: R53.82 is "
    "chronic fatigue, unspecified, and chronic fatigue syndrome and fatigue after an infection "
    "have codes in G93.3-.",
    needs_note=True,
    sequencing="G93.3- goes before U09.9.",
    override="There is loss of strength as well as the chronic or postviral fatigue, documented "
    "elsewhere in the record of this visit.",
    decide=_chronic,
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
    override="There is loss of strength as well as fatigue, documented elsewhere in the record of "
    "this visit.",
    decide=_fatigue_only,
)
