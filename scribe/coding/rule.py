"""What a coding rule is: its card and the one function that decides; no rule lives here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from scribe.coding.facts import Facts
from scribe.ids import RuleId
from scribe.records import Citation, Quote, Severity

DECIDED = "the note decides: "
"""Begins the reason of an offer that may be taken before the others, unasked."""

UNREADY = "no ready fix: "
"""Begins what stands against a suggestion: it is shown, but is not carried out unasked."""
AFTER = "listed after "
"""Begins the code of the claim that a suggested code must follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A code to suggest and why; a family ends in "-". Only codes valid on the day are shown."""

    code: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One thing a rule has to say about one note.

    `severity`, `note` and `override` replace those of the card where this case differs; "" is none.
    """

    message: str
    codes: tuple[str, ...] = ()
    evidence: tuple[Quote, ...] = ()
    offers: tuple[Offer, ...] = ()
    citations: tuple[Citation, ...] = ()
    severity: Severity | None = None
    note: str | None = None
    override: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The card of a rule. `article`: what the reference article of 2025-03-19 on R53.1 says, and
    why the official rule decides where it differs. `sequencing`: its effect on the order of the
    codes, "" if it has none. `override`: what must be true for the claim to be right all the same,
    as a sentence that a clinician can give as the reason. `since`: first date of service it holds.
    `needs_note`: silent when all four sections are empty.
    """

    id: RuleId
    severity: Severity
    title: str
    citations: tuple[Citation, ...]
    decide: Callable[[Facts], Iterable[Hit]]
    override: str
    sequencing: str = ""
    article: str = ""
    since: date = date(2015, 10, 1)
    needs_note: bool = False


def tabular(place: str) -> Citation:
    """A place in the official Tabular List."""
    return Citation(source="ICD-10-CM Tabular List", place=place)


def guideline(place: str) -> Citation:
    """A section of the official guidelines (numbering of FY2026)."""
    return Citation(source="ICD-10-CM Official Guidelines for Coding and Reporting", place=place)


def coding_clinic(place: str) -> Citation:
    """An issue and page of AHA Coding Clinic, whose text is licensed and never carried."""
    return Citation(source="AHA Coding Clinic", place=place)
