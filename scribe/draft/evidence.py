"""What a stretch of talk says, as facts with a polarity: a question counts only through its answer.
Nothing here looks at what a model wrote.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scribe.draft import dialogue
from scribe.draft.dialogue import Answer
from scribe.draft.lexicon import Lexicon, stems, words
from scribe.draft.routing import RoutedTurn

_CLAUSE = re.compile(
    r",\s+(?:and|so)\s+(?=(?:i|you|he|she|it|there|there's|it's|we|they|that|the)\b)|"
    r"(?<=[a-z%)])[.;?!]+\s+|(?<=\d)[.;?!]+\s+|,?\s+\b(?:but|however|although|except|though)\b\s*",
    re.IGNORECASE,
)
# Phrases with a "no" in them that deny nothing.
_IDLE_NO = re.compile(
    r"\bwhy don't (?:we|you)\b|\bdon't (?:forget|hesitate|worry)\b|\bno (?:problem|doubt|"
    r"worries)\b|\bif not\b|\bnot only\b|\bnumber\b|\bor not\b",
    re.IGNORECASE,
)
_OFTEN = re.compile(r"\b(?:taking|take|use|using|doing|keeping|still|able)\b", re.IGNORECASE)
_WHICH = re.compile(r"\b(?:how|what|when|where|which|who|why|tell me)\b", re.IGNORECASE)
_ALSO_ANY = re.compile(r"(?:,|\band\b|\?).*\b(?:any|how|what|when|or)\b", re.IGNORECASE)


_UNSURE = re.compile(
    r"\b(?:think|guess|believe|hope|suppose) so\b|\bnot (?:so |very |really |too )?sure\b|"
    r"\b(?:maybe|probably|possibly|perhaps)\b",
    re.IGNORECASE,
)
"""A yes or no that is less than one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One clause that was said. `negated` is None when a yes or no leaves open what it answers;
    `asked` is true for a question that nobody answered, which supports nothing.
    """

    text: str
    stems: frozenset[str]
    negated: bool | None
    asked: bool = False


def is_negated(text: str, lexicon: Lexicon) -> bool:
    """True if a clause says no."""
    return any(
        word in lexicon.negation or word.endswith("n't") for word in words(_IDLE_NO.sub(" ", text))
    )


def is_softly_negated(text: str, lexicon: Lexicon) -> bool:
    """True if a clause has a word that may stand for a no ("unable", "clear")."""
    return bool(lexicon.soft_negation.intersection(words(text)))


def clauses(text: str) -> tuple[str, ...]:
    """The parts of `text` that can each be true or false on their own."""
    return tuple(part.strip() for part in _CLAUSE.split(text) if re.search(r"\w", part))


def is_ambiguous(question: str, reply: Answer, lexicon: Lexicon) -> bool:
    """True if a bare yes or no to `question` can mean two things: two questions in one, or one that
    already says no.
    """
    if is_negated(question, lexicon) and reply is not Answer.OPEN:
        return True
    if question.count("?") > 1 and reply is Answer.YES:
        return True
    if _OFTEN.search(question) and _ALSO_ANY.search(question):
        return True
    return reply is Answer.YES and bool(re.search(r"\bor\b", question))


def facts(turns: Sequence[RoutedTurn], lexicon: Lexicon) -> tuple[Fact, ...]:
    """Everything said in consecutive turns; questions carry the polarity of their answer."""
    found: list[Fact] = []
    for at, each in enumerate(turns):
        text = each.turn.text
        behind = turns[at + 1] if at + 1 < len(turns) and turns[at + 1].answers else None
        if each.asks:
            found.append(_question(text, behind.turn.text if behind else None, lexicon))
            continue
        for part in clauses(dialogue.beyond_yes_no(text)):
            found.append(_fact(part, is_negated(part, lexicon), lexicon))
    return tuple(found)


def _question(question: str, reply: str | None, lexicon: Lexicon) -> Fact:
    if reply is None:
        return _fact(question, None, lexicon, asked=True)
    kind = dialogue.answer(reply)
    if kind is Answer.OPEN:
        # "How long?" is answered by anything; "Any fever?" is not answered by "It began in March".
        open_ended = _WHICH.search(question)
        return _fact(question, is_negated(reply, lexicon) if open_ended else None, lexicon)
    if is_ambiguous(question, kind, lexicon) or _UNSURE.search(reply):
        return _fact(question, None, lexicon)
    return _fact(question, kind is Answer.NO, lexicon)


def _fact(text: str, negated: bool | None, lexicon: Lexicon, *, asked: bool = False) -> Fact:
    said = frozenset(words(text)) | lexicon.allowed_for(text)
    return Fact(
        text=text,
        stems=stems(word for word in said if word not in lexicon.stop_words),
        negated=negated,
        asked=asked,
    )
