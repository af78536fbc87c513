"""Which kinds of cue words a sentence holds at all: a quick look before the exact one; pure.

A sentence without any word of a kind needs no search for where that word stands.
"""

import re
from functools import cache

from scribe.coding.lexicon import Lexicon
from scribe.coding.text import Page, Sentence
from scribe.coding.words import phrase, vocabulary

_KINDS = (
    ("family", "history"),
    ("family", "relative"),
    ("family", "other"),
    ("hypothetical", "before"),
    ("negated", "before"),
    ("negated", "before_disease"),
    ("negated", "close"),
    ("patient-opinion", "before"),
    ("uncertain", "before"),
    ("historical", "before"),
    ("historical", "before_close"),
    ("historical", "again"),
    ("established", "cues"),
)
"""Lists of the vocabulary "status", each one kind."""
OVER = "historical.after"
JUDGED = "behind"


def held(page: Page, sentence: Sentence) -> frozenset[str]:
    """The kinds of cues ("negated.before") of which the sentence holds at least one."""
    found = page.cues.get(sentence)
    if found is None:
        text = page.folded[sentence.section]
        found = frozenset(_words().places(text, sentence.start, sentence.end))
        if over().search(text, sentence.start, sentence.end):
            found |= {OVER}
        if judging().search(text, sentence.start, sentence.end):
            found |= {JUDGED}
        page.cues[sentence] = found
    return found


@cache
def over() -> re.Pattern[str]:
    """Words behind a thing that say that it is over."""
    return re.compile("|".join(vocabulary("status")["historical"]["after"]))


@cache
def judging() -> re.Pattern[str]:
    """Any word of doubt or denial: a list in a sentence without one is judged by nobody."""
    table = vocabulary("status")
    whole = (
        "possibility|consideration|contender|differential|diagnos|concern|worry|pending|confirmed"
    )
    words = (table["negated"]["behind"], table["uncertain"]["behind"], table["behind"]["not"])
    return re.compile(
        "|".join((*words, whole, "none|neither|not one|perhaps|maybe|on (?:the|my|our) list"))
    )


@cache
def _words() -> Lexicon:
    return Lexicon({".".join(kind): phrase("status", *kind) for kind in _KINDS})
