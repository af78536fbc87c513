"""Rules on terms that stand beside weakness in the Tabular List and have codes of their own."""

import re
from collections.abc import Iterator

from scribe.coding import stroke
from scribe.coding.facts import R531, Facts
from scribe.coding.links import Tie
from scribe.coding.mentions import WEAKNESS, Extent, Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.spotting import clause_of
from scribe.coding.text import Sentence
from scribe.coding.words import phrase
from scribe.ids import RuleId
from scribe.records import Citation, Quote, Section, Severity

_CLINICIAN = (Section.ASSESSMENT, Section.PLAN)
_KNOWN = re.compile(r"\b(?:known|diagnosed|dx|confirmed|pmhx?|has)\b")
_AND_A_LIMB = re.compile(
    r"\s*(?:,|&|/|and\b)\s*(?:(?:of|the|his|her|left|right|l|r)\s+)*"
    r"(?:arm|hand|leg|foot|body|upper (?:limb|extremity)|lower (?:limb|extremity))\b"
    r"(?!\s+(?:strength|power|is|are|was|were|fine|normal|full|intact|spared|unaffected|ok))"
)
_ANYWHERE = (Extent.GENERAL, Extent.UNQUALIFIED)


def _muscle_term(facts: Facts) -> Iterator[Hit]:
    assessed = facts.assessed(WEAKNESS)
    named = [each for each in assessed if each.muscle and _widespread(facts, each)]
    if not named or R531 not in facts.coded(R531) or facts.coded("M62.81"):
        return
    plain = [each for each in assessed if not each.muscle and each.extent is Extent.GENERAL]
    if plain or any(link.tie is Tie.STATED for link in facts.links):
        return
    offers = [Offer(code="M62.81", why=f"the note assesses {named[0].text} of the muscles")]
    if facts.of("sarcopenia") or facts.tied("aging"):
        offers.append(Offer(code="M62.84", why="if age-related loss of muscle is diagnosed"))
    yield Hit(
        message="You assessed muscle weakness; that is coded M62.81, not R53.1.",
        codes=(R531,),
        evidence=_quotes(facts, named),
        offers=tuple(offers),
    )


def _widespread(facts: Facts, mention: Mention) -> bool:
    """General, unqualified, or of arms and legs: proximal weakness of shoulders and hips."""
    if mention.extent in _ANYWHERE:
        return True
    near = clause_of(facts.page, mention)
    limbs = (phrase("weakness", "body", "arm"), phrase("weakness", "body", "leg"))
    return mention not in facts.one_sided and all(limb.search(near) for limb in limbs)


def _facial(facts: Facts) -> Iterator[Hit]:
    face = [
        *facts.established("facial-palsy"),
        *(each for each in facts.established(WEAKNESS) if each.extent is Extent.FACE),
    ]
    if R531 not in facts.coded(R531) or not face or _elsewhere(facts, face):
        return
    if _limb_too(facts, face):
        return
    bell = [each for each in face if "bell" in each.text and each.section in _CLINICIAN]
    offers = [Offer(code="R29.810", why="facial weakness")]
    if bell:
        offers.insert(0, Offer(code="G51.0", why=f"the note establishes {bell[0].text}"))
    elif stroke.happened(facts) and stroke.is_old(facts):
        start, name = stroke.family(facts)
        offers.insert(0, Offer(code=f"{start}92", why=f"facial weakness after the {name}"))
    yield Hit(
        message=f"The note speaks of weakness of the face only (“{face[0].text}”); it has its own "
        f"code ({offers[0].code}), not R53.1.",
        codes=(R531,),
        evidence=_quotes(facts, face),
        offers=tuple(offers),
    )


def _limb_too(facts: Facts, face: list[Mention]) -> bool:
    """Weakness of face and arm: the same words reach a limb."""
    texts = facts.page.folded
    return any(_AND_A_LIMB.match(texts[each.section], each.end, each.sentence.end) for each in face)


def _elsewhere(facts: Facts, face: list[Mention]) -> bool:
    """Whether weakness is told that is no part of what is told of the face."""
    beside: dict[Sentence, list[Mention]] = {}
    for each in face:
        beside.setdefault(each.sentence, []).append(each)
    return any(
        not any(other.start <= each.start < other.end for other in beside.get(each.sentence, ()))
        for each in facts.weakness
        if each.extent is not Extent.FACE
    )


def _sarcopenia(facts: Facts) -> Iterator[Hit]:
    found = _stated(facts, "sarcopenia")
    if R531 not in facts.coded(R531) or facts.coded("M62.84") or not found:
        return
    yield Hit(
        message="Sarcopenia is coded M62.84 and already includes the weakness; remove R53.1.",
        codes=(R531,),
        evidence=_quotes(facts, found),
        offers=(
            Offer(
                code="M62.84",
                why="code an underlying muscle disease (G71-G73) first; not with R54 or M62.81",
            ),
        ),
    )


def _functional_quadriplegia(facts: Facts) -> Iterator[Hit]:
    found = _stated(facts, "functional-quadriplegia")
    if R531 in facts.coded(R531) and found:
        yield Hit(
            message="Functional quadriplegia has its own code, R53.2; remove R53.1.",
            codes=(R531,),
            evidence=_quotes(facts, found),
            offers=(Offer(code="R53.2", why=f"the note states {found[0].text}"),),
        )


def _stated(facts: Facts, kind: str) -> list[Mention]:
    """Stated by the clinician: in Assessment or Plan, or elsewhere as a known diagnosis."""
    return [
        each
        for each in facts.established(kind)
        if each.section in _CLINICIAN or _is_known(facts, each)
    ]


def _is_known(facts: Facts, mention: Mention) -> bool:
    opening, closing = mention.sentence.clause_at(mention.start)
    return _KNOWN.search(facts.page.folded[mention.section][opening:closing]) is not None


def _quotes(facts: Facts, mentions: list[Mention]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(each.quote(facts.page) for each in mentions))


MUSCLE_TERM = Rule(
    id=RuleId("R531-MUSCLE-TERM"),
    severity=Severity.BLOCK,
    title="Muscle weakness assessed, R53.1 coded",
    citations=(
        tabular("R53.1 Excludes1 muscle weakness (generalized) (M62.81)"),
        Citation(
            source="ICD-10-CM Alphabetic Index", place="Weakness, muscle (as others quote it)"
        ),
    ),
    article="Your reference article agrees on M62.81 for muscle weakness. The official rule "
    "differs in its meaning: the title is Muscle weakness (generalized), not weakness of "
    "particular muscles.",
    needs_note=True,
    override="General weakness is what was assessed; the word muscle describes the examination, "
    "not the diagnosis.",
    decide=_muscle_term,
)
FACIAL = Rule(
    id=RuleId("R531-FACIAL"),
    severity=Severity.BLOCK,
    title="Facial weakness coded R53.1",
    citations=(
        tabular("R29.810, Excludes1 G51.0 and I69 with final characters -92"),
        guideline("I.B.2"),
    ),
    article="Your reference article does not speak of the face; it asks for the more specific code "
    "where there is one.",
    needs_note=True,
    override="Weakness beyond the face was assessed; the face is named in addition.",
    decide=_facial,
)
SARCOPENIA = Rule(
    id=RuleId("R531-SARCOPENIA"),
    severity=Severity.BLOCK,
    title="Sarcopenia documented, R53.1 coded",
    citations=(tabular("M62.84; Excludes1 at R53.1, R54, M62.81 and M62.5"),),
    article="Your reference article agrees that sarcopenia is M62.84.",
    needs_note=True,
    sequencing="A muscle disease behind the sarcopenia (G71-G73) is listed before M62.84.",
    override="Sarcopenia is not established in this patient; the note names it for another reason.",
    decide=_sarcopenia,
)
FUNC_QUAD = Rule(
    id=RuleId("R531-FUNC-QUAD"),
    severity=Severity.BLOCK,
    title="Functional quadriplegia documented, R53.1 coded",
    citations=(tabular("R53.2"), guideline("I.C.18.f")),
    needs_note=True,
    article="Your reference article does not speak of R53.2.",
    override="Functional quadriplegia is not established in this patient; the note names it for "
    "another reason.",
    decide=_functional_quadriplegia,
)
