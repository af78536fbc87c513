"""Rules on what the note has to say for R53.1 to stand."""

from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Rule, guideline
from scribe.coding.status import Status
from scribe.coding.symptoms import documented
from scribe.ids import RuleId
from scribe.records import Severity

_EXPLAINED_ELSEWHERE = (
    "chronic-fatigue",
    "cancer-fatigue",
    "debility",
    "deconditioning",
    "frailty",
    "sarcopenia",
    "facial-palsy",
    "functional-quadriplegia",
)
"""Terms that a rule of their own answers better than "not documented"."""

_WORDING = {
    Status.NEGATED: "only denies weakness",
    Status.HISTORICAL: "speaks of weakness only as past or resolved",
    Status.FAMILY: "speaks of weakness only in the family",
    Status.OTHER_PERSON: "speaks of weakness only in another person",
    Status.HYPOTHETICAL: "names weakness only as something that might come",
}


def _unsupported(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.weakness or facts.weakness_left_open:
        return
    if facts.established(*_EXPLAINED_ELSEWHERE):
        return
    named = facts.of("weakness")
    what = _WORDING.get(named[0].status, "") if named else ""
    yield Hit(
        message=f"The note {what or 'does not mention current weakness'}. Document the weakness "
        "or remove R53.1.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in named),
        offers=documented(facts)[:3],
    )


DOC_UNSUPPORTED = Rule(
    id=RuleId("R531-DOC-UNSUPPORTED"),
    severity=Severity.BLOCK,
    title="R53.1 has no support in the note",
    citations=(guideline("I.A.19, IV.J, III"),),
    article="Your reference article agrees: R53.1 needs clinical documentation.",
    needs_note=True,
    override="This patient's current weakness is documented elsewhere in the record of this visit.",
    decide=_unsupported,
)
