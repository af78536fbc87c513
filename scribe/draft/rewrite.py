"""Sentences by rule: a source turn shifted from first and second to third person, without a model.
Nothing is added to what was said except the name for the person and, for answers, the asking.
"""

import re

from scribe.draft import dialogue
from scribe.draft.dialogue import Answer
from scribe.draft.evidence import is_ambiguous
from scribe.draft.lexicon import Lexicon, words
from scribe.draft.template import Phase
from scribe.records import Speaker

Shift = tuple[tuple[re.Pattern[str], str], ...]


def _table(*rows: tuple[str, str]) -> Shift:
    return tuple((re.compile(pattern, re.IGNORECASE), shifted) for pattern, shifted in rows)


_LOOSE = _table(
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
    (r"\bi've\b", "{s} has"),
    (r"\bi'm\b|\bi am\b", "{s} is"),
    (r"\bi'll\b", "{s} will"),
    (r"\bi'd\b", "{s} would"),
    (r"\bi have\b", "{s} has"),
    (r"\bi was\b", "{s} was"),
    (r"\bi don't\b|\bi do not\b", "{s} does not"),
    (r"\bi haven't\b", "{s} has not"),
    (r"\bi do\b", "{s} does"),
    (
        r"\bi (keep|drop|take|use|feel|live|need|want|think|get|walk|fall|see|notice|work|sleep|"
        r"eat|drink|smoke)\b",
        r"{s} \1s",
    ),
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
    (r"\bi (?:don't|do not) think\b", "the clinician does not think"),
    (r"\bi (?:think|believe)(?: that)?(?: (?:this is|it is|it's|this))?\b", "likely"),
    (r"\bi don't\b", "the clinician does not"),
    (r"\byou (notice|feel|see|get|need|take|use|develop)\b(?! to be)", "{s} \\1s"),
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


_ANSWER_TO_YES_NO = _table(
    (r"\byour\b", "their"),
    (r"\byou\b", "they"),
    (r"\bthe the\b", "the"),
)
# "You had the stroke in 2019, is that right?" and "Are you still taking it?", answered yes or no.
_TAGGED = re.compile(
    r"^(?:\W|and|so|okay|now)*you (had|have|were|are|take|took|use|live|work|smoke|drink)\b"
    r"(.{3,120}?),? (?:is that right|right|correct|yeah|is that correct)\?$",
    re.IGNORECASE,
)
_STILL = re.compile(
    r"^(?:\W|and|so|okay|now)*are you (still |currently )?"
    r"(taking|using|doing|wearing|working|driving)\b([^?]{2,100})\?$",
    re.IGNORECASE,
)
_THIRD = {"have": "has", "were": "was", "are": "is"}


_AGREEMENT = (
    ("have", r"\1 has"),
    ("were", r"\1 was"),
    ("are", r"\1 is"),
    ("do", r"\1 does"),
    ("go", r"\1 goes"),
    ("don't", r"\1 does not"),
    ("(know|want|need|like|love|run|start|tend|remember|feel|think|get|see|take)", r"\1 \2s"),
)


def sentence(text: str, speaker: Speaker, phase: Phase, subject: str) -> str:
    """What `speaker` said, in the third person; "" if too little is left."""
    for pattern, shifted in _LOOSE:
        text = pattern.sub(shifted, text)
    shift = _PATIENT
    if speaker is Speaker.CLINICIAN:
        shift = _EXAM if phase in (Phase.EXAM, Phase.RESULTS) else _PLAN
    for pattern, shifted in shift:
        text = pattern.sub(shifted.replace("{s}", subject), text)
    for wrong, right in _AGREEMENT:
        text = re.sub(rf"(?<!will )\b({re.escape(subject)}|the clinician) {wrong}\b", right, text)
    first, name, rest = text.partition(subject)
    return finished(first + name + rest.replace(f"{subject}'s", "their"))


def finished(text: str) -> str:
    """`text` with one capital, one full stop and single spaces; "" below two words."""
    text = re.sub(r"\s+([,.;])", r"\1", re.sub(r"\s+", " ", text)).strip(" ,.;:-")
    text = re.sub(r"([.!?])\s+([a-z])", lambda m: f"{m.group(1)} {m.group(2).upper()}", text)
    return f"{text[0].upper()}{text[1:]}." if len(text.split()) >= 2 else ""


def plain_answer(question: str, reply: str, subject: str, lexicon: Lexicon) -> str:
    """A question that was answered with yes or no as one sentence, or "" where that could mean two
    things. What the answer says beyond its yes or no is not in it.
    """
    kind = dialogue.answer(reply)
    if kind is Answer.OPEN or is_ambiguous(question, kind, lexicon):
        return ""
    wanted, tagged, still = (form.search(question) for form in (_ASKED_FOR, _TAGGED, _STILL))
    if still:
        adverb = (still.group(1) or "") if kind is Answer.YES else ""
        no = "" if kind is Answer.YES else "not "
        text = f"{subject} is {no}{adverb}{still.group(2)}{still.group(3)}"
    elif tagged and kind is Answer.YES:
        verb = tagged.group(1).lower()
        shifted = _THIRD.get(verb, verb if verb in ("had", "took") else f"{verb}s")
        text = f"{subject} {shifted}{tagged.group(2)}"
    elif wanted:
        text = f"{subject} {'denies' if kind is Answer.NO else 'reports'} {wanted.group(1)}"
    else:
        return ""
    for pattern, shifted in _ANSWER_TO_YES_NO:
        text = pattern.sub(shifted, text)
    return finished(text)


def exchange(question: str, reply: str, speaker: Speaker, subject: str, lexicon: Lexicon) -> str:
    """A question and its answer as one or two sentences; quoted as spoken where the sense of the
    answer hangs on the question.
    """
    plain = plain_answer(question, reply, subject, lexicon)
    beyond = dialogue.beyond_yes_no(reply)
    open_no = re.match(r"\W*no\b\s*[,.]", beyond, re.IGNORECASE) and lexicon.content(beyond)
    if plain and not open_no:
        rest = sentence(beyond, speaker, Phase.HISTORY, subject) if lexicon.content(beyond) else ""
        return f"{plain} {rest}".strip()
    own = lexicon.first_person.intersection(words(reply))
    if own and dialogue.answer(reply) is Answer.OPEN and len(lexicon.content(reply)) >= 2:
        return sentence(reply, speaker, Phase.HISTORY, subject)
    return f"Asked “{question.strip()}”, the answer was “{reply.strip(' .')}”."
