"""Proposes codes for what the Assessment states in the words of the Tabular List; decides nothing.

A proposal is never a guess: the words must be an official title or inclusion term, whole, with
nothing beside them that could change the code. Where that is not so there is no proposal. Chapters
15, 16, 20 and 21 are left out: their codes turn on circumstances that the words do not hold.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from scribe.coding import check
from scribe.coding.facts import Facts, gather
from scribe.coding.fixes import fixed, open_choice
from scribe.coding.officialterms import MOST_WORDS, OfficialTerms, key, official_terms
from scribe.coding.status import Status, status_of
from scribe.coding.terms import plain
from scribe.coding.text import Sentence
from scribe.coding.words import vocabulary, whole_words
from scribe.records import (
    CodedDiagnosis,
    Encounter,
    NoteText,
    Origin,
    Quote,
    Section,
    Severity,
)

_MOST = 20
"""Proposals for one note; a claim form has room for twelve diagnoses."""
_MOST_QUOTES = 12
_WEAKNESS = "R53.1"
_SEQUELAE = "I69"
_TOKEN = re.compile(r"[^\W_]+(?:'s(?!\w))?")
_BREAK = re.compile(r"[^\w\s'-]|\n")
_FAMILY = re.compile(r"[A-Z]\d[0-9A-Z]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A code, the places of the note that state it and the words there that are the official ones.

    Only the clinician puts it on the claim.
    """

    code: str
    title: str
    evidence: tuple[Quote, ...]
    matched: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    code: str
    sentence: Sentence
    start: int
    end: int
    status: Status
    alone: bool


def propose(
    note: NoteText, encounter: Encounter, claim: tuple[CodedDiagnosis, ...]
) -> tuple[Proposal, ...]:
    """Codes for the problems of the Assessment (of the Plan if it is empty) that are not on the
    claim, in the order in which the note states them.

    Only affirmed, current problems of this patient (Official Guidelines IV.H, IV.J), in every
    setting; none that a rule would then block. What an old stroke left behind comes last. Never
    raises on any text. Raises CodingError when the tables cannot be read.
    """
    facts = gather(note, encounter, claim)
    if facts.says(whole_words(vocabulary("proposals")["chapter_15"])):
        return ()
    assessed = tuple(_places(facts, official_terms(facts.table)))
    doubtful = {each.code for each in assessed if each.status is not Status.ESTABLISHED}
    stated: dict[str, list[_Place]] = {}
    for each in assessed:
        if each.alone and each.code not in doubtful:
            stated.setdefault(each.code, []).append(each)
    written = {each.code for each in facts.codes}
    never = (*written, *vocabulary("proposals")["never"])
    wanted = {
        code: Proposal(
            code=code,
            title=facts.table.title(code),
            evidence=tuple(
                facts.page.quote(each.sentence.section, each.start, each.end)
                for each in places[:_MOST_QUOTES]
            ),
            matched=tuple(dict.fromkeys(_words(facts, each) for each in places)),
        )
        for code, places in stated.items()
        if not code.startswith(never) and not _presumed(code, facts)
    }
    for deficit in _left_by_a_stroke(note, encounter, claim):
        wanted.setdefault(deficit.code, deficit)
    chosen = tuple(wanted)[:_MOST]
    return tuple(wanted[code] for code in _not_blocked(chosen, note, encounter, claim))


def _left_by_a_stroke(
    note: NoteText, encounter: Encounter, claim: tuple[CodedDiagnosis, ...]
) -> Iterator[Proposal]:
    """The deficit an old stroke left, which no note calls by its title: left hemiparesis from an
    old stroke is I69.354. The rules know which (Official Guidelines I.C.9.d), so they are asked
    what they would demand in place of R53.1; where they leave a choice there is no proposal.
    """
    known = {each.code for each in claim}
    if _WEAKNESS in known:
        return
    asked = (*claim, CodedDiagnosis(code=_WEAKNESS, rank=len(claim) + 1, origin=Origin.RULE))
    for finding in check.check(note, encounter, asked):
        if finding.severity is not Severity.BLOCK or open_choice(finding):
            continue
        new = {each.code for each in fixed(finding, asked) or ()} - known
        for each in finding.suggestions:
            if {each.code} == new and each.code.startswith(_SEQUELAE):
                yield Proposal(
                    code=each.code,
                    title=each.title,
                    evidence=finding.evidence[:_MOST_QUOTES],
                    matched=tuple(dict.fromkeys(quote.text for quote in finding.evidence)),
                )


def _places(facts: Facts, terms: OfficialTerms) -> Iterator[_Place]:
    written = facts.page.folded[Section.ASSESSMENT].strip()
    where = Section.ASSESSMENT if written else Section.PLAN
    for sentence in facts.page.sentences:
        if sentence.section is where:
            yield from _in_sentence(facts, sentence, terms)


def _in_sentence(facts: Facts, sentence: Sentence, terms: OfficialTerms) -> Iterator[_Place]:
    text = facts.page.folded[sentence.section]
    tokens = list(_TOKEN.finditer(text, sentence.start, sentence.end))
    at = 0
    while at < len(tokens):
        for size in range(_reach(text, tokens, at, terms), 0, -1):
            start, end = tokens[at].start(), tokens[at + size - 1].end()
            if code := terms.code(_key(text[start:end])):
                yield _Place(
                    code=code,
                    sentence=sentence,
                    start=start,
                    end=end,
                    status=status_of(
                        facts.page, sentence, start, end, disease=True, adjective=False
                    ),
                    alone=_stands_alone(text, sentence, start, end),
                )
                at += size
                break
        else:
            at += 1


def _reach(text: str, tokens: list[re.Match[str]], at: int, terms: OfficialTerms) -> int:
    """How many tokens from here on could be one term: no stop between, each a word of some term."""
    for size in range(min(MOST_WORDS, len(tokens) - at)):
        token = tokens[at + size]
        between = text[tokens[at + size - 1].end() : token.start()] if size else ""
        if _BREAK.search(between) or not _could_belong(token[0], terms):
            return size
    return min(MOST_WORDS, len(tokens) - at)


def _could_belong(word: str, terms: OfficialTerms) -> bool:
    whole = key(word)
    return not whole or whole in _name_words() or terms.knows(whole)


@cache
def _name_words() -> frozenset[str]:
    return frozenset(word for name in _names() for word in name.split())


@cache
def _names() -> dict[str, str]:
    return {key(name): key(official) for name, official in vocabulary("proposals")["names"].items()}


def _key(text: str) -> str:
    """The key of some words of a note, with other ways of writing them replaced."""
    whole = key(text)
    if whole in _names():
        return _names()[whole]
    words = [_names().get(key(word), word) for word in plain(text).split()]
    return key(" ".join(words))


def _stands_alone(text: str, sentence: Sentence, start: int, end: int) -> bool:
    """Whether nothing beside the words could make them a part of another problem."""
    before, after = _neighbours()
    return bool(
        before.search(text[sentence.start : start]) and after.match(text[end : sentence.end])
    )


@cache
def _neighbours() -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = vocabulary("proposals")
    bullet = r"[\s#*•–-]*(?:\d{1,2}[.)]?\s*)?[\s#*•–-]*"
    before = rf"(?:^|[:;\n]|{whole_words(words['before']).pattern}){bullet}$"
    after = (
        r"\s*(?:[.;!]|\n|$)"
        r"|[\s(]*[a-z]\d[0-9a-z](?:\.\w{1,4})?\)?\s*(?:[.;,:]|$)"
        rf"|[\s,:(–-]*{whole_words(words['after']).pattern}"
    )
    return re.compile(before), re.compile(after)


def _presumed(code: str, facts: Facts) -> bool:
    """Whether the classification presumes another code for what stands in this note."""
    stated = " \n ".join(facts.page.folded[each] for each in (Section.ASSESSMENT, Section.PLAN))
    return any(
        code in entry["codes"] and whole_words(entry["unless"]).search(stated)
        for entry in vocabulary("proposals")["presumed"]
    )


def _words(facts: Facts, place: _Place) -> str:
    return facts.page.folded[place.sentence.section][place.start : place.end]


def _not_blocked(
    codes: tuple[str, ...],
    note: NoteText,
    encounter: Encounter,
    claim: tuple[CodedDiagnosis, ...],
) -> Iterator[str]:
    """The codes that bring no block with them, whether from the claim or from one another."""
    known = _blocks(note, encounter, claim)
    for code in codes:
        rank = max((each.rank for each in claim), default=0) + 1
        longer = (*claim, CodedDiagnosis(code=code, rank=rank, origin=Origin.RULE))
        blocks = _blocks(note, encounter, longer)
        if blocks <= known:
            claim = longer
            yield code


def _blocks(
    note: NoteText, encounter: Encounter, claim: tuple[CodedDiagnosis, ...]
) -> set[tuple[str, tuple[str, ...]]]:
    return {
        (finding.rule_id, finding.codes)
        for finding in check.check(note, encounter, claim)
        if finding.severity is Severity.BLOCK
    }
