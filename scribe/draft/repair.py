"""What the model lost comes back as spoken: rows by rule for what a chunk says and the note does
not hold. No sentence is judged here.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scribe.draft import answers, dialogue, grammar, placing, rewrite, segment
from scribe.draft.chunks import Chunk
from scribe.draft.dialogue import Answer
from scribe.draft.evidence import clauses, is_negated, is_softly_negated
from scribe.draft.lexicon import Lexicon, stems, words
from scribe.draft.routing import RoutedTurn
from scribe.draft.template import Phase, Template
from scribe.ids import UtteranceId
from scribe.records import Section, Speaker, Support

REASON = re.compile(
    r"\b(?:present(?:s|ed|ing)?\s+(?:here\s+)?(?:today\s+)?(?:with|for|because of)|"
    r"(?:are|is|'re|'m|am) here (?:today |now )?(?:because of|for|with|about|due to))\s+"
    r"(?P<what>.{4,90}?)(?:[.;,](?:\s|$)|\s+(?:since|that|which|for the past|for the last)\b|$)",
    re.IGNORECASE,
)
"""Why somebody came, as patients and clinicians say it."""
FEWEST_WORDS = 2
"""Content words a sentence needs before its loss matters (numbers, medicines, sides and words of
risk always do)."""
COVERED, COVERED_HISTORY = 0.5, 0.34
"""Part of a sentence's content words that the note must hold; people tell a history at length."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A sentence on its way into the note: a Statement that has no place in the order yet. `at`:
    its turn's position and the place within the turn; `goes_on`: it belongs under the heading of
    the sentence before.
    """

    section: Section
    heading: str
    text: str
    evidence: tuple[UtteranceId, ...]
    support: Support
    reason: str = ""
    at: tuple[int, int] = (0, 0)
    goes_on: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """One thing said: a sentence, or the first sentence of an answer with its question."""

    text: str
    said: str
    """What counts as said: with the question only if the answer is a plain yes or no."""
    speaker: Speaker
    question: str
    evidence: tuple[UtteranceId, ...]
    at: tuple[int, int]


def repair(
    chunk: Chunk, kept: Sequence[str], template: Template, lexicon: Lexicon
) -> tuple[Row, ...]:
    """Rows for what `kept` (the sentences of this chunk that are in the note) does not hold."""
    rows: list[Row] = []
    written = " ".join(kept)
    for unit in _units(chunk):
        if unit.question and answers.is_courtesy(unit.question, unit.text, lexicon):
            continue
        lost = (
            _is_lost(unit, written, chunk.phase, lexicon)
            or _no_is_lost(unit, kept, lexicon)
            or (chunk.phase is Phase.PLAN and _cause_is_lost(unit, kept, lexicon))
        )
        if not lost or _is_idle(unit, chunk.phase):
            continue
        text = _sentence(unit, chunk.phase, template.style.subject, lexicon)
        if text:
            row = _row(chunk.phase, text, unit.evidence, template, lexicon)
            goes_on = not unit.question and placing.goes_on(chunk.phase, unit.text, text, lexicon)
            rows.append(replace(row, at=unit.at, goes_on=goes_on))
    return tuple(rows)


def settled(
    chunk: Chunk, template: Template, lexicon: Lexicon
) -> tuple[tuple[Row, ...], tuple[RoutedTurn, ...]]:
    """Rows for questions with a bare yes or no, whose sense a rule gets right and a small model may
    turn round, and the turns that are left for the model.
    """
    rows: list[Row] = []
    left: list[RoutedTurn] = []
    for each in chunk.turns:
        asked = left[-1] if left and each.answers and left[-1].asks else None
        text = ""
        if asked is not None and _is_settled(asked, each, lexicon):
            text = answers.plain_answer(
                asked.turn.text, each.turn.text, template.style.subject, lexicon
            )
        if asked is None or not text:
            left.append(each)
            continue
        left.pop()
        evidence = _evidence(asked, each)
        rows.append(
            replace(
                _row(chunk.phase, text, evidence, template, lexicon),
                support=Support.SUPPORTED,
                reason="",
                at=(asked.turn.position, 0),
            )
        )
    return tuple(rows), tuple(left)


def _is_settled(asked: RoutedTurn, reply: RoutedTurn, lexicon: Lexicon) -> bool:
    """True for a clinician's question with an answer that is no more than yes or no."""
    if asked.speaker is Speaker.PATIENT or len(segment.sentences(reply.turn.text)) > 2:
        return False
    return answers.repeats(asked.turn.text, reply.turn.text, lexicon)


def _row(
    phase: Phase,
    text: str,
    evidence: tuple[UtteranceId, ...],
    template: Template,
    lexicon: Lexicon,
) -> Row:
    section, heading = placing.place(phase, text, "", template, lexicon)
    return Row(
        section=section,
        heading=heading,
        text=text,
        evidence=evidence,
        support=Support.REPAIRED,
        reason="Taken from the speech by rule.",
    )


def _evidence(*turns: RoutedTurn) -> tuple[UtteranceId, ...]:
    return tuple(dict.fromkeys(each.turn.utterance for each in turns))


def _units(chunk: Chunk) -> list[_Unit]:
    units: list[_Unit] = []
    for at, each in enumerate(chunk.turns):
        if each.asks:
            continue
        before = chunk.turns[at - 1] if at else None
        asked = before if before is not None and each.answers and before.asks else None
        for nth, text in enumerate(_parts(each, chunk.phase)):
            question = asked if nth == 0 else None
            empty = dialogue.is_narration if chunk.phase is Phase.PLAN else dialogue.is_instruction
            if question is None and (empty(text) or dialogue.is_idle(text)):
                continue
            bare = question is not None and dialogue.answer(text) is not Answer.OPEN
            units.append(
                _Unit(
                    text=text,
                    said=f"{question.turn.text} {text}" if question and bare else text,
                    speaker=each.speaker,
                    question=question.turn.text if question else "",
                    evidence=_evidence(question, each) if question else _evidence(each),
                    at=(question.turn.position, 0) if question else (each.turn.position, nth),
                )
            )
    return units


def _parts(each: RoutedTurn, phase: Phase) -> tuple[str, ...]:
    """The sentences of a turn; a read-out result stays whole, because only its first sentence names
    the test.
    """
    said = segment.sentences(each.turn.text)
    if phase is not Phase.RESULTS:
        return said
    whole = " ".join(text for text in said if not dialogue.is_instruction(text))
    return (whole,) if whole else ()


_OFTEN = re.compile(r"\b(?:once|twice|daily|every|always|never|weekly|nightly)\b", re.IGNORECASE)


def _is_lost(unit: _Unit, written: str, phase: Phase, lexicon: Lexicon) -> bool:
    if not lexicon.critical(unit.said) <= lexicon.critical(written):
        return True
    if lexicon.risk.search(unit.said) and not lexicon.risk.search(written):
        return True
    content = stems(lexicon.content(unit.said))
    known = stems(words(written)) | stems(lexicon.allowed_for(written))
    if content and REASON.search(unit.text):
        return not content <= known
    short = len(content) < FEWEST_WORDS and grammar.clause_subject(unit.text) != "i"
    told = unit.question and (unit.said != unit.text or _OFTEN.search(unit.text))
    if not content or (short and not told):
        return False
    near = {word for word in content if stems(lexicon.allowed_for(word)) & known}
    covered = len((content & known) | near) / len(content)
    return covered < (COVERED_HISTORY if phase is Phase.HISTORY else COVERED)


def _is_idle(unit: _Unit, phase: Phase) -> bool:
    """True for what a patient says to a plan ("I don't mind") and for a clinician's asides in the
    history ("I'm glad to hear that"), unless there is a figure in it.
    """
    if re.search(r"\d", unit.text):
        return False
    if unit.speaker is Speaker.PATIENT:
        return phase is Phase.PLAN
    text = rewrite.without_greeting(unit.text)
    return phase is Phase.HISTORY and bool(_ASIDE.match(text)) and not REASON.search(text)


_ASIDE = re.compile(
    r"^(?:\W|and|so|but|well|okay|alright|now|yeah|lastly)*(?:i know|i'm glad|i remember|let's|"
    r"let me|that's|it's good|i understand|i see|i hear|i appreciate|i'd like to|i want to|"
    r"we'll|we're going to|you know|good|great|tell me|i'm sorry|sorry|i hope|"
    r"congratulations|hi|hello|awesome|i bet|sounds like fun|fingers crossed|"
    r"i have (?:a few|some) (?:more )?questions|it's (?:so )?(?:lovely|nice|great|"
    r"good|a pleasure) to|i'm (?:doctor|dr))\b",
    re.IGNORECASE,
)


def _no_is_lost(unit: _Unit, kept: Sequence[str], lexicon: Lexicon) -> bool:
    """True if a clause that says no has no counterpart that does: "I don't think it is a new
    stroke" is worth as much as a number.
    """
    noes = [
        stems(words(part))
        for sentence in kept
        for part in clauses(sentence)
        if is_negated(part, lexicon) or is_softly_negated(part, lexicon)
    ]
    for part in clauses(dialogue.beyond_yes_no(unit.text)):
        content = stems(lexicon.content(part))
        if content and is_negated(part, lexicon):
            near = stems(lexicon.allowed_for(part))
            if not any(2 * len((content | near) & no) >= len(content) for no in noes):
                return True
    return False


_CAUSE = re.compile(
    r"\b(?:due to|left over from|because of|caused by|related to|secondary to|a result of|"
    r"(?:is|are|'s|comes|came|likely) from)\s+(?P<cause>[^.,;?!]{3,80})",
    re.IGNORECASE,
)


def _cause_is_lost(unit: _Unit, kept: Sequence[str], lexicon: Lexicon) -> bool:
    """True if no sentence says of the same thing where it comes from: to a code it makes the whole
    difference whether a weakness is left from a stroke.
    """
    named = [stems(words(each)) for each in kept if _CAUSE.search(each)]
    for match in _CAUSE.finditer(unit.text):
        cause = stems(lexicon.content(match["cause"]))
        if cause and not any(cause <= each for each in named):
            return True
    return False


def _sentence(unit: _Unit, phase: Phase, subject: str, lexicon: Lexicon) -> str:
    bare = unit.said != unit.text
    if unit.question and unit.speaker is not Speaker.CLINICIAN:
        return answers.exchange(unit.question, unit.text, unit.speaker, subject, lexicon)
    if unit.question and bare:
        beyond = dialogue.beyond_yes_no(unit.text)
        if not grammar.clause_subject(beyond):
            return answers.exchange(unit.question, unit.text, unit.speaker, subject, lexicon)
        return rewrite.sentence(beyond, unit.speaker, phase, subject)
    return rewrite.sentence(unit.text, unit.speaker, phase, subject)


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
                        at=(each.turn.position, 0),
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
            at=(chunk.turns[0].turn.position, 0),
        ),
    )
