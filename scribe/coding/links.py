"""Ties weakness to a cause where the clinician does so in words; pure.

Source: Official Guidelines I.A.19 and I.B.4: the relation must be stated, it is never assumed. Time
alone ties only the residuals of a stroke.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scribe.coding.mentions import GRADE, WEAKNESS, Mention
from scribe.coding.status import Status, uncertain_words
from scribe.coding.text import Page, Sentence
from scribe.coding.words import phrase, vocabulary
from scribe.records import Section

STROKE = "stroke"
_NEIGHBOURING_CAUSES = ("aging",)
_PRONOUN = r"\s+(?:it|this|that|which|these|the same|the disease|the condition|that event)\b"
_SINCE_THEN = re.compile(r"\b(?:since then|ever since|since that time|since that|since it)\b")
_NEAR = re.compile(r"[^,;:]{0,45}")
_NEXT = re.compile(r"\s*(?:[\w'-]+\s+){0,2}")
"""Age is a cause only right after the word that ties: "rest at her age" is about the rest."""
_FAR = re.compile(r"[^;:]{0,60}")


class Tie(StrEnum):
    """How a symptom and a cause are tied."""

    STATED = "stated"
    DENIED = "denied"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A symptom, a cause, and what the note says about the two."""

    symptom: Mention
    cause: Mention
    tie: Tie


def find(page: Page, mentions: tuple[Mention, ...]) -> tuple[Link, ...]:
    """Every tie between a current weakness and a disease (or age), in reading order."""
    kinds = set(vocabulary("conditions")) | set(_NEIGHBOURING_CAUSES)
    causes: dict[tuple[Section, int], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.kind in kinds:
            causes[mention.section, mention.sentence.number].append(mention)
    links = []
    for symptom in mentions:
        if symptom.kind not in (WEAKNESS, GRADE) or symptom.status is not Status.ESTABLISHED:
            continue
        here = symptom.sentence.number
        for number, judge in ((here, _same_sentence), (here - 1, _next_sentence)):
            for cause in causes.get((symptom.section, number), ()):
                tie = judge(page, symptom, cause)
                if tie is not None:
                    links.append(Link(symptom=symptom, cause=cause, tie=_certain(tie, cause)))
    return tuple(links)


def _certain(tie: Tie, cause: Mention) -> Tie:
    if tie is Tie.STATED and cause.status is Status.UNCERTAIN:
        return Tie.UNCERTAIN
    return tie


def _same_sentence(page: Page, symptom: Mention, cause: Mention) -> Tie | None:
    text = page.folded[symptom.section]
    first, second = (symptom, cause) if symptom.start < cause.start else (cause, symptom)
    between = text[first.end : second.start]
    after = text[second.end : symptom.sentence.end]
    if phrase("links", "denial").search(between) or _denies(after):
        return Tie.DENIED
    if symptom is first:
        tied = _forward(text, symptom, cause, between)
    else:
        tied = _backward(text, symptom, cause, between)
    if not tied:
        return None
    return Tie.UNCERTAIN if uncertain_words(between) else Tie.STATED


def _denies(after: str) -> bool:
    denial = phrase("links", "denial").search(after)
    return denial is not None and re.match(_PRONOUN, after[denial.end() :]) is not None


def _forward(text: str, symptom: Mention, cause: Mention, between: str) -> bool:
    """weakness ... due to ... disease."""
    near = _NEXT if cause.kind in _NEIGHBOURING_CAUSES else _NEAR
    for match in phrase("links", "forward").finditer(between):
        if near.fullmatch(between, match.end()):
            return True
    return cause.kind == STROKE and _stroke_time(text, symptom, cause, between)


def _backward(text: str, symptom: Mention, cause: Mention, between: str) -> bool:
    """disease ... causing ... weakness; disease-related weakness; due to the disease, weakness."""
    if re.match(r"[- ](?:related|induced|associated)\b", between):
        return True
    for match in phrase("links", "backward").finditer(between):
        if _FAR.fullmatch(between[: match.start()]) and _FAR.fullmatch(between, match.end()):
            return True
    lead = text[symptom.sentence.start : cause.start]
    opened = list(phrase("links", "forward").finditer(lead))
    if opened and re.fullmatch(r"\s*(?:\w+\s+){0,3}", lead[opened[-1].end() :]):
        return True
    entry = vocabulary("conditions").get(cause.kind, {})
    with_it = re.fullmatch(r"\s*(?:with|w/)(?:\s+[\w-]+){0,5}\s*", between)
    if entry.get("integral") and with_it:
        return True
    if _refers_back(text, symptom):
        return True
    return cause.kind == STROKE and _stroke_time(text, symptom, cause, between)


def _stroke_time(text: str, symptom: Mention, cause: Mention, between: str) -> bool:
    """Since, after, residual ...: what time may say of a stroke and of nothing else."""
    if cause.text.startswith("post") or phrase("weakness", "hemiparesis").fullmatch(symptom.text):
        return True
    if phrase("links", "stroke").search(between):
        return True
    lead = text[symptom.sentence.start : min(symptom.start, cause.start)]
    return bool(re.search(r"\b(?:since|after|following|residual|sequelae?)\b[^,;:]{0,45}$", lead))


def _refers_back(text: str, symptom: Mention) -> bool:
    """The weakness is due to it."""
    after = text[symptom.end : symptom.sentence.end]
    return any(
        re.match(_PRONOUN, after[match.end() :])
        for match in phrase("links", "forward").finditer(after)
    )


def _next_sentence(page: Page, symptom: Mention, cause: Mention) -> Tie | None:
    text = page.folded[symptom.section]
    own = text[symptom.sentence.start : symptom.sentence.end]
    after = text[symptom.end : symptom.sentence.end]
    if _denies(after) or (phrase("links", "denial").search(own) and re.search(_PRONOUN, own)):
        return Tie.DENIED
    if _names_another(page, symptom.sentence, cause):
        return None
    if _refers_back(text, symptom):
        return Tie.UNCERTAIN if uncertain_words(after) else Tie.STATED
    if cause.kind == STROKE and (
        _SINCE_THEN.search(own) or re.search(r"\b(?:residual|sequelae?|left with)\b", own)
    ):
        return Tie.STATED
    return None


def _names_another(page: Page, sentence: Sentence, cause: Mention) -> bool:
    """Whether a disease between the two is what "it" would point to."""
    text = page.folded[sentence.section]
    between = text[cause.end : cause.sentence.end]
    return any(_kinds_in(between, cause.kind))


def _kinds_in(text: str, but: str) -> Iterator[bool]:
    for kind in vocabulary("conditions"):
        if kind != but:
            yield bool(phrase("conditions", kind, "terms").search(text))
