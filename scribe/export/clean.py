"""Making text from people and models harmless in any rendering: no control characters, nothing that
turns the direction of writing, nothing invisible. Knows no format.
"""

import unicodedata

SHOWN = "\N{REPLACEMENT CHARACTER}"
"""Stands where a character was taken out, so that a reader sees that something was there."""

_LINE_ENDS = "\n\r\v\f\x1c\x1d\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
_HARMLESS_FORMATS = "\N{SOFT HYPHEN}\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"


def line(text: str) -> str:
    """`text` as exactly one line: a sentence must not be able to look like a heading or a signature
    of its own.
    """
    return " ".join("".join(_safe(each) for each in text).split())


def lines(text: str) -> tuple[str, ...]:
    """`text` as its lines, each harmless; blank ones are left out."""
    parted = "".join("\n" if each in _LINE_ENDS else each for each in text)
    return tuple(cleaned for each in parted.split("\n") if (cleaned := line(each)))


def _safe(character: str) -> str:
    if character in _LINE_ENDS or character == "\t":
        return " "
    category = unicodedata.category(character)
    if category == "Cf" and character in _HARMLESS_FORMATS:
        return "" if character == "\N{SOFT HYPHEN}" else character
    # Cc control, Cf format (all bidi controls are), Cs half a pair, Co private use, Cn unassigned
    return SHOWN if category.startswith("C") else character
