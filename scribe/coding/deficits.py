"""Which side and limb a weakness is on, and which hand leads; pure, no codes.

Dominance where it is not documented follows Official Guidelines I.C.6.a: left means non-dominant,
right means dominant, ambidextrous means dominant.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from scribe.coding.mentions import GRADE, WEAKNESS, Extent, Mention
from scribe.coding.text import Page
from scribe.coding.words import phrase
from scribe.records import Section


class Side(StrEnum):
    """A side of the body."""

    LEFT = "left"
    RIGHT = "right"


class Part(StrEnum):
    """What is weak on that side."""

    ARM = "arm"
    LEG = "leg"
    SIDE = "side"
    FACE = "face"
    UNSTATED = "unstated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deficit:
    """Current weakness of one part of one side, and the mention that states it."""

    side: Side
    part: Part
    mention: Mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Handedness:
    """The documented dominance and where it is documented."""

    right: bool
    left: bool
    section: Section
    start: int
    end: int


_LEFT = re.compile(r"\b(?:left|lue|lle|lt)\b|(?<![\w/'.])l(?= [a-z])")
_RIGHT = re.compile(r"\b(?:right|rue|rle|rt)\b|(?<![\w/'.])r(?= [a-z])")
_HAND = re.compile(
    r"\b(right|left)[- ]?hand(?:ed)?[- ]?(?:ed|dominant|dominance)"
    r"|\b(right|left|r|l)[- ]handed\b"
    r"|\b([rl])hd\b"
    r"|\b(right|left)[- ]dominant\b"
    r"|\bdominant (?:hand|side|arm) (?:is )?(?:the |her |his )?(right|left)"
    r"|\b(ambidextrous)\b"
)
_NONDOMINANT = re.compile(r"\b(left|right)[- ](?:\w+[- ])?non[- ]?dominant")
_SEGMENT = re.compile(r"[,;]|\b(?:and the other|while|whereas)\b")


def find(page: Page, mentions: tuple[Mention, ...]) -> tuple[Deficit, ...]:
    """Every one-sided weakness that is affirmed and current."""
    found = []
    for mention in mentions:
        if mention.kind not in (WEAKNESS, GRADE) or not mention.established:
            continue
        if mention.extent is Extent.GENERAL and mention.kind == WEAKNESS:
            continue
        found.extend(_deficits(page, mention))
    return tuple(found)


def handedness(page: Page) -> Handedness | None:
    """The first statement of handedness in the note, if there is one."""
    for section in Section:
        text = page.folded[section]
        if match := _NONDOMINANT.search(text):
            left = match[1] == "right"
            return _hand(section, match, right=not left, left=left)
        if match := _HAND.search(text):
            word = next(group for group in match.groups() if group)
            both = word == "ambidextrous"
            right, left = word.startswith("r"), word.startswith("l")
            return _hand(section, match, right=both or right, left=both or left)
    return None


def _hand(section: Section, match: re.Match[str], *, right: bool, left: bool) -> Handedness:
    return Handedness(right=right, left=left, section=section, start=match.start(), end=match.end())


def _deficits(page: Page, mention: Mention) -> list[Deficit]:
    sentence = mention.sentence
    whole = page.folded[sentence.section]
    inner = _without_lesions(whole[sentence.start : sentence.end])
    text = whole[: sentence.start] + inner + whole[sentence.end :]
    opening, closing = sentence.clause_at(mention.start)
    start, end = _segment(text, opening, closing, mention)
    near = text[start:end]
    sides = _sides(near)
    if len(sides) != 1 and mention.kind == WEAKNESS and not sides:
        near = text[opening:closing]
        sides = _sides(near) or _sides(text[sentence.start : sentence.end])
    if len(sides) != 1:
        return []
    return [Deficit(side=sides[0], part=part, mention=mention) for part in _parts(near)]


def _segment(text: str, opening: int, closing: int, mention: Mention) -> tuple[int, int]:
    """The part of the clause between commas that holds the mention."""
    start, end = opening, closing
    for cut in _SEGMENT.finditer(text, opening, closing):
        if cut.end() <= mention.start:
            start = cut.end()
        elif cut.start() >= mention.end:
            end = cut.start()
            break
    return start, end


def _without_lesions(text: str) -> str:
    return phrase("stroke", "lesion", "pattern").sub(lambda m: " " * len(m[0]), text)


def _sides(near: str) -> list[Side]:
    if phrase("weakness", "extent", "both").search(near):
        return []
    hands_off = _HAND.sub(lambda m: " " * len(m[0]), near)
    sides = []
    if _LEFT.search(hands_off):
        sides.append(Side.LEFT)
    if _RIGHT.search(hands_off):
        sides.append(Side.RIGHT)
    return sides


def _parts(near: str) -> list[Part]:
    parts = []
    if phrase("weakness", "body", "side_whole").search(near):
        parts.append(Part.SIDE)
    if phrase("weakness", "body", "arm").search(near):
        parts.append(Part.ARM)
    if phrase("weakness", "body", "leg").search(near):
        parts.append(Part.LEG)
    if not parts and phrase("weakness", "body", "face").search(near):
        parts.append(Part.FACE)
    return parts or [Part.UNSTATED]
