"""The door of the coding module: note, encounter and claim in, findings out; no rule here."""

from datetime import date

from scribe.coding import suppression
from scribe.coding.consequences import weighed
from scribe.coding.facts import Facts, gather
from scribe.coding.rule import Hit, Offer, Rule
from scribe.coding.rules import RULES
from scribe.coding.rules.validity import in_force, is_heading, not_yet
from scribe.coding.tables import nearest_table
from scribe.records import (
    CodedDiagnosis,
    Encounter,
    Finding,
    NoteText,
    Severity,
    Suggestion,
)

_MOST_QUOTES = 12
"""A finding shows no more places of the note than this, the first ones."""
_ORDER = (Severity.BLOCK, Severity.WARN, Severity.INFO)


def check(
    note: NoteText, encounter: Encounter, diagnoses: tuple[CodedDiagnosis, ...]
) -> tuple[Finding, ...]:
    """What the rules say about this note and this claim, blocks first; the same input gives the
    same findings. With four empty sections only the codes are checked. Never raises on any text or
    code. Raises CodingError when the tables of the program itself cannot be read.
    """
    facts = gather(note, encounter, diagnoses)
    found = tuple(
        _finding(rule, hit, facts)
        for rule in RULES
        if not (rule.needs_note and facts.page.empty) and encounter.date_of_service >= rule.since
        for hit in rule.decide(facts)
    )
    kept = suppression.apply(found)
    return tuple(sorted(kept, key=lambda finding: _ORDER.index(finding.severity)))


def edition(day: date) -> str:
    """The name of the tables that a date of service is checked against."""
    return nearest_table(day).edition


def _finding(rule: Rule, hit: Hit, facts: Facts) -> Finding:
    return Finding(
        rule_id=rule.id,
        severity=hit.severity or rule.severity,
        message=hit.message,
        codes=hit.codes,
        evidence=hit.evidence[:_MOST_QUOTES],
        suggestions=_suggestions(weighed(facts, hit), facts),
        citations=(*rule.citations, *hit.citations),
        note=rule.article if hit.note is None else hit.note,
        sequencing=rule.sequencing,
        override=rule.override if hit.override is None else hit.override,
    )


def _suggestions(offers: tuple[Offer, ...], facts: Facts) -> tuple[Suggestion, ...]:
    """The offers that may stand on a claim of that day, each once, with their official titles."""
    shown: dict[str, Suggestion] = {}
    for offer in offers:
        if offer.code.endswith("-"):
            stem = offer.code.rstrip("-").rstrip(".")
            usable = facts.table.exists(stem)
            title = facts.table.title(stem)
            code = offer.code
        else:
            code = in_force(facts, offer.code)
            usable = facts.table.exists(code) and not is_heading(facts, code)
            usable = usable and not not_yet(facts, code)
            title = facts.table.title(code)
        if usable:
            shown.setdefault(code, Suggestion(code=code, title=title, why=offer.why))
    return tuple(shown.values())
