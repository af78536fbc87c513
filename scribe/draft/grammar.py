"""English verbs and persons: "I catch my foot" to "the patient catches their foot"; nothing
clinical and nothing about who spoke.
"""

import re

_IRREGULAR = {
    "am": "is", "are": "is", "were": "was", "have": "has", "do": "does",
    "don't": "does not", "haven't": "has not", "aren't": "is not", "weren't": "was not",
}  # fmt: skip
_MODALS = (
    "can could will would shall should may might must had did was is has does used cannot can't "
    "couldn't won't wouldn't shouldn't didn't wasn't hadn't isn't hasn't doesn't"
)
_PASTS = (
    "ate became began bent bit bled blew bought broke brought built burst came caught chose cost "
    "cut dealt drank drew dreamt drove dug fed fell felt fled flew forgot fought found froze gave "
    "got grew heard held hit hung hurt kept knew laid lay led left lent let lost made meant met "
    "overdid paid put quit ran rang read rode rose said sat saw sent set shook shot shut slept "
    "slid spent split spoke spread stood stuck stole struck stung swam swept swore swung taught "
    "thought threw told took tore understood went woke wore won wound wrote"
)
_BASE = ("need", "feed", "bring", "bleed", "swing")
_SAME = frozenset(f"{_MODALS} {_PASTS}".split())
_NOT_VERBS = (
    "a an the and or but so if when while because as at by for from in into of on out over to up "
    "with about after again before here there this that these those my your his her its our their "
    "me you him it us them i he she we they who what where why how not no yes too either today "
    "tomorrow yesterday back once twice better worse well okay right left some any all "
    "ever first since good glad each every more most another other been gone done taken seen "
    "given two three four five six"
)
_NO_VERBS = frozenset(_NOT_VERBS.split())
_ADVERB = (
    r"(?:(?!(?:rely|fly|apply|supply|reply)\b)\w+ly|almost|also|always|never|still|sometimes|just|"
    r"often|even|only|then|now|both|already|mostly|not)"
)
# Behind these "you" is the subject of what follows; behind any other word it may be an object
# ("helps you walk", "see you again") or be asked ("do you walk").
_CONJOINS = (
    "if when while because that as since until till before after so and but or then unless whether "
    "what which where why once whenever now today think hope know sure how says said"
)
_SUBJECT_BEFORE = frozenset(_CONJOINS.split())
_ASKING = "do does did can could would will should are were have had has"
_ASKING_BEFORE = frozenset(_ASKING.split())
# Base forms that are no nouns, so that they may follow "and" as a second verb.
_SECOND_VERBS = (
    "catch drop get take keep feel have do go lose use need want stay become forget trip stumble "
    "bump lean hold see hear know eat sit stand bend lift carry avoid stop try"
)
_GOVERN = "help helps let lets make makes made see hear watch get to for with of from on at by"
_GOVERNING = frozenset(_GOVERN.split())
_USUAL = f"{_SECOND_VERBS} walk work sleep drink notice develop use live smoke say describe report"
_VERBS = frozenset(f"{_USUAL} are were am don't haven't".split()) | _SAME
_SECOND = re.compile(
    rf"^(?P<between>(?:(?!\b(?:to|can|could|will|would|should|may|might|must|not)\b)[^.;?!])*?"
    rf"\b(?:and|but|or)(?: then| also)? )(?P<verb>{_SECOND_VERBS.replace(' ', '|')})\b",
    re.IGNORECASE,
)


def third(verb: str, *, base: bool = False) -> str:
    """The form of a verb behind "she": "catch" to "catches"; past and modal forms stay, unless the
    verb is known to stand in its base form ("does it hurt").
    """
    low = verb.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    same = low in _SAME or (low.endswith(("ed", "ing", "n't")) and low not in _BASE)
    if same and not base:
        return verb
    if low.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{verb}es"
    if re.search(r"[^aeiou]y$", low):
        return f"{verb[:-1]}ies"
    return f"{verb}s"


def is_past(verb: str) -> bool:
    """True for a form that says of itself that it is past ("fell", "stopped")."""
    low = verb.lower()
    return low in _PASTS.split() or (low.endswith("ed") and low not in _BASE)


_CLITIC = {"'m": "is", "'re": "is", "'ve": "has", "'ll": "will", "'d": "would"}


def as_third(text: str, pronoun: str, name: str) -> str:
    """`text` with the pronoun ("i" or "you") replaced by `name` and its verbs in agreement."""
    form = re.compile(
        rf"(?P<before>[\w']+ )?\b(?P<pronoun>{pronoun})(?P<clitic>'(?:m|re|ve|ll|d))?\b"
        rf"(?P<adverbs>(?: {_ADVERB}\b)*)(?: (?P<verb>[a-z][a-z']*))?",
        re.IGNORECASE,
    )
    pieces: list[str] = []
    at = 0
    while match := form.search(text, at):
        pieces += [text[at : match.start()], _replaced(match, name)]
        at = match.end()
        second = _SECOND.match(text[at:]) if _inflects(match) else None
        if second:
            pieces += [second["between"], third(second["verb"])]
            at += second.end()
    return "".join([*pieces, text[at:]])


def _is_object(match: re.Match[str]) -> bool:
    before, verb = (match["before"] or "").strip().lower(), (match["verb"] or "").lower()
    if match["clitic"] or not before or match["pronoun"].lower() in ("i", "we"):
        return before in _ASKING_BEFORE
    if before in _SUBJECT_BEFORE:
        return False
    # "the tablets you take" against "prescribe you some"
    return before in _ASKING_BEFORE | _GOVERNING or verb not in _VERBS


def _inflects(match: re.Match[str]) -> bool:
    verb = (match["verb"] or "").lower()
    plain = verb and verb not in _NO_VERBS and verb not in _SAME and not verb.endswith("ed")
    return bool(plain) and not match["clitic"] and not _is_object(match)


def _replaced(match: re.Match[str], name: str) -> str:
    before, verb, adverbs = match["before"] or "", match["verb"] or "", match["adverbs"] or ""
    if match["clitic"]:
        middle = f" {_clitic(match['clitic'].lower(), verb)}"
    else:
        middle = ""
        if verb and verb.lower() not in _NO_VERBS and not _is_object(match):
            verb = third(verb)
    return f"{before}{name}{middle}{adverbs}{' ' if verb else ''}{verb}"


def _clitic(clitic: str, verb: str) -> str:
    if clitic == "'d" and (verb in ("been", "had", "gotten") or is_past(verb)):
        return "had"
    return _CLITIC[clitic]


def possessives(text: str, name: str, *, owner: str = "my") -> str:
    """`text` with "my" as "the patient's" and in lists said once: "my left arm and my left leg"."""
    text = re.sub(rf"\b({owner} (?:\w+ ){{1,3}}and) {owner}\b", r"\1", text, flags=re.IGNORECASE)
    return re.sub(rf"\b{owner}\b", f"{name}'s", text, flags=re.IGNORECASE)


def one_subject(text: str, name: str) -> str:
    """A subject that is repeated behind "and" or "but" goes, unless the part before says no."""
    first = re.match(rf"{re.escape(name)} (?!denies|is not|does not|has not)", text, re.IGNORECASE)
    if not first or re.search(r"\b(?:not?|never|denies)\b|n't\b", text, re.IGNORECASE):
        return text
    return re.sub(
        rf",? (and|but) {re.escape(name)} (?=[a-z]+\b)(?!'s)", r" \1 ", text, flags=re.IGNORECASE
    )


_LEAD = r"^(?:\W|oh|well|so|um|and|actually|yes|yeah|no)*"
_BETWEEN = r"(?: \w+ly| almost| still| always| never| just| also| both)*"
_PERSONAL = re.compile(
    rf"{_LEAD}(?P<subject>i|it|he|she|they|we|there|that|this)"
    rf"(?:'(?:m|s|re|ve|ll|d)|{_BETWEEN} (?P<verb>[a-z']+))\b",
    re.IGNORECASE,
)
_VERB_OF_NOUN = (
    r"(?:is|are|was|were|has|have|had|does|do|did|can|could|will|would|isn't|aren't|doesn't|don't|"
    r"can't|won't|\w{2,}ed|got|felt|came|went|gave|made|(?:feel|hurt|get|go|seem|keep|come|start|"
    r"stay|drag|drop|ache|swell|work|help|bother|burn|itch|last|make|give|take|look|say|think|run|"
    r"wake|move|shake|bleed|click|lock|catch|cramp)(?:s|es)?)"
)
_NOMINAL = re.compile(
    rf"{_LEAD}(?P<subject>(?:my|the)(?: \w+){{1,3}}?(?: and(?: my| the)?(?: \w+){{1,2}})?)"
    rf"{_BETWEEN} {_VERB_OF_NOUN}\b",
    re.IGNORECASE,
)
_FINITE = frozenset(f"{_MODALS} {_PASTS} am are have do don't haven't".split())


def clause_subject(text: str) -> str:
    """The subject of a text that is a clause of its own ("it", "my arm"), else ""."""
    nominal = _NOMINAL.match(text)
    if nominal is not None:
        return nominal["subject"].lower()
    match = _PERSONAL.match(text)
    if match is None:
        return ""
    subject, verb = match["subject"].lower(), (match["verb"] or "").lower()
    if not verb:
        return subject
    if subject in ("i", "we", "they"):
        return subject if verb in _SAME or verb not in _NO_VERBS else ""
    finite = verb in _FINITE or is_past(verb) or re.search(r"[^s]s$", verb)
    return subject if finite and verb not in _NO_VERBS else ""
