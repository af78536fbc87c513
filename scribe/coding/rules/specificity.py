"""Rules on codes that leave open what the note, or a sibling code, could say."""

import re
from collections.abc import Iterator

from scribe.coding import sides, stroke
from scribe.coding.facts import Facts
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.rules.laterality import PARALYSIS
from scribe.coding.words import vocabulary
from scribe.ids import RuleId
from scribe.records import Severity


def _low_specificity(facts: Facts) -> Iterator[Hit]:
    table = vocabulary("specificity")
    for entry in table["always"]:
        if facts.coded(entry["code"]):
            yield _remark(
                facts, entry["code"], f"it leaves open {entry['missing']}", *entry["offers"]
            )
    for entry in table["beside"]:
        others = [code for code in facts.coded(entry["other"]) if code != entry["code"]]
        if entry["code"] in facts.coded(entry["code"]) and others:
            yield _remark(facts, entry["code"], entry["missing"])
    for entry in table["detail"]:
        if entry["code"] in facts.coded(entry["code"]):
            yield from _detail(facts, entry["code"], entry["of"], entry["choices"])


def _detail(facts: Facts, code: str, what: str, choices: list[list[str]]) -> Iterator[Hit]:
    for pattern, better in choices:
        found = facts.says(re.compile(pattern))
        if found is not None:
            yield Hit(
                message=f"“{code}” is unspecified; the {what} in the note "
                f"(“{found.quote(facts.page).text}”) would "
                "allow a more exact code.",
                codes=(code,),
                evidence=(found.quote(facts.page),),
                offers=(Offer(code=better, why=f"the note says {found.text}"),),
            )
            return


def _remark(facts: Facts, code: str, why: str, *better: str) -> Hit:
    return Hit(
        message=f"“{code} {facts.table.title(code)}” is unspecified: {why}.",
        codes=(code,),
        offers=tuple(Offer(code=each, why="if documented") for each in better),
    )


def _unspecified_side(facts: Facts) -> Iterator[Hit]:
    told: set[str] = set()
    for each in facts.codes:
        if each.code in told or not facts.table.exists(each.code):
            continue
        told.add(each.code)
        choices = sides.sided_siblings(facts.table, each.code)
        if not choices:
            continue
        region = sides.region_of(facts.table.title(each.code))
        stated = sides.stated(facts, region) if region else ()
        quotes = [place.mention.quote(facts.page) for place in stated]
        weak = stroke.one_sided(facts) if PARALYSIS.match(each.code) else ()
        quotes += [place.mention.quote(facts.page) for place in weak]
        said = {place.side for place in stated} | {place.side for place in weak}
        only = next(iter(said)) if len(said) == 1 else None
        fitting = [code for code, side in choices if only is None or side is only]
        if weak:
            fitting.sort(key=lambda code: not _dominance_fits(facts, code))
        yield Hit(
            message=f"“{each.code}” does not say which side."
            + (f" The note says {only.value}." if only is not None else ""),
            codes=(each.code,),
            evidence=tuple(quotes) if only is not None else (),
            offers=tuple(Offer(code=code, why="names the side") for code in fitting),
        )


def _dominance_fits(facts: Facts, code: str) -> bool:
    """Whether the side is dominant or not as documented, by default the right one is (I.C.6.a)."""
    title = facts.table.title(code)
    side = sides.side_of(title)
    return side is not None and sides.dominance_of(title) == stroke.dominant(facts, side)[0]


LOW_SPECIFICITY = Rule(
    id=RuleId("GEN-LOW-SPECIFICITY"),
    severity=Severity.INFO,
    title="A very unspecific code",
    citations=(guideline("I.B.2, I.B.18"),),
    article="Your reference article says that coding too generically can lead to a denial. The "
    "official rule differs: an unspecified code is right when nothing more is known.",
    override="Nothing more exact is known at this visit.",
    decide=_low_specificity,
)
UNSPECIFIED_SIDE = Rule(
    id=RuleId("GEN-UNSPECIFIED-SIDE"),
    severity=Severity.WARN,
    title="The code does not say which side",
    citations=(guideline("I.B.13"), tabular("the sibling codes with a side")),
    article="Your reference article shows a shoulder code without a side and does not mention "
    "laterality.",
    override="The side could not be determined at this visit; the note says why.",
    decide=_unspecified_side,
)
