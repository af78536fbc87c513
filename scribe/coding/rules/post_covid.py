"""Rules on weakness that follows COVID-19."""

from collections.abc import Iterator
from datetime import date

from scribe.coding.attribution import Attribution, attribution
from scribe.coding.conditions import answered_by
from scribe.coding.facts import R531, ClaimCode, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Severity

_LINK_CODE = "U09.9"
_RULE = "R531-POSTCOVID"
_SINCE = date(2021, 10, 1)
_NOT_CLINICAL = ("U09", "Z", "V", "W", "X", "Y")


def _post_covid(facts: Facts) -> Iterator[Hit]:
    (condition,) = answered_by(_RULE)
    found = attribution(facts, condition)
    if found.denied or not _wrong(facts, found):
        return
    yield Hit(
        message="For post-COVID weakness list the weakness first (R53.1), then U09.9.",
        codes=tuple(code for code in (R531, _LINK_CODE) if facts.coded(code)),
        evidence=found.quotes(facts),
        offers=(
            Offer(code=R531, why="the condition itself, listed first"),
            Offer(code=_link_code(facts), why="listed second; U07.1 is for active COVID-19 only"),
        ),
    )


def _wrong(facts: Facts, found: Attribution) -> bool:
    weakness = _first(facts, R531)
    link = _first(facts, _LINK_CODE)
    stated = bool(found.stated)
    if weakness is None:
        return stated and link is not None and not _something_before(facts, link)
    if link is None:
        earlier = facts.encounter.date_of_service < _SINCE
        return stated and not (earlier and facts.coded("B94.8"))
    if link.rank > weakness.rank:
        return False
    return stated or not (_something_before(facts, link) or found.doubted or _other_cause(facts))


def _link_code(facts: Facts) -> str:
    return _LINK_CODE if facts.encounter.date_of_service >= _SINCE else "B94.8"


def _first(facts: Facts, code: str) -> ClaimCode | None:
    return next((each for each in facts.codes if each.code == code), None)


def _something_before(facts: Facts, link: ClaimCode) -> bool:
    """Whether another condition stands before the link code, which is then that condition's."""
    return any(
        each.rank < link.rank and not each.code.startswith(_NOT_CLINICAL) for each in facts.codes
    )


def _other_cause(facts: Facts) -> bool:
    """Whether the clinician leaves the cause of the weakness open or names another one."""
    return facts.cause_unknown or any(
        link.tie == "stated" and link.cause.kind != "post-covid" for link in facts.links
    )


POSTCOVID = Rule(
    id=RuleId(_RULE),
    severity=Severity.BLOCK,
    title="Post-COVID weakness: link code missing or in the wrong order",
    citations=(
        tabular("U09.9, code first the specific condition related to COVID-19 if known"),
        guideline("I.C.1.g.1.m"),
    ),
    article="Your reference article says: U09.9 in place of R53.1. The official rule differs: the "
    "symptom is listed first and U09.9 after it.",
    sequencing="R53.1 goes first, U09.9 after it.",
    override="I do not attribute the weakness to COVID-19; U09.9, if it is listed, belongs to "
    "another condition on this claim.",
    decide=_post_covid,
)
