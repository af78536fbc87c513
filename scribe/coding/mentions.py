"""Finds weakness, neighbouring symptoms and diseases in a note, each with its standing; pure."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice

from scribe.coding.conditions import terms
from scribe.coding.lexicon import Lexicon
from scribe.coding.status import Status, status_of
from scribe.coding.text import Page, Sentence
from scribe.coding.words import phrase, vocabulary, whole_words
from scribe.records import Quote, Section

WEAKNESS = "weakness"
GRADE = "strength-grade"
_NOT = "not "
"""Begins the name of what a kind of mention is not."""


class Extent(StrEnum):
    """What a mention of weakness is about."""

    GENERAL = "general"
    UNQUALIFIED = "unqualified"
    ONE_SIDE = "one-side"
    PART = "part"
    FACE = "face"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mention:
    """A term in the note. `kind` is "weakness", "strength-grade" or a name of the vocabulary.

    A mention is the same as itself alone: a long note has thousands, which are looked up in sets.
    """

    kind: str
    sentence: Sentence
    start: int
    end: int
    text: str
    status: Status
    extent: Extent = Extent.UNQUALIFIED
    muscle: bool = False

    @property
    def section(self) -> Section:
        """Where it stands."""
        return self.sentence.section

    @property
    def established(self) -> bool:
        """Affirmed, current, of this patient, stated by the clinician."""
        return self.status is Status.ESTABLISHED

    def quote(self, page: Page) -> Quote:
        """The exact words."""
        return page.quote(self.section, self.start, self.end)


def find(page: Page) -> tuple[Mention, ...]:
    """Every mention in reading order."""
    found = [mention for sentence in page.sentences for mention in _symptoms(page, sentence)]
    found += _diseases(page)
    order = list(Section)
    return tuple(sorted(found, key=lambda m: (order.index(m.section), m.start, m.end, m.kind)))


Matches = dict[str, list[re.Match[str]]]


def _symptoms(page: Page, sentence: Sentence) -> Iterator[Mention]:
    """Weakness, grades and the neighbouring symptoms of one sentence."""
    section, (folded, cased) = sentence.section, _symptom_words()
    found = folded.places(page.folded[section], sentence.start, sentence.end)
    if not cased.empty:
        written = cased.places(page.note.of(section), sentence.start, sentence.end)
        for kind, matches in written.items():
            found.setdefault(kind, []).extend(matches)
    yield from _weakness(page, sentence, found)
    yield from _grades(page, sentence)
    yield from _named(page, sentence, found)


@cache
def _symptom_words() -> tuple[Lexicon, Lexicon]:
    """The words of weakness and its neighbours, folded, and those that keep their case."""
    folded = {WEAKNESS: phrase("weakness", "terms"), _NOT + WEAKNESS: _never_weakness()}
    cased = {}
    for kind, entry in vocabulary("neighbours").items():
        folded[kind] = whole_words(tuple(entry["terms"]))
        if "not" in entry:
            folded[_NOT + kind] = whole_words(tuple(entry["not"]))
        if "exact" in entry:
            cased[kind] = whole_words(tuple(entry["exact"]))
    return Lexicon(folded), Lexicon(cased)


def _never_weakness() -> re.Pattern[str]:
    return phrase("weakness", "not_weakness")


def _weakness(page: Page, sentence: Sentence, found: Matches) -> Iterator[Mention]:
    text = page.folded[sentence.section]
    masked = _spans(found.get(_NOT + WEAKNESS, ()))
    for match in found.get(WEAKNESS, ()):
        if _inside(match, masked):
            continue
        status = status_of(
            page,
            sentence,
            match.start(),
            match.end(),
            disease=False,
            adjective=match[0] in ("weak", "weaker"),
            symptom=True,
        )
        yield Mention(
            kind=WEAKNESS,
            sentence=sentence,
            start=match.start(),
            end=match.end(),
            text=match[0],
            status=status,
            extent=_extent(text, sentence, match),
            muscle=_is_muscle(text, match),
        )


_GRADE = re.compile(
    r"(?<![\d/.])([0-5])\s*([+-]?)\s*/\s*5(?![\d/])"
    r"|\b(zero|one|two|three|four|five)(?: (plus|minus))? (?:out of|over) five\b"
    r"|\b([0-5])(?: (plus|minus))? out of (?:5|five)\b"
    r"|(?<=mmt )([0-4])[+-](?![\d/])"
)
_FULL = ("5", "five")
_MOST_GRADES = 40
"""More grades in one sentence say no more; no examination line has so many."""
_REACH = 40
"""Characters before a grade in which it may be said what it grades."""
_NOT_STRENGTH = re.compile(
    r"\b(?:pain|vas|nprs|ecog|score|rating|reflex(?:es)?|pulses?|level)\b[^.;]{0,20}$"
)


def _grades(page: Page, sentence: Sentence) -> Iterator[Mention]:
    """Manual muscle grades below 5 of 5: loss of strength as measured."""
    text = page.folded[sentence.section]
    grades = _GRADE.finditer(text, sentence.start, sentence.end)
    for match in islice(grades, _MOST_GRADES):
        number = next(
            group for group in (match[1], match[3], match[5], match[7]) if group is not None
        )
        near = max(sentence.start, match.start() - _REACH)
        if number in _FULL or _NOT_STRENGTH.search(text, near, match.start()):
            continue
        yield Mention(
            kind=GRADE,
            sentence=sentence,
            start=match.start(),
            end=match.end(),
            text=match[0],
            status=Status.ESTABLISHED,
        )


def _diseases(page: Page) -> list[Mention]:
    """Diseases and drugs; a name inside a longer name ("diabetic neuropathy") is not one itself."""
    found: list[Mention] = []
    for section in Section:
        spans = _disease_places(page, section) if page.of(section) else []
        reach = -1
        last = (-1, -1)
        for start, end, kind in spans:
            inner = end <= reach and (start, end) != last
            sentence = page.sentence_at(section, start)
            if inner or sentence is None or end > sentence.end:
                continue
            reach, last = max(reach, end), (start, end)
            status = status_of(page, sentence, start, end, disease=True, adjective=False)
            text = page.folded[section][start:end]
            found.append(
                Mention(
                    kind=kind, sentence=sentence, start=start, end=end, text=text, status=status
                )
            )
    return found


def _disease_places(page: Page, section: Section) -> list[tuple[int, int, str]]:
    """Start, end and kind of every name, the longest first where several start."""
    folded, written = page.folded[section], page.note.of(section)
    small, cased = _disease_words()
    acronyms = _by_kind(cased, written)
    for kind in acronyms.keys() & _spelled().keys():
        if any(_spelled()[kind].search(text) for text in page.folded.values()):
            del acronyms[kind]
    spans = (_by_kind(small, folded), acronyms)
    found = [
        (start, end, kind)
        for kind in terms()
        for here in spans
        for start, end in here.get(kind, ())
        if not any(_touched(start, end, each.get(_NOT + kind, [])) for each in spans)
    ]
    return sorted(found, key=lambda span: (span[0], -span[1]))


def _by_kind(words: Lexicon, text: str) -> dict[str, list[tuple[int, int]]]:
    found = words.places(text, 0, len(text))
    return {kind: [match.span() for match in matches] for kind, matches in found.items()}


@cache
def _disease_words() -> tuple[Lexicon, Lexicon]:
    """The names of diseases and drugs and what they are not, in small letters and as written."""

    def words(names: str, masks: str) -> Lexicon:
        found = {
            before + kind: whole_words(tuple(entry[key]))
            for before, key in (("", names), (_NOT, masks))
            for kind, entry in terms().items()
            if key in entry
        }
        return Lexicon(found)

    return words("terms", "not"), words("exact", "not_exact")


@cache
def _spelled() -> dict[str, re.Pattern[str]]:
    """By disease, words of a note in which its letters are short for something else."""
    return {
        kind: re.compile(entry["spelled"]) for kind, entry in terms().items() if "spelled" in entry
    }


def _touched(start: int, end: int, masked: list[tuple[int, int]]) -> bool:
    """Whether a span overlaps one of these, which are in order and apart from each other."""
    before = bisect_left(masked, (end, 0))
    return before > 0 and masked[before - 1][1] > start


def _named(page: Page, sentence: Sentence, found: Matches) -> Iterator[Mention]:
    folded = page.folded[sentence.section]
    for kind in vocabulary("neighbours"):
        if (matches := found.get(kind)) is None:
            continue
        masked = _spans(found.get(_NOT + kind, ()))
        for match in matches:
            if _inside(match, masked) or any(_within(match, other) for other in matches):
                continue
            start, end = match.span()
            status = status_of(page, sentence, start, end, disease=False, adjective=False)
            yield Mention(
                kind=kind,
                sentence=sentence,
                start=start,
                end=end,
                text=folded[start:end],
                status=status,
            )


def _spans(matches: Iterable[re.Match[str]]) -> list[tuple[int, int]]:
    return [match.span() for match in matches]


def _inside(match: re.Match[str], spans: list[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in spans)


def _within(match: re.Match[str], other: re.Match[str]) -> bool:
    return (
        match is not other
        and other.start() <= match.start()
        and match.end() <= other.end()
        and match.span() != other.span()
    )


def _is_muscle(text: str, match: re.Match[str]) -> bool:
    around = phrase("weakness", "muscle").finditer(
        text, max(0, match.start() - 30), match.end() + 20
    )
    return any(each.start() < match.end() and match.start() < each.end() for each in around)


def _extent(text: str, sentence: Sentence, match: re.Match[str]) -> Extent:
    opening, closing = sentence.clause_at(match.start())
    near = text[opening:closing]
    if phrase("weakness", "extent", "general").search(near):
        return Extent.GENERAL
    if phrase("weakness", "body", "side_whole").search(near):
        return Extent.ONE_SIDE
    limb = phrase("weakness", "body", "arm").search(near) or phrase(
        "weakness", "body", "leg"
    ).search(near)
    if limb:
        return Extent.PART
    if phrase("weakness", "body", "face").search(near):
        return Extent.FACE
    return Extent.UNQUALIFIED
