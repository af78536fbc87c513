"""Rules on diseases of brain, cord, nerve and muscle that take the place of R53.1.

The diseases stand in the vocabulary "neurological"; one decision serves them all: the clinician
ties the weakness to the disease, or its code is listed and weakness is a routine part of it.
"""

from collections.abc import Callable, Iterator

from scribe.coding import stroke
from scribe.coding.attribution import (
    Attribution,
    attribution,
    concerned,
    offers,
    replaces_weakness,
)
from scribe.coding.conditions import answered_by
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, coding_clinic, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Citation, Severity

_INTEGRAL = guideline("I.B.4, I.B.5")
_LATE = "G65.0"
_BRAIN_LESION = "R531-BRAIN-LESION"


def _replaced(rule: str, message: str) -> Callable[[Facts], Iterator[Hit]]:
    def decide(facts: Facts) -> Iterator[Hit]:
        for condition in concerned(facts, answered_by(rule)):
            found = attribution(facts, condition)
            if not replaces_weakness(facts, found):
                continue
            kind = found.kind(facts)
            named = found.named or not found.coded
            if _LATE in kind.codes:
                yield from _late_effect(facts, found)
                continue
            plain = kind.in_sentence if not message.startswith("{name}") else kind.name
            name = plain if named else facts.table.title(found.coded[0])
            yield Hit(
                message=message.format(name=name),
                codes=(R531, *found.coded),
                evidence=found.quotes(facts),
                offers=offers(facts, found) if named else (),
            )

    return decide


def _late_effect(facts: Facts, found: Attribution) -> Iterator[Hit]:
    """What the neuropathy left comes first, G65.0 after it; in that order nothing is said."""
    ranks = {each.code: each.rank for each in reversed(facts.codes)}
    if _LATE in ranks and ranks[_LATE] > ranks[R531]:
        return
    yield Hit(
        message="The weakness is a late effect of Guillain-Barré syndrome: list what is left of it "
        "first (R53.1, or a more exact code), then G65.0.",
        codes=(R531, *facts.coded(_LATE)),
        evidence=found.quotes(facts),
        offers=(
            Offer(code=R531, why="what is left, listed first"),
            Offer(code=_LATE, why="sequela of Guillain-Barré syndrome, listed after it"),
        ),
        citations=(tabular("G65, code first the condition resulting from it"),),
    )


def _brain_lesion(facts: Facts) -> Iterator[Hit]:
    one_sided = stroke.one_sided(facts)
    if not one_sided:
        return
    for condition in concerned(facts, answered_by(_BRAIN_LESION)):
        found = attribution(facts, condition)
        if not found.stated or not replaces_weakness(facts, found):
            continue
        cause = offers(facts, found)
        paralysis = stroke.paralysis(facts, one_sided)
        deficit = Offer(code=paralysis.code, why=paralysis.why)
        injury = any(each.code.startswith("S") for each in cause)
        yield Hit(
            message=f"{paralysis.where[0].upper()}{paralysis.where[1:]} due to a brain disorder "
            f"({found.kind(facts).in_sentence}) is hemiparesis or monoparesis; code it with its "
            "cause and remove R53.1.",
            codes=(R531, *found.coded),
            evidence=found.quotes(facts),
            offers=(deficit, *cause) if injury else (*cause, deficit),
        )


def _card(
    rule: str,
    title: str,
    citations: tuple[Citation, ...],
    *,
    override: str,
    sequencing: str = "",
    message: str = "{name} explains the weakness; code it and remove R53.1.",
    article: str = "",
    needs_note: bool = False,
) -> Rule:
    return Rule(
        id=RuleId(rule),
        severity=Severity.BLOCK,
        title=title,
        citations=citations,
        article=article,
        sequencing=sequencing,
        override=override,
        needs_note=needs_note,
        decide=_replaced(rule, message),
    )


MS = _card(
    "R531-MS",
    "Multiple sclerosis",
    (tabular("G35.- (codes by type since 2025-10-01), G36.0"), _INTEGRAL),
    message="{name} explains the weakness; code its type and remove R53.1.",
    article="Your reference article uses G35, which was complete when it was written; since "
    "2025-10-01 the type is coded.",
    sequencing="The disease takes the place of R53.1.",
    override="The weakness coded R53.1 is not part of the multiple sclerosis or neuromyelitis: it "
    "has another cause or none that is known; the note says so.",
)
GBS = _card(
    "R531-GBS",
    "Guillain-Barré syndrome and other inflammatory neuropathy",
    (tabular("G61, G65"), _INTEGRAL),
    sequencing="The disease takes the place of R53.1; of its late effects the residual goes first, "
    "G65.0 second.",
    article="Your reference article does not name these; it keeps R53.1 away from weakness of "
    "neurological diseases, and thinks of one when severe weakness comes suddenly.",
    override="The weakness coded R53.1 is not part of the inflammatory neuropathy: it has another "
    "cause or none that is known; the note says so.",
)
MYASTHENIA = _card(
    "R531-MYASTHENIA",
    "Myasthenia gravis and other myoneural disorders",
    (tabular("G70, G73.1 (code first the neoplasm)"), guideline("I.A.13, I.B.5")),
    sequencing="The disease takes the place of R53.1; a neoplasm goes before G73.1.",
    article="Your reference article does not name these; it leaves R53.1 to weakness that no "
    "neuromuscular condition explains.",
    override="The weakness coded R53.1 is not part of the disease of the neuromuscular junction: "
    "it has another cause or none that is known; the note says so.",
)
DYSTROPHY = _card(
    "R531-DYSTROPHY",
    "Muscular dystrophy and other primary muscle disease",
    (tabular("G71"), _INTEGRAL),
    article="Your reference article agrees: R53.1 does not cover muscular dystrophy.",
    sequencing="The disease takes the place of R53.1.",
    override="The weakness coded R53.1 is not part of the muscle disease: it has another cause or "
    "none that is known; the note says so.",
)
MYOPATHY = _card(
    "R531-MYOPATHY",
    "Other myopathies",
    (
        tabular("G72; G73.7 (code first the underlying disease); M33; M60"),
        tabular("M62 Excludes1 G72.0, G72.1"),
        guideline("I.C.19.e.5.a (the drug follows as an adverse effect)"),
    ),
    sequencing="G72.0 goes before the code for the drug; an underlying disease goes before G73.7.",
    article="Your reference article names drugs and autoimmune muscle disease as causes of "
    "weakness and gives no code for either.",
    override="The weakness coded R53.1 is not part of the myopathy: it has another cause or none "
    "that is known; the note says so.",
)
CIM = _card(
    "R531-CIM",
    "Critical illness myopathy or polyneuropathy",
    (tabular("G72.81 inclusion terms, G62.81"),),
    sequencing="The disease takes the place of R53.1.",
    article="Your reference article speaks of therapy after illness and long immobility, not of "
    "this disease, which has a code of its own.",
    override="The weakness coded R53.1 is not part of the critical illness myopathy or "
    "polyneuropathy; the note says so.",
)
PARKINSON = _card(
    "R531-PARKINSON",
    "Weakness attributed to parkinsonism",
    (tabular("G20, G21"), guideline("I.B.4")),
    message="You attribute the weakness to {name}; code that disease and remove R53.1.",
    article="Your reference article lists G21, which is a heading; the codes below it are used.",
    needs_note=True,
    sequencing="The disease takes the place of R53.1.",
    override="I do not attribute the weakness to the parkinsonism; those words in the note are "
    "about something else.",
)
NEUROPATHY = _card(
    "R531-NEUROPATHY",
    "Weakness attributed to a peripheral nerve disease",
    (tabular("G54, G56-G60, G62"), guideline("I.B.4")),
    message="You attribute the weakness to {name}; code the nerve disease and remove R53.1.",
    article="Your reference article sends weakness from nerve damage to M62.81. The official rule "
    "differs: the nerve disease itself is coded.",
    needs_note=True,
    sequencing="The disease takes the place of R53.1.",
    override="I do not attribute the weakness to the nerve disease; those words in the note are "
    "about something else.",
)
RADICULOPATHY = _card(
    "R531-RADICULOPATHY",
    "Weakness attributed to radiculopathy",
    (tabular("M51.1 Excludes1 M54.16"), guideline("I.B.4")),
    message="{name} explains the limb weakness; code it and remove R53.1.",
    needs_note=True,
    sequencing="The disease takes the place of R53.1.",
    article="Your reference article sends weakness from nerve damage to M62.81. The official rule"
    " differs: the disease of the nerve root is coded.",
    override="I do not attribute the weakness to the radiculopathy; those words in the note are "
    "about something else.",
)
SPINAL_CORD = _card(
    "R531-SPINAL-CORD",
    "Disease or injury of the spinal cord",
    (tabular("G82, G83.4, G95, M47.1"), guideline("I.B.10 (sequela: the residual first)")),
    sequencing="After an injury the residual goes first, the code of the injury (with S) second.",
    article="Your reference article asks for imaging of the spinal cord and gives no code for "
    "what it may show.",
    override="The weakness coded R53.1 is not part of the disease of the spinal cord: it has "
    "another cause or none that is known; the note says so.",
)
BRAIN_LESION = Rule(
    id=RuleId(_BRAIN_LESION),
    severity=Severity.BLOCK,
    title="One-sided weakness from another brain disorder",
    citations=(
        tabular("G81.9-; C71, D32, D33, G06, G91, S06 with S for the cause"),
        coding_clinic("First Quarter 2015, page 25"),
        guideline("I.C.6.a, I.B.10"),
    ),
    needs_note=True,
    sequencing="The cause goes first; after an injury G81.- goes first, the code of the injury "
    "(with S) second.",
    article="Your reference article asks for imaging of the brain and gives no code for what it "
    "may show.",
    override="The weakness of that side does not come from the brain disorder: it has another "
    "cause or none that is known; the note says so.",
    decide=_brain_lesion,
)
NEURO_OTHER = _card(
    "R531-NEURO-OTHER",
    "Another neurological cause",
    (tabular("A05.1, G10, G11.4, G14, G43.4, G45.9, G80, G83.84"), _INTEGRAL),
    sequencing="The disease takes the place of R53.1.",
    article="Your reference article shows paid claims with G10 and G80.0 beside M62.81; for "
    "weakness it says that a neurological disease is coded in place of R53.1.",
    override="The weakness coded R53.1 is not part of the neurological disease that the note "
    "names; the note says so.",
)
FUNCTIONAL = _card(
    "R531-FUNCTIONAL",
    "Functional (conversion) weakness",
    (tabular("F44.4 inclusion terms (conversion disorder with weakness or paralysis)"),),
    message="{name} is coded F44.4; remove R53.1.",
    article="Your reference article tells of the effect of weakness on mood, not of functional "
    "weakness.",
    override="The weakness coded R53.1 is not the functional one: it is a second weakness with "
    "another cause or none that is known; the note says so.",
)
