"""Utterances to clean turns, each still tied to the utterances it came from; no turn is judged or
dropped here.
"""

import re
from dataclasses import dataclass

from scribe.draft.commands import is_command
from scribe.draft.lexicon import Lexicon
from scribe.draft.numbers import normalise
from scribe.ids import UtteranceId
from scribe.records import Speaker, Utterance

LONGEST = 42
"""Words a turn may have before it is cut at a sentence end or a discourse marker."""

_CLITICS = tuple(
    (re.compile(pattern, re.IGNORECASE), whole)
    for pattern, whole in (
        (r"\s+(n't|'(?:s|m|re|ve|ll|d))\b", r"\1"),
        (r"\bgon na\b", "gonna"),
        (r"\bwan na\b", "wanna"),
        (r"\blem me\b", "let me"),
        (r"\bgot ta\b", "gotta"),
        (r"[‘’]", "'"),
        # The wake word of another dictation program, in front of what the clinician asks of it.
        (r"\b(?:hey|okay)[\s,]*dragon\b[\s,.?!]*", ""),
        # Half-sentences and letters that a recogniser writes for a stutter: "I I I", "the the".
        (r"\b(no|yeah|i|you|it|so|and|the|a|we|he|she|they|to|of|in|my|your)((?:,? \1)+)\b", r"\1"),
        (r"\s+([,.?!;:])", r"\1"),
        (r"(?:,\s*){2,}", ", "),
        (r"([.?!])[\s,;]*(?=[.?!])", ""),
    )
)
_SORRY = r"(?:sorry|i mean|correction|make that|scratch that|no wait|wait no|no,|rather)"
_CORRECTIONS = (
    # "170 over, sorry, 120/70": the number said last counts.
    re.compile(
        rf"\b\d[\d./%+-]*(?: over)?[\s,—–-]+{_SORRY}[\s,]+(?:{_SORRY}[\s,]+)*(?=\d)", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:left|right)(?: \w+)?[\s,—–-]+{_SORRY}[\s,]+(?:{_SORRY}[\s,]+)*(?:the |my |your )?"
        r"(?=(?:left|right)\b)",
        re.IGNORECASE,
    ),
)
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=\S)")
_MARKER = re.compile(
    r"\s+(?=(?:so for your|for your (?:first|second|third|next|last)|lastly|alright so|okay so|"
    r"so let's|and then|now i|now let|so looking|looking at|i reviewed|let's|so i think|"
    r"i'm going to|i'm gonna|i'll|i will|i want|i would|i'd like|we're gonna|we're going to|we'll|"
    r"we will|tell me|do you have|"
    r"have you (?:had|ever|noticed|experienced)|on your|in the meantime|"
    r"diagnosis number|number \d)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One cleaned stretch of one utterance. `position` counts turns from 0 within the visit;
    `command` marks every turn of an utterance that addresses the program.
    """

    utterance: UtteranceId
    speaker: Speaker
    text: str
    position: int = 0
    command: bool = False


def clean(text: str, lexicon: Lexicon) -> str:
    """`text` without fillers, stutters and corrected slips, numbers as figures."""
    for pattern, whole in _CLITICS:
        text = pattern.sub(whole, text)
    text = lexicon.fillers.sub("", text)
    text = normalise(re.sub(r"\s+", " ", text))
    for slip in _CORRECTIONS:
        text = slip.sub("", text)
    return re.sub(r"\s+", " ", text).strip(" ,;-")


def segment(utterance: Utterance, lexicon: Lexicon, position: int = 0) -> tuple[Turn, ...]:
    """The turns of one utterance in order, numbered from `position`. A question ends a turn, so
    that a question and its answer stand apart even when nobody told the speakers apart.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE.split(clean(utterance.text, lexicon)):
        for part in _cut(sentence):
            joined = f"{pieces[-1]} {part}" if pieces else part
            same = pieces and pieces[-1].endswith("?") == part.endswith("?")
            if same and len(joined.split()) <= LONGEST:
                pieces[-1] = joined
            else:
                pieces.append(part)
    command = is_command(utterance.text)
    return tuple(
        Turn(
            utterance=utterance.id,
            speaker=utterance.speaker,
            text=text,
            position=position + at,
            command=command,
        )
        for at, text in enumerate(each for each in pieces if re.search(r"\w", each))
    )


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of cleaned text."""
    return tuple(each for each in _SENTENCE.split(text) if each)


def _cut(sentence: str) -> list[str]:
    if len(sentence.split()) <= LONGEST:
        return [sentence]
    parts: list[str] = []
    for part in _MARKER.split(sentence):
        tokens = part.split()
        count = -(-len(tokens) // LONGEST)
        size = -(-len(tokens) // count) if count else 1
        parts += [" ".join(tokens[at : at + size]) for at in range(0, len(tokens), size)]
    return parts
