"""What a turn does in a conversation: who probably speaks, does it ask, does it answer yes or no;
nothing clinical lives here.
"""

import re
from enum import StrEnum

from scribe.draft.lexicon import Lexicon, words
from scribe.draft.questions import asks
from scribe.draft.segment import Turn
from scribe.records import Speaker


class Answer(StrEnum):
    """How a turn answers the question before it."""

    YES = "yes"
    NO = "no"
    OPEN = "open"


_LEAD = r"^(?:\W|oh|uh|well|so|i mean|um)*"
_YES = re.compile(
    _LEAD
    + r"(?:yes|yeah|yep|yup|definitely|mm-hmm|correct|absolutely|of course)\b|"
    + _LEAD
    + r"(?:i do|i have|i am|i did|it does)(?=\W*(?:$|[,.]))",
    re.IGNORECASE,
)
_NO = re.compile(
    _LEAD + r"(?:no|nope|nah|not really|not at all|none|never|i don't|i haven't|i'm not|i didn't|"
    r"it doesn't|it hasn't|nothing|negative|neither|not that i\b|not yet|"
    r"not (?:recently|lately|so far))\b",
    re.IGNORECASE,
)
_BACKCHANNEL = re.compile(
    r"^(?:\W|okay|ok|alright|all right|right|sure|uh-huh|mm-hmm|mhm|yeah|yes|yep|good|great|"
    r"perfect|got it|i see|sounds good|thank you|thanks|bye|you're welcome|no problem|hello|hi|so|"
    r"and|well|oh|great|excellent|wonderful|fine|here we go|let's see)+$",
    re.IGNORECASE,
)


def answer(text: str) -> Answer:
    """Whether a turn that follows a question begins with yes, with no, or with neither."""
    if _NO.match(text):
        return Answer.NO
    return Answer.YES if _YES.match(text) else Answer.OPEN


def beyond_yes_no(text: str) -> str:
    """What an answer says after its yes or no. A "no" that may belong to the words behind it ("no
    numbness", "no, just the hand") stays with them; only before a clause of its own does it go.
    """
    text = _IDLE_REST.sub("", text)
    no = _NO.match(text)
    if no:
        rest = text[no.end() :].strip(" ,.;-")
        return rest if not rest or _OWN_CLAUSE.match(rest) else text
    yes = _YES.match(text)
    return text[yes.end() :].strip(" ,.;-") if yes else text


# What repeats a no without adding to it.
_REPEATED_NO = (
    r"(?:nothing (?:like that|at all|really|that i (?:know of|can think of|noticed|remember))|"
    r"none of (?:that|those|these|them)|not (?:at all|really|that i (?:know of|can think of|"
    r"noticed|recall|remember))|nothing|none|never|neither|i (?:don't|do not|haven't|have not|"
    r"didn't|did not|am not)|i'm not|it (?:doesn't|hasn't|isn't)|doctor|doc|sir|ma'am)\W*$"
)
_IDLE_REST = re.compile(
    rf"(?:(?<=\bno)|(?<=\bnope)|(?<=\bnah))[,.;\s]+(?:no[,.\s]+)*{_REPEATED_NO}", re.IGNORECASE
)
_REPEATS_NO = re.compile(rf"^\W*(?:no[,.\s]+)?{_REPEATED_NO}", re.IGNORECASE)
_OWN_CLAUSE = re.compile(
    r"^(?:(?:but|and|so|well|just|actually|because|really|honestly|only)\b[\s,]*)*"
    r"(?:(?:i|it|he|she|we|they|that|there|this|these)(?:'\w+)?\b|"
    r"(?:my|the)\s+(?:\w+\s+){1,3}(?:is|are|was|were|has|have|had|feels?|hurts?|does|can|gets?)\b)",
    re.IGNORECASE,
)


def is_idle(text: str) -> bool:
    """True for what only repeats a yes or no ("Nothing like that.") or is polite."""
    return bool(_REPEATS_NO.match(text) or _POLITE.match(text))


_POLITE = re.compile(
    r"^(?:\W|okay|yes|yeah|well|oh)*(?:thank you|thanks|you're welcome|"
    r"that (?:is|'s) a relief(?: to hear)?|"
    r"(?:that|it)(?: all)? sounds? (?:good|great|awesome|fine|perfect)(?: to me)?|"
    r"(?:that is|that's) (?:good|great|fine|wonderful)(?: to (?:hear|know))?|"
    r"(?:i'm|i am) (?:glad|happy|relieved)(?: to hear (?:that|it))?|i will(?: do that)?|will do|"
    r"i'll do that|take care|have a (?:good|nice|great)|goodbye|bye|see you (?:then|soon|later)|"
    r"good (?:morning|afternoon|evening)|nice to (?:see|meet) you|here(?:'s| is) the plan)\b"
    r"(?:,? (?:so much|very much|doctor|doc|then|now|again|too|day|one|today))*\W*$",
    re.IGNORECASE,
)


_NARRATES = re.compile(
    r"^(?:\W|okay|alright|all right|and|now|so|then|good|great|just)*let me (?!know)\w+",
    re.IGNORECASE,
)


def is_narration(sentence: str) -> bool:
    """True for what a clinician says about the talk itself ("let me see") in a plan, where "walk
    every day" and "let's start it" are no instructions of an exam.
    """
    return is_backchannel(sentence) or bool(_NARRATES.match(sentence))


def is_backchannel(text: str) -> bool:
    """True for turns that only keep the talk going ("okay", "sounds good")."""
    return bool(_BACKCHANNEL.match(text))


def is_instruction(sentence: str) -> bool:
    """True for what a clinician says to move an exam along ("squeeze my fingers", "okay")."""
    return is_backchannel(sentence) or (
        bool(_INSTRUCTION.match(sentence)) and not re.search(r"\d", sentence)
    )


_INSTRUCTION = re.compile(
    r"^(?:\W|okay|alright|all right|and|now|so|then|good|great|just|please|go ahead and|"
    r"i want you to|i need you to|can you|could you)*(?:let me (?!know)\w+|"
    r"let's (?:take|have|go|do|look|see|start)|(?:i'm|i am|we're) (?:gonna|going to) (?:take a|"
    r"listen|look|press|check|examine|touch|do a|push|feel)|squeeze|make a fist|"
    r"straighten (?:it|that|your)|lean (?:over|forward|back)|keep (?:bending|going|pushing)|"
    r"push|kick|pull|lift|raise|close|open|follow|walk (?:for|across|over|to)|take a deep|touch|"
    r"stand up|sit|hold (?:your|still|it|that)|relax|try to|bend|turn|lie|hop up|stick out|smile|"
    r"show me|look (?:up|down|at me)|resist|don't let me|keep (?:it|them|your))\b",
    re.IGNORECASE,
)


def speaker_of(turn: Turn, before: Turn | None, lexicon: Lexicon) -> Speaker:
    """The known speaker, or a guess from the words and the turn before: questions and "you" sound
    like the clinician, "I" and "my" and answers like the patient.
    """
    if turn.speaker is not Speaker.UNKNOWN:
        return turn.speaker
    said = words(turn.text)
    second = sum(word in lexicon.second_person for word in said)
    first = sum(word in lexicon.first_person for word in said)
    if asks(turn.text) or (second and second >= first):
        return Speaker.CLINICIAN
    if before is not None and asks(before.text):
        return Speaker.PATIENT
    if first and not _CLINICIAN_WILL.search(turn.text):
        return Speaker.PATIENT
    return Speaker.CLINICIAN


_CLINICIAN_WILL = re.compile(
    r"\b(?:i'm (?:going to|gonna)|i'll|i will|i'd like|i would like|i want|i think|i see|i hear|"
    r"i reviewed|i appreciate|i recommend|i don't (?:see|hear|appreciate)|we|let's|let me)\b",
    re.IGNORECASE,
)
