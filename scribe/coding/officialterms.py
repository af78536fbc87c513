"""Official titles and inclusion terms as a dictionary from the words of a problem to its one code.

Words count, not their order: "left knee pain" is "Pain in left knee". What leads to two codes leads
to none. A term is read under its title: "polyneuropathy" at "... in Lyme disease" is no term of its
own and is left out. Knows no note.
"""

import re
from functools import lru_cache

from scribe.coding.tables import Table
from scribe.coding.terms import plain, singular

MOST_WORDS = 9
"""Words of the longest term that is looked for in a note."""

_LEFT_OUT = re.compile(r"[OPV-Z]")
_CIRCUMSTANCE = re.compile(
    r"\b(?:in|due to|following|with|associated|after|caused by|complicating|induced|resulting)\b"
)
_SHORTEST = 3
"""Letters; terms no longer than that are acronyms that are also words (PIN, MIS) or "fit"."""
_MANIFESTATION = "diseases classified elsewhere"
_WORD = re.compile(r"[^\W_]+")
_DROPPED = frozenset(("a", "an", "in", "mellitus", "nos", "of", "on", "the", "to"))
_REFERENCE = re.compile(r"\([A-Z]\d[^()]*\)")
_MODIFIER = re.compile(r"\([^()]*\)")
_DEFAULT = re.compile(
    r"^unspecified |(?:,? (?:unspecified|uncomplicated|without complications?)"
    r"|,? site (?:unspecified|not specified))$"
)


class OfficialTerms:
    """The terms of one edition. Read-only once built."""

    def __init__(self, table: Table) -> None:
        self._exact: dict[str, str] = {}
        self._default: dict[str, str] = {}
        self._headings: dict[str, str] = {}
        for code in table.codes():
            if _LEFT_OUT.match(code) or _MANIFESTATION in table.title(code):
                continue
            billable = table.is_billable(code)
            for text in (table.title(code), *_free_terms(table, code)):
                written = plain(_REFERENCE.sub("", text)).strip()
                short = _MODIFIER.sub(" ", written).strip()
                for one in {written, short}:
                    _put(self._exact if billable else self._headings, key(one), code)
                if billable and (bare := _without_default(short)) != short:
                    _put(self._default, key(bare), code)

        self._words = frozenset(
            word
            for found in (self._exact, self._default)
            for each in found
            for word in each.split()
        )

    def knows(self, words: str) -> bool:
        """Whether the words of a `key` occur in some term, each on its own."""
        return all(word in self._words for word in words.split())

    def code(self, words: str) -> str:
        """The one billable code for the words of a `key`, or ""."""
        if not words:
            return ""
        code = self._exact[words] if words in self._exact else self._default.get(words, "")
        heading = self._headings.get(words)
        # The same words at a heading elsewhere mean that the words alone do not decide.
        return code if heading is None or (heading and code.startswith(heading)) else ""


def key(text: str, longest: int = MOST_WORDS) -> str:
    """The words that count, in the singular and in one order; "" for more than `longest`."""
    words = [singular(word) for word in _WORD.findall(plain(text))]
    kept = sorted(word for word in words if word not in _DROPPED)
    return " ".join(kept) if len(kept) <= longest else ""


@lru_cache(maxsize=2)
def official_terms(table: Table) -> OfficialTerms:
    """The terms of an edition, read once."""
    return OfficialTerms(table)


def _free_terms(table: Table, code: str) -> tuple[str, ...]:
    """The inclusion terms; under a title with a circumstance those that share a word with it."""
    title = table.title(code)
    terms = tuple(each for each in table.terms(code) if len(key(each)) > _SHORTEST)
    if not _CIRCUMSTANCE.search(title):
        return terms
    words = set(key(title, longest=99).split())
    return tuple(term for term in terms if words & set(key(term).split()))


def _without_default(text: str) -> str:
    """Without the endings that mean "no more is said", which a note leaves out."""
    before = ""
    while before != text:
        before, text = text, _DEFAULT.sub("", text)
    return text


def _put(found: dict[str, str], words: str, code: str) -> None:
    """Remember a code for these words; two codes cancel out, heading and code below it do not."""
    if not words:
        return
    other = found.setdefault(words, code)
    if code != other:
        found[words] = other if other and code.startswith(other) else ""
