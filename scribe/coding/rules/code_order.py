"""Rules on the order of codes that the "code first" notes of the Tabular List demand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scribe.coding.facts import R531, ClaimCode, Facts
from scribe.coding.references import Reference
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.words import vocabulary, whole_words
from scribe.ids import RuleId
from scribe.records import Citation, Severity

_ELSEWHERE = "in diseases classified elsewhere"
_DRUGS = "T36-T50"
"""Adverse effects are ordered by a rule of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Demand:
    """A "code first" note: where it is written, its words, the codes it names, and how firm it is.

    `open_`: the codes named are examples, or none is named.
    """

    owner: str
    text: str
    references: tuple[Reference, ...]
    soft: bool
    open_: bool
    firm: bool

    def meets(self, code: str) -> bool:
        """Whether the code is one that the note names."""
        return any(reference.covers(code) for reference in self.references)


def _demand(facts: Facts, code: str) -> _Demand | None:
    """The nearest "code first" note at the code or at a code above it; None if there is none."""
    notes = facts.table.notes(code, "code-first")
    if not notes or notes[0].owner == _DRUGS:
        return None
    owner = notes[0].owner
    lines = [note for note in notes if note.owner == owner]
    first, *rest = (note.text.strip(" ,.:;") for note in lines)
    text = f"{first}: {'; '.join(rest)}" if rest else first
    words = vocabulary("code_first")
    built_in = tuple(Reference(first=a, last=b) for a, b in words["built_in"].get(owner, ()))
    named = tuple(reference for note in lines for reference in note.references)
    opening = lines[0].text
    soft = whole_words(words["soft"]).search(opening) is not None
    elsewhere = _ELSEWHERE in facts.table.title(code)
    firm = elsewhere or re.match(words["firm"], opening) is not None
    return _Demand(
        owner=owner,
        text=text,
        references=(*built_in, *named),
        soft=soft and not elsewhere,
        open_="such as" in opening or not (built_in or named),
        firm=firm and "-" not in owner,
    )


def _code_first(facts: Facts) -> Iterator[Hit]:
    for each in facts.codes:
        demand = _demand(facts, each.code) if facts.table.exists(each.code) else None
        if demand is None:
            continue
        if each.code.startswith("U09") and R531 in facts.coded(R531):
            continue  # the rule on weakness after COVID-19 speaks of this pair
        hit = _out_of_order(facts, each, demand) or _missing(facts, each, demand)
        if hit is not None:
            yield hit


def first_of(facts: Facts, code: str, beside: tuple[str, ...]) -> str:
    """The first code of the claim, or of those suggested `beside` it, that a code would have to
    follow; "" if there is none.
    """
    demand = _demand(facts, code)
    if demand is None:
        return ""
    more = beside if _stops(facts, code, demand) else ()
    listed = (*(each.code for each in facts.codes), *more)
    return next((each for each in listed if each != code and demand.meets(each)), "")


def lacking(facts: Facts, code: str, beside: tuple[str, ...]) -> str:
    """What a code would need before it that is neither on the claim nor among those `beside` it, in
    the words of its note; "" if nothing.
    """
    demand = _demand(facts, code)
    others = (*(each.code for each in facts.codes), *beside)
    if demand is None or any(demand.meets(other) for other in others if other != code):
        return ""
    return _short(demand.text) if _stops(facts, code, demand) else ""


def _stops(facts: Facts, code: str, demand: _Demand) -> bool:
    """Whether the code may not stand while nothing meets the demand."""
    others = (other.code for other in facts.codes if other.code != code)
    cause = any(not other.startswith(("R", "Z", "Y")) for other in others)
    return not demand.soft and demand.firm and not (demand.open_ and cause)


def _out_of_order(facts: Facts, each: ClaimCode, demand: _Demand) -> Hit | None:
    meeting = [other for other in facts.codes if demand.meets(other.code) and other != each]
    if not meeting or any(other.rank <= each.rank for other in meeting):
        return None
    first = meeting[0].code
    return Hit(
        message=f"{each.code} ({facts.table.title(each.code)}) must follow {first} "
        f"({facts.table.title(first)}). Please list {first} first.",
        codes=(each.code, first),
        offers=(Offer(code=first, why=f"list it before {each.code}"),),
        citations=(_place(facts, demand),),
    )


def _missing(facts: Facts, each: ClaimCode, demand: _Demand) -> Hit | None:
    others = [other for other in facts.codes if other.code != each.code]
    if any(demand.meets(other.code) for other in others):
        return None
    if demand.soft:
        if "-" in demand.owner or each.code.startswith(("R", "Z")):
            return None
        return _ask(facts, each, demand)
    if not _stops(facts, each.code, demand):
        return None
    return Hit(
        message=f"{each.code} ({facts.table.title(each.code)}) may not stand without the condition "
        f"behind it: code first {_short(demand.text)}. Please add it and list it first.",
        codes=(each.code,),
        offers=_examples(facts, demand),
        citations=(_place(facts, demand),),
    )


def _ask(facts: Facts, each: ClaimCode, demand: _Demand) -> Hit:
    return Hit(
        severity=Severity.INFO,
        message=f"{each.code}: if it applies, code first {_short(demand.text)}.",
        codes=(each.code,),
        offers=_examples(facts, demand),
        citations=(_place(facts, demand),),
    )


def _short(text: str) -> str:
    cut = text.removeprefix("if applicable, ").replace(", if applicable", "")
    return cut if len(cut) <= 160 else f"{cut[:157]}..."


def _examples(facts: Facts, demand: _Demand) -> tuple[Offer, ...]:
    offers = []
    for reference in demand.references[:6]:
        code = reference.first if len(reference.first) <= 3 else _dotted(reference.first)
        if reference.first == reference.last and not reference.final and not reference.at:
            family = "" if facts.table.is_billable(code) else "-"
            point = "." if family and len(code) == 3 else ""
            offers.append(Offer(code=f"{code}{point}{family}", why="if documented, listed first"))
    return tuple(offers)


def _dotted(compact: str) -> str:
    return f"{compact[:3]}.{compact[3:]}"


def _place(facts: Facts, demand: _Demand) -> Citation:
    return tabular(f"{demand.owner}, code first note, edition {facts.table.about.notes_of}")


CODE_FIRST = Rule(
    id=RuleId("GEN-CODE-FIRST"),
    severity=Severity.BLOCK,
    title="A code stands before the condition it must follow",
    citations=(guideline("I.A.13, I.A.17"),),
    article="Your reference article asks for the correct sequence and names U09.9 and R53.82 "
    "alone, without an order.",
    sequencing="The underlying condition goes first, its manifestation after it.",
    override="I read the code-first note in the Tabular List: what it asks for does not apply to "
    "this patient, for the reason given in the note.",
    decide=_code_first,
)
