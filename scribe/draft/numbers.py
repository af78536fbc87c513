"""Spoken numbers to figures; nothing here knows what a number means clinically.

Done before anything else looks at the text, so that the writer, the gate and the list of omissions
compare the same form: "one twenty six over seventy" and "126 over 70" both become "126/70".
"""

import re

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_TENTHS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_SMALL.split())}
_TENS = {word: 10 * value for value, word in enumerate(_TENTHS.split(), start=2)}
_VALUE = _ONES | _TENS
_SCALE = {"hundred": 100, "thousand": 1000}
_WORD = "|".join(sorted((*_VALUE, *_SCALE), key=len, reverse=True))
_RUN = re.compile(rf"\b(?:{_WORD})\b(?:(?:[\s-]+and)?[\s-]+(?:{_WORD})\b)*", re.IGNORECASE)
# "one" is a pronoun as often as a number; it becomes 1 only before something countable.
_COUNTED = re.compile(
    r"\s+(?:weeks?|months?|days?|years?|hours?|times?|tablets?|pills?|mg|mcg|milligrams?|puffs?|"
    r"point|plus|out\s+of|over)\b",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(r"\b(?:number|point)\s+$", re.IGNORECASE)

_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), form)
    for pattern, form in (
        (r"\bmilligrams?\b", "mg"),
        (r"\bmicrograms?\b", "mcg"),
        (r"\b(\d{1,3}) (?:over|on|/) (\d{2,3})\b", r"\1/\2"),
        (r"\b(\d) ?plus(?= (?:out of|over|/)|/)", r"\1+"),
        (r"\b(\d) ?minus(?= (?:out of|over|/)|/)", r"\1-"),
        (r"(?<![\w./])(\d{1,2}[+-]?) ?(?:out of|over|/) ?(\d{1,2})\b", r"\1/\2"),
        (r"(\d) ?(?:percent\b|%)", r"\1%"),
        (r"\b(\d+)[ -]years?[ -]old", r"\1-year-old"),
        # A code that was spelled out: one letter, two figures, a point and more figures.
        (r"\b([A-TV-Z])[ -]?(\d\d)\.(\d)", r"\1\2.\3"),
    )
)
_POINT = re.compile(r"(\d) (?:point|dot) ((?:\d+ ?)+)", re.IGNORECASE)


def normalise(text: str) -> str:
    """`text` with spoken numbers as figures, ratios as a/b, percent as %, years as N-year-old."""
    pieces: list[str] = []
    at = 0
    for run in _RUN.finditer(text):
        pieces += [text[at : run.start()], _figures(run, text)]
        at = run.end()
    figures = "".join([*pieces, text[at:]])
    figures = _POINT.sub(_decimal, figures)
    for pattern, form in _FORMS:
        figures = pattern.sub(form, figures)
    return figures


def _figures(run: re.Match[str], text: str) -> str:
    words = re.findall(r"[a-z]+", run.group().lower())
    if words == ["one"]:
        counted = _COUNTED.match(text, run.end()) or _AFTER_NUMBER.search(text[: run.start()])
        return "1" if counted else run.group()
    if words[0] in _SCALE and len(words) == 1:
        return run.group()
    return _joined(_groups([word for word in words if word != "and"]))


def _groups(words: list[str]) -> list[int]:
    """Numbers spoken one after the other: "nineteen eighty four" is 19 and 84."""
    groups: list[int] = []
    room = 0  # a following word below this still belongs to the number being spoken
    for word in words:
        if word in _SCALE:
            scale = _SCALE[word]
            groups[-1:] = [(groups[-1] if groups else 1) * scale]
            room = scale
        elif groups and 0 < _VALUE[word] < room:
            groups[-1] += _VALUE[word]
            room = 10 if word in _TENS else 0
        else:
            groups.append(_VALUE[word])
            room = 10 if word in _TENS else 0
    return groups


def _joined(groups: list[int]) -> str:
    if len(groups) == 2:
        first, second = groups
        if 1 <= first <= 9 and 10 <= second <= 99:
            return str(first * 100 + second)  # "one thirty six"
        if first in (19, 20) and second <= 99:
            return str(first * 100 + second)  # "twenty nineteen"
    return " ".join(str(each) for each in groups)


def _decimal(match: re.Match[str]) -> str:
    behind = match.group(2)
    return f"{match.group(1)}.{behind.replace(' ', '')}{' ' if behind.endswith(' ') else ''}"
