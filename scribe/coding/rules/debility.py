"""Rules on debility, malaise and deconditioning beside or in place of weakness."""

from collections.abc import Iterator

from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import WEAKNESS, Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.ids import RuleId
from scribe.records import Severity

_DEBILITY = "R53.81"


def _debility_only(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.weakness or facts.weakness_left_open:
        return
    aged = facts.of("frailty")
    found = [each for each in facts.assessed("debility") if not _inside(each, aged)]
    if not found:
        return
    thrive = "thrive" in found[0].text
    better = Offer(code="R62.7" if thrive else _DEBILITY, why=f"the note assesses {found[0].text}")
    yield Hit(
        message=f"The note describes {found[0].text}, not weakness; that is coded {better.code}, "
        "not R53.1.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in found),
        offers=(better,),
    )


def _inside(mention: Mention, others: tuple[Mention, ...]) -> bool:
    return any(
        mention.section is other.section and mention.start < other.end and other.start < mention.end
        for other in others
    )


def _deconditioning(facts: Facts) -> Iterator[Hit]:
    found = facts.assessed("deconditioning")
    if R531 not in facts.coded(R531) or not found or facts.assessed(WEAKNESS):
        return
    yield Hit(
        message="“Deconditioning” is usually coded R53.81. Use R53.1 only if you also assess "
        "generalized weakness.",
        codes=(R531,),
        evidence=tuple(each.quote(facts.page) for each in found),
        offers=(
            Offer(code=_DEBILITY, why="deconditioning, by convention"),
            Offer(code=R531, why="after adding generalized weakness to the Assessment"),
        ),
    )


def _with_fatigue(facts: Facts) -> Iterator[Hit]:
    for other in facts.coded("R53.83", "R53.82"):
        if R531 in facts.coded(R531):
            yield _both(
                facts,
                other,
                "fatigue",
                "Weakness and fatigue are different problems. Keep both "
                f"R53.1 and {other} only if the note documents both loss of strength and "
                "tiredness.",
            )


def _with_malaise(facts: Facts) -> Iterator[Hit]:
    if R531 in facts.coded(R531) and facts.coded(_DEBILITY):
        yield _both(
            facts,
            _DEBILITY,
            "debility",
            "Weakness (R53.1) and debility or malaise (R53.81) "
            "overlap; keep both only if both are documented.",
        )


def _both(facts: Facts, other: str, kind: str, message: str) -> Hit:
    seen = (*facts.assessed(WEAKNESS)[:2], *facts.assessed(kind)[:2])
    return Hit(
        message=message,
        codes=(R531, other),
        evidence=tuple(each.quote(facts.page) for each in seen),
        offers=(
            Offer(code=R531, why="if loss of strength is documented"),
            Offer(code=other, why="if it is documented"),
        ),
    )


DEBILITY_ONLY = Rule(
    id=RuleId("R531-DEBILITY-ONLY"),
    severity=Severity.BLOCK,
    title="Debility or malaise documented, weakness coded",
    citations=(tabular("R53.81 inclusion terms; R53.81 Excludes1 R54"),),
    article="Your reference article does not mention R53.81.",
    needs_note=True,
    override="There is loss of strength as well as debility or malaise, documented elsewhere in "
    "the record of this visit.",
    decide=_debility_only,
)
DECONDITIONING = Rule(
    id=RuleId("R531-DECONDITIONING"),
    severity=Severity.WARN,
    title="Deconditioning as the only assessed term",
    citations=(tabular("R53.81 (deconditioning is placed there by convention, not by a note)"),),
    article="Your reference article lets therapists use R53.1 for deconditioning. No official "
    "source places the term; R53.1 stays right when weakness is also assessed, so this only warns.",
    needs_note=True,
    sequencing="After surgery or an acute illness, aftercare or the illness may go first.",
    override="Generalized weakness was assessed; deconditioning only says how it came about.",
    decide=_deconditioning,
)
WITH_FATIGUE = Rule(
    id=RuleId("R531-WITH-FATIGUE"),
    severity=Severity.WARN,
    title="R53.1 and a fatigue code together",
    citations=(tabular("no Excludes note between R53.1 and R53.8-"), guideline("I.B.6")),
    article="Your reference article calls R53.1 with R53.83 a mistake. The official rule differs: "
    "no note forbids the pair, both may be coded when both are documented.",
    sequencing="The one that is the reason for the visit goes first.",
    override="Loss of strength and tiredness are both present and documented, as two problems.",
    decide=_with_fatigue,
)
WITH_MALAISE = Rule(
    id=RuleId("R531-WITH-MALAISE"),
    severity=Severity.WARN,
    title="R53.1 and R53.81 together",
    citations=(tabular("no Excludes note between R53.1 and R53.81"),),
    article="Your reference article does not speak of R53.81.",
    override="Weakness and debility or malaise are both present and both documented, as two "
    "problems.",
    decide=_with_malaise,
)
