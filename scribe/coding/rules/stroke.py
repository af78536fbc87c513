"""Rules on weakness after a stroke and on category I69."""

import re
from collections.abc import Iterator

from scribe.coding import stroke
from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import WEAKNESS
from scribe.coding.rule import Hit, Offer, Rule, coding_clinic, guideline, tabular
from scribe.coding.words import phrase
from scribe.ids import RuleId
from scribe.records import Severity

_GENERAL_SEQUELA = re.compile(r"I69\.\d98")
_LIMB_SEQUELA = re.compile(r"I69(?:\.\d(?:[3-6]\w?|0)?)?")
"""I69 headings, and leaves for one limb, one side or an unspecified deficit."""


def _general_coded(facts: Facts) -> bool:
    return any(_GENERAL_SEQUELA.fullmatch(code) for code in facts.coded("I69"))


def _limb_coded(facts: Facts) -> tuple[str, ...]:
    return tuple(code for code in facts.coded("I69") if _LIMB_SEQUELA.fullmatch(code))


def _sequela(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or stroke.denied(facts):
        return
    coded = _limb_coded(facts)
    links = stroke.ties(facts)
    found = stroke.one_sided(facts)
    if not coded and not (links and found and stroke.is_old(facts)):
        return
    if facts.separate_general_weakness and (facts.cause_unknown or not found or not coded):
        return
    if not coded and _general_coded(facts):
        return
    evidence = [quote for each in found for quote in (each.mention,)]
    for link in links:
        evidence += [link.symptom, link.cause]
    leaf = stroke.leaf(facts, found) if found else None
    where = leaf.where if leaf is not None else "weakness of one side or limb"
    quotes = [each.quote(facts.page) for each in evidence]
    if found and facts.hand is not None:
        quotes.append(facts.page.quote(facts.hand.section, facts.hand.start, facts.hand.end))
    offers = [Offer(code=leaf.code, why=leaf.why)] if leaf is not None else []
    if facts.established("facial-palsy"):
        start, _ = stroke.family(facts)
        offers.append(Offer(code=f"{start}92", why="for the face, beside it"))
    yield Hit(
        message=f"The {where} is what the stroke left behind: it is hemiparesis or monoparesis and "
        "is coded in category I69. R53.1 is not added.",
        codes=(R531, *coded),
        evidence=tuple(dict.fromkeys(quotes)),
        offers=tuple(each for each in offers if each.code not in facts.coded("I69")),
    )


def _generalized(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or _general_coded(facts) or stroke.denied(facts):
        return
    links = stroke.ties(facts)
    if not links or not stroke.is_old(facts) or not stroke.general(facts, links):
        return
    if stroke.nothing_left(facts) is not None:
        return
    start, name = stroke.family(facts)
    evidence = [quote for link in links for quote in (link.symptom, link.cause)]
    yield Hit(
        message="You attribute general weakness to the old stroke: it needs the sequela code "
        f"first ({start}98), then R53.1. If only one side or limb is weak, name it instead.",
        codes=(R531,),
        evidence=tuple(dict.fromkeys(each.quote(facts.page) for each in evidence)),
        offers=(
            Offer(code=f"{start}98", why=f"other sequela of the {name}, listed first"),
            Offer(code=R531, why="listed second, it names the sequela"),
        ),
    )


def _no_deficit(facts: Facts) -> Iterator[Hit]:
    coded = facts.coded("I69")
    stated = stroke.nothing_left(facts)
    if not coded or stated is None or stroke.one_sided(facts) or stroke.ties(facts):
        return
    hemiparesis = phrase("weakness", "hemiparesis")
    if any(hemiparesis.fullmatch(each.text) for each in facts.established(WEAKNESS)):
        return
    if _another_deficit(facts):
        return
    yield Hit(
        message=f"The note says of the stroke “{stated.text}”; category I69 needs a deficit that "
        "is still there. Use Z86.73.",
        codes=coded,
        evidence=(stated.quote(facts.page),),
        offers=(Offer(code="Z86.73", why="history of stroke without residual deficit"),),
    )


def _another_deficit(facts: Facts) -> bool:
    """Whether speech, swallowing, balance ... is affirmed as impaired anywhere in the note."""
    for sentence in facts.page.sentences:
        text = facts.page.folded[sentence.section]
        for match in phrase("stroke", "deficit_words").finditer(text, sentence.start, sentence.end):
            opening, _ = sentence.clause_at(match.start())
            if not phrase("status", "negated", "before").search(text, opening, match.start()):
                return True
    return False


STROKE_SEQUELA = Rule(
    id=RuleId("R531-STROKE-SEQUELA"),
    severity=Severity.BLOCK,
    title="One-sided or one-limb weakness left by an old stroke",
    citations=(
        tabular("I69.- (I69.3- includes sequelae of stroke NOS)"),
        guideline("I.C.9.d.1, I.C.6.a, I.B.5, I.B.10, II.K"),
        coding_clinic("First Quarter 2015, page 25; First Quarter 2017, page 47"),
    ),
    article="Your reference article says: I69.3 first and R53.1 second for left-sided weakness "
    "after a stroke. The official rule differs: I69.3 is a heading, the code for hemiparesis "
    "after a stroke already says that the side is weak, and a symptom that is part of the coded "
    "condition is not added (I.B.5).",
    sequencing="The code of category I69 takes the place of R53.1 and goes first in rehabilitation "
    "of the deficit.",
    override="The weakness is not left over from the stroke: it is a new or a general weakness "
    "whose cause is not established.",
    decide=_sequela,
)
STROKE_GENERALIZED = Rule(
    id=RuleId("R531-STROKE-GENERALIZED"),
    severity=Severity.BLOCK,
    title="Generalized weakness attributed to an old stroke",
    citations=(
        tabular("I69.398, use additional code to identify the sequelae"),
        guideline("I.B.10"),
    ),
    article="Your reference article says: I69 first, R53.1 second. Here that order is right, with "
    "the complete code I69.398 in place of the heading I69.3.",
    needs_note=True,
    sequencing="I69.-98 goes first, R53.1 second.",
    override="I do not attribute the general weakness to the old stroke; its cause is not "
    "established.",
    decide=_generalized,
)
STROKE_NO_DEFICIT = Rule(
    id=RuleId("R531-STROKE-NO-DEFICIT"),
    severity=Severity.BLOCK,
    title="I69 coded although no deficit is left",
    citations=(guideline("I.C.9.d.3"), tabular("I69 Excludes1 Z86.73")),
    needs_note=True,
    sequencing="R53.1, if weakness is documented, may be first-listed.",
    article="Your reference article names I69.3 for weakness that comes from a stroke; it does "
    "not speak of a stroke that left nothing.",
    override="A deficit of the stroke is still present and is documented elsewhere in the record "
    "of this visit.",
    decide=_no_deficit,
)
