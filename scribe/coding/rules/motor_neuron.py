"""Rules on motor neuron disease, of which weakness is a routine part."""

import re
from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.links import Tie
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.words import vocabulary
from scribe.ids import RuleId
from scribe.records import Severity

_KIND = "als"
_FAMILY = "G12"


def _als(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.tied(_KIND, Tie.DENIED):
        return
    mentions = facts.of(_KIND)
    stated = facts.established(_KIND)
    links = [link for link in facts.tied(_KIND) if stated or link.cause.established]
    coded = facts.coded(_FAMILY)
    if coded and mentions and not stated:
        return
    if coded and facts.separate_general_weakness and not links and facts.cause_unknown:
        return
    if not links and not coded:
        return
    name, code = _which(links[0].cause.text if links else stated[0].text) if stated else ("", "")
    name = name or facts.table.title(coded[0])
    evidence = [quote for link in links for quote in (link.symptom, link.cause)]
    yield Hit(
        message=f"{name} explains the weakness; code it and remove R53.1.",
        codes=(R531, *coded),
        evidence=tuple(dict.fromkeys(each.quote(facts.page) for each in evidence or stated)),
        offers=() if coded else (Offer(code=code, why=f"the note establishes {name}"),),
    )


def _which(text: str) -> tuple[str, str]:
    for kind in vocabulary("conditions")[_KIND]["kinds"]:
        if re.search(kind["pattern"], text):
            return kind["name"], kind["code"]
    return "", ""


ALS = Rule(
    id=RuleId("R531-ALS"),
    severity=Severity.BLOCK,
    title="Motor neuron disease",
    citations=(tabular("G12.2-"), guideline("I.B.4, I.B.5")),
    article="Your reference article agrees on G12.21 for ALS; the official title is Amyotrophic "
    "lateral sclerosis.",
    decide=_als,
)
