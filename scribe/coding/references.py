"""Reads the code references inside instructional notes, "(F03.-)", "(D50-D53)"; holds no tables.

A reference it cannot read exactly is left out: a finding never rests on a guess.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_CODE = r"[A-Z][0-9A-Z][0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_ITEM = re.compile(rf"({_CODE})\.?-{{0,2}}(?:\s*-\s*({_CODE})-?)?")
_LETTER_FIRST = re.compile(r"(?=.*\d)[A-Z]")
_PARENTHESES = re.compile(r"\(([^()]*)\)")
_FINAL = re.compile(r"with final characters? -?(\w+)$")
_POINT = re.compile(r"with \.(\w+)-?$")
_NTH = re.compile(
    r"with (?:(\d)th|(fourth|fifth|sixth|seventh))[ -]characters? (\w)(?:\s*(?:,|or)\s*(\w))?$"
)
_ORDINALS = {"fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A code, a family or a range named by a note; `first` and `last` have no dot.

    `final`: the code must end so. `at`, `among`: its character number `at` must be one of these.
    `after_point`: what follows the dot must begin so.
    """

    first: str
    last: str
    final: str = ""
    after_point: str = ""
    at: int = 0
    among: str = ""

    def covers(self, code: str) -> bool:
        """Whether the dotted `code` is meant."""
        compact = code.replace(".", "")
        inside = compact[: len(self.first)] >= self.first and compact[: len(self.last)] <= self.last
        if not inside:
            return False
        if self.final and not (len(compact) > 3 and compact.endswith(self.final)):
            return False
        if self.after_point and not compact[3:].startswith(self.after_point):
            return False
        return not self.at or compact[self.at - 1 : self.at] in tuple(self.among)


@lru_cache(maxsize=4096)
def references(note: str) -> tuple[Reference, ...]:
    """All references in the parentheses of one instructional note, in order."""
    return tuple(
        reference for inner in _PARENTHESES.findall(note) for reference in _inside(inner.strip())
    )


def _inside(text: str) -> tuple[Reference, ...]:
    head, condition = text, ""
    if " with " in text:
        head, _, rest = text.partition(" with ")
        condition = f"with {rest.strip()}"
    items = _items(head)
    if not items or not condition:
        return items
    limit = _limit(condition)
    if limit is None:
        return ()
    return tuple(
        Reference(
            first=each.first,
            last=each.last,
            final=limit.final,
            after_point=limit.after_point,
            at=limit.at,
            among=limit.among,
        )
        for each in items
    )


def _items(text: str) -> tuple[Reference, ...]:
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        match = _ITEM.fullmatch(part)
        if match is None or not _LETTER_FIRST.match(match[1]):
            return ()
        first = match[1].replace(".", "")
        last = (match[2] or match[1]).replace(".", "")
        found.append(Reference(first=first, last=last))
    return tuple(found)


def _limit(condition: str) -> Reference | None:
    if match := _FINAL.match(condition):
        return Reference(first="", last="", final=match[1])
    if match := _POINT.match(condition):
        return Reference(first="", last="", after_point=match[1])
    if match := _NTH.match(condition):
        at = int(match[1]) if match[1] else _ORDINALS[match[2]]
        return Reference(first="", last="", at=at, among=match[3] + (match[4] or ""))
    return None
