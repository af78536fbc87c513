"""Words behind a disease, or behind the list that holds it, which deny or doubt it; pure."""

import re
from collections.abc import Iterator
from functools import cache

from scribe.coding.words import ending, phrase, vocabulary

_JOIN = re.compile(r"\s*(?:,\s*(and\b|or\b|nor\b)?|([/&+])|\b(and|or|nor|as well as)\b)\s*")
_ITEM_WORD = re.compile(r"(?!(?:is|was|are|were|has|have|due|from|with|since|after)\b)[\w'-]+\s*")
_MOST_ITEMS, _ITEM_WORDS = 10, 4
_MARK = re.compile(r"\s*[,;:–—-]+\s*")
_TO_ALL = re.compile(r"^\s*[:–—-]+\s*(?=(?:all|both|each)\b)")
_SINGULAR = re.compile(r"\s*(?:is|was|has|remains?)\b")
_PLURAL = re.compile(r"\s*(?:are|were|have|had|all|both|each|remain)\b")


def denied(before: str, after: str, *, lists: bool) -> bool:
    """Whether the words behind a disease deny it: "has been ruled out", ", B and C were excluded".

    `before` and `after`: what stands before it in its clause, and behind it in its sentence.
    `lists`: whether the sentence holds a word that may judge a list.
    """
    return _denied(after) or _none(after) or (lists and _refused(before, after))


def doubted(before: str, after: str, *, lists: bool) -> bool:
    """Whether they leave it open: "is felt to be unlikely", "and B remain possible"."""
    return _doubted(after) or (lists and _in_doubt(before, after))


@cache
def _behind(kind: str) -> re.Pattern[str]:
    """Words behind a disease that doubt or deny it: "is now felt to be highly unlikely"."""
    table = vocabulary("status")
    lead, end = table["behind"]["lead"], table["behind"]["end"]
    words = table[kind]["behind"]
    led = rf"[\s,(]*(?:(?:{lead}|{{also}})(?:n't)?[\s,]+)*"
    denied = table["behind"]["not"]
    if kind == "uncertain":
        return re.compile(rf"{led.replace('{also}', denied)}(?:{words})(?= *(?:{end}))")
    plain = rf"(?:[\s,(]*(?:{table['behind']['weighed']}))?" + led.replace("|{also}", "")
    refused = rf"(?:{denied})[\s,]+(?:(?:{lead}) +)*(?:{table[kind]['behind_not']})(?!\w| to\b)"
    return re.compile(rf"{plain}(?:(?:{words})(?!\w)|{refused})")


def _denied(after: str) -> bool:
    return _behind("negated").match(_TO_ALL.sub(" ", after)) is not None


def _refused(before: str, after: str) -> bool:
    """Whether a list that holds the disease is refused behind: "A, B and C have been excluded"."""
    return any(_denied(rest) or _none(rest) for rest in _past_list(before, after))


def _none(rest: str) -> bool:
    """; none of these was found."""
    if not (mark := _MARK.match(rest)):
        return False
    return phrase("status", "negated", "none").match(rest[mark.end() :]) is not None


def _in_doubt(before: str, after: str) -> bool:
    return any(_doubted(rest) for rest in _past_list(before, after))


def _past_list(before: str, after: str) -> Iterator[str]:
    """What may be said of a whole list, after each word of the items that follow its first.

    A list that something is due to is none: "due to A, B ruled out". A verb in the singular, or
    none, speaks of all items only behind "and" or "or".
    """
    if not _JOIN.match(after) or _ties_to_cause(before):
        return
    at, joined = 0, False
    for _ in range(_MOST_ITEMS):
        join = _JOIN.match(after, at)
        if join is None:
            return
        word = join[1] or join[2] or join[3]
        at, joined = join.end(), joined or word is not None
        for _ in range(_ITEM_WORDS):
            item = _ITEM_WORD.match(after, at)
            if item is None:
                break
            at = item.end()
            rest = after[at:]
            if _SINGULAR.match(rest):
                if word in ("or", "nor"):
                    yield rest
            elif joined or _PLURAL.match(rest) or rest.lstrip()[:1] in tuple(";:–—,-"):
                yield rest
            if _JOIN.match(after, at):
                break


def _ties_to_cause(before: str) -> bool:
    return phrase("links", "forward").search(before) is not None


def _doubted(after: str) -> bool:
    whole = ending("status", "uncertain", "behind_whole").match(after)
    return whole is not None or _behind("uncertain").match(after) is not None
