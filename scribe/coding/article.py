"""What the reference article on R53.1 tells beside its coding rules, as records; decides nothing.

The data are in `vocabulary/article.toml`: short facts in our own words, each with its stand against
the official sources.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from scribe.coding.words import vocabulary
from scribe.ids import RuleId


class Stand(StrEnum):
    """agrees, differs: what an official source says; open: none was found that decides it;
    information: nothing that a code could be checked against.
    """

    AGREES = "agrees"
    DIFFERS = "differs"
    OPEN = "open"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One statement of the article; `official`: what differs, or why it is open; `rules`: those
    that speak of it in a note.
    """

    says: str
    stand: Stand
    official: str = ""
    rules: tuple[RuleId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The facts of one subject."""

    id: str
    title: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaidClaim:
    """One row of the article's table of paid claims; `amount` in US dollars as printed.

    `then`, `later`: the rules that block or warn on 2025-03-19 and on 2026-09-15.
    """

    service: str
    codes: tuple[str, ...]
    amount: str
    payer: str
    then: tuple[RuleId, ...]
    later: tuple[RuleId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """All of it, with its source."""

    source: str
    remark: str
    parts: tuple[Part, ...]
    claims: tuple[PaidClaim, ...]


@cache
def article() -> Article:
    """The article as shipped. Raises CodingError when it cannot be read."""
    data = vocabulary("article")
    return Article(
        source=data["source"],
        remark=data["remark"],
        parts=tuple(
            Part(
                id=part["id"],
                title=part["title"],
                facts=tuple(
                    Fact(
                        says=each["says"],
                        stand=Stand(each["stand"]),
                        official=each.get("official", ""),
                        rules=tuple(each.get("rules", ())),
                    )
                    for each in part["facts"]
                ),
            )
            for part in data["sections"]
        ),
        claims=tuple(
            PaidClaim(
                service=each["service"],
                codes=tuple(each["codes"]),
                amount=each["amount"],
                payer=each["payer"],
                then=tuple(each["then"]),
                later=tuple(each["later"]),
            )
            for each in data["claims"]
        ),
    )
