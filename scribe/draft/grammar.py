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
    "tomorrow yesterday back once twice better worse well okay right left"
)
_NO_VERBS = frozenset(_NOT_VERBS.split())
_ADVERB = (
    r"(?:(?!(?:rely|fly|apply|supply|reply)\b)\w+ly|almost|also|always|never|still|sometimes|just|"
    r"often|even|only|then|now|both|already|mostly|not)"
)
# Words that make the person behind them an object ("helps you walk", "see you again") or ask
# ("do you walk"): the verb that follows is then no third person.
_GOVERN = (
    "help helps helped let lets let's letting make makes made making having see sees saw seen "
    "seeing watch hear want wants need needs like ask asks asked get gets getting give gives "
    "gave giving tell tells told telling send sends sending sent refer referring refers start "
    "starting put putting bring brings keep keeps call calling remind follow for to with of from on at by "
    "about than like do does did can could would will should are were is was has between bother "
    "bothers hurt hurts show shows teach thank"
)
_OBJECT_BEFORE = frozenset(_GOVERN.split())
# Base forms that are no nouns, so that they may follow "and" as a second verb.
_SECOND_VERBS = (
    "catch drop get take keep feel have do go lose use need want stay become forget trip stumble "
    "bump lean hold see hear know eat sit stand bend lift carry avoid stop try"
)
_SECOND = re.compile(
    rf"^(?P<between>(?:(?!\b(?:to|can|could|will|would|should|may|might|must|not)\b)[^.;?!])*?"
    rf"\b(?:and|but|or)(?: then| also)? )(?P<verb>{_SECOND_VERBS.replace(' ', '|')})\b",
    re.IGNORECASE,
)


def third(verb: str) -> str:
    """The form of a verb behind "she": "catch" to "catches"; past and modal forms stay."""
    low = verb.lower()
    if low in _IRREGULAR:
        return _IRREGULAR[low]
    if low in _SAME or (low.endswith(("ed", "ing", "n't")) and low not in _BASE):
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
        rf"(?P<before>[\w']+ )?\b{pronoun}(?P<clitic>'(?:m|re|ve|ll|d))?\b"
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
    before = (match["before"] or "").strip().lower()
    return before in _OBJECT_BEFORE and not match["clitic"]


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


_CLAUSE = re.compile(
    r"^(?:\W|oh|well|so|um|and|actually|yes|yeah|no)*"
    r"(?P<subject>i|it|he|she|they|we|there|that|this|(?:my|the)(?: \w+){1,3}?)"
    r"(?:'(?:m|s|re|ve|ll|d)|(?: \w+ly| almost| still| always| never| just| also)*"
    r" (?P<verb>[a-z']+))\b",
    re.IGNORECASE,
)
_FINITE = frozenset(f"{_MODALS} {_PASTS} am are have do don't haven't".split())


def clause_subject(text: str) -> str:
    """The subject of a text that is a clause of its own ("it", "my arm"), else ""."""
    match = _CLAUSE.match(text)
    if match is None:
        return ""
    subject, verb = match["subject"].lower(), (match["verb"] or "").lower()
    if not verb:
        return subject
    if subject in ("i", "we", "they"):
        return subject if verb in _SAME or verb not in _NO_VERBS else ""
    finite = verb in _FINITE or is_past(verb) or re.search(r"[^s]s$", verb)
    return subject if finite and verb not in _NO_VERBS else ""
