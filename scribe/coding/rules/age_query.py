"""The rule that asks whether weakness is age-related where the note only hints at it."""

import re
from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.links import Tie
from scribe.coding.mentions import Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.spotting import spot
from scribe.coding.status import Status
from scribe.coding.words import phrase, vocabulary
from scribe.ids import RuleId
from scribe.records import Section, Severity, Sex

_OLD = 65
"""Years; below it nobody is asked."""
_CLINICIAN = (Section.ASSESSMENT, Section.PLAN)


def _age_query(facts: Facts) -> Iterator[Hit]:
    age = facts.encounter.age
    if R531 not in facts.coded(R531) or age is None or age < _OLD or facts.coded("R54", "M62.84"):
        return
    if not facts.weakness or _concluded(facts):
        return
    hints = [*_words(facts), *_measures(facts)]
    if hints:
        yield Hit(
            message=f"The note says “{hints[0].quote(facts.page).text}”. Is this weakness "
            "age-related (frailty)? If yes, code R54 in place of R53.1; if not, say so in the "
            "Assessment.",
            codes=(R531,),
            evidence=tuple(dict.fromkeys(each.quote(facts.page) for each in hints)),
            offers=(Offer(code="R54", why="only if you conclude that it is age-related"),),
        )


def _concluded(facts: Facts) -> bool:
    """Whether the clinician already says what it is, or that it is not age."""
    if any(link.tie in (Tie.STATED, Tie.DENIED) for link in facts.links):
        return True
    if facts.says(phrase("age_hints", "denied"), *_CLINICIAN) is not None:
        return True
    if _after_treatment(facts):
        return True
    judged = (*facts.of("frailty"), *facts.of("sarcopenia"))
    return any(
        each.section in _CLINICIAN and each.status in (Status.ESTABLISHED, Status.NEGATED)
        for each in judged
    )


def _after_treatment(facts: Facts) -> bool:
    """Weakness after surgery or intensive care, so worded by the clinician, is not of age."""
    return any(
        sentence in facts.weak_sentences
        for pattern in ("after", "after_stay")
        for sentence, _ in facts.page.matches(phrase("surgery", pattern), *_CLINICIAN)
    )


def _words(facts: Facts) -> list[Mention]:
    said = spot(facts.page, phrase("age_hints", "said"), Section.SUBJECTIVE)
    seen = spot(facts.page, phrase("age_hints", "seen"))
    off = (Status.NEGATED, Status.FAMILY, Status.OTHER_PERSON, Status.HYPOTHETICAL)
    return [each for each in (*said, *seen) if each.status not in off]


def _measures(facts: Facts) -> list[Mention]:
    """Frailty scores, gait speed (m/s) and grip (kg) on the far side of their limits."""
    found = []
    for name, entry in vocabulary("age_hints")["measures"].items():
        if name.endswith(" of men") and facts.encounter.sex is not Sex.MALE:
            continue
        if name.endswith(" of women") and facts.encounter.sex is not Sex.FEMALE:
            continue
        for mention in spot(facts.page, re.compile(entry["pattern"])):
            number = re.compile(entry["pattern"]).search(mention.text)
            if number is not None and _beyond(float(number[1]), entry):
                found.append(mention)
    return found


def _beyond(value: float, entry: dict[str, float]) -> bool:
    return value >= entry["least"] if "least" in entry else value < entry["below"]


AGE_QUERY = Rule(
    id=RuleId("R531-AGE-QUERY"),
    severity=Severity.WARN,
    title="Age or frailty hinted at, not concluded",
    citations=(guideline("I.A.19, I.B.14 (only the provider's statement makes the diagnosis)"),),
    article="Your reference article agrees: age-related weakness is R54, and the geriatrician says "
    "so.",
    needs_note=True,
    override="In my judgement the weakness is not age-related.",
    decide=_age_query,
)
