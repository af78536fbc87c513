"""Sides in official titles and in the note: which side a code names, its siblings on other sides,
and which side of a part of the body the note speaks of; pure, decides nothing.
"""

import re
from dataclasses import dataclass

from scribe.coding.deficits import Side
from scribe.coding.facts import Facts
from scribe.coding.mentions import Mention
from scribe.coding.status import Status, status_of
from scribe.coding.tables import Table
from scribe.coding.text import Sentence
from scribe.coding.words import phrase, vocabulary, whole_words

_WORDS = re.compile(r"[\w/]+")
_DOMINANCE = ("dominant", "nondominant", "non", "side")
_LATERAL = ("left", "right")
_SIDE_WORDS = {
    Side.LEFT: r"left(?![- ]hand(?:ed|[- ]dominant))|lt|l(?=[ .][a-z])",
    Side.RIGHT: r"right(?![- ]hand(?:ed|[- ]dominant))|rt|r(?=[ .][a-z])",
}
_CUT = re.compile(r"[,;:.]|\b(?:but|while|whereas|and the)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A side of a part of the body that the note speaks of."""

    side: Side
    mention: Mention


def side_of(title: str) -> Side | None:
    """The one side that an official title names; None when it names none or both."""
    words = _WORDS.findall(title.lower())
    found = {word for word in words if word in _LATERAL}
    return Side(found.pop()) if len(found) == 1 else None


def dominance_of(title: str) -> bool | None:
    """Whether the title says dominant (True) or non-dominant (False) side; None: neither."""
    match = re.search(r"(non-?)?dominant", title.lower())
    return None if match is None else match[1] is None


def sided_siblings(table: Table, code: str) -> tuple[tuple[str, Side], ...]:
    """Codes that differ from an "unspecified side" code only by naming the side; often none."""
    stem, seventh = _stem(table, code)
    own = _WORDS.findall(table.title(stem).lower())
    wanted = [
        _plain(own[:at] + own[at + 1 :]) for at, word in enumerate(own) if word == "unspecified"
    ]
    found = []
    for sibling in _siblings(table, stem) if wanted else ():
        title = table.title(sibling)
        side = side_of(title)
        if side is not None and _plain(_WORDS.findall(title.lower())) in wanted:
            found.append((_with_seventh(table, sibling, seventh), side))
    return tuple(found)


def other_side(table: Table, code: str, side: Side, *, dominant: bool | None) -> str:
    """The code of the same subcategory for a side and, where it matters, dominance; or ""."""
    stem, seventh = _stem(table, code)
    own = _plain(_WORDS.findall(table.title(stem).lower()))
    for sibling in _siblings(table, stem):
        title = table.title(sibling)
        fits = side_of(title) is side and dominance_of(title) == dominant
        if fits and _plain(_WORDS.findall(title.lower())) == own:
            return _with_seventh(table, sibling, seventh)
    return ""


def region_of(title: str) -> str:
    """The part of the body in a title, as a name of the vocabulary; "" if there is none."""
    for name, pattern in vocabulary("regions").items():
        if whole_words(str(pattern)).search(title.lower()):
            return name
    return ""


def stated(facts: Facts, region: str) -> tuple[Place, ...]:
    """Where the note names one side of a region as affected (affirmed, current)."""
    words = phrase("regions", region).pattern
    found = []
    for side, cue in _SIDE_WORDS.items():
        beside = re.compile(
            rf"(?<![\w/'])(?:{cue})(?:[- ]sided?)?\.?[- ]+(?:\w+[- ]){{0,2}}?{words}"
            rf"|{words}[^,;.]{{0,15}}\bon (?:the |her |his )?(?:{cue})\b"
        )
        found += [
            Place(side=side, mention=mention)
            for sentence in facts.page.sentences
            for mention in _affected(facts, sentence, beside)
        ]
    return tuple(found)


def speaks_of(facts: Facts, region: str, side: Side) -> bool:
    """Whether any sentence on the region names this side, or both sides, as not plainly normal."""
    part = phrase("regions", region)
    both = phrase("weakness", "extent", "both")
    own = re.compile(rf"(?<![\w/'])(?:{_SIDE_WORDS[side]})(?!\w)")
    for sentence in facts.page.sentences:
        text = facts.page.folded[sentence.section][sentence.start : sentence.end]
        if not part.search(text):
            continue
        for piece in _CUT.split(text):
            named = own.search(piece) or (both.search(piece) and part.search(piece))
            if named and not phrase("side_words", "normal").search(piece):
                return True
    return False


def _affected(facts: Facts, sentence: Sentence, pattern: re.Pattern[str]) -> list[Mention]:
    text = facts.page.folded[sentence.section]
    found = []
    for match in pattern.finditer(text, sentence.start, sentence.end):
        start, end = match.span()
        rest = _CUT.split(text[end : sentence.end])[0]
        if phrase("side_words", "normal").search(rest):
            continue
        status = status_of(facts.page, sentence, start, end, disease=False, adjective=False)
        if status is Status.ESTABLISHED:
            found.append(
                Mention(
                    kind="side",
                    sentence=sentence,
                    start=start,
                    end=end,
                    text=match[0],
                    status=status,
                )
            )
    return found


def _plain(words: list[str]) -> tuple[str, ...]:
    return tuple(word for word in words if word not in (*_LATERAL, *_DOMINANCE))


def _stem(table: Table, code: str) -> tuple[str, str]:
    """A full code of seven characters as its stem and seventh character."""
    if len(code) == 8 and (above := table.ancestors(code)):
        suffix = table.title(code).removeprefix(table.title(above[0]))
        if suffix.startswith(",") and code in table.children(above[0]):
            return above[0], code[-1]
    return code, ""


def _siblings(table: Table, code: str) -> tuple[str, ...]:
    above = table.ancestors(code)
    return tuple(each for each in table.children(above[0]) if each != code) if above else ()


def _with_seventh(table: Table, stem: str, seventh: str) -> str:
    if not seventh:
        return stem
    return next((each for each in table.children(stem) if each.endswith(seventh)), stem)
