"""Rules on sides: the side or the dominance that a code names against what the note says."""

import re
from collections.abc import Iterator

from scribe.coding import sides
from scribe.coding.deficits import Part, Side
from scribe.coding.facts import Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.ids import RuleId
from scribe.records import Quote, Severity

PARALYSIS = re.compile(r"(?:I69\.\d[345]|G81\.|G83\.[123])")
"""One-sided or one-limb paralysis, the codes with a dominant and a non-dominant side."""


def _conflict(facts: Facts) -> Iterator[Hit]:
    for code in dict.fromkeys(each.code for each in facts.codes):
        yield from _judged(facts, code)


def _judged(facts: Facts, code: str) -> Iterator[Hit]:
    title = facts.table.title(code)
    side = sides.side_of(title)
    if side is None:
        return
    if PARALYSIS.match(code):
        yield from _paralysis(facts, code, side)
    else:
        yield from _region(facts, code, title, side)


def contradicted(facts: Facts, code: str) -> bool:
    """Whether the note names the other side, or the other hand as leading, for a code."""
    return any(hit.severity is None for hit in _judged(facts, code))


def _paralysis(facts: Facts, code: str, side: Side) -> Iterator[Hit]:
    limbs = [each for each in facts.deficits if each.part is not Part.FACE]
    found = {each.side for each in limbs}
    if len(found) == 1 and side not in found:
        other = limbs[0].side
        quotes = tuple(dict.fromkeys(each.mention.quote(facts.page) for each in limbs))
        yield _says(facts, code, side, other, quotes)
        return
    yield from _dominance(facts, code, side)


def _dominance(facts: Facts, code: str, side: Side) -> Iterator[Hit]:
    coded = sides.dominance_of(facts.table.title(code))
    if coded is None:
        return
    actual = _is_dominant(facts, side)
    if coded == actual:
        return
    names = {True: "dominant", False: "non-dominant"}
    fitting = sides.other_side(facts.table, code, side, dominant=actual)
    offers = (Offer(code=fitting, why=f"{side.value} {names[actual]} side"),) if fitting else ()
    if facts.hand is None:
        yield Hit(
            severity=Severity.WARN,
            message=f"{code} says that the {side.value} side is {names[coded]}; the note does not "
            f"state handedness, and then the {side.value} side is taken as {names[actual]}. "
            "Document handedness or change the code.",
            codes=(code,),
            offers=offers,
        )
        return
    place = facts.page.quote(facts.hand.section, facts.hand.start, facts.hand.end)
    yield Hit(
        message=f"{code} says that the {side.value} side is {names[coded]}, the note says "
        f"“{place.text}”. Please correct one of them.",
        codes=(code,),
        evidence=(place,),
        offers=offers,
    )


def _is_dominant(facts: Facts, side: Side) -> bool:
    if facts.hand is None:
        return side is Side.RIGHT
    return facts.hand.left if side is Side.LEFT else facts.hand.right


def _region(facts: Facts, code: str, title: str, side: Side) -> Iterator[Hit]:
    region = sides.region_of(title)
    if not region or sides.speaks_of(facts, region, side):
        return
    found = [each for each in sides.stated(facts, region) if each.side is not side]
    if found:
        quotes = tuple(dict.fromkeys(each.mention.quote(facts.page) for each in found))
        yield _says(facts, code, side, found[0].side, quotes)


def _shown(quote: Quote) -> str:
    """The words, where they name the side themselves."""
    return f" (“{quote.text}”)" if re.search(r"(?i)left|right|\b[lr]\b", quote.text) else ""


def _says(facts: Facts, code: str, side: Side, other: Side, quotes: tuple[Quote, ...]) -> Hit:
    dominant = None
    if sides.dominance_of(facts.table.title(code)) is not None:
        dominant = _is_dominant(facts, other)
    fitting = sides.other_side(facts.table, code, other, dominant=dominant)
    return Hit(
        message=f"{code} says {side.value}, the note says {other.value}{_shown(quotes[0])}. "
        "Please correct one of them.",
        codes=(code,),
        evidence=quotes,
        offers=(Offer(code=fitting, why=f"the same on the {other.value}"),) if fitting else (),
    )


LATERALITY_CONFLICT = Rule(
    id=RuleId("GEN-LATERALITY-CONFLICT"),
    severity=Severity.BLOCK,
    title="Side or dominance in the code contradicts the note",
    citations=(guideline("I.B.13, I.C.6.a, I.C.9.d.1"),),
    article="Your reference article describes left-sided weakness in its case study but never "
    "codes the side.",
    needs_note=True,
    override="The side and the dominance in the code are right; the other side in the note belongs "
    "to a different finding.",
    decide=_conflict,
)
