"""Utterances to clean turns, each still tied to the utterances it came from; no turn is judged or
dropped here.
"""

import re
from dataclasses import dataclass
from functools import cache

from scribe.draft import questions
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
        # "We'll go on with it, okay?" asks nothing.
        (
            r"(?<=\w)[\s,]*,\s*(?:okay|ok|alright|all right|sounds? good|makes? sense)\s*\?",
            ".",
        ),
        # Half-sentences and letters that a recogniser writes for a stutter: "I I I", "the the".
        (r"\b(no|yeah|i|you|it|so|and|the|a|we|he|she|they|to|of|in|my|your)((?:,? \1)+)\b", r"\1"),
        (r"\b(i|we|you|it|they|he|she),? (?=\1'\w)", ""),
        (r"\b(i|we|you|they)'\w+, (?=\1\b)", ""),
        (r"\s+([,.?!;:])", r"\1"),
        (r"(?:,\s*){2,}", ", "),
        (r"([.?!])[\s,;]*(?=[.?!])", ""),
    )
)
_SORRY = (
    r"(?:(?:i'm )?sorry|excuse me|i mean(?:t)?|correction|make that|scratch that|no,? wait|"
    r"wait,? no|no,|or rather|rather|i should say)"
)
_GAP = rf"[\s,.—–-]+{_SORRY}[\s,]+(?:{_SORRY}[\s,]+)*"
_UNITS = r"mg|mcg|units?|days?|weeks?|months?|years?|times|minutes?|hours?|percent"
_DAYS = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_CORRECTIONS = (
    # "170 over, sorry, 120/70" and "20 mg, I mean, 40 mg": what was said last counts.
    re.compile(rf"\b\d[\d./%+-]*(?: (?:over|{_UNITS}))?{_GAP}(?=\d)", re.IGNORECASE),
    # "20, no 40 mg": without a pause the number behind has to have the unit.
    re.compile(rf"\b\d[\d./]*(?: (?:{_UNITS}))?, no (?=\d[\d./]* (?:{_UNITS})\b)", re.IGNORECASE),
    re.compile(
        rf"\b(?:left|right)(?: \w+)?{_GAP}(?:the |my |your )?(?=(?:left|right)\b)", re.IGNORECASE
    ),
    re.compile(rf"\b{_DAYS}{_GAP}(?=(?:on )?{_DAYS}\b)", re.IGNORECASE),
)
_I_MEAN = re.compile(r"\bi mean\b[,.]?\s*", re.IGNORECASE)
_CORRECTED_DRUG = re.compile(
    rf"\b(?P<slip>[a-z]+){_GAP}(?:the )?(?P<meant>[a-z]+)\b", re.IGNORECASE
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
    text = _CORRECTED_DRUG.sub(lambda slip: _drug_meant(slip, lexicon), text)
    text = _I_MEAN.sub("", text)
    for heard, meant in _homophones(lexicon.body_parts, lexicon.measured):
        text = heard.sub(meant, text)
    return re.sub(r"\s+", " ", text).strip(" ,;-")


def _drug_meant(slip: re.Match[str], lexicon: Lexicon) -> str:
    both = {slip["slip"].lower(), slip["meant"].lower()} <= lexicon.drugs
    return slip["meant"] if both else slip.group()


@cache
def _homophones(
    body_parts: frozenset[str], measured: tuple[str, ...]
) -> tuple[tuple[re.Pattern[str], str], ...]:
    """What sounds alike and is told apart by the next word: "you're right arm has full strength" is
    "your", "you're right about the arm" is not.
    """
    parts = "|".join(sorted(body_parts))
    values = "|".join(each.replace(" ", r"\s+") for each in measured)
    side = r"(?:(?:left|right|upper|lower)\s+){1,2}"
    after = r"(?![\s-]+(?:dominant|dominance|handed|to)\b|-)"
    return (
        (
            re.compile(
                rf"\byou're(?=\s+(?:{side}(?:{parts}|back)|{parts}|{values})\b{after})",
                re.IGNORECASE,
            ),
            "your",
        ),
        (
            re.compile(
                r"\byour(?=\s+(?:not|still|here|welcome|doing (?:well|great|better|fine|okay)|"
                r"going to)\b)",
                re.IGNORECASE,
            ),
            "you're",
        ),
    )


def segment(utterance: Utterance, lexicon: Lexicon, position: int = 0) -> tuple[Turn, ...]:
    """The turns of one utterance in order, numbered from `position`. A question ends a turn, so
    that a question and its answer stand apart even when nobody told the speakers apart; and so
    does the first sentence of an assessment, which often follows the exam without a pause.
    """
    pieces: list[str] = []
    for sentence in _SENTENCE.split(clean(utterance.text, lexicon)):
        for part in _cut(sentence):
            joined = f"{pieces[-1]} {part}" if pieces else part
            same = pieces and _kind(pieces[-1], lexicon) == _kind(part, lexicon)
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


def _kind(text: str, lexicon: Lexicon) -> tuple[bool, bool]:
    last = _SENTENCE.split(text)[-1]
    return questions.asks(last), bool(lexicon.assessment.search(text))


def sentences(text: str) -> tuple[str, ...]:
    """The sentences of cleaned text."""
    return tuple(each for each in _SENTENCE.split(text) if each)


_ASKED_INSIDE = re.compile(
    r"\s+(?!have\s+you\s+(?:continue|take|start|follow|come|see|keep|stop|go|get|do|work|check|"
    r"return|use|try|wear|schedule|back|on)\b)(?=(?:(?:how|what|when|where|why|which)(?:\s+\w+){0,2}?\s+)?(?:are|do|have|did|were|can|"
    r"could)\s+you\b|(?:does|did)\s+(?:that|it|this)\s+(?:hurt|bother|feel|help|get|go)\b|"
    r"is\s+(?:that|it|this)\s+(?:painful|tender|sore|worse|better)\b|"
    r"how\s+about\b|(?:what|how)\s+(?:was|is|were|are)\s+(?:that|it|this|those|things|going)\b)",
    re.IGNORECASE,
)
SHORTEST = 6
"""Words in front of a question that may be a sentence of their own."""


def _cut(sentence: str) -> list[str]:
    asked = _ASKED_INSIDE.search(sentence)
    head = sentence[: asked.start()] if asked else ""
    subordinate = re.match(r"^\W*(?:if|when|after|since|because|with|on)\b", head, re.IGNORECASE)
    dangling = re.search(
        r"\b(?:how|what|when|where|why|which|who|whether|if|know|that|so|neither|nor|and|or)$",
        head,
        re.IGNORECASE,
    )
    if asked and len(head.split()) >= SHORTEST and not subordinate and not dangling:
        return [*_pieces(head), *_pieces(sentence[asked.end() :])]
    return _pieces(sentence)


def _pieces(sentence: str) -> list[str]:
    if len(sentence.split()) <= LONGEST:
        return [sentence]
    parts: list[str] = []
    for part in _MARKER.split(sentence):
        tokens = part.split()
        count = -(-len(tokens) // LONGEST)
        size = -(-len(tokens) // count) if count else 1
        parts += [" ".join(tokens[at : at + size]) for at in range(0, len(tokens), size)]
    return parts
