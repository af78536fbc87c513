"""What the model lost comes back as spoken: rows by rule for turns of a chunk whose facts are not in
the sentences that passed the gate. No sentence is judged here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scribe.draft import rewrite
from scribe.draft.chunks import Chunk
from scribe.draft.dialogue import Answer, answer
from scribe.draft.lexicon import Lexicon, stems, words
from scribe.draft.routing import RoutedTurn
from scribe.draft.template import Phase, Template
from scribe.ids import UtteranceId
from scribe.records import Section, Speaker, Support

FEWEST_WORDS = 3
"""Content words a turn needs before its loss matters (numbers, medicines and sides always do)."""
COVERED = 0.5
"""Part of a turn's content words that must be in the note when a sentence about it was refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence on its way into the note: a Statement that has no place in the order yet."""

    section: Section
    heading: str
    text: str
    evidence: tuple[UtteranceId, ...]
    support: Support
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """One thing said: a turn, or an answer with its question."""

    turn: RoutedTurn
    question: RoutedTurn | None

    @property
    def evidence(self) -> tuple[UtteranceId, ...]:
        asked = (self.question.turn.utterance,) if self.question else ()
        return tuple(dict.fromkeys((*asked, self.turn.turn.utterance)))

    @property
    def text(self) -> str:
        """What counts as said: the question only if the answer is a plain yes or no."""
        if self.question and answer(self.turn.turn.text) is not Answer.OPEN:
            return f"{self.question.turn.text} {self.turn.turn.text}"
        return self.turn.turn.text


def repair(
    chunk: Chunk, kept: Sequence[str], refused: bool, template: Template, lexicon: Lexicon
) -> tuple[Row, ...]:
    """Rows for what `kept` (the sentences of this chunk that passed the gate) does not hold.
    `refused` tells that some sentence of it did not pass; then more is brought back.
    """
    rows: list[Row] = []
    written = " ".join(kept)
    for unit in _units(chunk.turns):
        if not _is_lost(unit, written, refused, chunk.phase, lexicon):
            continue
        text = _sentence(unit, chunk.phase, template.style.subject, lexicon)
        if text:
            section, heading = template.place(chunk.phase, lexicon.label(chunk.phase.value, text))
            rows.append(
                Row(
                    section=section,
                    heading=heading,
                    text=text,
                    evidence=unit.evidence,
                    support=Support.REPAIRED,
                    reason="Taken from the speech by rule.",
                )
            )
    return tuple(rows)


def _units(turns: Sequence[RoutedTurn]) -> list[_Unit]:
    units: list[_Unit] = []
    for at, each in enumerate(turns):
        if each.asks:
            continue
        before = turns[at - 1] if at else None
        answers = each.answers and before is not None and before.asks
        units.append(_Unit(turn=each, question=before if answers else None))
    return units


def _is_lost(unit: _Unit, written: str, refused: bool, phase: Phase, lexicon: Lexicon) -> bool:
    said = unit.text
    if not lexicon.critical(said) <= lexicon.critical(written):
        return True
    if lexicon.risk.search(said) and not lexicon.risk.search(written):
        return True
    content = stems(lexicon.content(said))
    bare = unit.question is not None and answer(unit.turn.turn.text) is not Answer.OPEN
    if len(content) < (1 if bare else FEWEST_WORDS):
        return False
    if not written:
        return not (phase is Phase.PLAN and unit.turn.speaker is Speaker.PATIENT)
    covered = len(content & stems(words(written))) / len(content)
    return refused and covered < COVERED


def _sentence(unit: _Unit, phase: Phase, subject: str, lexicon: Lexicon) -> str:
    if unit.question is not None and unit.turn.speaker is not Speaker.CLINICIAN:
        return rewrite.exchange(unit.question, unit.turn, subject, lexicon)
    return rewrite.sentence(unit.turn, phase, subject)


_ITEM = re.compile(r"\s*(?=\b(?:diagnos[ei]s )?(?:number|code) \d)", re.IGNORECASE)


def as_spoken(chunk: Chunk, template: Template) -> tuple[Row, ...]:
    """The items of a dictated list of diagnoses, in the clinician's words."""
    heading = "Diagnoses as dictated"
    rows: list[Row] = []
    for each in chunk.turns:
        for item in _ITEM.split(each.turn.text):
            text = rewrite.finished(item)
            if text and re.search(r"\d", text):
                section, where = template.place(Phase.PLAN, heading)
                rows.append(
                    Row(
                        section=section,
                        heading=where,
                        text=text,
                        evidence=(each.turn.utterance,),
                        support=Support.SUPPORTED,
                    )
                )
    return tuple(rows)


def flagged(chunk: Chunk, template: Template) -> tuple[Row, ...]:
    """Speech that addressed the program: quoted, marked unsupported, never followed."""
    section, heading = template.place(chunk.phase, "")
    text = " ".join(each.turn.text for each in chunk.turns)[:300]
    return (
        Row(
            section=section,
            heading=heading,
            text=f"Said, and not followed: “{text}”",
            evidence=chunk.evidence,
            support=Support.UNSUPPORTED,
            reason="These words address the program, not the visit.",
        ),
    )
