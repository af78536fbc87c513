"""Which section and heading a sentence belongs under: its own words decide before the label that a
model gave it. Nothing is worded here.
"""

import re

from scribe.draft.lexicon import Lexicon
from scribe.draft.template import Phase, Template
from scribe.records import Section

_DOSE = re.compile(
    r"\b\d[\d.,]* ?(?:mg|mcg|units?|grams?|puffs?|tablets?|pills?|capsules?|drops)\b", re.I
)
_TAKEN = re.compile(
    r"\b(?:takes?|taking|uses?|using|is on|are on|daily|every (?:day|morning|evening|night)|"
    r"(?:once|twice|\d times) (?:a|per) day|at (?:night|bedtime)|as needed)\b",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(
    r"\b(?:stopped|quit|ran out|took|tried|used to|finished|allerg\w*|reaction|"
    r"(?:helps?|helped|worked?|works) )\b",
    re.IGNORECASE,
)
_LONG_AGO = re.compile(
    r"\b\d+ (?:years?|months?) ago\b|\bhistory of\b|\bin (?:19|20)\d\d\b", re.IGNORECASE
)
_ORDERED = re.compile(
    r"\b(?:continue|start|stop|increase|decrease|prescri\w+|refill|keep taking|stay on|take|mg)\b",
    re.IGNORECASE,
)
_TO_DO = re.compile(
    r"\b(?:will|order\w*|refer\w*|prescri\w+|start|stop|continue|send\w*|call|schedule|get an?|"
    r"follow.up|come back|return|recheck)\b",
    re.IGNORECASE,
)
_REFERS_BACK = re.compile(r"^(?:and |so |but )?(?:it|this|that|they)\b", re.IGNORECASE)
_JOINS = re.compile(r"^and\b", re.IGNORECASE)

LONGEST, SHORTEST = 24, 10
"""Words a sentence about a medicine may have; without a known name a dose only counts in a short
one, because "lower your salt to 2000 mg a day" has a dose as well.
"""


def place(
    phase: Phase, text: str, label: str, template: Template, lexicon: Lexicon
) -> tuple[Section, str]:
    """Section and heading for a sentence of a phase; `label` is what the model called it or ""."""
    if phase in (Phase.EXAM, Phase.RESULTS) and lexicon.assessment.search(text):
        return template.place(Phase.PLAN, "Reasoning")
    if phase is Phase.EXAM and _LONG_AGO.search(text) and not re.search(r"\d/\d", text):
        return template.place(Phase.HISTORY, "")  # what happened years ago is no finding
    section, heading = template.place(phase, label)
    if label and section is Section.ASSESSMENT:
        return section, heading
    found = heading_of(phase, text, lexicon)
    return template.place(phase, found or label)


def heading_of(phase: Phase, text: str, lexicon: Lexicon) -> str:
    """The heading that the words of a sentence call for, or ""."""
    if phase is Phase.PLAN and lexicon.drugs_in(text) and _ORDERED.search(text):
        return "Treatment"
    judged = phase is Phase.PLAN and lexicon.assessment.search(text)
    if judged and not _TO_DO.search(text):
        return "Reasoning"
    found = lexicon.label(phase.value, text)
    if found or phase is not Phase.HISTORY:
        return found
    return "Medications" if _is_medicine(text, lexicon) else ""


def _is_medicine(text: str, lexicon: Lexicon) -> bool:
    """True for what is being taken; "I took ibuprofen and it helped" tells a history."""
    if _NO_LONGER.search(text):
        return False
    drugs, many = lexicon.drugs_in(text), len(text.split())
    if drugs:
        return many <= LONGEST and bool(_DOSE.search(text) or _TAKEN.search(text))
    return many <= SHORTEST and bool(_DOSE.search(text))


def goes_on(phase: Phase, said: str, text: str, lexicon: Lexicon) -> bool:
    """True for a sentence without a heading of its own that goes on about the one before ("It gives
    me a rash", "and walk for a while"); `said` is its source, `text` what is written for it.
    """
    if heading_of(phase, text, lexicon):
        return False
    return bool(_REFERS_BACK.match(said) or (phase is Phase.PLAN and _JOINS.match(said)))
