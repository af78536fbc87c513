"""Judges the words between a symptom and a cause: whether they tie the two; pure, on strings.

Every other disease in these words is masked by MASK, so that no tie reaches over it. Source:
Official Guidelines I.A.19, I.B.4 (the clinician states the relation), IV.H (uncertain words leave
it open).
"""

import re
from functools import cache

from scribe.coding.status import uncertain_words
from scribe.coding.words import phrase

MASK = "§"
_LONGEST_LEAD = 90
_LONGEST_REST = 70
PRONOUN = r"\s+(?:it|this|that|which|these|the same|the disease|the condition|that event)\b"
_LIST = re.compile(r"\s*(?:(,(?: and)?)|&|\+|/|\band\b|\bplus\b|\bas well as\b)\s*")
_BREAK = re.compile(r"[,:;(]| -+ ")
_OTHER_SUBJECT = re.compile(
    r"\b(?:is|are|was|has|improv\w+|stable|better|worse\w*|resolv\w+|unchanged)\b.*\band\b"
)
_NOT_COMING = re.compile(
    r"\b(?:recover\w*|discharg\w+|return\w*|back|home|refer\w+|transfer\w+|away|apart|aside|far|differ\w*"
    r"|ago|prevent\w*|free|improv\w+|wean\w*|hours?|days?|weeks?|months?|visit|range\w*|up|down)\s*$"
)
_AT_EASE = re.compile(
    r"\s*(?:is |are |remains? |was )?(?:stable|(?:well[- ]?)?controlled|at goal|unchanged"
    r"|under control|followed|managed|asymptomatic|in remission|quiescent)\b"
)
_ADJOINING = re.compile(r"[- ](?:(?!and\b|or\b|no\b|not\b|with\b)[a-z/]+[- ]){0,2}")
_RELATED = re.compile(r"[- ](?:related|induced|associated|mediated)\b")
_WITH = re.compile(r"[^;:.§]{0,40}?\b(?:with|w/)\s+(?:[\w/-]+\s+){0,5}")
_ASIDE = re.compile(r"\([^()]{0,60}\)")
_INDUCED = re.compile(r"§+[- ](?:induced|related|associated|mediated)[- ]")
_OWN_CAUSE = r"\s*(?:from|due to|of|in|secondary to|related to|2/2|d/t|caused by)\s(?:[\w-]+ ){0,3}"
_AS_A_RESULT = re.compile(
    r"\s*(?:is |was )?as (?:a|an|its|the) (?:[\w-]+ )?"
    r"(?:consequence|result|symptom|manifestation|complication|effect)\b(?! of)"
)
_AFTERWARDS = re.compile(
    r"[- ](?:related|induced|mediated)\b(?!\s*§)"
    r"|\s(?:side|adverse) effects?\b(?! (?:of|from|are|is))"
)
_DRUG_EFFECT = re.compile(
    r"[\s,:(-]*(?:an? )?(?:medication|drug|med) (?:side|adverse) effects?"
    r"(?:\s*[(:,-]+\s*(?:of |from )?)?"
)
_FOR_WHICH = re.compile(r",? for which (?:[\w-]+ ){0,4}$")
_IS_TO_BLAME = re.compile(
    r"\s*(?:(?:of|in|from) (?:[\w/]+ ){1,3})?"
    r"(?:is|are|was|were|remains?) (?:clearly |still |largely |entirely |thus )?"
    r"(?:responsible|to blame|the (?:\w+ )?(?:cause|reason|explanation|culprit|source))\b"
    r"(?=\s*(?:$|[.,;:)]|here\b|in\b|and\b|now\b|(?:of|for) (?:it|this|that|these)\b))"
)
_COLON = re.compile(r"[,:(]\s*(?:(?!not\b|no\b|due\b)[\w-]+ ){0,3}$| [–—-]+ (?:[\w-]+ ){0,3}$")
_TO_THIS = re.compile(
    r"\W*to (?:this|it|that|these|which) (?:(?:i|we|is|are|can be|must be|now|clearly) ){0,2}"
    r"(?:attribut|ascrib|trac|assign|owe|due)\w*\b[^,;:.]{0,40}"
)
_TO_IT_THE = re.compile(r"\W*to (?:this|it|that|these) (?:(?:the|her|his|their) )?(?:[\w-]+ ){0,2}")
_WE_BLAME = re.compile(r"\b(?:i|we) (?:\w+ly )?(?:blame|hold) (?:[\w-]+ ){0,3}$")
_FOR_THE = re.compile(r" (?:\w+ )?for (?:[\w-]+ ){0,4}")
_AND_SHE = re.compile(r"\band (?:she|he|they|the patient|patient|pt) (?:is|has|was|feels|also)\b")
_FOUND_AND = re.compile(
    r"\s*(?:(?:has|have|was|were|is|are) )(?:now |since |recently |just |newly |been )*"
    r"(?:diagnosed|confirmed|established|proven|found|made|settled"
    r"|certain|definite|known|present|beyond doubt)"
    r"(?: [\w-]+){0,4}? and(?: it| also| now| clearly| thus)*\s*$"
)
_WITH_COMPANION = re.compile(r"^\s*(?:with|and|in) (?:[\w-]+ ){0,3}§+\s*,")
_TO_WHICH = re.compile(r",? to which (?:[\w-]+ ){0,3}")
_IS_ATTRIBUTED = re.compile(r"\s*(?:is|was) (?:attribut\w+|due|related|secondary|ascribed)\b")
_NEW_PROBLEM = re.compile(
    r"\b(?:no|not|without|after|recent\w*|who|patient|pt|here|present\w*|comes|seen|admitted|but)\b"
)
_CAUSE_OF = re.compile(
    r"\b(?:cause|reason|explanation|source|culprit|etiology|aetiology|driver)s? (?:of|for|behind) "
    r"(?:[\w-]+ ){0,4}$"
    r"|\bwhat (?:makes|made|is making|leaves|left|has left|keeps) (?:her|him|them|his|their)"
    r"(?: [\w-]+){0,3} $"
    r"|\b(?:reason|cause) (?:why |that )?(?:she|he|they|the patient|patient|pt) "
    r"(?:is|feels|was|became|gets|has become) (?:so |very )?$"
)
_WE_ATTRIBUTE = re.compile(
    r"\b(?:put|puts|attribut\w+|ascrib\w+|trac(?:e|ed|ing)|link(?:ed|ing)?)(?: [\w-]+){0,4} $"
)
_IS = re.compile(
    r"[^,;:.§]{0,30}?\b(?:is|was|are|were|being|lies in|lay in|rests with)\b((?: [\w-]+){0,4} )"
)
_TO = re.compile(r"(?: [\w-]+){0,3}? (?:back |down )?to\b")


def forward(before: str, between: str) -> bool:
    """weakness ... due to ... disease; the cause of the weakness is the disease."""
    between = _ASIDE.sub(" ", between)
    for match in phrase("links", "forward").finditer(between):
        lead, rest = between[: match.start()], between[match.end() :]
        if match[0] == "from" and _NOT_COMING.search(lead):
            continue
        if _open(lead) and leads_to(rest):
            return True
    if _CAUSE_OF.search(before) and (named := _IS.match(between)):
        return leads_to(named[1] + between[named.end() :])
    if _WE_ATTRIBUTE.search(before) and (named := _TO.match(between)):
        return leads_to(between[named.end() :])
    return False


def answers_for(between: str, after: str) -> bool:
    """Weakness, for which MS is responsible. / Weakness: alcoholic myopathy is the cause."""
    led = _FOR_WHICH.search(between) or _COLON.search(between)
    return (
        led is not None and _IS_TO_BLAME.match(after) is not None and _open(between[: led.start()])
    )


def to_this(lead: str, after: str) -> bool:
    """To this I ascribe the (weakness). / To it the (weakness) is attributed."""
    if _TO_IT_THE.fullmatch(lead) and _IS_ATTRIBUTED.match(after):
        return True
    return _TO_THIS.fullmatch(lead) is not None


def blamed(before: str, between: str) -> bool:
    """I blame MS for the weakness."""
    return _WE_BLAME.search(before) is not None and _FOR_THE.fullmatch(between) is not None


def related_after(after: str) -> bool:
    """Weakness, steroid-induced."""
    return _AFTERWARDS.match(after) is not None


def backward(between: str, *, integral: bool) -> bool:
    """disease ... causing ... weakness; disease-related weakness; MS (integral) with weakness."""
    between = _ASIDE.sub(" ", between)
    if match := _RELATED.match(between):
        rest = between[match.end() :]
        return MASK not in rest and len(rest) < 45 and "," not in rest
    for match in _causing(between, integral=integral):
        lead, rest = between[: match.start()], between[match.end() :]
        if (
            _open(_without_list(_without_own_cause(_FOUND_AND.sub("", lead))))
            and len(rest) <= _LONGEST_REST
            and not re.search("[;:]", rest)
            and not _AND_SHE.search(rest)
        ):
            return True
    if not integral or MASK in between:
        return False
    if _ADJOINING.fullmatch(between):
        return True
    return _WITH.fullmatch(between) is not None and not _NEW_PROBLEM.search(between)


def opened(before: str, between: str) -> bool:
    """Due to her anemia, she is weak."""
    for match in phrase("links", "forward").finditer(before):
        head = before[: match.start()].strip(" ,-0123456789.)#")
        if head in ("", "and", "so", "today", "now") and leads_to(before[match.end() :]):
            again = phrase("links", "forward").search(between)
            return between.lstrip().startswith(",") and len(between) < 70 and not again
    return False


def leads_to(rest: str) -> bool:
    """Whether the words between a tie and a disease still speak of that disease as the cause."""
    rest = re.sub(r"§+[- ]$", "", _INDUCED.sub("", rest))
    if len(rest) > _LONGEST_REST or re.search(r"[;:.?]", rest):
        return False
    start = 0
    for cut in _LIST.finditer(rest):
        item = rest[start : cut.start()]
        if (cut[1] and MASK not in item) or not _names(item):
            return False
        start = cut.end()
    return MASK not in rest[start:] and _names(rest[start:])


def leads_past_a_list(rest: str, after: str) -> bool:
    """Whether a list ends the tie: "due to a cold, diabetes stable"."""
    return _LIST.search(rest) is not None and _AT_EASE.match(after) is not None


def denied(text: str) -> bool:
    """Whether a tie is denied in these words, and not asserted again after a "but"."""
    return phrase("links", "denial").search(since_but(text)) is not None


def since_but(text: str) -> str:
    """What stands after the last "but": "not due to MS but due to anemia"."""
    return re.split(r"\bbut\b(?: rather| instead)?", text)[-1]


def drug_effect(words: str) -> bool:
    """Weakness, medication side effect (quetiapine): the words from the symptom to the drug."""
    return _DRUG_EFFECT.fullmatch(words) is not None


def left_open(before: str, between: str, *, said: bool) -> bool:
    """Whether a tie is uncertain, asked about, or someone's opinion; `said`: reports count too."""
    if uncertain_words(between) or phrase("links", "uncertain").search(between):
        return True
    if _asked().search(before):
        return True
    both = before + between
    if phrase("links", "opinion").search(both):
        return True
    return said and phrase("links", "reported").search(both) is not None


def weakly(between: str) -> bool:
    """Whether the words name the one as a background or a companion of the other."""
    if len(between) > _LONGEST_LEAD or re.search(r"\b(?:worse|better|improv\w+)\b", between):
        return False
    if phrase("links", "weak").search(between):
        return True
    near = phrase("links", "weak_near").search(between)
    return near is not None and len(between.split()) <= 5 and not _NEW_PROBLEM.search(between)


def names_another_thing(after: str) -> bool:
    """Whether the words after a disease make it the name of something else: a clinic, a drug."""
    if re.match(r"[- ](?:(?:induced|related|associated)[- ]+(?:[\w-]+ ){0,2})?§", after):
        return True
    return re.match(rf"[- ](?:{phrase('links', 'not_the_disease').pattern})", after) is not None


def _causing(between: str, *, integral: bool) -> list[re.Match[str]]:
    found = list(phrase("links", "backward").finditer(between))
    if integral:
        found += phrase("links", "residual").finditer(between)
    return found


def _without_own_cause(lead: str) -> str:
    """What brings the disease about does not part them: "anemia from chemotherapy causes"."""
    return _WITH_COMPANION.sub("", re.sub(rf"^{_OWN_CAUSE}§+", "", lead))


def is_own_cause(before: str) -> bool:
    """Whether another disease stands before, brought about by this one: "anemia from ..."."""
    return re.search(rf"§{_OWN_CAUSE}$", before) is not None


def as_a_result(between: str, after: str) -> bool:
    """Anemia, with weakness as a consequence. / A palsy, to which her weakness is attributed."""
    if _TO_WHICH.fullmatch(between) and _IS_ATTRIBUTED.match(after):
        return True
    return _AS_A_RESULT.match(after) is not None and _WITH.fullmatch(between) is not None


def _without_list(lead: str) -> str:
    """Other diseases of a list are causes too: "anemia and dehydration causing"."""
    return re.sub(r"\s*(?:,|and|&|\+|/|plus)\s*(?:[\w-]+ ){0,2}§+", "", lead)


def _open(lead: str) -> bool:
    """Whether only words about the one thing stand between it and the tie."""
    if len(lead) > _LONGEST_LEAD or MASK in lead or _OTHER_SUBJECT.search(lead):
        return False
    parts = _BREAK.split(lead)
    return len(parts) == 1 or _lead_in().fullmatch(parts[-1]) is not None


def _names(item: str) -> bool:
    return len(item.split()) <= 6 and not phrase("links", "other_cause").search(item)


@cache
def _lead_in() -> re.Pattern[str]:
    return re.compile(rf"(?:[\s/>-]|{phrase('links', 'lead_in').pattern})*")


@cache
def _asked() -> re.Pattern[str]:
    return re.compile(rf"(?:{phrase('links', 'asked').pattern})[\s]*$")
