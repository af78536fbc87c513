"""What a finding asks to be done to the claim, carried out: codes in, codes out; the note is not
read and nothing is judged here. MOVES says for each rule what its suggestions mean.

A rule that is not in MOVES asks for a decision or for other words in the note: no ready fix.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from scribe.coding.claims import Claim, before, codes, instead, place_of, placed, without
from scribe.coding.facts import R531
from scribe.coding.rule import AFTER, DECIDED, UNREADY
from scribe.coding.rules.adverse_effect import is_adverse_effect
from scribe.coding.spoken_codes import CODE_FORM, normalise
from scribe.records import CodedDiagnosis, Finding, Origin

__all__ = ("MOVES", "Claim", "clears", "codes", "fixed", "open_choice", "whole")

_NEOPLASM = re.compile(r"C|D[0-4]")
_DEFICIT = re.compile(r"G8[1-3]")
_MANIFESTATION = re.compile(r"G73|G32|D63\.[01]|N18")
"""Codes that go behind the code of the disease that brings them about."""
_FOLLOWS = re.compile(r"U09|Z3A|R29\.7|S\w\w\.\w{3}S")
"""Codes that only ever stand after the code of a condition; adverse effects of drugs do too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A finding, its claim in order of rank, and the suggestion taken ("" if there is none)."""

    finding: Finding
    claim: Claim
    chosen: str

    @property
    def about(self) -> tuple[str, ...]:
        """The codes the finding is about that are on the claim, the one at fault first."""
        return tuple(code for code in self.finding.codes if code in codes(self.claim))

    @property
    def offered(self) -> tuple[str, ...]:
        """The suggested codes that are whole."""
        return tuple(each.code for each in self.finding.suggestions if whole(each.code))

    @property
    def leading(self) -> tuple[str, ...]:
        """The suggested codes that can stand for the cause: not R53.1, not one that follows."""
        return tuple(each for each in self.offered if each != R531 and not _follows(each))


Move = Callable[[_Case], Claim | None]


def fixed(finding: Finding, diagnoses: Claim, choice: int = 0) -> Claim | None:
    """The claim as the finding wants it, ranks counted from 1; codes that are new are Origin.RULE.

    `choice` is the number of the suggestion to take, from 0. None where no ready fix exists: a
    human must decide, the suggestion is only a family or says what stands against it, or nothing
    would change. Never raises.
    """
    move = MOVES.get(finding.rule_id)
    chosen = _chosen(finding, choice)
    if move is None or chosen is None:
        return None
    claim = tuple(sorted(diagnoses, key=lambda each: each.rank))
    made = move(_Case(finding=finding, claim=claim, chosen=chosen))
    if not made or made == claim:
        return None
    made = _in_order(_consistent(made), finding)
    return tuple(replace(each, rank=rank) for rank, each in enumerate(made, start=1))


def _in_order(claim: Claim, finding: Finding) -> Claim:
    """Suggested codes that must follow another one, after it."""
    for each in finding.suggestions:
        _, found, first = each.why.partition(AFTER)
        if found and {each.code, first} <= set(codes(claim)):
            claim = before(claim, first, each.code)
    return claim


def _consistent(claim: Claim) -> Claim:
    """Without "incidental pregnancy" beside a complication of it (Excludes1 at Z33.1)."""
    complicated = any(code.startswith("O") for code in codes(claim))
    return without(claim, "Z33.1") if complicated else claim


def open_choice(finding: Finding) -> bool:
    """Whether several suggestions are equally good, so that none may be taken unasked."""
    several = finding.rule_id in _EQUALS and len(finding.suggestions) > 1
    return several and not finding.suggestions[0].why.startswith(DECIDED)


def clears(finding: Finding, later: Iterable[Finding]) -> bool:
    """Whether a later check says nothing any more of what this finding was about."""
    return not any(
        each.rule_id == finding.rule_id and _same(each.codes, finding.codes) for each in later
    )


def _same(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether two findings of a rule are about the same codes, or one is about more of them."""
    one, other = set(some), set(others)
    return one == other or (some[:1] == others[:1] and (one < other or other < one))


def whole(code: str) -> bool:
    """Whether a suggestion can stand on a claim as it is; "O26.8-" and "I69.x92" cannot."""
    known = code != "" and normalise(code) == code and "-" not in code
    return known or CODE_FORM.fullmatch(code) is not None


def _chosen(finding: Finding, choice: int) -> str | None:
    if not finding.suggestions:
        return "" if choice == 0 else None
    if not 0 <= choice < len(finding.suggestions):
        return None
    taken = finding.suggestions[choice]
    return taken.code if whole(taken.code) and UNREADY not in taken.why else None


def _follows(code: str) -> bool:
    return is_adverse_effect(code) or _FOLLOWS.match(code) is not None


def _replace(case: _Case) -> Claim | None:
    """The code at fault gives way to the suggestion."""
    fits = case.chosen and case.about and not _follows(case.chosen)
    return instead(case.claim, case.about[0], case.chosen) if fits else None


def _replace_all(case: _Case) -> Claim | None:
    """All codes of the finding give way to the suggestion."""
    made = _replace(case)
    return made and without(made, *(code for code in case.about if code != case.chosen))


def _replace_written(case: _Case) -> Claim | None:
    """A code written as spoken is written as a code."""
    return tuple(
        replace(each, code=case.chosen) if normalise(each.code) == case.chosen else each
        for each in case.claim
    )


def _drop(case: _Case) -> Claim | None:
    """The code at fault goes."""
    return without(case.claim, case.about[0]) if case.about else None


def _drop_or_replace(case: _Case) -> Claim | None:
    return _replace(case) if case.chosen else _drop(case)


def _drop_repeats(case: _Case) -> Claim | None:
    first = {code: place_of(case.claim, code) for code in case.about}
    return tuple(
        each
        for at, (code, each) in enumerate(zip(codes(case.claim), case.claim, strict=True))
        if first.get(code, at) == at
    )


def _keep_one(case: _Case) -> Claim | None:
    """Of codes that exclude each other the chosen one stays."""
    if case.chosen not in case.about:
        return None
    return without(case.claim, *(code for code in case.about if code != case.chosen))


def _cause_alone(case: _Case) -> Claim | None:
    """The cause in place of the weakness, with the drug that brought it about; where the cause is
    on the claim the weakness goes.
    """
    if not case.about:
        return None
    if case.offered[:1] == (R531,):  # a late effect: the weakness stays, before the cause
        return _all_in_order(case)
    if len(case.about) > 1:
        return _drop(case)
    cause = case.chosen if case.chosen in case.leading else _only(case.leading)
    causes = _together(case) or ((cause,) if cause else ())
    if not causes:
        return None
    drugs = [code for code in case.offered if is_adverse_effect(code)]
    return instead(case.claim, case.about[0], *causes, *drugs[:1])


def _cause_or_both(case: _Case) -> Claim | None:
    """The cause in place of the weakness; or, with R53.1 chosen, before it."""
    if case.chosen != R531:
        return _cause_alone(case)
    cause = _only(case.leading)
    causes = _together(case) or ((cause,) if cause else ())
    if not causes or R531 not in case.about:
        return None
    claim = case.claim
    for each in causes:
        claim = before(claim, each, R531)
    return claim


def _together(case: _Case) -> tuple[str, ...]:
    """A disease and its manifestation, which are only coded as a pair, in the order suggested."""
    last = [at for at, code in enumerate(case.leading) if _MANIFESTATION.match(code)]
    return case.leading[: last[-1] + 1] if last and last[-1] > 0 else ()


def _cause_and_deficit(case: _Case) -> Claim | None:
    """Cause and paralysis in place of the weakness; the sequela of an injury comes second."""
    deficit = _only(code for code in case.offered if _DEFICIT.match(code))
    if not deficit or not case.about or (_follows(case.chosen) and case.chosen[0] != "S"):
        return None
    if len(case.about) > 1:
        known = case.chosen in (deficit, *case.about[1:])
        made = instead(case.claim, case.about[0], deficit) if known else None
        for cause in case.about[1:] if made else ():
            made = made if _follows(cause) else before(made or (), cause, deficit)
        return made
    causes = [code for code in case.offered if code[0] in "CDGIS" and code != deficit]
    families = any(not whole(each.code) for each in case.finding.suggestions)
    cause = case.chosen if case.chosen in causes else "" if families else _only(causes)
    if not cause:
        return None
    pair = (deficit, cause) if _follows(cause) else (cause, deficit)
    return instead(case.claim, case.about[0], *pair)


def _all_in_order(case: _Case) -> Claim | None:
    """All that is suggested, side by side in that order, whichever was chosen."""
    if len(case.offered) < 2 or len(case.offered) < len(case.finding.suggestions):
        return None
    at = min(place_of(case.claim, code) for code in case.offered)
    claim = without(case.claim, *case.offered)
    known = {normalise(each.code): each for each in reversed(case.claim)}
    made = (
        known.get(code, CodedDiagnosis(code=code, rank=0, origin=Origin.RULE))
        for code in case.offered
    )
    return (*claim[:at], *made, *claim[at:])


def _cause_first(case: _Case) -> Claim | None:
    """The causes on the claim go right before the weakness."""
    claim = case.claim
    for cause in case.about[1:]:
        claim = before(claim, cause, case.about[0])
    return claim


def _listed_before(case: _Case) -> Claim | None:
    """The suggestion goes before the code that must follow it."""
    return before(case.claim, case.chosen, case.about[0]) if case.chosen and case.about else None


def _listed_first(case: _Case) -> Claim | None:
    """The suggestion goes to the first place of the claim."""
    return placed(case.claim, case.chosen, 0) if case.chosen else None


def _in_pregnancy(case: _Case) -> Claim | None:
    """The code of chapter 15 first, R53.1 second unless fatigue was chosen, the weeks last."""
    chapter = [code for code in case.offered if code.startswith("O")]
    first = case.chosen if case.chosen in chapter else _only(c for c in chapter if "O26.89" in c)
    if case.chosen == "Z33.1" or not first:
        return None
    fatigue = first.startswith("O26.81")
    claim = placed(without(case.claim, R531) if fatigue else case.claim, first, 0)
    weeks = _only(code for code in case.offered if code.startswith("Z3A"))
    return placed(claim, weeks, len(claim)) if weeks else claim


def _of_the_cancer(case: _Case) -> Claim | None:
    """R53.0 in place of the other code of fatigue, after a neoplasm that is on the claim."""
    cancer = next((code for code in case.about if _NEOPLASM.match(code)), "")
    wrong = [code for code in case.about if code.startswith("R53")]
    if not cancer or not wrong or case.chosen != "R53.0":
        return None
    claim = without(instead(case.claim, wrong[0], case.chosen), *wrong)
    return before(claim, cancer, case.chosen)


def _only(found: Iterable[str]) -> str:
    """The one code there is, "" if there is none or more than one."""
    every = tuple(found)
    return every[0] if len(every) == 1 else ""


_EQUALS = (
    "GEN-CODE-UNKNOWN",
    "GEN-CODE-DATE",
    "GEN-CODE-NONBILLABLE",
    "GEN-EXCLUDES1",
    "GEN-CODE-FIRST",
    "GEN-LOW-SPECIFICITY",
    "GEN-UNSPECIFIED-SIDE",
    "R531-WITH-FATIGUE",
    "R531-WITH-MALAISE",
)

_BY_MOVE: dict[Move, str] = {
    _replace: "GEN-CODE-UNKNOWN GEN-CODE-DATE GEN-CODE-NONBILLABLE GEN-LOW-SPECIFICITY "
    "R531-DOC-UNSUPPORTED "
    "GEN-UNSPECIFIED-SIDE GEN-LATERALITY-CONFLICT GEN-UNCERTAIN-CODED R531-MUSCLE-TERM "
    "R531-LOCALIZED R531-FACIAL R531-FATIGUE-ONLY R531-FATIGUE-CHRONIC R531-DEBILITY-ONLY "
    "R531-DECONDITIONING R531-AGE-RELATED R531-SARCOPENIA R531-FUNC-QUAD",
    _replace_all: "R531-STROKE-NO-DEFICIT R531-ACUTE-FOR-OLD",
    _replace_written: "GEN-CODE-FORMAT",
    _drop: "GEN-INTEGRAL-SYMPTOM R531-SECONDARY-SYMPTOM",
    _drop_or_replace: "GEN-NEGATED-CODED",
    _drop_repeats: "GEN-DUPLICATE",
    _keep_one: "GEN-EXCLUDES1 R531-EX1-M6281 R531-EX1-R54 R531-EX1-M6284 R531-WITH-FATIGUE "
    "R531-WITH-MALAISE",
    _cause_alone: "R531-STROKE-SEQUELA R531-ALS R531-MS R531-GBS R531-MYASTHENIA R531-DYSTROPHY "
    "R531-MYOPATHY R531-CIM R531-PARKINSON R531-NEUROPATHY R531-RADICULOPATHY R531-SPINAL-CORD "
    "R531-NEURO-OTHER R531-FUNCTIONAL",
    _cause_or_both: "R531-ANEMIA R531-CKD R531-MALNUTRITION R531-THYROID R531-DIABETES "
    "R531-ELECTROLYTE R531-INFECTION R531-CANCER-WEAKNESS R531-SYSTEMIC-OTHER",
    _cause_and_deficit: "R531-STROKE-ACUTE R531-BRAIN-LESION",
    _all_in_order: "R531-STROKE-GENERALIZED R531-POSTCOVID R531-DRUG",
    _cause_first: "R531-SEQ-PRIMARY",
    _listed_before: "GEN-CODE-FIRST",
    _listed_first: "GEN-SEQ-SERVICE R531-POSTOP",
    _in_pregnancy: "R531-PREGNANCY",
    _of_the_cancer: "R531-CANCER-FATIGUE",
}
MOVES: dict[str, Move] = {rule: move for move, rules in _BY_MOVE.items() for rule in rules.split()}
