"""Rules that speak to one specialty; they change wording and level, never the code logic."""

import re
from collections.abc import Iterator

from scribe.coding.attribution import attribution, offers
from scribe.coding.conditions import conditions
from scribe.coding.facts import R531, Facts
from scribe.coding.links import Tie
from scribe.coding.mentions import GRADE
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.spotting import clause_of, spot
from scribe.coding.words import phrase, vocabulary
from scribe.ids import RuleId
from scribe.records import Citation, Section, Severity

_ARTICLE = Citation(source="Reference article of 2025-03-19 on R53.1", place="advice by specialty")
_CLINICIAN = (Section.ASSESSMENT, Section.PLAN)
_GENERAL_SEQUELA = re.compile(r"I69\.\d98")


def _is(facts: Facts, profile: str) -> bool:
    return R531 in facts.coded(R531) and facts.specialty in vocabulary("profiles")[profile]


def _pcp(facts: Facts) -> Iterator[Hit]:
    if _is(facts, "pcp") and facts.codes[0].code == R531:
        yield Hit(
            message="R53.1 fits an unexplained or temporary weakness. Plan a re-check or a "
            "referral if it persists.",
            codes=(R531,),
        )


def _neuro(facts: Facts) -> Iterator[Hit]:
    if not _is(facts, "neurology"):
        return
    coded = [
        code
        for code in facts.coded("G", "I6")
        if facts.table.exists(code) and not _GENERAL_SEQUELA.fullmatch(code)
    ]
    if not coded or any(link.tie is Tie.DENIED for link in facts.links):
        return
    if facts.says(phrase("profiles", "separate"), *_CLINICIAN) is not None:
        return
    named = f"{coded[0]} ({facts.table.title(coded[0])})"
    yield Hit(
        message="In neurology R53.1 is used only when no neurological diagnosis explains the "
        f"weakness. Is it separate from {named}? If so, say so in the Assessment.",
        codes=(R531, *coded),
        evidence=tuple(each.quote(facts.page) for each in facts.assessed("weakness")[:2]),
        offers=tuple(Offer(code=code, why="alone, if it explains the weakness") for code in coded),
    )


def _therapy(facts: Facts) -> Iterator[Hit]:
    if not _is(facts, "therapy") or not facts.weakness:
        return
    measured = spot(facts.page, phrase("profiles", "measured"))
    if measured or any(each.kind == GRADE for each in facts.mentions):
        return
    codes = [Offer(code="R53.81", why="if deconditioning is what you treat")]
    if any(each.muscle for each in facts.weakness):
        codes.insert(0, Offer(code="M62.81", why="if muscle weakness is measured and so named"))
    yield Hit(
        message="Therapy under R53.1 needs a measured deficit. Add a strength grade or a "
        "functional test (sit-to-stand, TUG, gait speed, 6-minute walk).",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in facts.weakness[:2]),
        offers=tuple(codes),
    )


def _geri(facts: Facts) -> Iterator[Hit]:
    if not _is(facts, "geriatrics"):
        return
    context = [
        each
        for each in spot(facts.page, phrase("profiles", "chronic"), disease=True)
        if each.established
    ]
    if context:
        yield Hit(
            message="R53.1 is fine for weakness in the context of chronic illness; use R54 if you "
            "conclude that it is age-related.",
            codes=(R531,),
            evidence=tuple(each.quote(facts.page) for each in context[:3]),
        )


def _onc(facts: Facts) -> Iterator[Hit]:
    if not _is(facts, "oncology") or facts.coded("C", "D0", "D1", "D2", "D3", "D4", "Z85"):
        return
    over = phrase("profiles", "cancer_over")
    active = [
        each
        for each in spot(facts.page, phrase("profiles", "cancer"), disease=True)
        if each.established and not over.search(clause_of(facts.page, each))
    ]
    if not active or any(link.tie is Tie.STATED for link in facts.links):
        return
    named = (*facts.established("cancer"), *active)[0].quote(facts.page).text
    cancer = offers(facts, attribution(facts, conditions()["cancer"]))[:1]
    yield Hit(
        message=f"The cancer under care (“{named}”) is not on the "
        "claim. List it first, and R53.0 if this is cancer-related fatigue.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in active[:3]),
        offers=(
            *cancer,
            Offer(code="R53.0", why="after the cancer, if this is cancer-related fatigue"),
        ),
    )


PROFILE_PCP = Rule(
    id=RuleId("R531-PROFILE-PCP"),
    severity=Severity.INFO,
    title="Primary care: plan a re-check",
    citations=(_ARTICLE, guideline("IV.D")),
    article="Your reference article agrees: in primary care R53.1 fits temporary or unexplained "
    "weakness.",
    needs_note=True,
    override="The weakness is unexplained so far, and a re-check or a referral is planned.",
    decide=_pcp,
)
PROFILE_NEURO = Rule(
    id=RuleId("R531-PROFILE-NEURO"),
    severity=Severity.WARN,
    title="Neurology with another neurological diagnosis on the claim",
    citations=(_ARTICLE, guideline("I.B.4")),
    article="Your reference article agrees: neurologists use R53.1 only when no neurological "
    "disease explains the weakness. It is allowed when the two are unrelated, so this only warns.",
    needs_note=True,
    sequencing="A disease that explains the weakness goes first.",
    override="The weakness is separate from the neurological diagnosis on this claim and was "
    "assessed by itself.",
    decide=_neuro,
)
PROFILE_PT = Rule(
    id=RuleId("R531-PROFILE-PT"),
    severity=Severity.WARN,
    title="Therapy without a strength or function measure",
    citations=(_ARTICLE, guideline("II.K, IV.L")),
    article="Your reference article lets therapists use R53.1 after illness, deconditioning or "
    "surgery; all of its therapy claims use M62.81.",
    needs_note=True,
    sequencing="The condition that is treated goes first.",
    override="Strength or function was measured, and the result is in the evaluation or the plan "
    "of care on file.",
    decide=_therapy,
)
PROFILE_GERI = Rule(
    id=RuleId("R531-PROFILE-GERI"),
    severity=Severity.INFO,
    title="Geriatrics: chronic illness or age",
    citations=(_ARTICLE, tabular("R54")),
    article="Your reference article says: use R53.1 for loss of strength due to chronic illness. "
    "The official rule differs where you link the two: then the illness is coded first.",
    needs_note=True,
    sequencing="A chronic illness that the note makes the cause goes first.",
    override="In my judgement the weakness belongs to the chronic illness and is not age-related.",
    decide=_geri,
)
PROFILE_ONC = Rule(
    id=RuleId("R531-PROFILE-ONC"),
    severity=Severity.WARN,
    title="Oncology without a neoplasm code",
    citations=(_ARTICLE, guideline("I.C.2, IV.J")),
    needs_note=True,
    sequencing="The neoplasm goes first.",
    article="Your reference article lets oncologists use R53.1 for weakness from cancer; it does "
    "not say that the cancer itself is listed first.",
    override="The cancer was not addressed at this visit and does not explain the weakness.",
    decide=_onc,
)
