"""Sentences by rule: a source turn shifted from first and second to third person, without a model.
Nothing is added to what was said except the name for the person and, for a denial, the denying.
"""

import re

from scribe.draft import grammar
from scribe.draft.template import Phase
from scribe.records import Speaker

_GREETING = re.compile(
    r"^(?:\W*(?:good (?:morning|afternoon|evening|day)|hello|hi|hey|welcome(?: back)?|"
    r"you're (?:very |so )?welcome|thank you|thanks)\b(?: there| again| doctor| doc)*"
    r"(?:,? (?:mr|mrs|ms|miss|dr)\.? [a-z'-]+|"
    r"[ ,]+[a-z'-]+(?=[,.!]))?(?=[,.!]|$)[,.!\s]*)+",
    re.IGNORECASE,
)
Shift = tuple[tuple[re.Pattern[str], str], ...]


def _table(*rows: tuple[str, str]) -> Shift:
    return tuple((re.compile(pattern, re.IGNORECASE), shifted) for pattern, shifted in rows)


_LOOSE = _table(
    (r"\bwanna\b", "want to"),
    (r"\bgonna\b", "going to"),
    (r"(?:'ve |'s )?\bgotta\b", " have to"),
    (r"\bexcuse me\b,? ?", ""),
    (
        r"\b(?:actually|just|really|you know|i mean|i guess|i would say|go ahead and|let's see|"
        r"please)\b,? ?",
        "",
    ),
    (
        # Only before a comma are "right" and "good" empty words: "Right leg is 5/5" names a side.
        r"^(?:\W|(?:okay|alright|all right|so|and|but|now|well|then|yeah|yes|oh|hey)\b(?!-)|"
        r"(?:right|great|good)(?=[,.]))+[\s,.]*",
        "",
    ),
    (r"[\s,]+(?:okay|alright|right|so|and|but|now|if|too, right)\W*$", ""),
)
_PATIENT = _table(
    (
        r"\byou(?= (?:said|told|mentioned|gave|prescribed|put|started|sent|ordered|recommended)\b)",
        "the clinician",
    ),
    (r"\b(?:me|us)\b", "{s}"),
    (r"\bby myself\b", "alone"),
    (r"\bmyself\b", "themselves"),
    (r"\bour\b", "their"),
    (r"\bwe\b", "they"),
)
_EXAM = _table(
    (r"\b(?:on exam(?:ination)?|looking at|listening to|examining),? (?:your )?", ""),
    (r"\bi (?:don't|do not) (?:appreciate|see|hear|feel|notice)(?: any)?\b", "no"),
    (r"\bi (?:do )?(?:appreciate|see|hear|notice|feel)\b", ""),
    (r"\b(?:you have|there is|there's|there are|it shows|i reviewed)\b", ""),
    (r"\b(?:me|us)\b", "the clinician"),
    (r"(?:^|(?<=[.;?!] ))your ", ""),
    (r"\b(?:the )?your\b", "the"),
)
_PLAN = _table(
    (r"\b(?:so that|and then) (?=(?:we|i)\b)", ""),
    (r"\bmy (?:assessment|impression) is(?: that)?\b", ""),
    (r"\bi (?:don't|do not) (?:see|appreciate)(?: any)?\b", "no"),
    (r"\bi (?:do )?(?:see|appreciate)(?= no\b)", ""),
    (r"\bwe (?:talked about|discussed|went over)\b", "discussed"),
    (r"\b(?:i'm|we're|i am|we are) (?:gonna|going to)\b", "will"),
    (r"\b(?:i|we)(?: would|'d) like (?:you )?to\b", "will"),
    (r"\bi (?:want|need) you to\b", "{s} will"),
    (r"\b(?:i'll|we'll|i will|we will)\b", "will"),
    (r"\blet's\b", "will"),
    (r"\b(?:i|we) (?:want|wanna|would like)(?: to)?\b", "will"),
    (r"\bi (?:don't|do not) think\b", "the clinician does not think"),
    (r"\bi (?:think|believe)(?: that)?(?: (?:this is|it is|it's|this))?\b", "likely"),
    (r"\byour(?:self|s)\b", "{s}'s"),
    (r"\bmy\b", "the"),
    (r"\b(?:me|us)\b", "the clinician"),
    (r"\bwe(?= (?:can|could|may|might)\b)", ""),
)
# "No chest pain or shortness of breath either.": a patient's list of what is not there.
_LISTED_NO = re.compile(
    r"^no (?!one\b|matter\b|problem|doubt\b|idea\b|way\b|more\b|longer\b|worr|clue\b|big\b|"
    r"question|kidding\b|thank|surprise|wonder\b|real\b|good\b|change|luck\b)"
    r"(?P<what>[a-z][a-z' -]*(?:,? (?:and |or )?[a-z][a-z' -]*)*?)\W*$",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:,? (?:either|at all|really))+\W*$", re.IGNORECASE)
_VERBAL = re.compile(
    r"\b(?:i|it|he|she|we|they|that|this|there|is|are|was|were|has|have|had|do|does|did|can|could|"
    r"will|would|but|because|just|only|not?|when|if)\b|n't\b",
    re.IGNORECASE,
)


def without_greeting(text: str) -> str:
    """`text` without a greeting or thanks in front."""
    return _GREETING.sub("", text)


def sentence(text: str, speaker: Speaker, phase: Phase, subject: str) -> str:
    """What `speaker` said, in the third person; "" if too little is left."""
    text = without_greeting(text)
    for pattern, shifted in _LOOSE:
        text = pattern.sub(shifted, text)
    by_patient = speaker is not Speaker.CLINICIAN
    no = _LISTED_NO.match(_TAIL.sub("", text)) if by_patient else None
    if no and not _VERBAL.search(no["what"]):
        return finished(f"{subject} denies {no['what']}")
    exam = phase in (Phase.EXAM, Phase.RESULTS)
    for pattern, shifted in _PATIENT if by_patient else _EXAM if exam else _PLAN:
        text = pattern.sub(shifted.replace("{s}", subject), text)
    if by_patient:
        text = grammar.possessives(text, subject)
        text = grammar.as_third(text, "i", subject)
    else:
        text = grammar.possessives(text, subject, owner="your")
        text = grammar.as_third(text, "you", subject)
        for pronoun in ("i", "we"):
            text = grammar.as_third(text, pronoun, "the clinician")
    first, name, rest = text.partition(subject)
    return finished(
        grammar.one_subject(first + name + rest.replace(f"{subject}'s", "their"), subject)
    )


def finished(text: str) -> str:
    """`text` with one capital, one full stop and single spaces; "" below two words."""
    text = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,.;:-")
    text = re.sub(r"([.!?])\s+([a-z])", lambda m: f"{m.group(1)} {m.group(2).upper()}", text)
    return f"{text[0].upper()}{text[1:]}." if len(text.split()) >= 2 else ""
