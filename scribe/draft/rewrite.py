"""Sentences by rule: a source turn shifted from first and second to third person, without a model.
Nothing is added to what was said except the name for the person and, for answers, the asking.
"""

import re
from dataclasses import replace

from scribe.draft import dialogue
from scribe.draft.dialogue import Answer
from scribe.draft.evidence import is_ambiguous
from scribe.draft.lexicon import Lexicon
from scribe.draft.routing import RoutedTurn
from scribe.draft.template import Phase
from scribe.records import Speaker

Shift = tuple[tuple[re.Pattern[str], str], ...]


def _table(*rows: tuple[str, str]) -> Shift:
    return tuple((re.compile(pattern, re.IGNORECASE), shifted) for pattern, shifted in rows)


_LOOSE = _table(
    (
        r"\b(?:actually|just|really|you know|i mean|i guess|i would say|go ahead and|let's see|please)\b,? ?",
        "",
    ),
    (
        r"^(?:\W|okay|alright|all right|right|so|and|but|now|well|then|yeah|yes|oh|great|good|hey)+\b(?!-)[\s,]*",
        "",
    ),
    (r"[\s,]+(?:okay|alright|right|so|and|but|now|if|too, right)\W*$", ""),
)
_PATIENT = _table(
    (r"\bi've\b", "{s} has"),
    (r"\bi'm\b|\bi am\b", "{s} is"),
    (r"\bi'll\b", "{s} will"),
    (r"\bi'd\b", "{s} would"),
    (r"\bi have\b", "{s} has"),
    (r"\bi was\b", "{s} was"),
    (r"\bi don't\b|\bi do not\b", "{s} does not"),
    (r"\bi haven't\b", "{s} has not"),
    (r"\bi do\b", "{s} does"),
    (r"\bi (keep|drop|take|use|feel|live|need|want|think|get|walk|fall|see|notice|work|sleep|eat|drink|smoke)\b", "{s} \\1s"),
    (r"\bi\b", "{s}"),
    (r"\b(?:my|our)\b", "{s}'s"),
    (r"\b(?:me|us)\b", "{s}"),
    (r"\bmyself\b", "self"),
    (r"\bwe\b", "they"),
)  # fmt: skip
_EXAM = _table(
    (r"\b(?:on exam(?:ination)?|looking at|listening to|examining),? (?:your )?", ""),
    (r"\bi (?:don't|do not) (?:appreciate|see|hear|feel|notice)(?: any)?\b", "no"),
    (r"\bi (?:do )?(?:appreciate|see|hear|notice|feel)\b", ""),
    (r"\b(?:you have|there is|there's|there are|it shows|i reviewed)\b", ""),
    (r"\byou're\b", "{s} is"),
    (r"\byour\b ?", ""),
    (r"\byou\b", "{s}"),
    (r"\b(?:i'm|i am)\b", "the clinician is"),
    (r"\bi\b", "the clinician"),
)  # fmt: skip
_PLAN = _table(
    (r"\b(?:so that|and then) (?=we|i)\b", ""),
    (r"\b(?:i'm|we're|i am|we are) (?:gonna|going to)\b", "will"),
    (r"\b(?:i|we)(?: would|'d) like (?:you )?to\b", "will"),
    (r"\bi (?:want|need) you to\b", "{s} will"),
    (r"\b(?:i'll|we'll|i will|we will)\b", "will"),
    (r"\blet's\b", "will"),
    (r"\b(?:i|we) (?:want|wanna|would like)(?: to)?\b", "will"),
    (r"\bi think\b|\bi believe\b", "likely:"),
    (r"\byou're\b", "{s} is"),
    (r"\byou've\b", "{s} has"),
    (r"\byou have\b", "{s} has"),
    (r"\byour(?:s|self)?\b", "{s}'s"),
    (r"\byou\b", "{s}"),
    (r"\bmy\b", "the"),
    (r"\b(?:me|us)\b", "the clinician"),
    (r"\b(?:i'm|i am)\b", "the clinician is"),
    (r"\bi\b", "the clinician"),
    (r"\bwe\b", "they"),
)  # fmt: skip
_ASKED_FOR = re.compile(
    r"\b(?:any (?:history of )?|do you have (?:any )?|have you had (?:any )?|"
    r"are you having (?:any )?|have you noticed (?:any )?)(?!other|of|chance|questions?)"
    r"([a-z][a-z' ,/-]{2,90}?)(?:\?|$| at all| lately| recently)",
    re.IGNORECASE,
)


def sentence(each: RoutedTurn, phase: Phase, subject: str) -> str:
    """One turn in the third person, or "" if too little is left. Questions give ""."""
    if each.asks:
        return ""
    text = each.turn.text
    for pattern, shifted in _LOOSE:
        text = pattern.sub(shifted, text)
    shift = _PATIENT
    if each.speaker is Speaker.CLINICIAN:
        shift = _EXAM if phase in (Phase.EXAM, Phase.RESULTS) else _PLAN
    for pattern, shifted in shift:
        text = pattern.sub(shifted.replace("{s}", subject), text)
    return finished(text)


def finished(text: str) -> str:
    """`text` with one capital, one full stop and single spaces; "" below two words."""
    text = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,.;:-")
    text = re.sub(r"([.!?])\s+([a-z])", lambda m: f"{m.group(1)} {m.group(2).upper()}", text)
    return f"{text[0].upper()}{text[1:]}." if len(text.split()) >= 2 else ""


def exchange(question: RoutedTurn, reply: RoutedTurn, subject: str, lexicon: Lexicon) -> str:
    """A question and its answer as one or two sentences. A plain list asked for with "any" and
    answered no becomes a denial; an exchange that could mean two things is quoted as spoken.
    """
    asked, answered = question.turn.text.strip(), reply.turn.text.strip()
    kind = dialogue.answer(answered)
    wanted = _ASKED_FOR.search(asked)
    rest = finished(dialogue.beyond_yes_no(answered)) and sentence(
        _with_text(reply, dialogue.beyond_yes_no(answered)), Phase.HISTORY, subject
    )
    plain = wanted and not is_ambiguous(asked, kind, lexicon)
    if plain and wanted and kind is not Answer.OPEN:
        verb = "denies" if kind is Answer.NO else "reports"
        return f"{finished(f'{subject} {verb} {wanted.group(1)}')} {rest}".strip()
    if kind is Answer.OPEN and len(lexicon.content(answered)) >= 2:
        return rest
    return f"Asked “{asked}” the answer was “{answered}”."


def _with_text(each: RoutedTurn, text: str) -> RoutedTurn:
    return replace(each, turn=replace(each.turn, text=text))
