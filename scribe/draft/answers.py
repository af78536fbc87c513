"""A question and its answer as one statement, by rule. A yes or no is only turned into a statement
where it can mean one thing; everything else is written as it was asked and answered.
"""

import re

from scribe.draft import dialogue, grammar, rewrite
from scribe.draft.dialogue import Answer
from scribe.draft.evidence import is_ambiguous, is_negated
from scribe.draft.lexicon import Lexicon, stems, words
from scribe.draft.template import Phase
from scribe.records import Speaker

_HAVE = (
    r"do you (?:have (?:any )?|(?:get|feel|notice) any )|"
    r"have you (?:had|noticed|felt|seen) (?:any )?|"
    r"(?:are you|have you been) (?:having|experiencing|noticing) (?:any )?|is there any |any "
)
_ASKED_FOR = re.compile(
    rf"\b(?:{_HAVE})(?:history of )?(?!of\b|to\b|your\b|the\b|chance\b|questions?\b|concerns?\b|"
    r"other (?:questions?|concerns?|issues?|things?)\b)"
    r"(?P<what>[a-z][a-z' ,/-]{2,160}?)(?: at all| lately| recently)?\W*$",
    re.IGNORECASE,
)
_NEW_CLAUSE = re.compile(
    r"\b(?:is|are|does|do|did|has|have|was|were|can|how|what|when|where|which|who|why)\b"
    r"(?! (?:to|on)\b)(?= )|\bi\b|\bmy\b|\bme\b",
    re.IGNORECASE,
)
# "You had the stroke in 2019, is that right?", answered yes.
_TAGGED = re.compile(
    r"^(?:\W|and|so|okay|now)*you (had|have|were|are|take|took|use|live|work|smoke|drink)\b"
    r"(.{3,120}?),? (?:is that right|right|correct|yeah|is that correct)\?$",
    re.IGNORECASE,
)
_PLAIN = re.compile(
    r"^(?:\W|and|so|okay|alright|now|well|then)*(?P<verb>are|do|did|were|have|can) you "
    r"(?P<still>still |currently |ever )?(?P<rest>[a-z][^,?;:]{2,110})[?.]?$",
    re.IGNORECASE,
)
_NO_STATEMENT = re.compile(
    r"^(?:okay|ok|ready|sure|there|comfortable|doing|think|know|remember|mean|understand|see|"
    r"tell|show|describe|explain|say|believe|want me|mind|agree|hear|follow|guess|been)\b|"
    r"\b(?:i|me|my|questions?|concerns?|that|this|things?)\b",
    re.IGNORECASE,
)
_ASSERTED = {"anything": "something", "anyone": "someone", "anywhere": "somewhere", "any": ""}
_YES_VERB = {"are": "is", "were": "was", "have": "has", "can": "can", "do": "", "did": ""}
_NO_VERB = {
    "are": "is not", "were": "was not", "have": "has not", "can": "cannot", "do": "does not",
    "did": "did not",
}  # fmt: skip
_NAMED_ANYTHING = re.compile(
    r"^(?:\W|and|so|okay|now)*are you (?P<adjective>\w+) (?P<by>to|with|about|of|by) "
    r"any(?:thing|one|body)?\b[^,?]*[?.]?$",
    re.IGNORECASE,
)
_ONLY_NAMED = re.compile(
    r"^(?:\W|yes|yeah|uh)*(?P<only>only|just|mostly|mainly)?\s*(?P<by>to|with|about|of|by)?\s*"
    r"(?P<name>(?:(?:the|an?) )?[a-z-]+(?:(?: and|,)? [a-z-]+){0,3})\W*$",
    re.IGNORECASE,
)
_OPEN_FORM = re.compile(
    r"^(?:\W|and|so|okay|alright|now|well|then)*(?P<which>(?:what|which|where|when|why|how)\b"
    r"(?: (?!do\b|does\b|did\b|are\b|is\b|was\b|were\b|has\b|have\b|can\b)[\w-]+){0,3}?) "
    r"(?P<verb>do|does|did|are|is|was|were|has|have|can) (?P<subject>you|it|this|that|there)\b"
    r"(?P<rest>[^?,;]*)[?.]?$",
    re.IGNORECASE,
)
_SUBJECT_FORM = re.compile(
    r"^(?:\W|and|so|okay|alright|now|well|then)*(?P<which>(?:what|who|which \w+) (?:gives|makes|"
    r"hurts|helps|bothers|brings|causes|worries|seems|triggers|worsens|relieves|eases)\b[^?,;]*)"
    r"[?.]?$",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"\bor\b", re.IGNORECASE)
_OPENS = re.compile(r"\b(?:what|which|where|when|why|how|who|tell me)\b", re.IGNORECASE)


def plain_answer(question: str, reply: str, subject: str, lexicon: Lexicon) -> str:
    """A question that was answered with yes or no as one sentence, or "" where that could mean two
    things. What the answer says beyond its yes or no is not in it.
    """
    kind = dialogue.answer(reply)
    if kind is Answer.OPEN or is_ambiguous(question, kind, lexicon):
        return ""
    tagged = _TAGGED.search(question)
    if tagged and kind is Answer.YES:
        text = f"{subject} {grammar.third(tagged.group(1).lower())}{tagged.group(2)}"
    else:
        text = _asked_for(question, kind, subject) or _stated(question, kind, subject, lexicon)
    for pattern, shifted in _ANSWER_TO_YES_NO:
        text = pattern.sub(shifted, text)
    return rewrite.finished(text)


_ANSWER_TO_YES_NO = tuple(
    (re.compile(pattern, re.IGNORECASE), shifted)
    for pattern, shifted in (
        (r"\byour\b", "their"),
        (r"\byou're\b", "they are"),
        (r"\byou\b", "they"),
        (r"\bthe the\b", "the"),
    )
)


_NOTHING = re.compile(
    r"^(?:before|that|this|it|those|these|them|anything|either|else|more|one|ones|some|now|here|"
    r"there|yet|today|again)\b(?: else| like that| before)*$",
    re.IGNORECASE,
)


def _asked_for(question: str, kind: Answer, subject: str) -> str:
    """ "Any numbness? Tingling?" asked of somebody who says no to all of it."""
    wanted: list[str] = []
    for part in re.split(r"[?.]\s+", question.strip()):
        match = _ASKED_FOR.search(part)
        if match is None or _NEW_CLAUSE.search(match["what"]) or _NOTHING.match(match["what"]):
            return ""
        wanted.append(match["what"])
    verb = "denies" if kind is Answer.NO else "reports"
    return f"{subject} {verb} {' or '.join(wanted)}"


def _stated(question: str, kind: Answer, subject: str, lexicon: Lexicon) -> str:
    """ "Are you still taking it?" as a statement in the sense of the answer."""
    match = _PLAIN.match(question.strip())
    if match is None or _NO_STATEMENT.search(match["rest"]) or dialogue.is_instruction(question):
        return ""
    if not lexicon.content(match["rest"]):
        return ""
    verb, still, rest = match["verb"].lower(), (match["still"] or "").lower(), match["rest"]
    if kind is Answer.NO:
        if re.search(r"\b(?:and|or)\b", rest):
            return ""
        never = "never " if still == "ever " and verb == "have" else ""
        return f"{subject} {'has' if never else _NO_VERB[verb]} {never}{rest}"
    if verb == "did":
        return ""
    for asked, asserted in _ASSERTED.items():
        rest = re.sub(rf"\b{asked}\b ?", f"{asserted} " if asserted else "", rest, flags=re.I)
    if verb == "do":
        first, space, behind = rest.partition(" ")
        rest = f"{grammar.third(first, base=True)}{space}{behind}"
    return re.sub(r" +", " ", f"{subject} {_YES_VERB[verb]} {still.replace('ever ', '')}{rest}")


_READY = re.compile(
    r"^(?:\W|and|so|okay|now|well)*(?:are you (?:ready|okay|ok|comfortable|sure|all set)"
    r"(?: (?:to (?:begin|start|get started|go|continue)|with that|so far))?|"
    r"(?:does|do) (?:that|this|it) (?:sound (?:good|okay|ok|right|fine|reasonable)|make sense|"
    r"work for you)|(?:that )?(?:sounds?|makes?) (?:good|okay|sense|right)|"
    r"is (?:that|this|it) (?:right|correct|all right|alright|okay|fine)|right|correct)"
    r"(?: (?:to|with) you)?\W*$",
    re.IGNORECASE,
)


def is_courtesy(question: str, reply: str, lexicon: Lexicon) -> bool:
    """True for "Are you ready?" and "Does that sound good?" with a plain yes."""
    plain = dialogue.answer(reply) is not Answer.NO and repeats(question, reply, lexicon)
    return bool(_READY.match(question)) and plain


def repeats(question: str, reply: str, lexicon: Lexicon) -> bool:
    """True for a reply that says no more than its yes or no ("No falls." to "Any falls?")."""
    beyond = lexicon.content(dialogue.beyond_yes_no(reply))
    if lexicon.doubt_said.search(reply):
        return False  # "No, I don't think so" is less than a no
    if not beyond:
        return True
    if dialogue.answer(reply) is not Answer.NO or _LIMITED.search(reply):
        return False
    own = dialogue.beyond_yes_no(reply)
    if grammar.clause_subject(own) and not is_negated(own, lexicon):
        return False  # "No, I do have numbness" takes its no back
    return stems(beyond) == stems(lexicon.content(question))


_LIMITED = re.compile(
    r"\d|\b(?:before|after|since|until|when|while|if|but|except|only|just|yet|again|now|though|"
    r"other|more|much|many|always|usually|often)\b",
    re.IGNORECASE,
)


def _names_some(question: str, reply: str, lexicon: Lexicon) -> bool:
    """True for "No numbness" to "Any numbness or tingling?": only what it names is denied."""
    named, asked = stems(lexicon.content(reply)), stems(lexicon.content(question))
    several = re.search(r"\b(?:or|and)\b|,|\?.*\?", question)
    return bool(several and named and named < asked and re.match(r"\W*no [a-z]", reply, re.I))


def exchange(question: str, reply: str, speaker: Speaker, subject: str, lexicon: Lexicon) -> str:
    """A question and its answer as one or two sentences; quoted as spoken where the sense of the
    answer hangs on the question.
    """
    if _names_some(question, reply, lexicon):
        return rewrite.sentence(reply, Speaker.PATIENT, Phase.HISTORY, subject)
    plain = "" if speaker is Speaker.CLINICIAN else plain_answer(question, reply, subject, lexicon)
    beyond = dialogue.beyond_yes_no(reply)
    open_no = re.match(r"\W*no\b\s*[,.]", beyond, re.IGNORECASE) and lexicon.content(beyond)
    if repeats(question, reply, lexicon) and plain:
        return plain
    if plain and not open_no and not _takes_back(question, reply, lexicon):
        rest = rewrite.sentence(beyond, speaker, Phase.HISTORY, subject)
        if rest or not lexicon.content(beyond):
            return f"{plain} {rest}".strip()
    if _stands_alone(question, reply, lexicon):
        return rewrite.sentence(reply, speaker, Phase.HISTORY, subject)
    return (
        _named(question, reply, subject, lexicon)
        or _indirect(question, reply, subject)
        or _quoted(question, reply, speaker, subject)
    )


def _takes_back(question: str, reply: str, lexicon: Lexicon) -> bool:
    """True if what follows a yes or no doubts it or says it after all ("No, I had falls")."""
    if lexicon.doubt_said.search(reply):
        return True
    own = dialogue.beyond_yes_no(reply)
    if dialogue.answer(reply) is not Answer.NO or is_negated(own, lexicon):
        return False
    return stems(lexicon.content(question)) <= stems(lexicon.content(own))


def _stands_alone(question: str, reply: str, lexicon: Lexicon) -> bool:
    """True for an answer that is a clause and needs nothing of its question."""
    subject = grammar.clause_subject(reply)
    if not subject or dialogue.answer(reply) is not Answer.OPEN or not lexicon.content(reply):
        return False
    if lexicon.drugs_in(question) - lexicon.drugs_in(reply):
        return False
    if subject in ("it", "that", "this", "they", "he", "she"):
        return bool(re.search(rf"\b{subject}\b", question, re.IGNORECASE)) and bool(
            _CHOICE.search(question) or len(lexicon.content(reply)) >= 2
        )
    if _OPENS.search(question) or _CHOICE.search(question):
        return True
    known = stems(words(reply)) | stems(lexicon.allowed_for(reply))
    return bool(stems(lexicon.content(question)) & known)


def _named(question: str, reply: str, subject: str, lexicon: Lexicon) -> str:
    """ "Are you allergic to anything?" with a name for an answer."""
    asked, named = _NAMED_ANYTHING.match(question.strip()), _ONLY_NAMED.match(reply.strip())
    if asked is None or named is None or dialogue.answer(reply) is Answer.NO:
        return ""
    if named["by"] and named["by"].lower() != asked["by"].lower():
        return ""
    if (lexicon.negation | lexicon.first_person).intersection(words(reply)):
        return ""
    only = f" {named['only'].lower()}" if named["only"] else ""
    said = f"{subject} is {asked['adjective'].lower()}{only} {asked['by'].lower()} {named['name']}"
    return rewrite.finished(said)


def _indirect(question: str, reply: str, subject: str) -> str:
    """An open question and its short answer: "How often the patient takes it: twice a day." """
    if dialogue.answer(reply) is not Answer.OPEN or re.search(r"\b(?:i|my|me)\b", question, re.I):
        return ""
    form, of_subject = _OPEN_FORM.match(question.strip()), _SUBJECT_FORM.match(question.strip())
    if form is not None:
        asked = f"{form['which']} {_turned(form, subject)}"
    elif of_subject is not None:
        asked = of_subject["which"]
    else:
        return ""
    asked = grammar.as_third(grammar.possessives(asked, subject, owner="your"), "you", subject)
    said = rewrite.sentence(reply, Speaker.PATIENT, Phase.HISTORY, subject) or reply.strip(" .")
    return rewrite.finished(f"{asked.strip()}: {said[0].lower()}{said[1:]}")


def _turned(form: re.Match[str], subject: str) -> str:
    """The order of a statement: "do you take" to "the patient takes"."""
    verb, rest = form["verb"].lower(), form["rest"].strip()
    who = subject if form["subject"].lower() == "you" else form["subject"].lower()
    if verb in ("do", "does"):
        first, space, behind = rest.partition(" ")
        return f"{who} {grammar.third(first, base=True)}{space}{behind}"
    if verb == "did":
        return f"{who} did {rest}"
    return f"{who} {grammar.third(verb) if who == subject else verb} {rest}"


def _quoted(question: str, reply: str, speaker: Speaker, subject: str) -> str:
    who = {Speaker.CLINICIAN: "the clinician answered", Speaker.PATIENT: f"{subject} answered"}
    said = reply.strip(" .")
    answered = who.get(speaker, "the answer was")
    return f"Asked “{question.strip()}”, {answered} “{said[:1].upper()}{said[1:]}”."
