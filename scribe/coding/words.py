"""Loads the vocabulary files and compiles their expressions; holds no words of its own."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from scribe.errors import CodingError

_FOLDER = files("scribe.coding") / "vocabulary"


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """One vocabulary file as nested tables. Raises CodingError when it cannot be read."""
    try:
        return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CodingError(
            f"The vocabulary {name} of this program cannot be read.",
            advice="Install the program again.",
        ) from error


@cache
def phrase(*path: str) -> re.Pattern[str]:
    """The expression at a place of the vocabulary ("links", "forward"), on whole words.

    A list of expressions matches when one of them does.
    """
    value: Any = vocabulary(path[0])
    for step in path[1:]:
        value = value[step]
    return whole_words(value if isinstance(value, str) else tuple(value))


@cache
def ending(*path: str) -> re.Pattern[str]:
    """Like `phrase`, anchored so that it must begin right at the place where matching starts."""
    return re.compile(rf"[\s,(]*(?:{phrase(*path).pattern})")


@cache
def whole_words(expressions: str | tuple[str, ...]) -> re.Pattern[str]:
    """Compile expressions so that they match whole words, whatever the width of the spaces."""
    one = expressions if isinstance(expressions, str) else "|".join(expressions)
    spaced = re.sub(r"(?<=[\w)\].']) (?=[\w(\[])", " +", one)
    return re.compile(rf"(?<!\w)(?:{spaced})(?!\w)")
