"""Rules on diseases that are on the claim and in the note only doubted, denied or another's."""

from collections.abc import Iterator

from scribe.coding.coded_disease import Standing, is_judged, standing
from scribe.coding.facts import Facts
from scribe.coding.mentions import Extent, Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.spotting import spot
from scribe.coding.status import Status
from scribe.coding.words import vocabulary, whole_words
from scribe.ids import RuleId
from scribe.records import Quote, Setting, Severity

_STROKE = ("I60", "I61", "I62", "I63", "G45")


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
        yield Hit(
            message=f"The note speaks of {name} only as uncertain. In outpatient care an uncertain "
            f"diagnosis is not coded: code the symptom in place of {code}, or state the diagnosis "
            "as confirmed.",
            codes=(code,),
            evidence=_quotes(facts, found.doubt),
            offers=_symptoms(facts),
        )


def _symptoms(facts: Facts) -> tuple[Offer, ...]:
    """The codes of the symptoms that the note affirms, the assessed ones first."""
    offers = []
    extents = {each.extent for each in facts.established("weakness")}
    if extents & {Extent.GENERAL, Extent.UNQUALIFIED}:
        offers.append(Offer(code="R53.1", why="weakness is documented"))
    if extents & {Extent.PART, Extent.ONE_SIDE}:
        offers.append(Offer(code="R29.898", why="weakness of a limb is documented"))
    if Extent.FACE in extents:
        offers.append(Offer(code="R29.810", why="facial weakness is documented"))
    for entry in vocabulary("symptom_codes")["symptoms"]:
        pattern = whole_words(tuple(entry["terms"]))
        if any(each.established for each in spot(facts.page, pattern)):
            offers.append(Offer(code=entry["code"], why=f"{entry['name']} is documented"))
    return tuple(offers)


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
    if Status.HISTORICAL in statuses or (
        code.startswith(_STROKE) and Status.FAMILY not in statuses
    ):
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
