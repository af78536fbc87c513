"""Reads codes as they are typed and spoken: "r531", "are fifty three point one"; judges none.

`dictated` takes a diagnosis list from the clinician's own speech. A measurement, a dose or anything
the patient says never becomes a code.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from scribe.coding.tables import Table, all_tables, dotted, nearest_table
from scribe.coding.words import vocabulary
from scribe.ids import UtteranceId
from scribe.records import CodedDiagnosis, Origin, Speaker, Transcript

CODE_FORM = re.compile(r"[A-Z][0-9][0-9A-Z](?:\.[0-9A-Z]{1,4})?")
_REACH = 30
"""How many words after "diagnosis", "code" or the last code a further code may still stand."""

_TOKEN = re.compile(
    r"(?P<joined>(?<![A-Za-z0-9])[A-Za-z]\d[0-9A-Za-z]{1,6}(?:\.[0-9A-Za-z]{1,4})?(?![A-Za-z0-9]))"
    r"|(?P<word>[A-Za-z]+(?:['\u2019][a-z]+)?)"
    r"|(?P<number>\d+(?:\.\d+)?|(?<=[\s\d])\.\d+)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Token:
    text: str
    joined: bool
    ends: bool
    """A stop or a comma follows."""
    last: bool
    """It is the last of its utterance."""
    source: UtteranceId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    code: str
    size: int
    everyday: bool
    pointed: bool


def well_formed(code: str) -> bool:
    """Whether a dotted code has the form of an ICD-10-CM code or stands in a loaded table.

    The second half is for the category letters QA, which the form in use until 2025 does not know.
    """
    return bool(CODE_FORM.fullmatch(code)) or any(table.exists(code) for table in all_tables())


def normalise(code: str) -> str:
    """The dotted code that a typed or spoken string means; other strings in capitals, trimmed."""
    compact = re.sub(r"\s+", "", code).upper().rstrip(".")
    plain = compact.replace(".", "") if compact.count(".") == 1 else compact
    with_dot = dotted(plain)
    misplaced = "." in compact and compact != with_dot
    if plain.isascii() and not misplaced and well_formed(with_dot):
        return with_dot
    return spoken(code) or compact


def spoken(text: str) -> str:
    """The one code that a whole string spells in words, or ""."""
    tokens = _tokens(text, None)
    if not 2 <= len(tokens) <= 16:
        return ""
    for start in range(len(tokens) - 1):
        for reading in _readings(tokens[start:]):
            known = any(table.exists(reading.code) for table in all_tables())
            if reading.size == len(tokens) - start and known:
                return reading.code
        if not _opens_context(tokens[start]) and tokens[start].text != "10":
            break
    return ""


def dictated(transcript: Transcript, day: date) -> tuple[CodedDiagnosis, ...]:
    """The diagnosis list that the clinician dictates, in the order spoken, each code once.

    Reads only utterances of the clinician or of an unknown speaker, only near "diagnosis", "code"
    or "ICD". An item may run over the end of an utterance; `evidence` holds those of the code.
    """
    tokens = [
        token
        for utterance in transcript.utterances
        if utterance.speaker in (Speaker.CLINICIAN, Speaker.UNKNOWN)
        for token in _tokens(utterance.text, utterance.id)
    ]
    table = nearest_table(day)
    found: dict[str, tuple[UtteranceId, ...]] = {}
    reach, at = 0, 0
    while at < len(tokens):
        reach = _REACH if _opens_context(tokens[at]) else reach - 1
        reading = _best(tokens, at, table) if reach > 0 else None
        if reading is None:
            at += 1
            continue
        sources = [token.source for token in tokens[at : at + reading.size] if token.source]
        found.setdefault(reading.code, tuple(dict.fromkeys(sources)))
        at += reading.size
        reach = _REACH
    return tuple(
        CodedDiagnosis(code=code, rank=rank, origin=Origin.DICTATED, evidence=sources)
        for rank, (code, sources) in enumerate(found.items(), start=1)
    )


def _tokens(text: str, source: UtteranceId | None) -> list[_Token]:
    matches = list(_TOKEN.finditer(text))
    return [
        _Token(
            text=match[0].lower(),
            joined=match["joined"] is not None,
            ends=text[match.end() : match.end() + 1] in (".", ",", ";", ":", "!", "?"),
            last=match is matches[-1],
            source=source,
        )
        for match in matches
    ]


def _opens_context(token: _Token) -> bool:
    return token.text in vocabulary("spoken")["context"]["opens"]


def _best(tokens: Sequence[_Token], at: int, table: Table) -> _Reading | None:
    """The longest reading here that is a code on that day, or is plainly one by its form."""
    context = vocabulary("spoken")["context"]
    if _after_a_measure(tokens, at):
        return None
    readings = [
        reading
        for reading in _readings(tokens[at : at + 14])
        if not _measured(tokens, at + reading.size)
    ]
    said_code = at > 0 and tokens[at - 1].text in context["codes"]
    exact = [reading for reading in readings if reading.pointed and table.exists(reading.code)]
    plain = [
        reading
        for reading in readings
        if reading.pointed and not reading.everyday and CODE_FORM.fullmatch(reading.code)
    ]
    whole = [
        reading
        for reading in readings
        if (said_code or not reading.everyday) and table.exists(reading.code)
    ]
    return next(iter([*exact, *plain, *whole]), None)


def _after_a_measure(tokens: Sequence[_Token], at: int) -> bool:
    """Whether "pulse", "blood pressure" ... stands just before; "high blood pressure" names a
    disease.
    """
    measures = vocabulary("spoken")["context"]["measures"]
    for position in range(max(0, at - 3), at):
        named = any(token.text == "high" for token in tokens[max(0, position - 2) : position])
        if tokens[position].text in measures and not named:
            return True
    return False


def _measured(tokens: Sequence[_Token], after: int) -> bool:
    if after >= len(tokens) or tokens[after - 1].ends:
        return False
    return tokens[after].text in vocabulary("spoken")["context"]["units"]


def _readings(tokens: Sequence[_Token]) -> list[_Reading]:
    """Every code that begins with the first token, longest first."""
    if not tokens:
        return []
    first = tokens[0]
    if first.joined:
        code = dotted(first.text.upper().replace(".", ""))
        return _with_tail(tokens, code, "." in first.text)
    letter, everyday = _letter(first)
    if not letter or len(tokens) < 2:
        return []
    return _spelled(tokens, letter, everyday)


def _with_tail(tokens: Sequence[_Token], code: str, pointed: bool) -> list[_Reading]:
    """A code written in one piece, perhaps with its decimals spoken in the next utterance."""
    found = [_Reading(code=code, size=1, everyday=False, pointed=pointed)]
    if pointed or _stops(tokens, 1) or not _piece(tokens, 1)[0].startswith("."):
        return found
    return _spelled(tokens, code, False) + found


def _spelled(tokens: Sequence[_Token], start: str, everyday: bool) -> list[_Reading]:
    """Every code that the tokens after the first add up to, longest first. The point, where it is
    spoken, must come after the third character.
    """
    found = []
    spelled, at = start, 1
    while at < len(tokens):
        piece, size = _piece(tokens, at)
        if size == 0:
            break
        spelled += piece
        at += size
        pointed = "." in spelled
        compact = spelled.replace(".", "")
        in_place = not pointed or (spelled.index(".") == 3 and spelled.count(".") == 1)
        if 3 <= len(compact) <= 7 and in_place and not spelled.endswith("."):
            found.append(
                _Reading(code=dotted(compact), size=at, everyday=everyday, pointed=pointed)
            )
        if _stops(tokens, at):
            break
    return found[::-1]


def _letter(token: _Token) -> tuple[str, bool]:
    letters = vocabulary("spoken")["letters"]
    for kind in ("plain", "swallowed"):
        if letter := letters[kind].get(token.text):
            return str(letter), False
    if letter := letters["everyday"].get(token.text):
        return str(letter), token.text != "i"
    if len(token.text) == 1 and token.text.isalpha():
        return token.text.upper(), False
    return "", False


def _piece(tokens: Sequence[_Token], at: int) -> tuple[str, int]:
    """The characters spelled at this place, "." for a point, and the number of tokens used."""
    words = vocabulary("spoken")
    word = tokens[at].text
    if word in words["context"]["points"]:
        return ".", 1
    if word.replace(".", "").isdigit():
        return word, 1
    if word in words["numbers"]:
        return _number(tokens, at, words["numbers"])
    if word in ("oh", "o"):
        return "0", 1
    letter, everyday = _letter(tokens[at])
    if at > 1 and letter and not everyday and word != "i":
        return letter, 1
    return "", 0


def _number(tokens: Sequence[_Token], at: int, numbers: dict[str, int]) -> tuple[str, int]:
    value = numbers[tokens[at].text]
    following = numbers.get(tokens[at + 1].text, 0) if at + 1 < len(tokens) else 0
    if value >= 20 and 1 <= following <= 9 and not tokens[at].ends:
        return str(value + following), 2
    return str(value), 1


def _stops(tokens: Sequence[_Token], at: int) -> bool:
    """Whether a stop ends the code before `at`; a point in the next utterance overrules it."""
    if at >= len(tokens):
        return True
    before, after = tokens[at - 1], tokens[at]
    points = vocabulary("spoken")["context"]["points"]
    if after.text in points or after.text.startswith("."):
        return not before.last and before.ends
    return before.ends
