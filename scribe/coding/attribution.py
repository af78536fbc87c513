"""What note and claim together say about one disease as the cause of the weakness; pure.

Only what the clinician states counts: a disease that is doubted, denied, past or another person's
explains nothing, and neither does one that merely stands beside the weakness (I.A.19, I.B.4, IV.H).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from scribe.coding.conditions import Condition, Kind, conditions, terms
from scribe.coding.facts import R531, Facts
from scribe.coding.links import TRANSIENT, Link, Tie
from scribe.coding.mentions import Mention
from scribe.coding.narrowing import narrowed
from scribe.coding.rule import Offer
from scribe.coding.spotting import clause_of
from scribe.coding.status import Status
from scribe.coding.words import phrase, whole_words
from scribe.records import Quote, Section

_CLINICIAN = (Section.ASSESSMENT, Section.PLAN)
_THERE = (Status.ESTABLISHED, Status.MENTIONED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """One disease in one note. `stated`: the ties by which the clinician makes it the cause.
    `weak`: places that name the two together. `known`: mentions that establish the disease.
    `coded`: its codes on the claim. `denied`, `left_open`: what else is said of the relation.
    """

    condition: Condition
    stated: tuple[Link, ...]
    weak: tuple[Link, ...]
    known: tuple[Mention, ...]
    named: tuple[Mention, ...]
    coded: tuple[str, ...]
    denied: bool
    left_open: bool

    @property
    def doubted(self) -> bool:
        """Whether the note names the disease, and nowhere as this patient's present disease."""
        return bool(self.named) and not any(each.status in _THERE for each in self.named)

    def near(self, facts: Facts) -> str:
        """The sentences that name the disease, folded."""
        places = [link.cause for link in self.stated] + list(self.known or self.named)
        return " ".join(
            facts.page.folded[each.section][each.sentence.start : each.sentence.end]
            for each in dict.fromkeys(places)
        )

    def kind(self, facts: Facts) -> Kind:
        """The type of the disease by the sentences that name it."""
        return self.condition.chosen(self.near(facts), " ".join(facts.page.folded.values()))

    def quotes(self, facts: Facts) -> tuple[Quote, ...]:
        """The words that tie, or else those that name the disease."""
        links = self.stated or self.weak
        places: Iterable[Mention] = (
            [place for link in links for place in (link.symptom, link.cause)]
            if links
            else (self.known or self.named)
        )
        return tuple(dict.fromkeys(each.quote(facts.page) for each in places))


def attribution(facts: Facts, condition: Condition) -> Attribution:
    """What is said about one disease. Ties in Assessment and Plan outweigh those told elsewhere."""
    links = facts.links_to(condition.key)
    named = facts.of(condition.key)
    known = tuple(each for each in named if each.established)
    stated = [
        link
        for link in links
        if link.tie is Tie.STATED
        and (
            link.cause.established
            or (known and link.cause.status is Status.MENTIONED)
            or _just_over(facts, link)
        )
    ]
    judged = [link for link in links if link.symptom.section in _CLINICIAN]
    open_ = any(link.tie is Tie.UNCERTAIN for link in judged)
    if open_ or facts.cause_unknown:
        stated = [link for link in stated if link.symptom.section in _CLINICIAN]
    return Attribution(
        condition=condition,
        stated=tuple(stated),
        weak=tuple(link for link in links if link.tie is Tie.WEAK and link.cause.established),
        known=known,
        named=named,
        coded=facts.coded(*condition.families) if condition.families else (),
        denied=_denied(links, stated) or (not stated and _denied_by_longer_name(facts, condition)),
        left_open=any(link.tie is Tie.UNCERTAIN for link in links),
    )


def _just_over(facts: Facts, link: Link) -> bool:
    """Transient weakness from a TIA, now resolved: of this event, not of a past one."""
    both = (link.symptom.status, link.cause.status)
    if link.cause.kind not in TRANSIENT or both != (Status.HISTORICAL, Status.HISTORICAL):
        return False
    return (
        phrase("status", "historical", "before").search(clause_of(facts.page, link.cause)) is None
    )


def _denied(links: tuple[Link, ...], stated: list[Link]) -> bool:
    """Whether the relation is denied: of weakness that is there or, where no weakness is tied to
    the disease, of one that is not ("no weakness due to neuropathy was found").
    """
    ties = [link for link in links if link.tie is Tie.DENIED]
    return any(not stated or link.symptom.status is not Status.NEGATED for link in ties)


def _denied_by_longer_name(facts: Facts, condition: Condition) -> bool:
    """Not related to the diabetic polyneuropathy: the polyneuropathy is denied as well."""
    names = terms()[condition.key].get("terms", ())
    return any(
        link.tie is Tie.DENIED
        and link.symptom.established
        and link.cause.kind != condition.key
        and whole_words(tuple(names)).search(link.cause.text) is not None
        for link in facts.links
    )


def concerned(facts: Facts, among: Iterable[Condition]) -> tuple[Condition, ...]:
    """Those of the conditions that the note names or the claim lists."""
    named = {each.kind for each in facts.mentions}
    return tuple(
        each
        for each in among
        if each.key in named or (each.families and facts.coded(*each.families))
    )


def explained_elsewhere(facts: Facts, but: Condition) -> bool:
    """Whether the clinician names another disease as the cause."""
    return any(
        link.tie is Tie.STATED
        and link.cause.established
        and link.symptom.section in _CLINICIAN
        and link.cause.kind in conditions()
        and conditions()[link.cause.kind].rule != but.rule
        for link in facts.links
    )


def replaces_weakness(facts: Facts, found: Attribution) -> bool:
    """Whether a neurological disease takes the place of R53.1: the clinician ties the two, or its
    code stands beside R53.1, weakness is a routine part of it and nothing says otherwise.
    """
    if R531 not in facts.coded(R531) or found.denied:
        return False
    if found.stated:
        return True
    if not found.coded or not found.condition.integral or found.doubted:
        return False
    if explained_elsewhere(facts, found.condition):
        return False
    return not (facts.separate_general_weakness and facts.cause_unknown)


def offers(facts: Facts, found: Attribution) -> tuple[Offer, ...]:
    """The codes of the disease in their order, without those already listed."""
    kind = found.kind(facts)
    why = f"the note establishes: {kind.name}" if found.known else kind.name
    exact = (narrowed(facts, found.near(facts), code) for code in kind.codes)
    return tuple(
        Offer(code=code, why=why) for code in dict.fromkeys(exact) if code not in facts.coded(code)
    )
