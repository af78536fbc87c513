"""Rules on diseases that are on the claim and in the note only doubted, denied or another's."""

import re
from collections.abc import Iterator

from scribe.coding.coded_disease import Standing, is_judged, standing
from scribe.coding.facts import Facts
from scribe.coding.mentions import Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.status import Status
from scribe.coding.symptoms import documented
from scribe.coding.words import phrase, vocabulary
from scribe.ids import RuleId
from scribe.records import Quote, Setting, Severity

_DOUBT = re.compile(
    r"\b(?:possible|probable|(?:un)?likely|suspected|questionable|presumed|pending|considered"
    r"|uncertain|unconfirmed|unproven|doubtful|vs|versus|differential|ruled out|excluded"
    r"|confirmed)\b"
)


def _judged(facts: Facts) -> Iterator[tuple[str, Standing]]:
    for code in dict.fromkeys(each.code for each in facts.codes):
        if is_judged(facts.table, code):
            yield code, standing(facts, code)


def _uncertain(facts: Facts) -> Iterator[Hit]:
    if facts.encounter.setting is not Setting.OUTPATIENT:
        return
    for code, found in _judged(facts):
        if found.support or not found.doubt:
            continue
        name = found.doubt[0].quote(facts.page).text
        word = _word(facts, found.doubt[0])
        yield Hit(
            message=f"The note speaks of {name} only as uncertain"
            f"{f' (“{word}”)' if word else ''}. In outpatient care an uncertain "
            f"diagnosis is not coded: code the symptom in place of {code}, or state the diagnosis "
            "as confirmed.",
            codes=(code,),
            evidence=_quotes(facts, found.doubt),
            offers=documented(facts, found.doubt),
        )


def not_established(facts: Facts, code: str) -> str:
    """How the note speaks of the disease behind a code that it does not establish; "" if it does,
    or does not speak of it.
    """
    found = standing(facts, code) if is_judged(facts.table, code) else None
    if found is None or found.support or facts.page.empty:
        return ""
    if found.doubt:
        outpatient = facts.encounter.setting is Setting.OUTPATIENT
        return "the note speaks of it only as uncertain" if outpatient else ""
    return f"in the note it is {_manner(found.denial)}" if found.denial else ""


def _word(facts: Facts, mention: Mention) -> str:
    """The word of doubt that stands nearest to the disease, as written; "" if it is not found."""
    text = facts.page.folded[mention.section]
    opening, closing = mention.sentence.clause_at(mention.start)
    before = list(phrase("status", "uncertain", "before").finditer(text, opening, mention.start))
    after = _DOUBT.search(text, mention.end, max(closing, mention.end))
    found = before[-1] if before else after
    if found is None:
        return "?" if "?" in text[opening:closing] else ""
    return facts.page.quote(mention.section, found.start(), found.end()).text


def _negated(facts: Facts) -> Iterator[Hit]:
    for code, found in _judged(facts):
        if found.support or found.doubt or not found.denial:
            continue
        name = found.denial[0].quote(facts.page).text
        yield Hit(
            message=f"The note does not say that the patient has {name} now; it is "
            f"{_manner(found.denial)}. Remove {code} or document the diagnosis.",
            codes=(code,),
            evidence=_quotes(facts, found.denial),
            offers=_instead(code, found.denial),
        )


def _manner(mentions: tuple[Mention, ...]) -> str:
    names = {
        Status.NEGATED: "denied or ruled out",
        Status.FAMILY: "named of a relative",
        Status.HISTORICAL: "past or resolved",
    }
    return " and ".join(dict.fromkeys(names[each.status] for each in mentions))


def _instead(code: str, mentions: tuple[Mention, ...]) -> tuple[Offer, ...]:
    statuses = {each.status for each in mentions}
    offers = []
    if Status.HISTORICAL in statuses:
        for entry in vocabulary("symptom_codes")["history"]:
            if code.startswith(tuple(entry["codes"])):
                offers.append(Offer(code=entry["code"], why=f"{entry['name']}, if it is past"))
    if Status.FAMILY in statuses:
        for entry in vocabulary("symptom_codes")["family"]:
            if code.startswith(tuple(entry["codes"])):
                offers.append(Offer(code=entry["code"], why=entry["name"]))
                break
    return tuple(offers)


def _quotes(facts: Facts, mentions: tuple[Mention, ...]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(each.quote(facts.page) for each in mentions))


UNCERTAIN_CODED = Rule(
    id=RuleId("GEN-UNCERTAIN-CODED"),
    severity=Severity.BLOCK,
    title="Disease coded as established, documented as uncertain",
    citations=(guideline("IV.H (outpatient; inpatient II.H differs), I.B.4"),),
    article="Your reference article agrees: no upcoding, and R53.1 is right while the cause is "
    "not established.",
    needs_note=True,
    sequencing="The symptom takes the place of the diagnosis.",
    override="The diagnosis is established; the uncertain word in the note is about something "
    "else, such as its cause, stage or course.",
    decide=_uncertain,
)
NEGATED_CODED = Rule(
    id=RuleId("GEN-NEGATED-CODED"),
    severity=Severity.BLOCK,
    title="Disease coded that the note denies, or names only of a relative or as past",
    citations=(guideline("IV.J, I.C.21.c.4"),),
    article="Your reference article agrees: no upcoding.",
    needs_note=True,
    override="The patient has this disease now; the words that deny it or call it past are about "
    "something else.",
    decide=_negated,
)
