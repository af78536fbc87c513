"""Finds codes by words as people type them; proposes nothing for a note and judges nothing.

A code is found by its title, by the inclusion terms and "includes" notes at it and, at half weight,
by those of the headings above it. A word may be the beginning of an official word, an everyday
word for it (vocabulary/lay_words.toml) or misspelt.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from scribe.coding.tables import Table, dotted, nearest_table
from scribe.coding.wordindex import WordIndex

LONGEST = 500
"""Characters of a search that are read; what follows is not."""
_CODE = re.compile(r"[A-Za-z][0-9][0-9A-Za-z]\.?[0-9A-Za-z]{0,4}")
_FEWEST = 0.34
"""The least part of the words, by weight, that a code must answer to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A code that fits the words. `score` is 0..1; `matched` are the words as typed that led to it.

    `term` is the inclusion term that fits better than the title. A code that is not `billable` is a
    heading or lacks its seventh character.
    """

    code: str
    title: str
    score: float
    matched: tuple[str, ...]
    term: str = ""
    billable: bool = True


def search(words: str, day: date, limit: int = 10) -> tuple[Match, ...]:
    """The codes of the edition in force (or nearest) on `day` that best fit `words`, best first.

    Nothing for words of which none is known. Never raises on any text; reads LONGEST characters.
    """
    table = nearest_table(day)
    typed = words[:LONGEST]
    found = {match.code: match for match in _by_code(typed, table)}
    if not found:
        found = {match.code: match for match in _by_words(typed, table, max(0, limit))}
    return tuple(found.values())[: max(0, limit)]


def load(day: date) -> None:
    """Build the index of that day's edition now instead of at the first search."""
    _index(nearest_table(day))


@lru_cache(maxsize=2)
def _index(table: Table) -> WordIndex:
    return WordIndex(table)


def _by_code(words: str, table: Table) -> Iterator[Match]:
    """When a code was typed: itself and what stands directly below."""
    typed = words.strip().rstrip(".")
    if not _CODE.fullmatch(typed):
        return
    code = dotted(typed.replace(".", "").upper())
    for each in (code, *table.children(code)) if table.exists(code) else ():
        yield Match(
            code=each,
            title=table.title(each),
            score=1.0,
            matched=(typed,),
            billable=table.is_billable(each),
        )


def _by_words(words: str, table: Table, limit: int) -> Iterator[Match]:
    for hit in _index(table).best(words, limit):
        if hit.covered >= _FEWEST:
            yield Match(
                code=hit.code,
                title=table.title(hit.code),
                score=round(min(1.0, hit.score), 3),
                matched=hit.matched,
                term=hit.term,
                billable=table.is_billable(hit.code),
            )
