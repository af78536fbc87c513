"""Guesses from the words alone who spoke: pure functions over utterances, no sound.

Each utterance votes by what it says (questions, "your", findings and plans: clinician; "my", "I've
been", "yes"/"no" first: patient); a two-state chain joins the votes, because turns alternate and an
answer follows a question. Where both remain possible the speaker is unknown.

The weights are natural-log odds, rounded from counts over the sentences of the ACI-BENCH training
dialogues (Yim et al., Sci Data 10:586, 2023, CC BY 4.0).
"""

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from scribe.records import Speaker, Utterance

SURE = 0.7
"""Below this probability the speaker is UNKNOWN."""

LOOK_BACK = 40
"""Earlier utterances that can still bear on the present one."""

OPENS: tuple[float, float] = (0.85, 0.15)
"""Who says the first words of a recording: (clinician, patient)."""

CHANGE: tuple[float, float] = (0.4, 0.5)
CHANGE_AFTER_QUESTION: tuple[float, float] = (0.8, 0.8)
CHANGE_WITHIN_SENTENCE: tuple[float, float] = (0.2, 0.2)
"""How probable a change of speaker is after an utterance of the (clinician, patient). Counted on
the same dialogues 0.44, 0.81 and 0.78; real patients speak longer at a time than those. An
utterance that begins in lower case was heard as the rest of a sentence."""

MOST = 3.0
"""The most one utterance's words may count: no phrase is proof."""

CLINICIAN: tuple[tuple[str, float], ...] = (
    (r"\byour\b", 2.2),
    (r"\byou\b(?! know\b)", 1.0),
    (r"^(?:any|are you|have you|do you|did you|how|what|which|when|where|tell me|show me)\b", 1.2),
    (r"\bany (?:new|other|fever|pain|chest|numbness|trouble|history|allerg)", 1.5),
    (r"\b(?:let me|let's|we'll|we will|i'd like|i would like|i want to|i want you)\b", 2.0),
    (r"\bi(?:'m| am) (?:going to|gonna|sending|ordering|referring|prescribing|starting)\b", 1.6),
    (r"\b(?:my|our) (?:assessment|impression|plan|exam|recommendation)\b", 4.0),
    (r"\b(?:assessment|impression|diagnos[ei]s|icd|code [a-z]|physical exam|exam)\b", 2.0),
    (r"\b(?:number (?:one|two|three|four|\d)|period|new paragraph|colon)\b", 1.5),
    (r"\b(?:here's|here is|this is) the plan\b", 3.0),
    (r"^(?:continue|start|stop|follow up|return|increase|decrease)\b", 2.0),
    (r"\b(?:refer|order|prescribe|follow-?up|continue)\b", 1.6),
    (r"\b(?:blood pressure|heart rate|oxygen saturation|pulse|temperature) (?:is|was)\b", 2.5),
    (r"\b(?:out of (?:5|five)|[0-5]/5|symmetric|sensation is|reflexes|range of motion)\b", 2.0),
    (r"\b(?:bilateral(?:ly)?|tenderness|palpation|flexion|extension|gait|infarction)\b", 1.5),
    (r"\bi (?:see|hear) (?:no|some|a)\b|\bno (?:sign|evidence) of\b", 2.5),
    (r"\b(?:all ?right|okay so|go ahead)\b", 1.0),
)
PATIENT: tuple[tuple[str, float], ...] = (
    (r"\bmy\b(?! (?:assessment|impression|plan|exam|recommendation))", 1.6),
    (r"\bi(?:'ve| have) (?:been|had|noticed|never|also|a|some)\b", 2.3),
    (r"\bi (?:had|was|feel|felt|get|got|take|took|can't|cannot|couldn't|haven't|didn't)\b", 1.9),
    (r"\bi (?:did|drop|tried|try|almost|think|guess|don't know|am|live|work|use|fell)\b", 1.3),
    (r"\bi(?:'m| am) (?:doing|having|not|still|right|left|taking|here|worried|afraid)\b", 1.4),
    (r"^(?:no|nope|yes|yep|mm-?hmm)\b", 1.9),
    (r"^(?:yeah|sure|well|not|only|just|maybe|actually|and no)\b", 0.9),
    (r"\b(?:hurts|gives me|bothers me|kills me|for me|with me|in the morning|at night)\b", 1.2),
    (r"^(?:it|it's|it has|the)\b", 0.4),
    (r"\b(?:did|do|can|should|could|will|am|was|would) i\b(?! (?:see|look|listen|examine))", 4.0),
    (r"\bdoctor\b", 1.2),
    (r"\bthank you\b|\bthanks\b", 1.0),
    (r"\b(?:that sounds good|sounds good|that is a relief|that's a relief|i will do)\b", 1.6),
)
_QUESTION = 1.7
"""Also by a patient, but then mostly with "I" in it, which PATIENT counts."""

_CUES = tuple((re.compile(pattern), weight) for pattern, weight in CLINICIAN) + tuple(
    (re.compile(pattern), -weight) for pattern, weight in PATIENT
)
_POLITE = re.compile(r"\bthank you\b|\bhow are you\b")

Odds = tuple[float, float]
"""Probabilities of (clinician, patient); they add up to 1."""


def votes(text: str) -> float:
    """Natural-log odds, from the words alone, that the clinician said this; 0 is undecided."""
    plain = text.lower().replace("’", "'").strip()
    found = sum(weight for pattern, weight in _CUES if pattern.search(plain))
    # The "you" of a courtesy says nothing about who is addressed.
    if _POLITE.search(plain) and not re.search(r"\byou\b", _POLITE.sub("", plain)):
        found -= 1.0
    if plain.endswith("?"):
        found += _QUESTION
    return max(-MOST, min(MOST, found))


def assign(utterance: Utterance, earlier: Sequence[Utterance]) -> Utterance:
    """The utterance with its speaker as far as it can be told from it and what came before.

    `earlier`: the utterances before it in order of time; their own `speaker` is not used.
    """
    texts = [each.text for each in earlier[-LOOK_BACK:]] + [utterance.text]
    return replace(utterance, speaker=_speaker(_forward(texts)[-1]))


def assign_all(utterances: Sequence[Utterance]) -> tuple[Utterance, ...]:
    """All speakers of a finished recording; better than `assign`, because answers are known."""
    texts = [each.text for each in utterances]
    forward = _forward(texts)
    after = _backward(texts)
    return tuple(
        replace(each, speaker=_speaker(_scaled(f[0] * b[0], f[1] * b[1])))
        for each, f, b in zip(utterances, forward, after, strict=True)
    )


def _speaker(odds: Odds) -> Speaker:
    if max(odds) < SURE:
        return Speaker.UNKNOWN
    return Speaker.CLINICIAN if odds[0] > odds[1] else Speaker.PATIENT


def _forward(texts: Sequence[str]) -> list[Odds]:
    """For each text the odds given it and all before it."""
    found: list[Odds] = []
    now: Odds = OPENS
    for number, text in enumerate(texts):
        if number:
            (from_clinician, from_patient) = _change(texts[number - 1], texts[number])
            now = (
                now[0] * (1 - from_clinician) + now[1] * from_patient,
                now[1] * (1 - from_patient) + now[0] * from_clinician,
            )
        likely = _likely(text)
        now = _scaled(now[0] * likely[0], now[1] * likely[1])
        found.append(now)
    return found


def _backward(texts: Sequence[str]) -> list[Odds]:
    """For each text the odds given all after it."""
    found: list[Odds] = []
    now: Odds = (0.5, 0.5)
    for number in range(len(texts) - 1, -1, -1):
        found.append(now)
        if number:
            likely = _likely(texts[number])
            ahead = (now[0] * likely[0], now[1] * likely[1])
            (from_clinician, from_patient) = _change(texts[number - 1], texts[number])
            now = _scaled(
                ahead[0] * (1 - from_clinician) + ahead[1] * from_clinician,
                ahead[1] * (1 - from_patient) + ahead[0] * from_patient,
            )
    return found[::-1]


def _likely(text: str) -> Odds:
    clinician = 1 / (1 + math.exp(-votes(text)))
    return clinician, 1 - clinician


def _change(before: str, text: str) -> tuple[float, float]:
    if before.rstrip().endswith("?"):
        return CHANGE_AFTER_QUESTION
    return CHANGE_WITHIN_SENTENCE if text.lstrip()[:1].islower() else CHANGE


def _scaled(clinician: float, patient: float) -> Odds:
    total = clinician + patient
    return clinician / total, patient / total
