"""What a note says about a stroke: old or acute, its type, what is left; chooses the leaf of I69.

Sources: Tabular List I69.-, Official Guidelines I.C.9.d.1-3 and I.C.6.a.
"""

import re
from dataclasses import dataclass

from scribe.coding.deficits import Deficit, Part, Side
from scribe.coding.facts import Facts
from scribe.coding.links import STROKE, Link, Tie
from scribe.coding.mentions import Extent, Mention
from scribe.coding.status import Status
from scribe.coding.words import phrase, vocabulary

_HAPPENED = (Status.ESTABLISHED, Status.HISTORICAL, Status.MENTIONED)
_LIMB = {"arm": "3", "leg": "4", "side": "5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """The code of category I69 for a one-sided deficit, what is weak, and why just that code."""

    code: str
    where: str
    why: str


def happened(facts: Facts) -> tuple[Mention, ...]:
    """The mentions of a stroke that this patient has had."""
    return tuple(each for each in facts.of(STROKE) if each.status in _HAPPENED)


def is_acute(facts: Facts) -> bool:
    """Whether the note describes a stroke that is happening now."""
    for mention in happened(facts):
        text = facts.page.folded[mention.section][mention.sentence.start : mention.sentence.end]
        if phrase("stroke", "acute").search(text) and mention.status is Status.ESTABLISHED:
            return True
    return False


def is_old(facts: Facts) -> bool:
    """Whether the stroke lies in the past: stated so, or nothing says that it is acute."""
    found = happened(facts)
    for mention in found:
        text = facts.page.folded[mention.section][mention.sentence.start : mention.sentence.end]
        if mention.status is Status.HISTORICAL or phrase("stroke", "old").search(text):
            return not is_acute(facts)
    return bool(found) and not is_acute(facts) and not facts.coded("I60", "I61", "I63")


def ties(facts: Facts) -> tuple[Link, ...]:
    """The ties between a current weakness and a stroke of this patient."""
    return tuple(link for link in facts.tied(STROKE) if link.cause.status in _HAPPENED)


def denied(facts: Facts) -> bool:
    """Whether the clinician says that the weakness has nothing to do with the stroke."""
    return bool(facts.tied(STROKE, Tie.DENIED))


def nothing_left(facts: Facts) -> Mention | None:
    """Where the note says that the stroke left no deficit, beside the stroke it speaks of."""
    if not happened(facts):
        return None
    for mention in happened(facts):
        for sentence in facts.page.sentences:
            near = sentence.number - mention.sentence.number in (0, 1)
            if sentence.section is not mention.section or not near:
                continue
            text = facts.page.folded[sentence.section]
            match = phrase("stroke", "no_deficit").search(text, sentence.start, sentence.end)
            if match:
                return Mention(
                    kind="no-deficit",
                    sentence=sentence,
                    start=match.start(),
                    end=match.end(),
                    text=match[0],
                    status=Status.ESTABLISHED,
                )
    return None


def one_sided(facts: Facts) -> tuple[Deficit, ...]:
    """Affirmed weakness of limbs of one side; empty when on both sides or only of the face."""
    limbs = tuple(each for each in facts.deficits if each.part is not Part.FACE)
    if len({each.side for each in limbs}) != 1:
        return ()
    return limbs


def general(facts: Facts, links: tuple[Link, ...]) -> bool:
    """Whether the tied weakness is not of one side or limb."""
    plain = (Extent.GENERAL, Extent.UNQUALIFIED)
    return not facts.deficits and all(link.symptom.extent in plain for link in links)


def family(facts: Facts) -> tuple[str, str]:
    """The first four characters of I69 by the type of stroke, and the name of that type."""
    text = " ; ".join(each.text for each in happened(facts))
    for kind in vocabulary("stroke")["kinds"]:
        if re.search(kind["pattern"], text):
            return kind["family"], kind["name"]
    return "I69.3", "stroke"


def leaf(facts: Facts, found: tuple[Deficit, ...]) -> Leaf:
    """The leaf for a one-sided deficit. Dominance not documented: left is taken as non-dominant,
    right as dominant (I.C.6.a).
    """
    side = found[0].side
    parts = {each.part for each in found}
    limb = "arm" if parts == {Part.ARM} else "leg" if parts == {Part.LEG} else "side"
    leads, known = dominant(facts, side)
    last = {
        (Side.RIGHT, True): "1",
        (Side.LEFT, True): "2",
        (Side.RIGHT, False): "3",
        (Side.LEFT, False): "4",
    }[side, leads]
    start, name = family(facts)
    hand = "dominant" if leads else "non-dominant"
    source = "as documented" if known else "by default, handedness is not documented"
    return Leaf(
        code=f"{start}{_LIMB[limb]}{last}",
        where=f"{side.value}-sided weakness" if limb == "side" else f"{side.value} {limb} weakness",
        why=f"{side.value} {limb} after {name}; {hand} side {source}",
    )


def dominant(facts: Facts, side: Side) -> tuple[bool, bool]:
    """Whether a side is the dominant one (default: the right one, I.C.6.a), and whether that is
    documented.
    """
    if facts.hand is None:
        return side is Side.RIGHT, False
    return (facts.hand.left if side is Side.LEFT else facts.hand.right), True


def paralysis(facts: Facts, found: tuple[Deficit, ...]) -> Leaf:
    """The code of category G81 or G83 for the one-sided deficit of an acute stroke or of another
    disease of the brain; dominance as in `leaf` (I.C.6.a).
    """
    side = found[0].side
    parts = {each.part for each in found}
    limb = "arm" if parts == {Part.ARM} else "leg" if parts == {Part.LEG} else "side"
    leads, known = dominant(facts, side)
    stem = {"arm": "G83.2", "leg": "G83.1", "side": "G81.9"}[limb]
    last = {
        (Side.RIGHT, True): "1",
        (Side.LEFT, True): "2",
        (Side.RIGHT, False): "3",
        (Side.LEFT, False): "4",
    }[side, leads]
    where = f"{side.value}-sided weakness" if limb == "side" else f"{side.value} {limb} weakness"
    hand = "dominant" if leads else "non-dominant"
    source = "as documented" if known else "by default, handedness is not documented"
    return Leaf(code=f"{stem}{last}", where=where, why=f"{where}; {hand} side {source}")
