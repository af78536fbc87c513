"""`scribe rules list | show | guide`: the cards of the coding rules, and what the article tells."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scribe.coding.article import Article, Fact, PaidClaim, Stand, article
from scribe.coding.rule import Rule
from scribe.coding.rules import RULES
from scribe.commands.console import DONE, say, say_json
from scribe.errors import BadInput
from scribe.ids import RuleId
from scribe.records import Citation, Severity

_MARKS = {
    Stand.AGREES: "official sources agree",
    Stand.DIFFERS: "OFFICIAL SOURCE DIFFERS",
    Stand.OPEN: "not decided by an official source",
}
_NO_EFFECT = "no effect"
_SILENT = "The reference article is silent on this."


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One rule of the list."""

    id: RuleId
    severity: Severity
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """All that the card of a rule tells. `note_needed`: silent when nothing is in the note.

    `override`: what must be true for the claim to stay as it is.
    """

    id: RuleId
    title: str
    severity: Severity
    sources: tuple[Citation, ...]
    sequencing: str
    article: str
    override: str
    since: date
    note_needed: bool


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Declare the subcommands."""
    parser = commands.add_parser("rules", help="what the coding rules check, and on what ground")
    acts = parser.add_subparsers(dest="act", required=True, metavar="ACT")
    acts.add_parser("list", help="every rule, its severity and title").set_defaults(act_run=_list)
    show = acts.add_parser("show", help="the card of one rule")
    show.add_argument("id", help="such as R531-ALS")
    show.set_defaults(act_run=_show)
    guide = acts.add_parser("guide", help="what the reference article tells about R53.1")
    guide.set_defaults(act_run=_guide)
    return parser


def run(args: argparse.Namespace) -> int:
    """Run the chosen act."""
    code: int = args.act_run(args)
    return code


def _list(args: argparse.Namespace) -> int:
    rows = [Line(id=each.id, severity=each.severity, title=each.title) for each in RULES]
    if args.json:
        say_json(rows)
        return DONE
    for row in rows:
        say(f"{row.severity.value:<5}  {row.id:<24}  {row.title}")
    return DONE


def _show(args: argparse.Namespace) -> int:
    card = _card(_named(args.id))
    if args.json:
        say_json(card)
        return DONE
    for line in _card_lines(card):
        say(line)
    return DONE


def _named(text: str) -> Rule:
    wanted = text.strip().upper()
    for rule in RULES:
        if rule.id == wanted:
            return rule
    near = [rule.id for rule in RULES if wanted and wanted in rule.id]
    raise BadInput(
        f"There is no rule {text.strip()[:40]}.",
        advice=f"Did you mean {', '.join(near[:5])}?" if near else "See: scribe rules list",
    )


def _card(rule: Rule) -> Card:
    return Card(
        id=rule.id,
        title=rule.title,
        severity=rule.severity,
        sources=rule.citations,
        sequencing=rule.sequencing or _NO_EFFECT,
        article=rule.article or _SILENT,
        override=rule.override,
        since=rule.since,
        note_needed=rule.needs_note,
    )


def _card_lines(card: Card) -> Iterator[str]:
    yield f"{card.id}: {card.title}"
    yield f"    severity: {card.severity.value}"
    since = "any date of service" if card.since == date.min else f"{card.since.isoformat()} on"
    yield f"    in force: {since}"
    yield f"    reads:    {'codes and note' if card.note_needed else 'codes, and the note if any'}"
    for each in card.sources:
        yield f"    source:   {each.source}, {each.place}"
    yield f"    order:    {card.sequencing}"
    yield f"    article:  {card.article}"
    yield f"    override: {card.override}"


def _guide(args: argparse.Namespace) -> int:
    told = article()
    if args.json:
        say_json(told)
        return DONE
    for line in _guide_lines(told):
        say(line)
    return DONE


def _guide_lines(told: Article) -> Iterator[str]:
    yield f"R53.1 as told by: {told.source}"
    yield told.remark
    for part in told.parts:
        yield ""
        yield part.title.upper()
        for each in part.facts:
            yield from _fact_lines(each)
    yield ""
    yield "PAID CLAIMS IN THE ARTICLE (a paid claim is no evidence that the coding was right)"
    for claim in told.claims:
        yield from _claim_lines(claim)


def _fact_lines(fact: Fact) -> Iterator[str]:
    mark = _MARKS.get(fact.stand, "")
    yield f"  - {fact.says}" + (f"  [{mark}]" if mark else "")
    if fact.official:
        yield f"      {fact.official}"
    if fact.rules:
        yield f"      rules: {', '.join(fact.rules)}"


def _claim_lines(claim: PaidClaim) -> Iterator[str]:
    yield f"  {claim.service}  {', '.join(claim.codes)}  {claim.amount} USD, {claim.payer}"
    then, later = (", ".join(each) or "nothing" for each in (claim.then, claim.later))
    if (then, later) != ("nothing", "nothing"):
        yield f"      the check says: on 2025-03-19 {then}; on 2026-09-15 {later}"
