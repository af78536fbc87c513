"""Routed turns to micro-chunks: small enough for one model answer, one phase each, and never a cut
between a question and its answer. Nothing is rewritten here.
"""

import re
from dataclasses import dataclass

from scribe.draft.routing import RoutedTurn
from scribe.draft.template import Phase
from scribe.ids import UtteranceId
from scribe.records import Speaker

BUDGET = 60
"""Tokens (estimated) a chunk may grow to before the next one begins."""

_TOKENS_PER_WORD = 1.35
_NEW_SUBJECT = re.compile(
    r"^(?:\W|so|okay|alright|and|now|then)*(?:for (?:your|the) (?:first|second|third|next|last|"
    r"other)|for your|lastly|in terms of|as far as|regarding|moving on|diagnosis|"
    r"your (?:other|second|next))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """Consecutive turns of one phase. `command` marks speech addressed to the program, which the
    model never sees; `listing` a dictated list of diagnoses, which is taken over as spoken.
    """

    number: int
    phase: Phase
    turns: tuple[RoutedTurn, ...]
    command: bool = False
    listing: bool = False

    @property
    def evidence(self) -> tuple[UtteranceId, ...]:
        """The utterances of the chunk in order, each once."""
        return tuple(dict.fromkeys(each.turn.utterance for each in self.turns))


def estimated_tokens(text: str) -> int:
    """Tokens of spoken English text, estimated from its words."""
    return int(len(text.split()) * _TOKENS_PER_WORD) + 3


_LISTED = re.compile(
    r"\bdiagnos[ei]s (?:number |code )?\d|\bdiagnos(?:is|es|tic)(?: code)? list\b|"
    r"^\W*(?:and |then )?(?:number|code) \d|\b[A-TV-Z]\d[\dA-Z]\.\d[\dA-Z]{0,3}\b",
    re.IGNORECASE,
)


def is_listing(each: RoutedTurn) -> bool:
    """True for a turn of a dictated list of diagnoses ("diagnosis number 1, weakness, R53.1")."""
    return each.turn.speaker is not Speaker.PATIENT and bool(_LISTED.search(each.turn.text))


class Chunker:
    """Takes routed turns in order and hands back chunks as soon as they are complete."""

    def __init__(self) -> None:
        self._open: list[RoutedTurn] = []
        self._made = 0

    @property
    def waiting(self) -> int:
        """1 if a chunk has been begun and is not yet complete, else 0."""
        return 1 if self._open else 0

    def add(self, each: RoutedTurn) -> tuple[Chunk, ...]:
        """Take the next turn; return the chunk it completed, if any."""
        if each.phase is Phase.NONE and not each.turn.command:
            return ()
        done = self.flush() if self._open and self._begins_anew(each) else ()
        self._open.append(each)
        return done

    def flush(self) -> tuple[Chunk, ...]:
        """The chunk begun last, if any; at the end of the visit."""
        if not self._open:
            return ()
        turns, self._open = tuple(self._open), []
        self._made += 1
        return (
            Chunk(
                number=self._made,
                phase=turns[0].phase if turns[0].phase is not Phase.NONE else Phase.HISTORY,
                turns=turns,
                command=turns[0].turn.command,
                listing=is_listing(turns[0]),
            ),
        )

    def _begins_anew(self, each: RoutedTurn) -> bool:
        first, last = self._open[0], self._open[-1]
        if first.turn.command or each.turn.command:
            return each.turn.utterance != first.turn.utterance
        if is_listing(first) or is_listing(each):
            return not (is_listing(first) and is_listing(each))
        if each.answers and last.asks:
            return False
        if each.phase is not first.phase or _NEW_SUBJECT.match(each.turn.text):
            return True
        return self._tokens() + estimated_tokens(each.turn.text) > BUDGET

    def _tokens(self) -> int:
        return sum(estimated_tokens(each.turn.text) for each in self._open)
