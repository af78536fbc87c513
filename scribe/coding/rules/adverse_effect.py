"""Rules on weakness as the adverse effect of a drug taken as prescribed."""

import re
from collections.abc import Iterator

from scribe.coding.attribution import Attribution, attribution, concerned, offers
from scribe.coding.conditions import answered_by
from scribe.coding.facts import R531, Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline
from scribe.ids import RuleId
from scribe.records import Citation, Severity

_RULE = "R531-DRUG"
_T_CODE = re.compile(r"T(?:3[6-9]|4\d|50)\.\w+")
_POISONING = re.compile(
    r"\b(?:overdos\w+|took too (?:many|much)|wrong (?:drug|medication|pill|dose)|double dose|"
    r"accidental(?:ly)? (?:ingest\w+|took)|not prescribed (?:to|for)|someone else's|poisoning)\b"
)


def is_adverse_effect(code: str) -> bool:
    """Whether a code of T36-T50 is for an adverse effect: fifth or sixth character 5."""
    if not _T_CODE.fullmatch(code):
        return False
    compact = code.replace(".", "")
    sixth = compact[5:6]
    return sixth == "5" or (sixth in ("", "X") and compact[4:5] == "5")


def _drug(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531) or facts.says(_POISONING) is not None:
        return
    listed = [each for each in facts.codes if is_adverse_effect(each.code)]
    weakness = min(each.rank for each in facts.codes if each.code == R531)
    if listed and all(each.rank > weakness for each in listed):
        return
    if any(_T_CODE.fullmatch(each.code) and each not in listed for each in facts.codes):
        return
    for found in _blamed(facts):
        drug = _named(facts, found)
        first = Offer(code=R531, why="the effect, listed first")
        second = tuple(
            Offer(code=each.code, why=f"adverse effect of {drug}, listed after R53.1")
            for each in offers(facts, found)[:1]
        )
        yield Hit(
            message="Weakness as a side effect of a drug is coded R53.1 first, then the "
            f"adverse-effect code of the drug ({drug}).",
            codes=(R531, *(each.code for each in listed)),
            evidence=found.quotes(facts),
            offers=(first, *second, *(Offer(code=each.code) for each in listed)),
        )
        return


def _named(facts: Facts, found: Attribution) -> str:
    """The drug as the note calls it, with its class."""
    word, group = found.stated[0].cause.quote(facts.page).text, found.kind(facts).name
    plain = group.removeprefix("a ").removeprefix("an ").lower()
    return group if plain in word.lower() or "drug" in word.lower() else f"{word}, {group}"


def _blamed(facts: Facts) -> list[Attribution]:
    """The drugs that the clinician makes the cause, those with a name of their own first."""
    found = [attribution(facts, condition) for condition in concerned(facts, answered_by(_RULE))]
    stated = [each for each in found if each.stated and not each.denied]
    return sorted(stated, key=lambda each: each.condition.key == "drug:unnamed")


DRUG = Rule(
    id=RuleId(_RULE),
    severity=Severity.BLOCK,
    title="Weakness as adverse effect: code of the drug missing or listed first",
    citations=(
        guideline("I.C.19.e.5.a-c (an adverse effect follows the condition it causes)"),
        Citation(source="ICD-10-CM Table of Drugs and Chemicals", place="adverse effect"),
    ),
    article="Your reference article names side effects of drugs as a cause and gives no code.",
    needs_note=True,
    sequencing="R53.1 goes first, the code for the adverse effect after it; in a poisoning the "
    "order is the other way round.",
    override="I do not attribute the weakness to the drug; the note names the drug for another "
    "reason.",
    decide=_drug,
)
