"""How long something has lasted by the words of one sentence, in weeks; pure."""

import re
from datetime import date

_NUMBER = {
    "a": 1, "an": 1, "one": 1, "two": 2, "couple": 2, "few": 3, "three": 3, "four": 4, "five": 5,
    "six": 6, "seven": 7, "several": 4, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "many": 6,
}  # fmt: skip
_WEEKS = {"h": 1 / 168, "d": 1 / 7, "w": 1.0, "m": 4.35, "y": 52.0}
_SPAN = re.compile(
    rf"\b(\d+(?:\.\d+)?|{'|'.join(_NUMBER)})(?: ?(?:-|to|or) ?(\d+))?(?: of)?[ -]?"
    r"(hours?|hrs?|h|days?|d|weeks?|wks?|wk|w|months?|mos?|mo|m|years?|yrs?|yr|y)\b"
)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_SINCE_MONTH = re.compile(
    rf"\b(?:since|from) (?:late |early |mid[- ]?|last )?({'|'.join(m[:3] for m in _MONTHS)})\w*\b"
)
_SEASONS = {"spring": 5, "summer": 8, "fall": 11, "autumn": 11, "winter": 2}
"""The last month of a season, so that no time is told too long."""
_SINCE_SEASON = re.compile(
    rf"\b(?:since|from) (?:late |early |last |this )?({'|'.join(_SEASONS)})\b"
)
_LONG = re.compile(r"\b(?:chronic(?:ally)?|long-?standing|for (?:years|months)|since last year)\b")
_LONG_WEEKS = 12.0
_DATED = re.compile(
    rf"\b(?:({'|'.join(m[:3] for m in _MONTHS)})[a-z]*\.?,? (?:of )?"
    r"|(?<![\d/])(0?[1-9]|1[0-2])/(?:\d\d?/)?)((?:19|20)\d\d)\b"
)


def longest(text: str, day: date) -> float:
    """The longest time in weeks that folded text names, as seen on `day`; 0 when it names none."""
    found = [0.0]
    for match in _SPAN.finditer(text):
        number = float(match[2] or _NUMBER.get(match[1]) or match[1])
        found.append(number * _WEEKS[match[3][0]])
    for match in _SINCE_MONTH.finditer(text):
        month = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(match[1]))
        found.append(((day.month - month) % 12) * _WEEKS["m"])
    for match in _SINCE_SEASON.finditer(text):
        found.append(((day.month - _SEASONS[match[1]]) % 12) * _WEEKS["m"])
    if _LONG.search(text):
        found.append(_LONG_WEEKS)
    return max(found)


def months_since(text: str, day: date) -> int | None:
    """Whole calendar months from the first month with a year in folded text (november 2024,
    11/2024) to `day`; None where there is none.
    """
    if not (match := _DATED.search(text)):
        return None
    names = [name[:3] for name in _MONTHS]
    month = int(match[2]) if match[2] else names.index(match[1]) + 1
    return 12 * (day.year - int(match[3])) + day.month - month
