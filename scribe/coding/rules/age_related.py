"""Rules on weakness that the clinician attributes to age or frailty."""

from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Section, Severity

_CLINICIAN = (Section.ASSESSMENT, Section.PLAN)


def _age_related(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.coded("R54"):
        return
    immobile = facts.established("functional-quadriplegia")
    stated = [
        each
        for each in facts.established("frailty")
        if each.section in _CLINICIAN
        and not any(
            each.section is it.section and it.start <= each.start < it.end for it in immobile
        )
    ]
    tied = [
        link
        for link in facts.tied("aging")
        if link.symptom.section in _CLINICIAN and link.cause.established
    ]
    evidence = [each.quote(facts.page) for each in stated]
    for link in tied:
        evidence += [link.symptom.quote(facts.page), link.cause.quote(facts.page)]
    if not evidence:
        return
    words = stated[0].text if stated else f"weakness and {tied[0].cause.text}"
    yield Hit(
        message=f"You attribute the weakness to age or frailty (“{words}”); that is coded R54, "
        "not R53.1.",
        codes=(R531,),
        evidence=tuple(dict.fromkeys(evidence)),
        offers=(
            Offer(code="R54", why="replaces R53.1; not with M62.84, R41.81 or F03.-"),
            Offer(code="M62.84", why="only if sarcopenia is diagnosed"),
        ),
    )


AGE_RELATED = Rule(
    id=RuleId("R531-AGE-RELATED"),
    severity=Severity.BLOCK,
    title="Age-related weakness or frailty coded R53.1",
    citations=(
        tabular("R54 inclusion terms; R53.1 Excludes1"),
        guideline("I.A.12.a, I.A.19"),
    ),
    article="Your reference article agrees: weakness due to aging is R54, not R53.1.",
    needs_note=True,
    sequencing="R54 takes the place of R53.1.",
    override="I do not attribute the weakness to age or frailty; those words in the note are about "
    "something else.",
    decide=_age_related,
)
