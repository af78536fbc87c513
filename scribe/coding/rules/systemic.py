"""Rules on diseases outside the nervous system that the clinician names as cause of the weakness.

One decision serves them all. Only a stated tie counts. Cause not on the claim: the rule of the
cause blocks. Cause listed after R53.1: R531-SEQ-PRIMARY. Before it: R531-SECONDARY-SYMPTOM asks.
"""

import re
from collections.abc import Callable, Iterator

from scribe.coding import stroke
from scribe.coding.attribution import Attribution, attribution, concerned, offers
from scribe.coding.conditions import answered_by
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.spotting import spot
from scribe.coding.status import Status
from scribe.coding.words import whole_words
from scribe.ids import RuleId
from scribe.records import Citation, Severity

SYSTEMIC = (
    "R531-ANEMIA",
    "R531-CKD",
    "R531-MALNUTRITION",
    "R531-THYROID",
    "R531-DIABETES",
    "R531-ELECTROLYTE",
    "R531-INFECTION",
    "R531-CANCER-WEAKNESS",
    "R531-SYSTEMIC-OTHER",
)
_DIABETES = "diabetes"
_HYPERTENSION = whole_words("hypertensi(?:on|ve)|htn")
_DIABETIC = whole_words("diabet(?:es|ic)|t[12]dm|dm ?[12]")
_TYPE_1 = whole_words("type (?:1|i|one)|t1dm|dm ?1")
_SECOND = Offer(code=R531, why="only second, if not routine for the cause or managed on its own")


def explaining(facts: Facts, rule: str) -> tuple[Attribution, ...]:
    """The diseases of one rule that the clinician makes the cause of a weakness coded R53.1."""
    if R531 not in facts.coded(R531):
        return ()
    found = []
    for condition in concerned(facts, answered_by(rule)):
        if condition.general == rule and stroke.one_sided(facts):
            continue
        each = attribution(facts, condition)
        if each.stated and not each.denied:
            found.append(each)
    complications = [each for each in found if each.condition.key != _DIABETES]
    return tuple(complications if rule == "R531-DIABETES" and complications else found)


def _before(facts: Facts, found: Attribution) -> tuple[Offer, ...]:
    """What goes before chronic kidney disease: hypertension (I.C.9.a.2) and diabetes (I.A.15)."""
    stage = next((code for code in found.kind(facts).codes if code.startswith("N18")), "")
    if found.condition.key != "kidney" or not stage:
        return ()
    offers = []
    if _there(facts, _HYPERTENSION) and not facts.coded("I12", "I13"):
        code = "I12.0" if stage in ("N18.5", "N18.6") else "I12.9"
        offers.append(Offer(code=code, why="hypertension is documented: before the kidney disease"))
    if _there(facts, _DIABETIC) and not facts.coded("E08.22", "E10.22", "E11.22", "E13.22"):
        code = "E10.22" if facts.says(_TYPE_1) is not None else "E11.22"
        offers.append(Offer(code=code, why="diabetes is documented: before the kidney disease"))
    return tuple(offers)


def _there(facts: Facts, words: re.Pattern[str]) -> bool:
    off = (Status.NEGATED, Status.FAMILY, Status.OTHER_PERSON, Status.UNCERTAIN)
    return any(each.status not in off for each in spot(facts.page, words))


def _uncoded(rule: str, message: str) -> Callable[[Facts], Iterator[Hit]]:
    def decide(facts: Facts) -> Iterator[Hit]:
        for found in explaining(facts, rule):
            if found.coded or _coded_as_listed(facts, found):
                continue
            name = found.kind(facts).in_sentence
            yield Hit(
                message=message.format(name=name),
                codes=(R531,),
                evidence=found.quotes(facts),
                offers=(*_before(facts, found), *offers(facts, found), _SECOND),
            )

    return decide


def _coded_as_listed(facts: Facts, found: Attribution) -> bool:
    return any(facts.coded(code.rstrip("-")) for code in found.kind(facts).codes)


def _card(
    rule: str,
    title: str,
    citations: tuple[Citation, ...],
    *,
    message: str,
    override: str,
    sequencing: str = "",
    article: str = "",
) -> Rule:
    return Rule(
        id=RuleId(rule),
        severity=Severity.BLOCK,
        title=title,
        citations=citations,
        article=article,
        sequencing=sequencing,
        override=override,
        needs_note=True,
        decide=_uncoded(rule, message),
    )


_FIRST = guideline("I.B.4, I.B.5, IV.D")
ANEMIA = _card(
    "R531-ANEMIA",
    "Weakness due to anemia, cause not coded",
    (_FIRST, tabular("D50-D64")),
    message="You attribute the weakness to {name}; list the anemia first.",
    article="Your reference article lists R53.1 as a secondary code. The official rule differs: "
    "it stays only if weakness is not routine for the disease or was managed on its own.",
    sequencing="The anemia goes first; R53.1 is left out or goes second.",
    override="I do not attribute the weakness to the anemia; those words in the note are about "
    "something else.",
)
CKD = _card(
    "R531-CKD",
    "Weakness due to kidney disease, cause not coded",
    (tabular("N18, code first"), guideline("I.C.9.a.2, I.C.14.a")),
    message="You attribute the weakness to {name}; list the kidney disease (with its stage) first. "
    "Hypertension (I12.-) or diabetes (E11.22) goes before it.",
    article="Your reference article lists N18.9. The official rule differs: the stage is coded "
    "when it is documented.",
    sequencing="Diabetes or hypertension with kidney disease goes first, then N18.-, then R53.1 if "
    "it is kept.",
    override="I do not attribute the weakness to the kidney disease; those words in the note are "
    "about something else.",
)
MALNUTRITION = _card(
    "R531-MALNUTRITION",
    "Weakness due to malnutrition, cause not coded",
    (tabular("E43-E46"), guideline("I.B.2")),
    message="You attribute the weakness to {name}; list it with its degree first.",
    article="Your reference article lists E44, which is a heading; the degree is coded.",
    sequencing="The malnutrition goes first.",
    override="I do not attribute the weakness to the malnutrition; those words in the note are "
    "about something else.",
)
THYROID = _card(
    "R531-THYROID",
    "Weakness due to thyroid disease, cause not coded",
    (tabular("E00-E07"), guideline("I.B.4")),
    message="You attribute the weakness to {name}; list it first.",
    article="Your reference article agrees that the thyroid disease is the diagnosis.",
    sequencing="The thyroid disease goes first.",
    override="I do not attribute the weakness to the thyroid disease; those words in the note are "
    "about something else.",
)
DIABETES = _card(
    "R531-DIABETES",
    "Weakness due to diabetes or its complication, cause not coded",
    (guideline("I.C.4.a, I.A.15, I.C.18.c"),),
    message="You attribute the weakness to {name}; use the diabetes code with the complication.",
    sequencing="The combination code stands alone; R53.1 is left out beside a neurological "
    "complication (.4-).",
    article="Your reference article names diabetes as a cause of weakness and gives no code.",
    override="I do not attribute the weakness to the diabetes or a complication of it; those words "
    "in the note are about something else.",
)
ELECTROLYTE = _card(
    "R531-ELECTROLYTE",
    "Weakness due to an electrolyte disorder or dehydration, cause not coded",
    (
        tabular("E86, E87 (Excludes1 G72.3), E83"),
        guideline("IV.D, III.B (an abnormal finding is no diagnosis)"),
    ),
    message="You attribute the weakness to {name}; list it first.",
    article="Your reference article agrees in substance.",
    sequencing="The disorder goes first.",
    override="I do not attribute the weakness to the disorder of electrolytes or fluid; those "
    "words in the note are about something else.",
)
INFECTION = _card(
    "R531-INFECTION",
    "Weakness due to a current infection, cause not coded",
    (guideline("I.C.1.g.1 (confirmed COVID-19), I.C.1.a (confirmed HIV), I.B.5"),),
    message="You attribute the weakness to {name}; list it first.",
    article="Your reference article agrees in substance.",
    sequencing="The infection goes first.",
    override="I do not attribute the weakness to the infection; those words in the note are about "
    "something else.",
)
CANCER_WEAKNESS = _card(
    "R531-CANCER-WEAKNESS",
    "Weakness due to cancer, neoplasm not coded",
    (guideline("I.C.2, I.B.6, I.C.18.b"),),
    message="You attribute the weakness to {name}; list the cancer first, R53.1 may follow.",
    article="Your reference article puts fatigue and weakness together under R53.82. The official "
    "rule differs: R53.82 is chronic fatigue; weakness stays R53.1 after the neoplasm.",
    sequencing="The neoplasm goes first; R53.1 may follow.",
    override="I do not attribute the weakness to the cancer; those words in the note are about "
    "something else.",
)
SYSTEMIC_OTHER = _card(
    "R531-SYSTEMIC-OTHER",
    "Weakness due to another established disease, cause not coded",
    (guideline("I.B.4, IV.D, IV.G"),),
    message="You attribute the weakness to {name}; list that disease first.",
    article="Your reference article agrees: weakness caused by a disease takes the code of the "
    "disease.",
    sequencing="The disease goes first.",
    override="I do not attribute the weakness to the disease that the note names; those words are "
    "about something else.",
)
