"""An index of every title and inclusion term of one edition by word, and its ranking; no I/O.

The score of a code has two parts: how much of what was typed it answers to, with the headings above
it, and how nearly what was typed is one of its own terms, whole. Rare words weigh more.
"""

import math
from collections.abc import Container
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribe.coding.spelling import Spelling
from scribe.coding.tables import Table
from scribe.coding.terms import essential_words, joined_words, typed_words, words_of
from scribe.coding.words import vocabulary

_MOST_WORDS = 16
_INHERITED = 0.5
_ANSWERED, _WHOLE = 0.6, 0.4
_BILLABLE = 0.02
"""Between two equals the one that can stand on a claim."""
_TERM = 0.97
"""Between two equals the one whose title, not whose term, it is."""
_EVERYDAY = (0.95, 0.85, 0.8)
"""How well the official words for an everyday word fit it, in the order of the vocabulary."""
_ONE_SLIP = 0.82
"""The least fit, of `Spelling`, for a word of an expression: one slip, or most of its letters."""

_Floats = NDArray[np.floating[Any]]
_Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A code with its score; `covered` is the part of the words, 0..1, that it answers to."""

    code: str
    score: float
    covered: float
    matched: tuple[str, ...]
    term: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sought:
    """One word as typed and the official words that it may mean, all of a tuple together."""

    typed: str
    readings: tuple[tuple[tuple[str, ...], float], ...]


class WordIndex:
    """All phrases (titles and terms) of one edition by their words. Read-only once built."""

    def __init__(self, table: Table) -> None:
        self._codes = sorted(table.codes())
        self._terms: list[str] = []
        posted: dict[str, list[int]] = {}
        firsts = []
        essential: list[tuple[str, ...]] = []
        for code in self._codes:
            firsts.append(len(self._terms))
            for term in ("", *table.terms(code)):
                text = term or table.title(code)
                for word in {*words_of(text), *joined_words(text)}:
                    posted.setdefault(word, []).append(len(self._terms))
                self._terms.append(term)
                essential.append(essential_words(text))
        count = len(self._terms)
        self._firsts = np.array(firsts, dtype=np.int32)
        self._posted = {word: np.array(at, dtype=np.int32) for word, at in posted.items()}
        self._rarity = {word: math.log(1 + count / len(at)) for word, at in posted.items()}
        self._spelling = Spelling(posted)
        heavy = [sum(self._rarity[word] for word in set(words)) for words in essential]
        self._heavy = np.maximum(np.array(heavy, dtype=np.float32), 1e-6)
        fit = [_TERM if term else 1.0 for term in self._terms]
        self._field = np.array(fit, dtype=np.float32)
        self._levels = _levels(self._codes)
        billable = [table.is_billable(code) for code in self._codes]
        self._bonus = np.array(billable, dtype=np.float32) * _BILLABLE

    def best(self, text: str, limit: int) -> tuple[Hit, ...]:
        """The best codes for a text, best first, equals by code."""
        sought = self._sought(text)
        if not any(each.readings for each in sought) or limit <= 0:
            return ()
        total = 0.0
        in_phrases = np.zeros(len(self._terms), dtype=np.float32)
        in_codes = np.zeros(len(self._codes), dtype=np.float32)
        answers = []
        for each in sought:
            weight, there = self._where(each)
            total += weight
            in_phrases += weight * there
            answered = self._with_headings(np.maximum.reduceat(there, self._firsts))
            answers.append((each.typed, answered))
            in_codes += weight * answered
        recall, precision = in_phrases / total, np.minimum(1.0, in_phrases / self._heavy)
        whole = self._field * 2 * recall * precision / np.maximum(recall + precision, 1e-6)
        covered = in_codes / total
        score = _ANSWERED * covered + _WHOLE * np.maximum.reduceat(whole, self._firsts)
        score += self._bonus
        order = _top(score, limit)
        return tuple(
            Hit(
                code=self._codes[at],
                score=float(score[at]),
                covered=float(covered[at]),
                matched=tuple(
                    dict.fromkeys(typed for typed, answered in answers if answered[at] > 0)
                ),
                term=self._term(at, whole),
            )
            for at in order
            if covered[at] > 0
        )

    def _term(self, at: int, whole: _Floats) -> str:
        first = int(self._firsts[at])
        last = int(self._firsts[at + 1]) if at + 1 < len(self._firsts) else len(self._terms)
        return self._terms[first + int(np.argmax(whole[first:last]))]

    def _where(self, sought: _Sought) -> tuple[float, _Floats]:
        """The weight of a word and how well each phrase answers to it, 0..1."""
        there = np.zeros(len(self._terms), dtype=np.float32)
        for words, fit in sought.readings:
            if len(words) == 1:
                at = self._posted[words[0]]
                there[at] = np.maximum(there[at], fit)
            else:
                both = np.ones(len(self._terms), dtype=np.float32)
                for word in words:
                    has = np.zeros(len(self._terms), dtype=np.float32)
                    has[self._posted[word]] = fit
                    both = np.minimum(both, has)
                there = np.maximum(there, both)
        best = sought.readings[0][0] if sought.readings else ()
        return max((self._rarity[word] for word in best), default=math.log(1e4)), there

    def _with_headings(self, own: _Floats) -> _Floats:
        above = np.zeros_like(own)
        for places, parents in self._levels:
            above[places] = np.maximum(above[parents], own[parents])
        both: _Floats = np.maximum(own, _INHERITED * above)
        return both

    def _sought(self, text: str) -> list[_Sought]:
        found = []
        for typed, word in _spelled_out(text, self._posted):
            readings: dict[tuple[str, ...], float] = {
                (each,): fit for each, fit in self._spelling.readings(word)
            }
            for official, fit in zip(_official_words(word), _EVERYDAY, strict=False):
                words = tuple(each for each in words_of(official) if each in self._posted)
                if words and len(words) == len(words_of(official)):
                    readings[words] = max(fit, readings.get(words, 0.0))
            ranked = sorted(readings.items(), key=lambda each: (-each[1], each[0]))
            found.append(_Sought(typed=typed, readings=tuple(ranked)))
        return found[:_MOST_WORDS]


def _spelled_out(text: str, known: Container[str]) -> list[tuple[str, str]]:
    """Each word to look for with what was typed for it; known phrases and shorthand in full."""
    lay = vocabulary("lay_words")
    phrases = {words_of(phrase): official for phrase, official in lay["phrases"].items()}
    typed = tuple((as_typed, _mended(word, known)) for as_typed, word in typed_words(text))
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(typed):
        size, official = _known_phrase(typed[at : at + 4], phrases, lay["short"])
        written = " ".join(word for word, _ in typed[at : at + size])
        found += [(written, word) for word in (words_of(official) or (typed[at][1],))]
        at += size
    return list(dict.fromkeys(found))


def _mended(word: str, known: Container[str]) -> str:
    """A word of a known expression with a slip in it; a word that means something stays."""
    if word in known or word in vocabulary("lay_words")["short"]:
        return word
    nearest, *_ = (*_expressions().readings(word), (word, 0.0))
    return nearest[0] if nearest[1] >= _ONE_SLIP else word


@cache
def _expressions() -> Spelling:
    """The words of all everyday expressions."""
    lay = vocabulary("lay_words")
    return Spelling(
        {word for phrase in (*lay["phrases"], *lay["words"]) for word in words_of(phrase)}
    )


def _known_phrase(
    typed: tuple[tuple[str, str], ...], phrases: dict[tuple[str, ...], str], short: dict[str, str]
) -> tuple[int, str]:
    """How many of these words are one known expression, and the official words for it."""
    for size in range(len(typed), 0, -1):
        if official := phrases.get(tuple(word for _, word in typed[:size])):
            return size, official
    return 1, short.get(typed[0][0], "")


def _official_words(word: str) -> tuple[str, ...]:
    everyday = vocabulary("lay_words")["words"]
    for each in (word, f"{word}s"):
        if each in everyday:
            return tuple(everyday[each])
    return ()


def _levels(codes: list[str]) -> list[tuple[_Ids, _Ids]]:
    """The places of the codes that have a code above them and of that one, from the top down."""
    levels: list[tuple[list[int], list[int]]] = []
    open_: list[int] = []
    for place, code in enumerate(codes):
        while open_ and not code.startswith(codes[open_[-1]]):
            open_.pop()
        if open_:
            while len(levels) < len(open_):
                levels.append(([], []))
            levels[len(open_) - 1][0].append(place)
            levels[len(open_) - 1][1].append(open_[-1])
        open_.append(place)
    return [
        (np.array(places, dtype=np.int32), np.array(parents, dtype=np.int32))
        for places, parents in levels
    ]


def _top(score: _Floats, limit: int) -> list[int]:
    """The places of the highest scores; equals in the order of the codes."""
    some = min(limit, len(score))
    least = np.partition(score, -some)[-some]
    places = np.flatnonzero(score >= least)
    return [int(at) for at in places[np.argsort(-score[places], kind="stable")]][:some]
