"""Rules on how completely and how consistently a note speaks of weakness; they never block."""

import re
from collections.abc import Iterator

from scribe.coding import elements
from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import GRADE, WEAKNESS, Extent, Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.spotting import clause_of, sentence_of, spot
from scribe.coding.status import Status
from scribe.coding.words import phrase
from scribe.ids import RuleId
from scribe.records import Citation, Section, Severity

_ENOUGH = 4
"""Of the seven parts this many are expected, strength among them."""
_LONGEST = 60
"""Characters of a clause that a message quotes."""
_WHOLE = (Extent.GENERAL, Extent.UNQUALIFIED)


def _insufficient(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or not (facts.weakness or facts.weakness_left_open):
        return
    lacking = elements.missing(facts.page)
    held = elements.present(facts.page)
    if len(held) >= _ENOUGH and elements.STRENGTH in held:
        return
    yield Hit(
        message="To support R53.1 the note still lacks: "
        f"{', '.join(elements.spoken_name(each) for each in lacking)}.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in facts.weakness[:2]),
    )


def _contradict(facts: Facts) -> Iterator[Hit]:
    assessed = facts.assessed(WEAKNESS)
    if R531 not in facts.coded(R531) or not assessed:
        return
    if any(
        phrase("contradictions", "passing").search(sentence_of(facts.page, a)) for a in assessed
    ):
        return
    against = _denied(facts) or _normal(facts)
    if not against:
        return
    quoted = "”, “".join(dict.fromkeys(_words(facts, each) for each in against))
    yield Hit(
        message=f"The Assessment says weakness, but the {against[0].section.value.capitalize()} "
        f"says “{quoted}”. Please reconcile the two.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in (*against, *assessed[:1])),
        offers=(Offer(code="R53.83", why="only if fatigue is what is meant"),),
    )


def _words(facts: Facts, mention: Mention) -> str:
    """What is said: the clause around a denied weakness, else the words themselves."""
    quote = mention.quote(facts.page)
    if mention.kind != WEAKNESS:
        return quote.text
    opening, closing = mention.sentence.clause_at(mention.start)
    clause = facts.page.note.of(mention.section)[opening : max(closing, mention.end)]
    plain = " ".join(clause.split()).strip(" .,;")
    return plain if len(plain) <= _LONGEST else quote.text


def _denied(facts: Facts) -> list[Mention]:
    """Weakness as such, denied in the Subjective and affirmed nowhere in it."""
    said = [each for each in facts.of(WEAKNESS) if each.section is Section.SUBJECTIVE]
    if not said or any(each.status is not Status.NEGATED for each in said):
        return []
    partial = phrase("contradictions", "partial")
    return [
        each
        for each in said
        if each.extent in _WHOLE and not partial.search(clause_of(facts.page, each))
    ]


def _normal(facts: Facts) -> list[Mention]:
    """Full strength and normal function in the Objective, with nothing reduced beside them."""
    if any(each.section is Section.OBJECTIVE for each in facts.established(WEAKNESS, GRADE)):
        return []
    full = _affirmed(facts, phrase("contradictions", "full"))
    function = _affirmed(facts, phrase("contradictions", "function"))
    return [full[0], function[0]] if full and function else []


def _affirmed(facts: Facts, pattern: re.Pattern[str]) -> list[Mention]:
    found = spot(facts.page, pattern, Section.OBJECTIVE)
    return [each for each in found if each.established]


def _denial_risk(facts: Facts) -> Iterator[Hit]:
    if {each.code for each in facts.codes} == {R531}:
        yield Hit(
            message="R53.1 alone is valid, but payers often ask for the work-up; keep the note "
            "complete.",
            codes=(R531,),
        )


DOC_INSUFFICIENT = Rule(
    id=RuleId("R531-DOC-INSUFFICIENT"),
    severity=Severity.WARN,
    title="R53.1 supported but thinly documented",
    citations=(
        Citation(
            source="Reference article of 2025-03-19 on R53.1",
            place="key questions, recommended tests, strength grading",
        ),
        guideline("introduction (complete documentation; no list of elements)"),
    ),
    article="Your reference article lists these questions and tests. No official list exists, so "
    "this only warns.",
    needs_note=True,
    override="What is missing is documented elsewhere in the record, or could not be obtained "
    "today; the note says why.",
    decide=_insufficient,
)
DOC_CONTRADICT = Rule(
    id=RuleId("R531-DOC-CONTRADICT"),
    severity=Severity.WARN,
    title="Sections contradict each other",
    citations=(guideline("I.A.19 (the provider's statement suffices; conflicts are clarified)"),),
    article="Your reference article says that R53.1 needs an objective limitation. The official "
    "rule differs: the provider's statement suffices, so this only warns.",
    needs_note=True,
    override="Both statements are right: the weakness comes and goes, or was not there while it "
    "was tested.",
    decide=_contradict,
)
DENIAL_RISK = Rule(
    id=RuleId("R531-DENIAL-RISK"),
    severity=Severity.INFO,
    title="R53.1 is the only diagnosis",
    citations=(guideline("IV.D"), tabular("chapter 18, note (a)-(f)")),
    article="Your reference article agrees: R53.1 may stand alone.",
    needs_note=True,
    override="No other diagnosis is established, and the work-up so far is in this note.",
    decide=_denial_risk,
)
