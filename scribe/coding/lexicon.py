"""Finds the places of many expressions in one pass over a text; knows no words of its own.

Each expression is tried only where its first letters stand, told from its parsed form. What is
found is exactly what each expression would find by itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from re import _constants as constants  # type: ignore[attr-defined]  # no public name for them
from re import _parser as parser  # type: ignore[attr-defined]  # parses as `re` itself does
from typing import Any

_LETTERS = 3
"""Letters of a beginning that are compared; more would not sort out much."""
_MOST = 400
"""An expression with more beginnings than this is tried everywhere."""
_NARROW = 10
"""Characters of the widest range that is spelled out."""
_PLACE = re.compile(r"(?<!\w)(?s:.)")


class Lexicon:
    """Expressions on whole words by name, as `words.whole_words` compiles them. Read-only."""

    def __init__(self, expressions: Mapping[str, re.Pattern[str]]) -> None:
        self._expressions = dict(expressions)
        self._begun: dict[str, list[str]] = {}
        for name, pattern in self._expressions.items():
            for beginning in beginnings(pattern.pattern):
                self._begun.setdefault(beginning, []).append(name)
        self._order = {name: number for number, name in enumerate(self._expressions)}
        self._known: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {}

    @property
    def empty(self) -> bool:
        """Whether it holds no expression."""
        return not self._expressions

    def places(self, text: str, start: int, end: int) -> dict[str, list[re.Match[str]]]:
        """By name what each expression's `finditer(text, start, end)` would find, if anything."""
        found: dict[str, list[re.Match[str]]] = {}
        for place in _PLACE.finditer(text, start, end):
            at = place.start()
            for name, pattern in self._candidates(text[at : at + _LETTERS]):
                earlier = found.get(name)
                if earlier is not None and earlier[-1].end() > at:
                    continue
                if match := pattern.match(text, at, end):
                    found.setdefault(name, []).append(match)
        return found

    def _candidates(self, letters: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
        found = self._known.get(letters)
        if found is None:
            names = {
                name
                for size in range(_LETTERS + 1)
                for name in self._begun.get(letters[:size], ())
                if size <= len(letters)
            }
            ordered = sorted(names, key=self._order.__getitem__)
            found = tuple((name, self._expressions[name]) for name in ordered)
            self._known[letters] = found
        return found


@dataclass(frozen=True, slots=True)
class _Begun:
    """How the matches of a part begin. `whole`: these letters are all of such a match, so what
    follows the part adds to them. `cut`: more or other letters of the part itself may follow.
    """

    cut: frozenset[str] = frozenset()
    whole: frozenset[str] = frozenset()


_ANYTHING = _Begun(cut=frozenset({""}))
_NOTHING = _Begun(whole=frozenset({""}))


def beginnings(expression: str) -> frozenset[str]:
    """The first letters, at most three, of all that an expression matches; "" for anything."""
    begun = _of_sequence(parser.parse(expression))
    return begun.cut | begun.whole


def _of_sequence(items: Any) -> _Begun:
    cut: set[str] = set()
    whole = {""}
    for operator, value in items:
        part = _of_item(operator, value)
        cut |= {f"{before}{after}"[:_LETTERS] for before in whole for after in part.cut}
        longer = {f"{before}{after}"[:_LETTERS] for before in whole for after in part.whole}
        whole = {each for each in longer if len(each) < _LETTERS}
        cut |= longer - whole
        if len(cut) + len(whole) > _MOST:
            return _ANYTHING
        if not whole:
            break
    return _Begun(cut=frozenset(cut), whole=frozenset(whole))


def _of_item(operator: Any, value: Any) -> _Begun:
    if operator is constants.LITERAL:
        return _Begun(whole=frozenset({chr(value)}))
    if operator in (constants.ASSERT, constants.ASSERT_NOT, constants.AT):
        return _NOTHING
    if operator is constants.SUBPATTERN:
        return _of_sequence(value[3])
    if operator is constants.BRANCH:
        every = [_of_sequence(branch) for branch in value[1]]
        return _Begun(
            cut=frozenset().union(*(each.cut for each in every)),
            whole=frozenset().union(*(each.whole for each in every)),
        )
    if operator in (constants.MAX_REPEAT, constants.MIN_REPEAT):
        return _of_repeat(*value)
    return _of_class(value) if operator is constants.IN else _ANYTHING


def _of_repeat(least: int, most: int, item: Any) -> _Begun:
    part = _of_sequence(item)
    none = _NOTHING.whole if least == 0 else frozenset()
    if most == 1:
        return _Begun(cut=part.cut, whole=part.whole | none)
    return _Begun(cut=part.cut | part.whole, whole=none)


def _of_class(members: Any) -> _Begun:
    letters: set[str] = set()
    for operator, value in members:
        if operator is constants.LITERAL:
            letters.add(chr(value))
        elif operator is constants.RANGE and value[1] - value[0] < _NARROW:
            letters.update(chr(each) for each in range(value[0], value[1] + 1))
        else:
            return _ANYTHING
    return _Begun(whole=frozenset(letters))
