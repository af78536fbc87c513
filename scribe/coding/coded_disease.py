"""The disease behind a listed code: its names, and how the note speaks of it; pure, no verdict.

The names come from the official title and inclusion terms of the code and of the codes above it,
and from short names of the vocabulary. In doubt a mention counts as support for the code.
"""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from scribe.coding.facts import Facts
from scribe.coding.mentions import Mention
from scribe.coding.spotting import clause_of, spot
from scribe.coding.status import Status
from scribe.coding.tables import Table
from scribe.coding.words import ending, phrase, vocabulary, whole_words
from scribe.records import Section

_ASIDE = re.compile(r"[(\[][^)\]]*[)\]]")
_TAIL = re.compile(
    r",.*"
    r"| (?:without|with|due to|affecting|following|in diseases|of unspecified|and|or|nos|nec)\b.*"
)
_FILLER = re.compile(
    r"\b(?:unspecified|other|specified|acute|primary|essential|idiopathic|generali[sz]ed|"
    r"type \d|left|right|bilateral|recurrent|emergency use)\b"
)
_TREATED_IN = re.compile(
    r"\b(?:treated|resected|removed|excised|cured)\b[^.;]{0,45}?\b((?:19|20)\d\d)\b"
)
_AGAINST_CANCER = ("drug:chemotherapy", "drug:checkpoint", "drug:hormone-antagonist")
_GENERIC = ("disorder", "disease", "syndrome", "condition", "failure", "infection", "deficiency")
_NEGATIVE = (Status.NEGATED, Status.FAMILY, Status.HISTORICAL)
_SILENT = (Status.OTHER_PERSON, Status.HYPOTHETICAL, Status.PATIENT_OPINION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a note speaks of one disease: mentions that support it, doubt it, or deny it."""

    support: tuple[Mention, ...]
    doubt: tuple[Mention, ...]
    denial: tuple[Mention, ...]


def is_judged(table: Table, code: str) -> bool:
    """Whether the code stands for a disease that the note can be asked about."""
    names = vocabulary("disease_names")
    if not table.exists(code) or code.startswith(tuple(names["not_judged"])):
        return False
    return not phrase("disease_names", "symptom_titles").search(table.title(code).lower())


def standing(facts: Facts, code: str) -> Standing:
    """How the note speaks of the disease behind a code."""
    support, doubt, denial = [], [], []
    for mention in _mentions(facts, code):
        sure = replace(mention, status=_sure_status(facts, mention, code))
        if sure.status is Status.UNCERTAIN:
            doubt.append(sure)
        elif sure.status in _NEGATIVE:
            denial.append(sure)
        elif sure.status not in _SILENT:
            support.append(sure)
    return Standing(support=tuple(support), doubt=tuple(doubt), denial=tuple(denial))


@lru_cache(maxsize=512)
def _title_words(table: Table, code: str) -> tuple[str, ...]:
    """Expressions for the names in official titles and inclusion terms, from the code upwards."""
    found: list[str] = []
    for at in (code, *(above for above in table.ancestors(code) if _is_code(above))):
        own = [note.text for note in table.notes(at, "inclusion") if note.owner == at]
        for title in (table.title(at), *own):
            name = _name(title)
            if name and name not in found:
                found.append(name)
    return tuple(_expression(name) for name in found)


def _is_code(above: str) -> bool:
    return "-" not in above and not above.startswith("CH")


def _name(title: str) -> str:
    plain = _TAIL.sub("", _ASIDE.sub("", title.lower()))
    words = _FILLER.sub(" ", plain).split()
    if not words or (len(words) == 1 and (words[0] in _GENERIC or len(words[0]) < 5)):
        return ""
    return " ".join(words)


def _expression(name: str) -> str:
    escaped = [re.escape(word) for word in name.split()]
    if len(escaped) == 2 and name.endswith(("'s disease", "'s syndrome")):
        return escaped[0].replace("'s", "(?:'?s)?") + rf"(?:[ -]+{escaped[1]})?"
    return "[ -]+".join(escaped) + ("" if name.endswith("s") else "s?")


@lru_cache(maxsize=512)
def _patterns(table: Table, code: str) -> tuple[re.Pattern[str], re.Pattern[str] | None]:
    entries = [
        entry
        for entry in vocabulary("disease_names")["names"]
        if code.startswith(tuple(entry["codes"]))
    ]
    terms = [*_title_words(table, code), *(term for entry in entries for term in entry["terms"])]
    exact = tuple(word for entry in entries for word in entry.get("exact", ()))
    return whole_words(tuple(terms)), whole_words(exact) if exact else None


def _mentions(facts: Facts, code: str) -> list[Mention]:
    folded, cased = _patterns(facts.table, code)
    found = list(spot(facts.page, folded, disease=True))
    if cased is not None:
        found += spot(facts.page, cased, disease=True, cased=True)
    for kind, entry in vocabulary("conditions").items():
        if code.startswith(tuple(entry.get("codes", ("~",)))):
            found += facts.of(kind)
    return found


def _sure_status(facts: Facts, mention: Mention, code: str) -> Status:
    """The standing, or "established" where the doubt or the denial is of something else."""
    status = _as_tested(facts, mention) or mention.status
    if status is Status.HISTORICAL:
        return status if _is_over(facts, mention, code) else Status.ESTABLISHED
    if status not in (Status.UNCERTAIN, Status.NEGATED):
        ended = status in (Status.ESTABLISHED, Status.MENTIONED) and _has_ended(
            facts, mention, code
        )
        return Status.HISTORICAL if ended else status
    if status is not mention.status:
        return status
    if _granted(facts, mention) or _diverted(facts, mention, status):
        return Status.ESTABLISHED
    return status


def _as_tested(facts: Facts, mention: Mention) -> Status | None:
    """A test for it: negative denies it, pending or ordered says nothing."""
    rest = facts.page.folded[mention.section][mention.end : mention.sentence.end]
    if rest[:1] not in (" ", "-"):
        return None  # "UTI, culture pending" speaks of the disease, then of a test
    test = ending("disease_names", "test").match(rest[1:])
    if test is None or mention.status is Status.NEGATED:
        return None
    result = rest[1 + test.end() :]
    if ending("disease_names", "test_negative").match(result):
        return Status.FAMILY if mention.status is Status.FAMILY else Status.NEGATED
    if ending("disease_names", "test_positive").match(result):
        return None
    return Status.HYPOTHETICAL


def _is_over(facts: Facts, mention: Mention, code: str) -> bool:
    ends = code.startswith(tuple(vocabulary("disease_names")["ends"]))
    if _is_transient(code):
        return ends and _is_past(facts, mention)
    if phrase("disease_names", "over").search(clause_of(facts.page, mention)):
        return not code.startswith("C") or "remission" not in clause_of(facts.page, mention)
    return ends


def _is_transient(code: str) -> bool:
    return code.startswith(tuple(vocabulary("disease_names")["transient"]))


def _is_past(facts: Facts, mention: Mention) -> bool:
    """Whether an attack is told as an earlier one, not as that of this visit."""
    return phrase("disease_names", "past").search(clause_of(facts.page, mention)) is not None


def _has_ended(facts: Facts, mention: Mention, code: str) -> bool:
    if code.startswith("C"):
        return _cancer_is_over(facts, clause_of(facts.page, mention))
    if _is_transient(code) and not _is_past(facts, mention):
        return False
    if not code.startswith(tuple(vocabulary("disease_names")["ends"])):
        return False
    rest = facts.page.folded[mention.section][mention.end : mention.sentence.end]
    return re.search(r"^[^.;]{0,40}\b(?:recovered|resolved|cleared)\b", rest) is not None


def _cancer_is_over(facts: Facts, near: str) -> bool:
    """Whether a cancer is gone and no longer treated (Official Guidelines I.C.2.m)."""
    treated = _TREATED_IN.search(near)
    if treated is not None and int(treated[1]) < facts.encounter.date_of_service.year - 1:
        near = near.replace(treated[0], "")
    elif phrase("disease_names", "cancer_free").search(near) is None:
        return False
    current = phrase("disease_names", "cancer_treated")
    if current.search(near) or current.search(facts.page.folded[Section.PLAN]):
        return False
    return not any(_is_taken(facts, each) for each in facts.established(*_AGAINST_CANCER))


def _is_taken(facts: Facts, drug: Mention) -> bool:
    text = facts.page.folded[drug.section][drug.sentence.start : drug.start]
    return phrase("disease_names", "drug_over").search(text) is None


def _granted(facts: Facts, mention: Mention) -> bool:
    """A flare, a relapse, the control of the disease is meant, so the disease is there."""
    text = facts.page.folded[mention.section]
    sentence = mention.sentence
    before = re.search(r"(?:[\w'-]+\W+){0,3}$", text[sentence.start : mention.start])
    after = re.match(r"(?:[\s,-]+[\w'-]+){0,2}", text[mention.end : sentence.end])
    near = (before[0] if before else "") + " ; " + (after[0] if after else "")
    return phrase("disease_names", "granted").search(near) is not None


def _diverted(facts: Facts, mention: Mention, status: Status) -> bool:
    """The word of doubt or denial stands before, and another thing comes between."""
    text = facts.page.folded[mention.section]
    opening, _ = mention.sentence.clause_at(mention.start)
    before = text[opening : mention.start]
    cues = list(
        phrase(
            "status", "uncertain" if status is Status.UNCERTAIN else "negated", "before"
        ).finditer(before)
    )
    if not cues:
        return False
    between = before[cues[-1].end() :]
    if phrase("disease_names", "tied").search(between):
        return False
    last = between.rsplit(",", 1)[-1]
    return phrase("disease_names", "diverts").search(last) is not None or len(last.split()) > 5
