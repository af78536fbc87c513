"""Finds weakness, neighbouring symptoms and diseases in a note, each with its standing; pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from scribe.coding import conditions
from scribe.coding.status import Status, status_of
from scribe.coding.text import Page, Sentence
from scribe.coding.words import phrase, vocabulary, whole_words
from scribe.records import Quote, Section

WEAKNESS = "weakness"
GRADE = "strength-grade"


class Extent(StrEnum):
    """What a mention of weakness is about."""

    GENERAL = "general"
    UNQUALIFIED = "unqualified"
    ONE_SIDE = "one-side"
    PART = "part"
    FACE = "face"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A term in the note. `kind` is "weakness", "strength-grade" or a name of the vocabulary."""

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
    found = [
        mention
        for sentence in page.sentences
        for mention in (
            *_weakness(page, sentence),
            *_grades(page, sentence),
            *_named(page, sentence, "neighbours"),
        )
    ]
    found += _diseases(page)
    order = list(Section)
    return tuple(sorted(found, key=lambda m: (order.index(m.section), m.start, m.end, m.kind)))


def _weakness(page: Page, sentence: Sentence) -> Iterator[Mention]:
    text = page.folded[sentence.section]
    masked = _spans(phrase("weakness", "not_weakness"), text, sentence)
    end_of_last = -1
    for match in phrase("weakness", "terms").finditer(text, sentence.start, sentence.end):
        if _inside(match, masked) or match.start() < end_of_last:
            continue
        end_of_last = match.end()
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
_NOT_STRENGTH = re.compile(
    r"\b(?:pain|vas|nprs|ecog|score|rating|reflex(?:es)?|pulses?|level)\b[^.;]{0,20}$"
)


def _grades(page: Page, sentence: Sentence) -> Iterator[Mention]:
    """Manual muscle grades below 5 of 5: loss of strength as measured."""
    text = page.folded[sentence.section]
    for match in _GRADE.finditer(text, sentence.start, sentence.end):
        number = next(
            group for group in (match[1], match[3], match[5], match[7]) if group is not None
        )
        if number in _FULL or _NOT_STRENGTH.search(text[sentence.start : match.start()]):
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
        here = tuple(each for each in page.sentences if each.section is section)
        starts = [each.start for each in here]
        spans: list[tuple[int, int, str]] = []
        for kind, entry in conditions.terms().items():
            spans += [(*span, kind) for span in _places(page, section, entry)]
        spans.sort(key=lambda span: (span[0], -span[1]))
        reach = -1
        last = (-1, -1)
        for start, end, kind in spans:
            inner = end <= reach and (start, end) != last
            sentence = here[bisect_right(starts, start) - 1]
            if inner or end > sentence.end:
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


def _places(page: Page, section: Section, entry: dict[str, Any]) -> list[tuple[int, int]]:
    folded = page.folded[section]
    spans = [match.span() for match in whole_words(tuple(entry["terms"])).finditer(folded)]
    if exact := entry.get("exact"):
        cased = whole_words(tuple(exact))
        spans += [match.span() for match in cased.finditer(page.note.of(section))]
    masked: list[tuple[int, int]] = []
    if spans and "not" in entry:
        masked += [match.span() for match in whole_words(tuple(entry["not"])).finditer(folded)]
    if spans and "not_exact" in entry:
        cased = whole_words(tuple(entry["not_exact"]))
        masked += [match.span() for match in cased.finditer(page.note.of(section))]
    return [
        (start, end)
        for start, end in spans
        if not any(start < stop and begin < end for begin, stop in masked)
    ]


def _named(page: Page, sentence: Sentence, name: str) -> Iterator[Mention]:
    folded = page.folded[sentence.section]
    original = page.note.of(sentence.section)
    for kind, entry in vocabulary(name).items():
        masked = (
            _spans(whole_words(tuple(entry["not"])), folded, sentence) if "not" in entry else []
        )
        matches = list(_matches(entry, folded, original, sentence))
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


def _matches(
    entry: dict[str, list[str]], folded: str, original: str, sentence: Sentence
) -> Iterator[re.Match[str]]:
    terms = whole_words(tuple(entry["terms"]))
    yield from terms.finditer(folded, sentence.start, sentence.end)
    if exact := entry.get("exact"):
        cased = whole_words(tuple(exact))
        yield from cased.finditer(original, sentence.start, sentence.end)


def _spans(pattern: re.Pattern[str], text: str, sentence: Sentence) -> list[tuple[int, int]]:
    return [match.span() for match in pattern.finditer(text, sentence.start, sentence.end)]


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
