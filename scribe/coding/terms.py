"""Cuts official titles, inclusion terms and typed words into comparable words; knows no table."""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[a-z0-9]+")
_REFERENCE = re.compile(r"\((?:[A-Z][0-9A-Z]{2}[^()]*)\)")
_NONESSENTIAL = re.compile(r"\([^()]*\)")
_RESIDUAL = re.compile(
    r"(?i)\b(?:unspecified|uncomplicated|without complications?"
    r"|(?:site )?not (?:otherwise )?specified|mellitus)\b"
)
_EMPTY = re.compile(
    r"an?|and|as|at|by|for|from|has|have|he|her|his|i|in|is|it|its|my|nos|of|on|or|patient|pt|she"
    r"|some|the|their|this|that|to|very|was|with"
)


def plain(text: str) -> str:
    """Lower case without accents and without possessive endings, which people leave out."""
    if not text.isascii():
        split = unicodedata.normalize("NFKD", text)
        text = "".join(char for char in split if not unicodedata.combining(char))
    return re.sub(r"['\u2019]s\b", "", text.lower())


def words_of(text: str) -> tuple[str, ...]:
    """The words that tell one term from another, in the singular, in order; "NOS" and the like and
    references to codes are left out.
    """
    return tuple(word for _, word in typed_words(_REFERENCE.sub(" ", text)))


def essential_words(text: str) -> tuple[str, ...]:
    """Like `words_of` without what need not be said: what stands in parentheses, which may be
    present or absent without a change of the code (Official Guidelines I.A.7), and "unspecified".
    """
    bare = _NONESSENTIAL.sub(" ", _REFERENCE.sub(" ", text))
    return words_of(_RESIDUAL.sub(" ", bare)) or words_of(text)


def typed_words(text: str) -> tuple[tuple[str, str], ...]:
    """Each word that counts as it stands in the text, in lower case, and in the singular."""
    found = _WORD.findall(plain(text))
    return tuple((word, singular(word)) for word in found if not _EMPTY.fullmatch(word))


def joined_words(text: str) -> tuple[str, ...]:
    """Words written with a hyphen, without it: gastro-esophageal -> gastroesophageal."""
    if "-" not in text:
        return ()
    return tuple(
        singular(each.replace("-", "")) for each in re.findall(r"[a-z]+-[a-z]+", plain(text))
    )


@lru_cache(maxsize=65536)
def singular(word: str) -> str:
    """One form for singular and plural; need not be a word."""
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
