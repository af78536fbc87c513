"""Puts what was said in the place of what speech recognition made of it; knows no note, no rule.

The places stay exact: `Gap`s tell where in the text as it was written each character stands.
"""

import re
from functools import cache

from scribe.coding.lexicon import Lexicon
from scribe.coding.words import vocabulary, whole_words

Gap = tuple[int, int]
"""From which position on how many characters of the written text are missing (or too many)."""


def corrected(text: str, folded: str) -> tuple[str, tuple[Gap, ...]]:
    """The text with the terms that are plainly meant; `folded` is it in lower case."""
    found = _found(folded)
    if not found:
        return text, ()
    pieces: list[str] = []
    gaps: list[Gap] = []
    last = length = missing = 0
    for start, end, said in found:
        pieces += [text[last:start], said]
        length += start - last + len(said)
        missing += end - start - len(said)
        # The last character of the term stands for the end of what was written in its place.
        gaps.append((length - 1, missing))
        last = end
    return "".join((*pieces, text[last:])), tuple(gaps)


def _found(folded: str) -> list[tuple[int, int, str]]:
    """Start, end and what was said, in order and apart from each other; the longest counts."""
    places = [
        (*match.span(), said)
        for said, matches in _words().places(folded, 0, len(folded)).items()
        for match in matches
    ]
    found: list[tuple[int, int, str]] = []
    for start, end, said in sorted(places, key=lambda place: (place[0], -place[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end, said))
    return found


@cache
def _words() -> Lexicon:
    known: dict[str, re.Pattern[str]] = {
        entry["said"]: whole_words(tuple(entry["as"])) for entry in vocabulary("misheard")["heard"]
    }
    return Lexicon(known)
