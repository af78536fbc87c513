"""Which phase of the visit a turn belongs to, decided while the visit is still going on; no text is
rewritten here.

A scorer gives every turn points per phase; a Viterbi path that prefers to move forward (history,
exam, results, plan) turns points into phases. It decides a turn once LAG more turns are known, so
that it works live. A trained linear model only has to implement `Scorer`.
"""

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from scribe.draft import dialogue, questions
from scribe.draft.dialogue import Answer
from scribe.draft.lexicon import Lexicon, words
from scribe.draft.segment import Turn
from scribe.draft.template import WRITTEN, Phase
from scribe.records import Speaker

LAG = 4
"""Turns that must be known behind a turn before its phase is decided."""

# Costs of moving from one phase to the next, in the points of the scorer. Forward moves are cheap,
# back moves are dear, out of the plan dearest; tuned on the published ACI-BENCH validation visits.
_START = {Phase.HISTORY: 0.0, Phase.EXAM: -3.0, Phase.RESULTS: -3.0, Phase.PLAN: -3.5}
_FORWARD, _NEAR, _BACK, _OUT_OF_PLAN = -1.2, -0.9, -2.2, -3.0
_NEARBY = {(Phase.EXAM, Phase.RESULTS), (Phase.RESULTS, Phase.PLAN), (Phase.RESULTS, Phase.EXAM)}
_CAP = 4.0
_SMALL_TALK = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutedTurn:
    """A turn with its speaker as known or guessed and its phase. `answers` is true if it answers
    the turn before it.
    """

    turn: Turn
    speaker: Speaker
    phase: Phase
    asks: bool
    answers: bool


class Scorer(Protocol):
    """Points per phase for one turn; more is likelier; NONE competes with the best other."""

    def points(self, turn: Turn, speaker: Speaker, before: Turn | None) -> Mapping[Phase, float]:
        """Points for every phase."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CueScorer:
    """Points from the hand-written cues of prompts/vocabulary/phases.toml."""

    lexicon: Lexicon

    def points(self, turn: Turn, speaker: Speaker, before: Turn | None) -> Mapping[Phase, float]:
        """See Scorer."""
        scores = {
            phase: min(
                _CAP,
                sum(
                    w
                    for cue, w in self.lexicon.phases.get(phase.value, ())
                    if cue.search(turn.text)
                ),
            )
            for phase in Phase
        }
        if speaker is Speaker.PATIENT:
            scores[Phase.HISTORY] += 0.6
            scores[Phase.PLAN] *= 0.4
            scores[Phase.EXAM] *= 0.5
        elif questions.asks(turn.text):
            scores[Phase.HISTORY] += 0.5
            scores[Phase.PLAN] *= 0.6
        return scores


def _move(old: Phase, new: Phase) -> float:
    if old is new:
        return 0.0
    if (old, new) in _NEARBY:
        return _NEAR
    if WRITTEN.index(new) > WRITTEN.index(old):
        return _FORWARD
    return _OUT_OF_PLAN if old is Phase.PLAN and new is not Phase.RESULTS else _BACK


_REFERS_BACK = re.compile(
    r"^(?:and |so |but )?(?:it|that|this)(?:'s| is| was| has| comes| came)\b", re.IGNORECASE
)


_GOES_ON = re.compile(r"^(?:and|but|it|they|then)\b", re.IGNORECASE)


class Router:
    """Takes turns one by one and hands back those whose phase is settled, in order."""

    def __init__(self, lexicon: Lexicon, scorer: Scorer | None = None) -> None:
        self._lexicon = lexicon
        self._scorer = scorer or CueScorer(lexicon=lexicon)
        self._best: dict[Phase, float] = {}
        self._waiting: deque[tuple[RoutedTurn, dict[Phase, Phase]]] = deque()
        self._before: RoutedTurn | None = None
        self._settled: RoutedTurn | None = None

    def add(self, turn: Turn) -> tuple[RoutedTurn, ...]:
        """Take the next turn; return turns whose phase became final by it (none or one)."""
        before = self._before.turn if self._before else None
        speaker = dialogue.speaker_of(turn, before, self._lexicon)
        if speaker is not turn.speaker and self._goes_on(turn):
            speaker = self._before.speaker if self._before else speaker
        points = self._scorer.points(turn, speaker, before)
        asks = questions.asks(turn.text)
        answers = not asks and self._answers(turn, speaker)
        routed = RoutedTurn(
            turn=turn, speaker=speaker, phase=Phase.HISTORY, asks=asks, answers=answers
        )
        if self._is_small_talk(routed, points):
            routed = replace(routed, phase=Phase.NONE)
        self._waiting.append((routed, self._advance(points)))
        self._before = routed
        return self._settle() if len(self._waiting) > LAG else ()

    def _answers(self, turn: Turn, speaker: Speaker) -> bool:
        """True behind a question of somebody else; whoever asked may also say yes or no to it,
        because speakers are not always told apart rightly.
        """
        before = self._before
        if before is None or not before.asks:
            return False
        return speaker is not before.speaker or dialogue.answer(turn.text) is not Answer.OPEN

    def _goes_on(self, turn: Turn) -> bool:
        """True if a turn of nobody known goes on about what a known speaker just said."""
        before = self._before
        if before is None or before.turn.speaker is Speaker.UNKNOWN or before.asks:
            return False
        persons = self._lexicon.first_person | self._lexicon.second_person
        own = persons.intersection(words(turn.text)) or questions.asks(turn.text)
        if own or not _GOES_ON.match(turn.text):
            return False
        told = (Phase.EXAM, Phase.RESULTS, Phase.PLAN)  # what a clinician says, whoever spoke last
        cues = [cue for phase in told for cue, _ in self._lexicon.phases.get(phase.value, ())]
        return not any(cue.search(turn.text) for cue in cues)

    def flush(self) -> tuple[RoutedTurn, ...]:
        """The rest, at the end of the visit."""
        settled: list[RoutedTurn] = []
        while self._waiting:
            settled += self._settle()
        return tuple(settled)

    def _advance(self, points: Mapping[Phase, float]) -> dict[Phase, Phase]:
        """One Viterbi step; returns for each phase the phase it is best reached from."""
        if not self._best:
            self._best = {phase: _START[phase] + points[phase] for phase in WRITTEN}
            return {phase: phase for phase in WRITTEN}
        old = self._best
        came = {new: max(WRITTEN, key=lambda o: old[o] + _move(o, new)) for new in WRITTEN}
        self._best = {p: old[came[p]] + _move(came[p], p) + points[p] for p in WRITTEN}
        return came

    def _settle(self) -> tuple[RoutedTurn, ...]:
        phase = max(WRITTEN, key=lambda p: self._best[p])
        for _, came in reversed(list(self._waiting)[1:]):
            phase = came[phase]
        routed, _ = self._waiting.popleft()
        if routed.phase is not Phase.NONE:
            routed = replace(routed, phase=self._judged(routed, phase))
        self._settled = routed
        return (routed,)

    def _judged(self, routed: RoutedTurn, phase: Phase) -> Phase:
        """An assessment in the middle of the exam is no finding, nor is what refers back to it; a
        finding that follows it ("Your left arm is 4/5") is one again.
        """
        if phase not in (Phase.EXAM, Phase.RESULTS) or routed.speaker is Speaker.PATIENT:
            return phase
        text, before = routed.turn.text, self._settled
        if not routed.asks and self._lexicon.assessment.search(text):
            return Phase.PLAN
        refers = before is not None and before.phase is Phase.PLAN and _REFERS_BACK.match(text)
        return Phase.PLAN if refers else phase

    def _is_small_talk(self, routed: RoutedTurn, points: Mapping[Phase, float]) -> bool:
        text = routed.turn.text
        if routed.turn.command:
            return False
        if dialogue.is_backchannel(text):
            return not (routed.answers and self._before and self._before.phase is not Phase.NONE)
        if self._lexicon.critical(text) or self._lexicon.risk.search(text):
            return False
        if routed.answers and self._before:
            # "Any questions?" is no subject, but what the patient then says may be one.
            return self._before.phase is Phase.NONE and len(self._lexicon.content(text)) <= 3
        useful = max(points[phase] for phase in WRITTEN)
        return points[Phase.NONE] - useful >= _SMALL_TALK or not self._lexicon.content(text)
