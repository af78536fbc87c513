"""Rules on the order of R53.1 and its established cause, and on R53.1 kept beside it."""

import re
from collections.abc import Iterator

from scribe.coding import stroke
from scribe.coding.attribution import Attribution
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.coding.rules.systemic import SYSTEMIC, explaining
from scribe.ids import RuleId
from scribe.records import Severity

_GENERAL_SEQUELA = re.compile(r"I69\.\d98")


def _rank(facts: Facts, codes: tuple[str, ...]) -> int:
    return min(each.rank for each in facts.codes if each.code in codes)


def _causes(facts: Facts) -> Iterator[tuple[Attribution, bool]]:
    """The coded causes the clinician names, and whether one of their codes is before R53.1."""
    for rule in SYSTEMIC:
        for found in explaining(facts, rule):
            if found.coded:
                yield found, _rank(facts, found.coded) < _rank(facts, (R531,))


def _cause_after(facts: Facts) -> Iterator[Hit]:
    late = [found for found, before in _causes(facts) if not before]
    codes = tuple(dict.fromkeys(code for found in late for code in found.coded))
    quotes = tuple(dict.fromkeys(quote for found in late for quote in found.quotes(facts)))
    codes += tuple(each for each in _late_sequela(facts) if each not in codes)
    if not codes:
        return
    named = "; ".join(f"{code} {facts.table.title(code)}".strip() for code in codes)
    yield Hit(
        message=f"The cause of the weakness is known ({named}), so it goes first and R53.1 after "
        "it, or R53.1 is left out.",
        codes=(R531, *codes),
        evidence=quotes,
        offers=(
            *(Offer(code=code, why="the cause, listed first") for code in codes),
            Offer(code=R531, why="second, or left out"),
        ),
    )


def _late_sequela(facts: Facts) -> tuple[str, ...]:
    """Codes I69.-98 after R53.1: the instruction there says to list the sequela second."""
    if R531 not in facts.coded(R531) or stroke.denied(facts):
        return ()
    if facts.separate_general_weakness and facts.cause_unknown:
        return ()
    coded = tuple(code for code in facts.coded("I69") if _GENERAL_SEQUELA.fullmatch(code))
    return coded if coded and _rank(facts, coded) > _rank(facts, (R531,)) else ()


def _kept_beside(facts: Facts) -> Iterator[Hit]:
    for found, before in _causes(facts):
        if not before or found.condition.beside or found.coded[0].startswith("C"):
            continue
        name = found.kind(facts).in_sentence
        yield Hit(
            message=f"Weakness is usually part of {name}. Keep R53.1 only if "
            "it is not routine for it or needed its own care today.",
            codes=(R531, *found.coded),
            evidence=found.quotes(facts),
        )
        return


SEQ_PRIMARY = Rule(
    id=RuleId("R531-SEQ-PRIMARY"),
    severity=Severity.BLOCK,
    title="R53.1 listed before its established cause",
    citations=(guideline("IV.D, II.A, I.C.18.b, IV.G"),),
    article="Your reference article agrees: the cause comes before the symptom.",
    sequencing="The cause goes first, the symptom after it or not at all.",
    override="The disease listed after R53.1 is not the cause of this weakness, and the weakness "
    "was the reason for the visit.",
    decide=_cause_after,
)
SECONDARY_SYMPTOM = Rule(
    id=RuleId("R531-SECONDARY-SYMPTOM"),
    severity=Severity.WARN,
    title="R53.1 kept as a secondary code beside its cause",
    citations=(guideline("I.B.5, I.B.6, I.C.18.b"),),
    article="Your reference article says both: use R53.1 as a secondary code, and do not use it "
    "when another diagnosis explains the weakness. The official test: a symptom that is routine "
    "for the disease is not added.",
    needs_note=True,
    sequencing="The cause goes first, as it does already.",
    override="The weakness is more than is routine for the disease, and was assessed or managed by "
    "itself today.",
    decide=_kept_beside,
)
