"""Rules on single codes: form, existence, date, leaf status, repetition; the note is not judged."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from scribe.coding import stroke
from scribe.coding.attribution import attribution, concerned
from scribe.coding.conditions import conditions
from scribe.coding.facts import ClaimCode, Facts
from scribe.coding.rule import DECIDED, Hit, Offer, Rule, guideline, tabular
from scribe.coding.spoken_codes import well_formed
from scribe.coding.spotting import spot
from scribe.coding.tables import all_tables, known_editions, tables_for
from scribe.coding.words import vocabulary, whole_words
from scribe.ids import RuleId
from scribe.records import Citation, Severity

_SHOWN = 20
"""A code as written is shown up to this length."""
_ICD11 = re.compile(r"[0-9A-HJ-NP-Z][A-HJ-NP-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,3})?(?:[/&].*)?")
"""The form of an ICD-11 code: the second character is a letter and the third a digit, so that no
ICD-10 code has it; the letters O and I do not occur."""


def _shown(code: ClaimCode) -> str:
    text = " ".join(code.written.split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _format(facts: Facts) -> Iterator[Hit]:
    for each in facts.codes:
        if not well_formed(each.code):
            yield Hit(
                message=f"“{_shown(each)}” is not an ICD-10-CM diagnosis code. US claims need an "
                "ICD-10-CM code; please pick the code again.",
                codes=(each.written,),
                # What the article says of ICD-11 explains no other string.
                note=None if _ICD11.fullmatch(each.code) else "",
            )
        elif _spelled_out(each):
            yield Hit(
                severity=Severity.INFO,
                message=f"“{_shown(each)}” was read as {each.code}.",
                codes=(each.code,),
                offers=(Offer(code=each.code, why="as spoken"),),
                note="",
                override="This is the code that was meant.",
            )


def _spelled_out(each: ClaimCode) -> bool:
    compact = "".join(each.written.split()).upper().replace(".", "")
    return compact != each.code.replace(".", "")


def _known(code: str) -> bool:
    return any(table.exists(code) for table in all_tables())


def _unknown(facts: Facts) -> Iterator[Hit]:
    stale = tables_for(facts.encounter.date_of_service) is None
    for each in facts.codes:
        if not well_formed(each.code) or _known(each.code):
            continue
        prefix = each.code
        while prefix and not facts.table.exists(prefix):
            prefix = prefix[:-1].rstrip(".")
        yield Hit(
            severity=Severity.WARN if stale and prefix else None,
            message=f"“{each.code}” does not exist in ICD-10-CM. It may be a typing or dictation "
            "error.",
            codes=(each.code,),
            offers=tuple(Offer(code=leaf, why="next to it") for leaf in _leaves(facts, prefix)),
        )


def _leaves(facts: Facts, code: str) -> tuple[str, ...]:
    return facts.table.leaves(code)[:40] if code else ()


def _valid_from(code: str) -> date | None:
    found: date | None = vocabulary("validity")["from"].get(code)
    return found


def _billable_until(code: str) -> date | None:
    found: date | None = vocabulary("validity")["until"].get(code)
    return found


def _wrong_date(facts: Facts) -> Iterator[Hit]:
    day = facts.encounter.date_of_service
    for each in facts.codes:
        begins = _valid_from(each.code)
        too_early = begins is not None and day < begins
        if not too_early and (facts.table.exists(each.code) or not _known(each.code)):
            continue
        yield Hit(
            message=f"“{each.code}” was not a valid code on {day.isoformat()}. Codes are chosen "
            "by the date of the visit, not the date of billing.",
            codes=(each.code,),
            offers=tuple(
                Offer(code=code, why=f"in force on {day.isoformat()}")
                for code in _in_force(facts, each.code, early=too_early)
            ),
        )


def _in_force(facts: Facts, code: str, *, early: bool) -> tuple[str, ...]:
    if instead := vocabulary("validity")["before"].get(code):
        return (str(instead),)
    above = code[:-1].rstrip(".")
    while above and not facts.table.exists(above):
        above = above[:-1].rstrip(".")
    if early:
        return tuple(head for head in vocabulary("validity")["until"] if code.startswith(head))
    return _leaves(facts, above)


def not_yet(facts: Facts, code: str) -> bool:
    """Whether the code came into force after the date of service, whatever table stands in."""
    begins = _valid_from(code)
    return begins is not None and facts.encounter.date_of_service < begins


def in_force(facts: Facts, code: str) -> str:
    """The code itself, or the one that stood for it before it came into force."""
    return str(vocabulary("validity")["before"].get(code, code)) if not_yet(facts, code) else code


def is_heading(facts: Facts, code: str) -> bool:
    """Whether the code exists on the date of service but may not stand on a claim by itself."""
    until = _billable_until(code)
    if until is not None and facts.encounter.date_of_service <= until:
        return False
    return facts.table.exists(code) and not facts.table.is_billable(code)


def _nonbillable(facts: Facts) -> Iterator[Hit]:
    for each in facts.codes:
        if is_heading(facts, each.code):
            yield Hit(
                message=f"“{each.code} {facts.table.title(each.code)}” is a heading, not a "
                f"billable code{_since(each.code, facts)}. Choose one of the codes under it.",
                codes=(each.code,),
                offers=tuple(
                    Offer(code=leaf, why=why) for leaf, why in _best_leaves(facts, each.code)
                ),
            )


def _since(code: str, facts: Facts) -> str:
    if until := _billable_until(code):
        return f"; it stood alone until {until.isoformat()}"
    for table in all_tables():
        earlier = table.about.last < facts.encounter.date_of_service
        if earlier and table.is_billable(code):
            return f"; it stood alone until {table.about.last.isoformat()}"
    return ""


def _best_leaves(facts: Facts, code: str) -> list[tuple[str, str]]:
    """The leaves below, those first whose own words stand in the note."""
    words = {
        word
        for text in facts.page.folded.values()
        for word in text.replace("-", " ").replace(".", " ").replace(",", " ").split()
        if len(word) > 3
    }
    common = set(facts.table.title(code).lower().split())
    scored = []
    for leaf in facts.table.leaves(code):
        own = set(facts.table.title(leaf).lower().replace(",", "").replace("-", " ").split())
        hits = (own - common) & words
        scored.append(
            (-len(hits), leaf, f"the note says {', '.join(sorted(hits))}" if hits else "")
        )
    ordered = sorted(scored) if code.count(".") or len(scored) < 60 else scored
    found = [(leaf, why) for _, leaf, why in ordered[:40]]
    if best := _decided(facts, code):
        others = (each for each in found if each[0] != best[0])
        found = [(best[0], f"{DECIDED}{best[1]}"), *others]
    return found


def _decided(facts: Facts, code: str) -> tuple[str, str] | None:
    """The leaf below a heading that the note decides, and why: by deficit and side, by the type of
    the disease it names, or by the details that the leaves differ in.
    """
    deficits = stroke.one_sided(facts) if code.startswith("I69") else ()
    if deficits:
        leaf = stroke.leaf(facts, deficits)
        return (leaf.code, leaf.why) if leaf.code.startswith(code) else None
    for entry in vocabulary("specificity")["heading"]:
        if entry["code"] == code and not facts.page.empty:
            return _by_detail(facts, entry)
    for condition in concerned(facts, conditions().values()):
        found = attribution(facts, condition)
        kind = found.kind(facts)
        leaf_of_kind = next((each for each in kind.codes if each.startswith(code)), "")
        if found.known and facts.table.is_billable(leaf_of_kind):
            return leaf_of_kind, kind.in_sentence
    return None


def _by_detail(facts: Facts, entry: dict[str, Any]) -> tuple[str, str]:
    named = [
        name
        for name, words in entry["details"].items()
        if any(each.established for each in spot(facts.page, whole_words(words)))
    ]
    why = " and ".join(named) if named else entry["none"]
    return str(entry["leaves"][" and ".join(named)]), why


def _stale(facts: Facts) -> Iterator[Hit]:
    day = facts.encounter.date_of_service
    if tables_for(day) is None:
        yield Hit(
            message=f"Checked against the {facts.table.edition} code set; the date of service "
            f"{day.isoformat()} lies outside it. Codes that change on "
            f"{_change_not_loaded(day).isoformat()} are not loaded, so a code may be reported "
            "wrongly."
        )


def _change_not_loaded(day: date) -> date:
    """The change of codes between a date that no edition covers and the editions there are: the
    day after the last edition before it or, earlier than all, the first day of the first one.
    """
    known = known_editions()
    ended = [each.last for each in known if each.last < day]
    return max(ended) + timedelta(days=1) if ended else min(each.first for each in known)


def _duplicate(facts: Facts) -> Iterator[Hit]:
    seen: set[str] = set()
    told: set[str] = set()
    for each in facts.codes:
        if each.code in seen and each.code not in told:
            told.add(each.code)
            yield Hit(
                message=f"“{each.code}” is listed twice; a code is reported once per encounter.",
                codes=(each.code,),
            )
        seen.add(each.code)


CODE_FORMAT = Rule(
    id=RuleId("GEN-CODE-FORMAT"),
    severity=Severity.BLOCK,
    title="The string is not an ICD-10-CM code",
    citations=(
        guideline("I.A (code structure), I.B.1"),
        Citation(source="45 CFR", place="162.1002 (ICD-10-CM is the HIPAA code set)"),
    ),
    article="Your reference article names MG31.00 as the ICD-11 code for weakness. The official "
    "rule differs: no ICD-11 code is reportable on a US claim.",
    override="The claim goes to a payer outside HIPAA, such as workers' compensation, that has "
    "asked for this code.",
    decide=_format,
)
CODE_UNKNOWN = Rule(
    id=RuleId("GEN-CODE-UNKNOWN"),
    severity=Severity.BLOCK,
    title="The code does not exist",
    citations=(guideline("I.B.1, I.B.2"),),
    article="Your reference article asks for the right and most specific code; it says nothing of"
    " codes that do not exist.",
    override="The code is in an official table newer than those loaded here; I looked it up there "
    "for this date of service.",
    decide=_unknown,
)
CODE_DATE = Rule(
    id=RuleId("GEN-CODE-DATE"),
    severity=Severity.BLOCK,
    title="The code was not in force on the date of service",
    citations=(guideline("I.B.2, IV.F"),),
    article="Your reference article does not mention that codes depend on the date of service.",
    override="I looked the code up in the official table of this date of service: it is in force "
    "on that day.",
    decide=_wrong_date,
)
CODE_NONBILLABLE = Rule(
    id=RuleId("GEN-CODE-NONBILLABLE"),
    severity=Severity.BLOCK,
    title="The code is a heading",
    citations=(
        tabular("leaf status in the table of the date of service"),
        guideline("I.B.2, IV.F"),
    ),
    article="Your reference article lists I69.3, E44, G35, G21, R26 and M51.36 as if they were "
    "codes for a claim. The official rule differs: the Tabular List has codes below them, and a "
    "claim needs the highest number of characters (G35 was still complete when it was written).",
    sequencing="For the order of codes a heading counts as the disease it names.",
    override="I looked the code up in the official table of this date of service: it is complete, "
    "with no codes below it.",
    decide=_nonbillable,
)
TABLE_STALE = Rule(
    id=RuleId("GEN-TABLE-STALE"),
    severity=Severity.INFO,
    title="The date of service is outside the loaded tables",
    since=date.min,
    citations=(Citation(source="CMS/NCHS", place="annual update in force each October 1"),),
    article="Your reference article agrees: keep up with the changes of the code set.",
    override="I looked up the codes of this claim in the official table of this date of service.",
    decide=_stale,
)
DUPLICATE = Rule(
    id=RuleId("GEN-DUPLICATE"),
    severity=Severity.WARN,
    title="The same code twice",
    citations=(guideline("I.B.12"),),
    sequencing="The first of the two places is kept.",
    article="Your reference article asks for accurate claims; it does not speak of repeated codes.",
    override="The form of this payer asks for the code once per service line; the diagnosis is "
    "reported once for the visit.",
    decide=_duplicate,
)
