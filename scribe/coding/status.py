"""Decides the standing of one mention: affirmed, uncertain, denied, another person's ...; pure.

Source of the order: only affirmed, current facts about this patient that the clinician states may
block (Official Guidelines IV.H, IV.J, I.A.19). The scope of a cue is its clause.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import cache

from scribe.coding import behind, cues
from scribe.coding.text import Page, Sentence
from scribe.coding.words import ending, phrase, vocabulary, whole_words
from scribe.records import Section

_CARED_FOR = re.compile(
    r"\b(?:car(?:e|es|ed|ing|ers?) (?:for|of|to)|caregivers? (?:for|of|to)|look(?:s|ed|ing)? after"
    r"|(?:nurs|mind|tend|visit)(?:es|s|ed|ing)(?: to)?|sit(?:s|ting)? with)\s+(?:\w+\s+)?$"
)
_BEFORE_NOUNS = ("no", "nil", "without", "w/o", "ø", "∅")
"""Negations of a noun; they do not reach a verb or an adjective further on."""
_ASIDE = re.compile(r",[^,;:.]{1,40},")
_NEVER_ASIDE = re.compile(r"\b(?:never|not),[^,;:.]{1,40},\s*$")
_CLAUSE_OF_WHO = re.compile(r"\s*(?:who|whose (?:\w+ )?)\b")
_AFFLICTED = re.compile(r"\s*(?:with|w/|who|dying (?:of|from)|ill with|suffering from)\b")
_HIMSELF = re.compile(r"\s*,\s*(?:himself|herself)\b")
_AT_FIRST = re.compile(r"^\W*(?:(?:her|his|their|my|the) )?$")
_DIAGNOSED = re.compile(r"\s*,\s*(?:\w+ )?(?:diagnosed|living|ill|sick|disabled|bedridden) ")
_PRONOUN = re.compile(r"\b(?:her|she|his|him|he)\b")
_POSSESSOR = re.compile(r"\b(her|his) (?:\w+ )?$")
_OF_SOMEONE = re.compile(r"\b(?:an?|the|her|his|their|my) $")


class Status(StrEnum):
    """The standing of a mention. MENTIONED: a disease named in passing, stated by nobody."""

    ESTABLISHED = "established"
    UNCERTAIN = "uncertain"
    NEGATED = "negated"
    FAMILY = "family"
    OTHER_PERSON = "other-person"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    PATIENT_OPINION = "patient-opinion"
    MENTIONED = "mentioned"


_PEOPLE = (("relative", Status.FAMILY), ("other", Status.OTHER_PERSON))


def status_of(
    page: Page,
    sentence: Sentence,
    start: int,
    end: int,
    *,
    disease: bool,
    adjective: bool,
    symptom: bool = False,
) -> Status:
    """The standing of the characters `start` to `end` of the sentence's section.

    `disease`: outside Assessment and Plan it needs a word that establishes it.
    `adjective`: "no pain, weak legs" does not deny "weak". `symptom`: it is there while its cause
    is "not established" or "under evaluation".
    """
    text = page.folded[sentence.section]
    opening, _ = sentence.clause_at(start)
    before, after = text[opening:start], text[end : max(end, sentence.end)]
    whole_before = text[sentence.start : start]
    held = cues.held(page, sentence)
    if owner := _owner(whole_before, before, after, held):
        return owner
    if _hypothetical(before, after, held):
        return Status.HYPOTHETICAL
    if _negated(before, after, held, adjective=adjective) or _never(whole_before, before):
        return Status.NEGATED
    if not symptom and behind.denied(before, after, lists=cues.JUDGED in held):
        return Status.NEGATED
    if disease and _first(held, "negated", "before_disease", before):
        return Status.NEGATED
    if opinion := _first(held, "patient-opinion", "before", before):
        return Status.UNCERTAIN if _own_worry(sentence, before, opinion) else Status.PATIENT_OPINION
    if _uncertain(before, after, held) or (
        not symptom and behind.doubted(before, after, lists=cues.JUDGED in held)
    ):
        return Status.UNCERTAIN
    if _historical(before, after, held, disease=disease):
        return Status.HISTORICAL
    if disease and sentence.section in (Section.SUBJECTIVE, Section.OBJECTIVE):
        return Status.ESTABLISHED if "established.cues" in held else Status.MENTIONED
    return Status.ESTABLISHED


def uncertain_words(text: str) -> bool:
    """Whether a stretch of folded text holds an uncertain word that nothing takes back."""
    return _uncertain(text, "", _EVERY)


_EVERY = frozenset(("uncertain.before",))


def _each(held: frozenset[str], kind: str, key: str, text: str) -> Iterator[re.Match[str]]:
    """The places of one kind of cue in a part of a sentence that holds the kinds `held`."""
    return phrase("status", kind, key).finditer(text) if f"{kind}.{key}" in held else iter(())


def _first(held: frozenset[str], kind: str, key: str, text: str) -> re.Match[str] | None:
    return next(_each(held, kind, key, text), None)


@cache
def _behind_whom(who: str) -> re.Pattern[str]:
    """Words behind a disease that give it to another person: "stroke in both of her sisters"."""
    words = vocabulary("status")["family"]
    forms = "|".join(words["after_who"]).replace("{who}", words[who])
    return re.compile(rf"[\s,(]*(?:{forms})(?!\w)")


def _owner(whole_before: str, before: str, after: str, held: frozenset[str]) -> Status | None:
    family = vocabulary("status")["family"]
    if _first(held, "family", "history", whole_before):
        return Status.FAMILY
    if ending("status", "family", "after").match(after):
        return Status.FAMILY
    for who, status in _PEOPLE:
        if f"family.{who}" in held and _behind_whom(who).match(after):
            return status
    for who, status in _PEOPLE:
        if f"family.{who}" in held and _names_one(who, whole_before, before, after):
            return status
        for match in _each(held, "family", who, before):
            if _owns(before[: match.start()], before[match.end() :], family["reports"]):
                return status
    return None


@cache
def _one(who: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A person at the end of what stands before, and at the beginning of what stands behind."""
    family = vocabulary("status")["family"]
    named = rf"(?:{family[who]})(?!\w|'s)"
    return (
        re.compile(rf"\b{named}[\s,]*$"),
        re.compile(rf"\s+{named}(?! (?:{family['reports']})\b)"),
    )


def _names_one(who: str, whole_before: str, before: str, after: str) -> bool:
    """His wife, who is weak. / Cares for a frail mother."""
    ends, begins = _one(who)
    if (clause := _CLAUSE_OF_WHO.match(before)) and ends.search(whole_before[: -len(before)]):
        owns = phrase("status", "family", "owns").match(before[clause.end() :].lstrip())
        if owns is not None or clause[0].strip().startswith("whose"):
            return True
    if re.search(rf"{ends.pattern[:-1]}whose (?:\w+ ){{0,3}}$", before):
        return True
    return _OF_SOMEONE.search(before) is not None and begins.match(after) is not None


def _owns(lead: str, rest: str, reports: str) -> bool:
    if _CARED_FOR.search(lead) and _AFFLICTED.match(rest):
        return True
    if _HIMSELF.match(rest) or (_AT_FIRST.search(lead) and _DIAGNOSED.match(rest)):
        return True
    if (whose := _POSSESSOR.search(lead)) and len(rest.split()) <= 8 and "," not in rest:
        meant = _PRONOUN.findall(rest)
        if meant and (meant[-1] in ("her", "she")) is (whose[1] == "his"):
            return not whole_words(reports).search(rest)
        if len({each in ("her", "she") for each in meant}) > 1:
            return False
        joined = re.search(r"\band (?:her|his) (?:\w+ )?$", lead)
        if joined and phrase("status", "family", "owns").match(rest.lstrip()):
            return True
    if re.search(r"\b(?:with|w/|by|to|from|for|and|lives)\s+(?:\w+\s+)?$", lead):
        return False
    if whole_words(reports).search(rest):
        return False
    return len(rest.split()) <= 8 and "," not in rest


def _own_worry(sentence: Sentence, before: str, opinion: re.Match[str]) -> bool:
    """Worry about ALS, said by nobody else: the clinician's own, where the clinician judges."""
    alone = re.search(r"(?:^|[,;:.])\s*$", before[: opinion.start()]) is not None
    judged = sentence.section in (Section.ASSESSMENT, Section.PLAN)
    return judged and alone and opinion[0].startswith("worry")


def _hypothetical(before: str, after: str, held: frozenset[str]) -> bool:
    for match in _each(held, "hypothetical", "before", before):
        if not phrase("status", "hypothetical", "stop").search(before, match.end()):
            return True
    if phrase("status", "hypothetical", "test").match(after):
        return True
    return bool(ending("status", "hypothetical", "after").match(after))


def _negated(before: str, after: str, held: frozenset[str], *, adjective: bool) -> bool:
    if ending("status", "negated", "after").match(after):
        return True
    for match in _each(held, "negated", "before", before):
        between = before[match.end() :]
        if match[0] in _BEFORE_NOUNS and adjective and "," in between:
            continue
        if match[0] == "ruled out" and re.search(r"(?:be|being)\s+$", before[: match.start()]):
            continue
        if phrase("status", "negated", "pseudo").search(between):
            continue
        stop = "stop_noun" if match[0] in _BEFORE_NOUNS else "stop"
        if phrase("status", "negated", stop).search(between):
            continue
        return True
    return _closely_negated(before, held)


def _never(whole_before: str, before: str) -> bool:
    """Never, in all her life, had she (a stroke): the aside ends the clause, not the denial."""
    return _NEVER_ASIDE.search(whole_before.removesuffix(before)) is not None and _soon(before)


def _soon(between: str) -> bool:
    stopped = phrase("status", "negated", "not_stop").search(between)
    return len(between.split()) <= 4 and not stopped and "," not in between


def _closely_negated(before: str, held: frozenset[str]) -> bool:
    for match in _each(held, "negated", "close", before):
        if _soon(_ASIDE.sub(" ", before[match.end() :])):
            return True
    return False


def _uncertain(before: str, after: str, held: frozenset[str]) -> bool:
    if ending("status", "uncertain", "after").match(after) or after.lstrip().startswith("?"):
        return True
    if before.rstrip().endswith("?"):
        return True
    for match in _each(held, "uncertain", "before", before):
        if not phrase("status", "uncertain", "reset").search(before, match.end()):
            return True
    return False


def _historical(before: str, after: str, held: frozenset[str], *, disease: bool) -> bool:
    if "historical.again" in held and _comes_back(after):
        return False
    table = vocabulary("status")["historical"]
    gone = cues.over().search(after) if cues.OVER in held else None
    if gone and re.search(r",\s*$", after[: gone.start()]) and _qualifies(after[gone.end() :]):
        gone = None
    if gone and disease and re.search(r"\bwith\b", after[: gone.start()]):
        gone = None
    if gone and not re.search(table["not_after"], after):
        return len(after[: gone.start()].split()) <= 8
    if _closely(before, "before_close", 4, held, disease=disease):
        return True
    if "historical.before" not in held or re.search(table["not_when"], before[-60:]):
        return False
    return _closely(before, "before", 5, held, disease=disease)


def _comes_back(after: str) -> bool:
    """Whether it is there again; what the patient does again is no relapse."""
    plain = phrase("status", "historical", "resumed").sub(" ", after)
    return phrase("status", "historical", "again").search(plain) is not None


def _qualifies(rest: str) -> bool:
    """Whether "resolved" speaks of the next word: "weakness, resolved hyponatremia"."""
    return (
        re.match(r"\s+(?!after|with|by|in|on|over|since|now|and|but|today|last)[a-z]{4,}", rest)
        is not None
    )


def _closely(before: str, key: str, words: int, held: frozenset[str], *, disease: bool) -> bool:
    for match in _each(held, "historical", key, before):
        between = before[match.end() :]
        if len(between.split()) > words or re.search(r"[,:]", between):
            continue
        if phrase("status", "historical", "stop").search(between):
            continue
        if not disease and phrase("status", "historical", "stop_symptom").search(between):
            continue
        return True
    return False
