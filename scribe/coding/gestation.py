"""Whether the note says that this patient is pregnant now, and for how long; pure, no codes but by
trimester. Source: Tabular List, chapter 15 (second trimester from 14 weeks, third from 28 weeks).
"""

import re

from scribe.coding.facts import Facts
from scribe.coding.mentions import Mention
from scribe.coding.status import Status
from scribe.coding.words import phrase, vocabulary
from scribe.records import Sex

_OLDEST = 55
"""Years; a word of pregnancy in the note of an older patient is not hers now."""
_LONGEST = 42
"""Weeks."""
_OPENS = re.compile(r"\W*(?:\d+[.)] *)?pregnant(?= *(?:$|[.,;]|and\b|with\b|at\b))")
"""A sentence that begins with it: "Pregnant. Generalized weakness."."""
_OTHERS = (
    Status.NEGATED,
    Status.UNCERTAIN,
    Status.FAMILY,
    Status.OTHER_PERSON,
    Status.HYPOTHETICAL,
    Status.HISTORICAL,
    Status.PATIENT_OPINION,
)


def present(facts: Facts) -> Mention | None:
    """Where the note says that this patient is pregnant now; None if nowhere."""
    age = facts.encounter.age
    if facts.encounter.sex is Sex.MALE or (age is not None and age > _OLDEST):
        return None
    others = {each.sentence for each in facts.of("pregnancy") if each.status in _OTHERS}
    for sentence in facts.page.sentences:
        text = facts.page.folded[sentence.section]
        span = sentence.start, sentence.end
        match = phrase("pregnancy", "present").search(text, *span) or _OPENS.match(text, *span)
        if match is None or sentence in others:
            continue
        if phrase("pregnancy", "not_present").search(text, sentence.start, sentence.end):
            continue
        return Mention(
            kind="pregnancy",
            sentence=sentence,
            start=match.start(),
            end=match.end(),
            text=match[0],
            status=Status.ESTABLISHED,
        )
    return None


def weeks(facts: Facts) -> int | None:
    """Weeks of gestation, where the sentence that names the pregnancy tells them."""
    stated = present(facts)
    if stated is None:
        return None
    text = facts.page.folded[stated.section][stated.sentence.start : stated.sentence.end]
    for source in (stated.text, text):
        if match := re.search(vocabulary("pregnancy")["weeks"], source):
            number = int(match[1])
            return number if 1 <= number <= _LONGEST else None
    return None


def by_trimester(stem: str, number: int | None) -> str:
    """The code of a subcategory for the trimester of a week; unspecified when it is not known."""
    if number is None:
        return f"{stem}9"
    return f"{stem}{1 if number < 14 else 2 if number < 28 else 3}"
