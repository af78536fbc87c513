"""Rules that ask whether a known disease explains the weakness; they never block."""

import re
from collections.abc import Iterator

from scribe.coding import stroke
from scribe.coding.attribution import (
    Attribution,
    attribution,
    concerned,
    explained_elsewhere,
    offers,
    replaces_weakness,
)
from scribe.coding.conditions import conditions
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.words import whole_words
from scribe.ids import RuleId
from scribe.records import Quote, Severity

_ICU = whole_words("(?:icu|intensive care(?: unit)?)[- ]acquired weakness|icuaw")
_STROKE_HISTORY = ("Z86.73", "I69", "I60", "I61", "I62", "I63")


def _cause_query(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531):
        return
    for condition in concerned(facts, conditions().values()):
        found = attribution(facts, condition)
        if not found.named and not found.coded:
            continue
        if found.denied or found.stated or replaces_weakness(facts, found):
            continue
        if found.left_open and not _known_unlinked(found):
            continue
        if explained_elsewhere(facts, condition) or _listed(facts, found):
            continue
        if facts.cause_unknown and not condition.integral:
            continue
        if found.weak or _known_unlinked(found):
            yield _question(
                facts, found.kind(facts).name, found.quotes(facts), offers(facts, found)
            )
    if (place := facts.says(_ICU)) is not None and not facts.coded("G72.81", "G62.81"):
        yield _question(
            facts,
            "Critical illness myopathy or polyneuropathy",
            (place.quote(facts.page),),
            (Offer(code="G72.81", why="if confirmed"), Offer(code="G62.81", why="if confirmed")),
        )
    yield from _old_stroke(facts)


def _listed(facts: Facts, found: Attribution) -> bool:
    """Whether just the type that the note names is on the claim (G65.0, a late effect)."""
    return not found.coded and any(facts.coded(code) for code in found.kind(facts).codes)


def _known_unlinked(found: Attribution) -> bool:
    if not found.condition.ask or found.doubted:
        return False
    if found.condition.integral:
        return bool(found.known) and not found.coded
    return bool(found.known or found.coded)


def _old_stroke(facts: Facts) -> Iterator[Hit]:
    """An old stroke of which the note does not say what it left."""
    if not stroke.is_old(facts) or facts.coded(*_STROKE_HISTORY) or stroke.denied(facts):
        return
    said = stroke.ties(facts) or stroke.nothing_left(facts) is not None
    if said or any(link.cause.kind == "stroke" for link in facts.links):
        return
    if re.search(r"\b(?:no|without) residual", " ".join(facts.page.folded.values())):
        return
    if any(link.tie == "stated" for link in facts.links):
        return
    start, name = stroke.family(facts)
    yield _question(
        facts,
        f"An old {name}",
        tuple(each.quote(facts.page) for each in stroke.happened(facts)[:1]),
        (
            Offer(code=f"{start}98", why="if the weakness is left by it, before R53.1"),
            Offer(code="Z86.73", why="if it left no deficit"),
        ),
    )


def _question(facts: Facts, name: str, quotes: tuple[Quote, ...], codes: tuple[Offer, ...]) -> Hit:
    return Hit(
        message=f"{name} is in the note or on the claim. Is the weakness due to it? If yes, say so "
        "and code it; if no, say “not due to”.",
        codes=(R531,),
        evidence=quotes,
        offers=tuple(Offer(code=each.code, why="if confirmed as the cause") for each in codes),
    )


CAUSE_QUERY = Rule(
    id=RuleId("R531-CAUSE-QUERY"),
    severity=Severity.WARN,
    title="Known disease that could explain the weakness, no statement",
    citations=(guideline("I.A.19, I.B.4; I.A.15 (“with” does not reach weakness)"),),
    article="Your reference article asks for a history of neurological disease and for a diagnosed "
    "cause of the weakness.",
    override="I considered whether the disease explains the weakness; in my judgement it does not.",
    decide=_cause_query,
)
