"""Rules on weakness of a pregnant patient."""

import re
from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.status import Status
from scribe.coding.words import phrase, vocabulary
from scribe.ids import RuleId
from scribe.records import Severity, Sex

_OLDEST = 55
"""Years; a word of pregnancy in the note of an older patient is not hers now."""
_OTHERS = (
    Status.NEGATED,
    Status.UNCERTAIN,
    Status.FAMILY,
    Status.OTHER_PERSON,
    Status.HYPOTHETICAL,
    Status.HISTORICAL,
    Status.PATIENT_OPINION,
)


def _pregnancy(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.coded("O", "Z33.1"):
        return
    stated = _present(facts)
    if stated is None or facts.says(phrase("pregnancy", "incidental")) is not None:
        return
    weeks = _weeks(facts)
    offers = [
        Offer(code=_by_trimester("O26.89", weeks), why="weakness in pregnancy, listed first"),
        Offer(code=R531, why="second, to name the symptom"),
    ]
    if facts.says(phrase("pregnancy", "fatigue")) is not None:
        offers.insert(
            0, Offer(code=_by_trimester("O26.81", weeks), why="exhaustion or fatigue in pregnancy")
        )
    if weeks is not None:
        number = weeks if weeks >= 8 else 1 if weeks < 8 else 0
        code = f"Z3A.{number:02}"
        offers.append(Offer(code=code, why=f"{weeks} weeks of gestation, added last"))
    offers.append(Offer(code="Z33.1", why="in place of these only if you state it is incidental"))
    yield Hit(
        message="The patient is pregnant: a code of chapter 15 comes first, unless you state that "
        "the pregnancy is incidental to the weakness.",
        codes=(R531,),
        evidence=(stated.quote(facts.page),),
        offers=tuple(offers),
    )


def _present(facts: Facts) -> Mention | None:
    """Where the note says that this patient is pregnant now."""
    age = facts.encounter.age
    if facts.encounter.sex is Sex.MALE or (age is not None and age > _OLDEST):
        return None
    others = {each.sentence for each in facts.of("pregnancy") if each.status in _OTHERS}
    for sentence in facts.page.sentences:
        text = facts.page.folded[sentence.section]
        match = phrase("pregnancy", "present").search(text, sentence.start, sentence.end)
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


def _weeks(facts: Facts) -> int | None:
    """Weeks of gestation, where the sentence that names the pregnancy tells them."""
    stated = _present(facts)
    if stated is None:
        return None
    text = facts.page.folded[stated.section][stated.sentence.start : stated.sentence.end]
    for source in (stated.text, text):
        if match := re.search(vocabulary("pregnancy")["weeks"], source):
            number = int(match[1])
            return number if 1 <= number <= 42 else None
    return None


def _by_trimester(stem: str, weeks: int | None) -> str:
    if weeks is None:
        return f"{stem}9" if stem.endswith(("81", "89")) else f"{stem}-"
    return f"{stem}{1 if weeks < 14 else 2 if weeks < 28 else 3}"


PREGNANCY = Rule(
    id=RuleId("R531-PREGNANCY"),
    severity=Severity.BLOCK,
    title="Pregnant patient, R53.1 without a code of chapter 15",
    citations=(guideline("I.C.15.a.1"), tabular("O26.8-, Z33.1, Z3A")),
    needs_note=True,
    sequencing="The code of chapter 15 goes first.",
    override="The pregnancy is incidental to this visit: the weakness does not come from it and "
    "does not affect its care; the note says so.",
    decide=_pregnancy,
)
