"""Rules on motor neuron disease, of which weakness is a routine part."""

from collections.abc import Iterator

from scribe.coding.attribution import attribution, offers, replaces_weakness
from scribe.coding.conditions import answered_by
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Severity


def _als(facts: Facts) -> Iterator[Hit]:
    for condition in answered_by("R531-ALS"):
        found = attribution(facts, condition)
        if not replaces_weakness(facts, found):
            continue
        kind = found.kind(facts)
        name = kind.name if found.named else facts.table.title(found.coded[0])
        yield Hit(
            message=f"{name} explains the weakness; code it and remove R53.1.",
            codes=(R531, *found.coded),
            evidence=found.quotes(facts),
            offers=() if found.coded else offers(facts, found),
        )


ALS = Rule(
    id=RuleId("R531-ALS"),
    severity=Severity.BLOCK,
    title="Motor neuron disease",
    citations=(tabular("G12.2-"), guideline("I.B.4, I.B.5")),
    article="Your reference article agrees on G12.21 for ALS; the official title is Amyotrophic "
    "lateral sclerosis.",
    sequencing="The disease takes the place of R53.1.",
    override="The weakness coded R53.1 is not part of the motor neuron disease: it has another "
    "cause or none that is known; the note says so.",
    decide=_als,
)
