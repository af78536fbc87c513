"""The word lists of prompts/vocabulary as one frozen record, and what counts as a word or a number;
no rule about sentences lives here.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from scribe import resources
from scribe.codec import from_plain
from scribe.draft.numbers import normalise

_WORD = re.compile(r"(?<!\w)[a-z]+(?:['’-][a-z]+)*(?!\w)", re.IGNORECASE)
_NUMBER = re.compile(r"(?<![\w.])[A-TV-Z]?\d+(?:\.\d+)*[+-]?(?:/\d+)?%?(?![\d%])", re.IGNORECASE)
_ENDINGS = (
    "ations ation nesses ness ingly ings ing ments ment ities ity ies ied ed es ly al er s e y"
)
_SUFFIXES = tuple(_ENDINGS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Language:
    fillers: tuple[str, ...]
    negation: str
    soft_negation: str
    stop_words: str
    scribe_words: str
    first_person: str
    second_person: str
    pronouns_of_sex: str
    sides: str
    risk: tuple[str, ...]
    doubt: tuple[str, ...]
    doubt_said: tuple[str, ...]
    assessment: tuple[str, ...]
    conditions: str
    body_parts: str
    measured: tuple[str, ...]
    synonyms: dict[str, str]
    actions: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Drugs:
    generic: str
    brand: str


Cue = tuple[re.Pattern[str], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lexicon:
    """What the program knows about words. `synonyms`: a said phrase and what may be written for it;
    `actions`: words for an act and how that act may have been said; `doubt`: words that leave
    something uncertain, `doubt_said`: more ways to say so aloud; `assessment`: how a clinician says
    what is thought of it; `body_parts`, `measured`: what "your" may stand before;
    `phases`, `labels`: cues by phase of the visit and by heading.
    """

    fillers: re.Pattern[str]
    negation: frozenset[str]
    soft_negation: frozenset[str]
    stop_words: frozenset[str]
    scribe_words: frozenset[str]
    first_person: frozenset[str]
    second_person: frozenset[str]
    pronouns_of_sex: frozenset[str]
    sides: frozenset[str]
    drugs: frozenset[str]
    risk: re.Pattern[str]
    doubt: re.Pattern[str]
    doubt_said: re.Pattern[str]
    assessment: re.Pattern[str]
    body_parts: frozenset[str]
    measured: tuple[str, ...]
    synonyms: tuple[tuple[re.Pattern[str], frozenset[str]], ...]
    actions: tuple[tuple[frozenset[str], re.Pattern[str]], ...]
    phases: dict[str, tuple[Cue, ...]]
    labels: dict[str, tuple[tuple[str, tuple[re.Pattern[str], ...]], ...]]

    def content(self, text: str) -> tuple[str, ...]:
        """The words of `text` that carry a fact, lower case, in order."""
        return tuple(
            word
            for word in words(text)
            if len(word) > 2
            and word not in self.negation
            and not word.endswith("n't")
            and word not in self.stop_words
            and word not in self.scribe_words
        )

    def drugs_in(self, text: str) -> frozenset[str]:
        """Names of medicines in `text`, lower case."""
        return self.drugs.intersection(words(text))

    def sides_in(self, text: str) -> frozenset[str]:
        """Words for a side of the body in `text`; "right" counts only before a noun it can name."""
        found = set(self.sides.intersection(words(text)))
        if "right" in found and not _RIGHT_SIDE.search(text):
            found.discard("right")
        return frozenset("both" if each.startswith("bilat") else each for each in found)

    def critical(self, text: str) -> frozenset[str]:
        """Numbers, medicines and sides: what a note may neither lose nor gain."""
        return numbers_in(text) | self.drugs_in(text) | self.sides_in(text)

    def allowed_for(self, said: str) -> frozenset[str]:
        """Words that may be written because a synonym of them is in `said`."""
        return frozenset().union(*(may for cue, may in self.synonyms if cue.search(said)))

    def label(self, phase: str, text: str) -> str:
        """The first heading of `phase` with a cue in `text`, or ""; a medicine in the plan is
        treatment.
        """
        for heading, cues in self.labels.get(phase, ()):
            if any(cue.search(text) for cue in cues):
                return heading
        return "Treatment" if phase == "plan" and self.drugs_in(text) else ""


_RIGHT_SIDE = re.compile(
    r"\bright(?:-|\s+)(?!now\b|away\b|there\b|here\b|after\b|before\b|when\b|so\b|and\b|okay\b|"
    r"um\b|uh\b|i\b|we\b|you\b)[a-z]|\b(?:my|your|the|on|of|in|his|her) right\b|"
    r"\bright\s*(?:is|was)\b",
    re.IGNORECASE,
)


def words(text: str) -> list[str]:
    """Words of `text` in lower case, with straight apostrophes."""
    return [each.lower().replace("’", "'") for each in _WORD.findall(text)]


def numbers_in(text: str) -> frozenset[str]:
    """Numbers of `text` after normalisation, ratios and percentages kept whole."""
    return frozenset(each.lower() for each in _NUMBER.findall(normalise(text)))


def stem(word: str) -> str:
    """`word` without a common English ending; only good for comparing two words."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            word = word.removesuffix(suffix)
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word


def stems(of: Iterable[str]) -> frozenset[str]:
    """The stems of several words."""
    return frozenset(stem(each) for each in of)


def cue(phrase: str) -> re.Pattern[str]:
    """A phrase of whole words as a pattern; `*` matches any ending, `#` a number."""
    parts = [
        re.escape(part).replace(r"\*", r"[\w'-]*").replace(r"\#", r"\d+[+-]?").replace(" ", r"\s+")
        for part in phrase.split(" ")
    ]
    return re.compile(r"(?<![\w'])" + r"\s+".join(parts) + r"(?![\w'])", re.IGNORECASE)


def _parsed(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.text(f"prompts/vocabulary/{name}.toml"))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(cue(each).pattern for each in phrases), re.IGNORECASE)


def _assessment(told: _Language) -> re.Pattern[str]:
    """The cues, and a condition that is called stable or controlled."""
    conditions = "|".join(cue(each).pattern for each in told.conditions.split())
    course = r"stable|improving|improved|worsening|resolved|resolving|controlled|uncontrolled"
    return re.compile(
        "|".join(cue(each).pattern for each in told.assessment)
        + rf"|(?:{conditions})\s+(?:is|are|seems|looks|remains)\s+(?:\w+\s+)?(?:{course})\b",
        re.IGNORECASE,
    )


@cache
def load() -> Lexicon:
    """The shipped word lists. Raises ResourceMissing, TranscriptUnusable."""
    told = from_plain(_Language, _parsed("language"), what="language.toml")
    drugs = from_plain(_Drugs, _parsed("drugs"), what="drugs.toml")
    phases = from_plain(dict[str, dict[str, float]], _parsed("phases"), what="phases.toml")
    labels = from_plain(
        dict[str, dict[str, tuple[str, ...]]], _parsed("labels"), what="labels.toml"
    )
    return Lexicon(
        fillers=re.compile(
            r"(?<![\w'])(?:" + "|".join(re.escape(each) for each in told.fillers) + r")\b[,.]?\s*",
            re.IGNORECASE,
        ),
        negation=frozenset(told.negation.split()),
        soft_negation=frozenset(told.soft_negation.split()),
        stop_words=frozenset(told.stop_words.split()),
        scribe_words=frozenset(told.scribe_words.split()),
        first_person=frozenset(told.first_person.split()),
        second_person=frozenset(told.second_person.split()),
        pronouns_of_sex=frozenset(told.pronouns_of_sex.split()),
        sides=frozenset(told.sides.split()),
        drugs=frozenset(drugs.generic.split()) | frozenset(drugs.brand.split()),
        risk=_any_of(told.risk),
        doubt=_any_of(told.doubt),
        doubt_said=_any_of((*told.doubt, *told.doubt_said)),
        assessment=_assessment(told),
        body_parts=frozenset(told.body_parts.split()),
        measured=told.measured,
        synonyms=tuple((cue(said), frozenset(may.split())) for said, may in told.synonyms.items()),
        actions=tuple(
            (
                frozenset(acts.split()),
                re.compile("|".join(cue(e).pattern for e in said.split()), re.I),
            )
            for acts, said in told.actions.items()
        ),
        phases={
            phase: tuple((cue(phrase), weight) for phrase, weight in cues.items())
            for phase, cues in phases.items()
        },
        labels={
            phase: tuple(
                (heading, tuple(cue(each) for each in cues)) for heading, cues in table.items()
            )
            for phase, table in labels.items()
        },
    )
