"""Sections of a note as sentences and clauses with exact character positions; knows no medicine."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from scribe.coding.misheard import Gap, corrected
from scribe.records import NoteText, Quote, Section

# Titles and shorthand after which a full stop ends no sentence.
_SHORTHAND = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|st|vs|approx|e\.g|i\.e|cont|incl|hx|resp|neuro)|(?:^|\s)[a-z])$"
)
_LONGEST_SHORTHAND = 12
"""Characters in which any of these and what stands before it is seen."""
_LONGEST = 600
"""Characters of the longest sentence; dictation without stops is cut there."""
_SPACES = re.compile(r"[^\S\n]{2,}")
_END = re.compile(r"[.!?]+(?=\s|$)|\n+")
_ASKED = re.compile(r"(?:^|[\s,;:(])\?$")
"""A question mark that stands apart belongs to the next words: "? myasthenia gravis"."""
_DISEASE = re.compile(r"(?:^|\W)MS\. [A-Z]?[a-z]")
"""MS at the end of a sentence; the title is written Ms."""
_SUBJECT = (
    r"(?:and |then |so )?(?:he|she|it|they|i|we|you|patient|pt|the patient|who|which|still|now|"
    r"says|reports|feels|has|had|is|was|remains|continues|complains|presents)"
)
_CLAUSE = re.compile(
    rf";|\b(?:but|however|although|though|except|apart from|whereas)\b|, (?={_SUBJECT}\b)"
    r"|\band (?=(?:he|she|it|they|has|is|reports|feels|the patient|pt)\b)"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sentence:
    """One sentence: characters `start` to `end` of a section, split into clauses.

    Compared as an object, not by what it holds: a note has each sentence once.
    """

    section: Section
    number: int
    start: int
    end: int
    clauses: tuple[tuple[int, int], ...]

    def clause_at(self, position: int) -> tuple[int, int]:
        """The clause that holds a position of the section."""
        for start, end in self.clauses:
            if position < end:
                return start, end
        return self.clauses[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A note ready for matching: `note` has runs of spaces as one and the terms that speech
    recognition missed as they were said, `folded` is it in lower case.

    Positions count characters of `note`; `quote` gives back the place in the `original`.
    """

    note: NoteText
    folded: dict[Section, str]
    sentences: tuple[Sentence, ...]
    original: NoteText
    gaps: dict[Section, tuple[tuple[Gap, ...], ...]]
    parts: dict[Section, tuple[tuple[Sentence, ...], tuple[int, ...]]]
    """The sentences of each section, and where they start."""
    cues: dict[Sentence, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)
    """What was found out about a sentence, kept so that it is found out once."""

    def quote(self, section: Section, start: int, end: int) -> Quote:
        """The exact words, and where they stand in the text as it was written."""
        begin = self._place(section, start)
        finish = self._place(section, end - 1) + 1 if end > start else begin
        text = self.original.of(section)[begin:finish]
        return Quote(section=section, start=begin, end=finish, text=text)

    def matches(
        self, pattern: re.Pattern[str], *sections: Section, cased: bool = False
    ) -> Iterator[tuple[Sentence, re.Match[str]]]:
        """Every match inside one sentence of these sections (default: all), in reading order.

        `cased`: in the text as written. A sentence ends for the expression where it ends here.
        """
        for section in Section:
            if sections and section not in sections:
                continue
            text = self.note.of(section) if cased else self.folded[section]
            at = 0
            while (first := pattern.search(text, at)) is not None:
                sentence = self.sentence_at(section, first.start())
                if sentence is None:
                    at = first.start() + 1
                    continue
                for match in pattern.finditer(text, sentence.start, sentence.end):
                    yield sentence, match
                at = sentence.end

    def of(self, section: Section) -> tuple[Sentence, ...]:
        """The sentences of one section."""
        return self.parts[section][0]

    def sentence_at(self, section: Section, position: int) -> Sentence | None:
        """The sentence that holds a position of a section; None where there is only space."""
        sentences, starts = self.parts[section]
        at = bisect_right(starts, position) - 1
        return sentences[at] if at >= 0 and position < sentences[at].end else None

    def _place(self, section: Section, position: int) -> int:
        for gaps in self.gaps[section]:
            at = bisect_right(gaps, position, key=lambda gap: gap[0]) - 1
            position += gaps[at][1] if at >= 0 else 0
        return position

    @property
    def empty(self) -> bool:
        """Whether nothing is written in any section: the check is then of codes alone."""
        return not any(text.strip() for text in self.folded.values())


def read(note: NoteText) -> Page:
    """Split all four sections of a note."""
    heard = {section: corrected(note.of(section), fold(note.of(section))) for section in Section}
    squeezed = {section: _squeezed(heard[section][0]) for section in Section}
    plain = NoteText(**{section.value: text for section, (text, _) in squeezed.items()})
    folded = {section: fold(plain.of(section)) for section in Section}
    parts = {
        section: _sentences(section, plain.of(section), folded[section]) for section in Section
    }
    return Page(
        note=plain,
        folded=folded,
        sentences=tuple(each for section in Section for each in parts[section]),
        parts={
            section: (tuple(found), tuple(each.start for each in found))
            for section, found in parts.items()
        },
        original=note,
        gaps={section: (squeezed[section][1], heard[section][1]) for section in Section},
    )


def _squeezed(text: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    """Runs of spaces as one space; from which position on how many characters are missing."""
    pieces = []
    gaps = []
    last = missing = 0
    for run in _SPACES.finditer(text):
        pieces += [text[last : run.start()], " "]
        last = run.end()
        missing += last - run.start() - 1
        gaps.append((last - missing, missing))
    return "".join((*pieces, text[last:])), tuple(gaps)


_PLAIN = {ord(quote): "'" for quote in "\u2018\u2019"} | {
    code: " " for code in range(0x3001) if chr(code).isspace()
}
"""No character after the ideographic space is a space."""


def fold(text: str) -> str:
    """Lower case with plain quotes and spaces, each character in its old place."""
    lower = text.translate(_PLAIN).lower()
    return lower if len(lower) == len(text) else "".join(_folded(char) for char in text)


def _folded(char: str) -> str:
    if char in "\u2018\u2019":
        return "'"
    if char.isspace():
        return " "
    lower = char.lower()
    return lower if len(lower) == 1 else char


def _sentences(section: Section, text: str, folded: str) -> list[Sentence]:
    found: list[Sentence] = []
    start = 0
    for match in _END.finditer(text):
        if _goes_on(text, folded, start, match):
            continue
        _add(found, section, folded, start, match.end())
        start = match.end()
    _add(found, section, folded, start, len(text))
    return found


def _goes_on(text: str, folded: str, start: int, match: re.Match[str]) -> bool:
    """Whether what looks like the end of a sentence is none."""
    if match[0] == "?":
        more = re.match(r"[^\S\n]\w", text[match.end() : match.end() + 2])
        return (
            more is not None
            and _ASKED.search(text[max(start, match.end() - 2) : match.end()]) is not None
        )
    if match[0] != "." or _DISEASE.match(text, max(0, match.start() - 3)):
        return False
    near = max(start, match.start() - _LONGEST_SHORTHAND)
    return _SHORTHAND.search(folded[near : match.start()]) is not None


def _cut(folded: str, start: int, end: int) -> int:
    """Where a stretch without any full stop is cut: at a space, so that no scope grows for ever."""
    if end - start <= _LONGEST:
        return end
    space = folded.rfind(" ", start + 1, start + _LONGEST)
    return space if space > start else start + _LONGEST


def _add(found: list[Sentence], section: Section, folded: str, start: int, end: int) -> None:
    while start < end:
        stop = _cut(folded, start, end)
        _add_one(found, section, folded, start, stop)
        start = stop


def _add_one(found: list[Sentence], section: Section, folded: str, start: int, end: int) -> None:
    if not folded[start:end].strip():
        return
    cuts = [start]
    cuts += [m.end() for m in _CLAUSE.finditer(folded, start, end) if start < m.end() < end]
    cuts.append(end)
    clauses = tuple((a, b) for a, b in pairwise(cuts) if a < b)
    found.append(
        Sentence(section=section, number=len(found), start=start, end=end, clauses=clauses)
    )
