"""Finds the known words that a typed word may mean, by beginning or in spite of slips; pure."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable

_SHORTEST_BEGINNING = 3
_SHORTEST_SLIP = 4
_LONGEST = 40
"""Characters; nothing longer is a word of the Tabular List."""
_MOST = 60


class Spelling:
    """The words of one vocabulary. Read-only once built."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = sorted(words)
        self._known = frozenset(self._words)
        self._threes: dict[str, array[int]] = {}
        for place, word in enumerate(self._words):
            for three in set(_threes(word)):
                self._threes.setdefault(three, array("i")).append(place)

    def readings(self, word: str) -> tuple[tuple[str, float], ...]:
        """Known words and how well each fits, 0..1, best first; () if none comes near."""
        if len(word) > _LONGEST:
            return ()
        known = word in self._known
        found = [(word, 1.0)] if known else []
        found += self._begun(word, known=known)
        if not found:
            found = self._slipped(word)
        return tuple(sorted(found, key=lambda each: (-each[1], each[0])))

    def _begun(self, word: str, *, known: bool) -> list[tuple[str, float]]:
        if len(word) < _SHORTEST_BEGINNING:
            return []
        first = bisect_left(self._words, word)
        last = bisect_left(self._words, f"{word}~")
        longer = [each for each in self._words[first:last] if each != word]
        longer.sort(key=lambda each: (len(each), each))
        whole = 0.5 if known else 0.9
        return [(each, whole * (0.7 + 0.3 * len(word) / len(each))) for each in longer[:_MOST]]

    def _slipped(self, word: str) -> list[tuple[str, float]]:
        if len(word) < _SHORTEST_SLIP:
            return []
        most = 1 if len(word) <= 6 else 2
        shared = Counter(
            place for three in set(_threes(word)) for place in self._threes.get(three, ())
        )
        found = []
        for place, _ in shared.most_common(200):
            other = self._words[place]
            if abs(len(other) - len(word)) <= most:
                slips = distance(word, other, most)
                if slips <= most:
                    found.append((other, 1.0 - 0.15 * slips))
        least = max((fit for _, fit in found), default=0.0)
        return [each for each in found if each[1] == least][:_MOST]


def distance(one: str, other: str, most: int) -> int:
    """How many letters are changed, left out, put in or swapped with the next; stops at `most`."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        two_before, before = before, row
        row = [i]
        for j, right in enumerate(other, start=1):
            step = min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right))
            swapped = i > 1 and j > 1 and left == other[j - 2] and right == one[i - 2]
            row.append(min(step, two_before[j - 2] + 1) if swapped else step)
        if min(row) > most:
            return most + 1
    return row[-1]


def _threes(word: str) -> list[str]:
    padded = f"  {word} "
    return [padded[at : at + 3] for at in range(len(padded) - 2)]
