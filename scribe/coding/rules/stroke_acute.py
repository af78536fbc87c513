"""Rules on an acute stroke and on an acute stroke code for a stroke that is over."""

import re
from collections.abc import Iterator

from scribe.coding import durations, stroke
from scribe.coding.facts import R531, Facts
from scribe.coding.links import STROKE, Tie
from scribe.coding.mentions import Mention
from scribe.coding.rule import Hit, Offer, Rule, coding_clinic, guideline, tabular
from scribe.coding.status import Status
from scribe.coding.words import phrase
from scribe.ids import RuleId
from scribe.records import Section, Setting, Severity

_ACUTE_CODES = ("I60", "I61", "I62", "I63")
_FAMILIES = {"I69.0": "I60.-", "I69.1": "I61.-", "I69.2": "I62.-"}
_MONTHS_OVER = 2
"""Calendar months, so that more than 30 days lie between (a working limit, not an official one)."""
_NIHSS = re.compile(r"\bnihss(?: score)?(?: of| is| was|:|=)? ?(\d{1,2})\b")


def _acute(facts: Facts) -> Iterator[Hit]:
    coded = facts.coded(*_ACUTE_CODES)
    if R531 not in facts.coded(R531) or stroke.denied(facts):
        return
    happened = stroke.happened(facts)
    if _only_old(facts) or (facts.of("stroke") and not happened):
        return
    acute = stroke.is_acute(facts)
    found = stroke.one_sided(facts)
    tied = stroke.ties(facts) or facts.tied(STROKE, Tie.WEAK)
    if not coded and not (acute and (tied or found)):
        return
    if not tied and not found and facts.separate_general_weakness and facts.cause_unknown:
        return
    places = [each for each in happened if each.established][:2]
    quotes = [each.quote(facts.page) for each in (*places, *(each.mention for each in found))]
    yield Hit(
        message=f"The stroke explains the {_what(facts)}. Code the stroke and the hemiparesis; do "
        "not add R53.1.",
        codes=(R531, *coded),
        evidence=tuple(dict.fromkeys(quotes)),
        offers=_codes_of_the_event(facts),
    )


def _what(facts: Facts) -> str:
    found = stroke.one_sided(facts)
    return stroke.paralysis(facts, found).where if found else "weakness"


def _codes_of_the_event(facts: Facts) -> tuple[Offer, ...]:
    coded = facts.coded(*_ACUTE_CODES)
    family = _FAMILIES.get(stroke.family(facts)[0], "I63.-")
    offers = []
    if not coded:
        offers.append(Offer(code=family, why="by vessel, side and mechanism, listed first"))
    elif "unspecified" in facts.table.title(coded[0]).lower():
        exact = f"{coded[0][:3]}.-"
        offers.append(Offer(code=exact, why=f"in place of {coded[0]}, if more is documented"))
    if not coded and family == "I63.-":
        offers.append(Offer(code="I63.9", why="only if vessel and mechanism are not documented"))
    found = stroke.one_sided(facts)
    if found:
        deficit = stroke.paralysis(facts, found)
        offers.append(Offer(code=deficit.code, why=deficit.why))
    else:
        offers.append(Offer(code="G81.9-", why="hemiplegia, by side and dominance"))
    score = facts.says(_NIHSS)
    if score is not None and (match := _NIHSS.search(score.text)):
        offers.append(Offer(code=f"R29.7{int(match[1]):02}", why=f"NIHSS score {match[1]}"))
    for cause, code in (("facial (?:droop|weakness|palsy)", "R29.810"), ("dysarthria", "R47.1")):
        if _affirmed(facts, cause):
            offers.append(Offer(code=code, why="documented with the stroke"))
    if _affirmed(facts, "aphasi[ac]"):
        offers.append(Offer(code="R47.01", why="documented with the stroke"))
    return tuple(offers)


def _affirmed(facts: Facts, words: str) -> bool:
    for sentence in facts.page.sentences:
        text = facts.page.folded[sentence.section]
        if match := re.compile(rf"\b(?:{words})\b").search(text, sentence.start, sentence.end):
            opening, _ = sentence.clause_at(match.start())
            if not phrase("status", "negated", "before").search(text, opening, match.start()):
                return True
    return False


def _only_old(facts: Facts) -> bool:
    """Whether the stroke is documented, only as one that is over."""
    return not stroke.is_acute(facts) and _over(facts) is not None


def _over(facts: Facts) -> Mention | None:
    """Where the note says that the stroke is over: a past event, or more than 30 days ago."""
    for mention in stroke.happened(facts):
        if mention.status is Status.HISTORICAL:
            return mention
        text = facts.page.folded[mention.section][mention.sentence.start : mention.sentence.end]
        over = phrase("stroke", "over").search(text) or _dated_over(facts, mention)
        if over and not phrase("stroke", "now").search(text):
            return mention
    return None


def _dated_over(facts: Facts, mention: Mention) -> bool:
    """Stroke in November 2024, told two calendar months later or more."""
    text = facts.page.folded[mention.section]
    sentence, day = mention.sentence, facts.encounter.date_of_service
    before = re.search(r"[^,;:.]*$", text[sentence.start : mention.start])
    behind = re.match(r"[^,;:.]*", text[mention.end : sentence.end])
    near = [each[0] for each in (behind, before) if each is not None]
    months = next(
        (m for m in (durations.months_since(x, day) for x in near) if m is not None), None
    )
    return months is not None and months >= _MONTHS_OVER


def _acute_for_old(facts: Facts) -> Iterator[Hit]:
    coded = facts.coded(*_ACUTE_CODES)
    place = _over(facts)
    if not coded or place is None or stroke.is_acute(facts) or _happening(facts):
        return
    if facts.encounter.setting is Setting.INPATIENT:
        return
    found = stroke.one_sided(facts)
    offers = []
    if found:
        leaf = stroke.leaf(facts, found)
        offers.append(Offer(code=leaf.code, why=leaf.why))
    elif stroke.nothing_left(facts) is None:
        offers.append(Offer(code="I69.3-", why="sequela of the stroke, by deficit"))
    offers.append(Offer(code="Z86.73", why="history of stroke, if no deficit is left"))
    yield Hit(
        message=f"{coded[0]} is a code for the acute event; the note describes a stroke that is "
        "over. Code what it left (I69.-), or the history of it (Z86.73).",
        codes=coded,
        evidence=(place.quote(facts.page),),
        offers=tuple(offers),
    )


def _happening(facts: Facts) -> bool:
    """Whether the note tells of a stroke now, in words that stand apart from the name."""
    return facts.says(phrase("stroke", "event_now"), *Section) is not None


STROKE_ACUTE = Rule(
    id=RuleId("R531-STROKE-ACUTE"),
    severity=Severity.BLOCK,
    title="Weakness of an acute stroke",
    citations=(
        tabular("I60-I63; G81, to be used for multiple coding"),
        guideline("I.C.9.d, I.C.6.a, I.C.18.i"),
        coding_clinic("First Quarter 2015, page 25"),
    ),
    article="Your reference article says only that stroke-related codes are used; the stroke is "
    "listed first, then its deficits.",
    sequencing="The stroke goes first, then its deficits.",
    override="The weakness is no deficit of this stroke: it was there before, or has another cause "
    "that the note names.",
    decide=_acute,
)
ACUTE_FOR_OLD = Rule(
    id=RuleId("R531-ACUTE-FOR-OLD"),
    severity=Severity.BLOCK,
    title="Acute stroke code for an old stroke",
    citations=(guideline("I.C.9.d, I.B.10"),),
    article="Your reference article agrees: months after the event the acute code is not used.",
    needs_note=True,
    override="The acute stroke is treated at this visit; the stroke that the note calls past is "
    "another event.",
    decide=_acute_for_old,
)
