"""Which side and limb a weakness is on, and which hand leads; pure, no codes.

Dominance where it is not documented follows Official Guidelines I.C.6.a: left means non-dominant,
right means dominant, ambidextrous means dominant.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from scribe.coding.mentions import GRADE, WEAKNESS, Extent, Mention
from scribe.coding.text import Page, Sentence
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
    found: list[Deficit] = []
    texts: dict[Sentence, str] = {}
    for mention in mentions:
        if mention.kind not in (WEAKNESS, GRADE) or not mention.established:
            continue
        if mention.extent is Extent.GENERAL and mention.kind == WEAKNESS:
            continue
        text = texts.get(mention.sentence)
        if text is None:
            text = texts[mention.sentence] = _sided_text(page, mention.sentence)
        found.extend(_deficits(text, mention) if text else ())
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


def _sided_text(page: Page, sentence: Sentence) -> str:
    """The sentence without lesions of the brain, which have a side too; "" if it names no side."""
    text = _without_lesions(page.folded[sentence.section][sentence.start : sentence.end])
    return text if _LEFT.search(text) or _RIGHT.search(text) else ""


def _deficits(text: str, mention: Mention) -> list[Deficit]:
    sentence = mention.sentence
    opening, closing = (at - sentence.start for at in sentence.clause_at(mention.start))
    start, end = _segment(text, opening, closing, mention)
    near = text[start:end]
    sides = _sides(near)
    if len(sides) != 1 and mention.kind == WEAKNESS and not sides:
        near = text[opening:closing]
        sides = _sides(near) or _sides(text)
    if len(sides) != 1:
        return []
    return [Deficit(side=sides[0], part=part, mention=mention) for part in _parts(near)]


def _segment(text: str, opening: int, closing: int, mention: Mention) -> tuple[int, int]:
    """The part of the clause between commas that holds the mention, in the text of its sentence."""
    start, end = opening, closing
    begin, stop = (at - mention.sentence.start for at in (mention.start, mention.end))
    for cut in _SEGMENT.finditer(text, opening, closing):
        if cut.end() <= begin:
            start = cut.end()
        elif cut.start() >= stop:
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
