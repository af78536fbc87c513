"""Rules on weakness in recovery after surgery."""

from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.status import Status, status_of
from scribe.coding.words import phrase, vocabulary
from scribe.ids import RuleId
from scribe.records import Severity

_AFTERCARE = ("Z47", "Z48", "Z49", "Z9")
_CODES = (
    ("joint", "Z47.1", "aftercare following joint replacement, with Z96.6-"),
    ("orthopedic", "Z47.89", "other orthopedic aftercare"),
    ("heart", "Z48.812", "aftercare following surgery on the circulatory system"),
    ("digestive", "Z48.815", "aftercare following surgery on the digestive system"),
)


def _after_surgery(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.coded(*_AFTERCARE):
        return
    if facts.specialty not in vocabulary("surgery")["specialties"]:
        return
    place = facts.says(phrase("surgery", "after"))
    if place is None:
        return
    status = status_of(
        facts.page, place.sentence, place.start, place.end, disease=False, adjective=False
    )
    if status is not Status.ESTABLISHED:
        return
    fitting = [Offer(code=code, why=why) for key, code, why in _CODES if _names(key, place.text)]
    yield Hit(
        message=f"The note says “{place.quote(facts.page).text}”: consider the aftercare code "
        "first if the visit is aftercare of the operation.",
        codes=(R531,),
        evidence=(place.quote(facts.page),),
        offers=tuple(fitting[:1]) or (Offer(code="Z48.89", why="other specified aftercare"),),
    )


def _names(key: str, text: str) -> bool:
    return phrase("surgery", key).search(text) is not None


POSTOP = Rule(
    id=RuleId("R531-POSTOP"),
    severity=Severity.INFO,
    title="Weakness in recovery after surgery",
    citations=(guideline("II.K, I.C.21.c.7"),),
    needs_note=True,
    sequencing="Aftercare goes first when the condition that was operated on is gone.",
    article="Your reference article lets therapists use R53.1 in recovery from surgery; it does "
    "not speak of aftercare codes.",
    override="This visit is not for aftercare of the surgery.",
    decide=_after_surgery,
)
