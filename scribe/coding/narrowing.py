"""Chooses the exact code of a family where the note tells the side, the stage or the trimester;
pure, decides no diagnosis.
"""

import re

from scribe.coding import gestation, sides
from scribe.coding.conditions import conditions
from scribe.coding.deficits import Side
from scribe.coding.facts import Facts

_KIDNEY = "N18.-"
_IN_PREGNANCY = ("O99.01-", "O26.81-", "O26.89-")
_NERVES = ("G56.", "G57.", "M21.37", "M54.3")
"""Families whose side is that of the weakness, as the sentence that names the disease tells it."""
_ORGANS = re.compile(r"breast|lung|kidney|ovary|bronchus")
_SIDED = re.compile(r"(?<![\w/'])(left|right|l|r)(?![- ](?:hand(?:ed|[- ]dom)|dominant))(?=[- ])")


def narrowed(facts: Facts, near: str, code: str) -> str:
    """The exact code that the sentences `near` a disease decide, else `code` itself."""
    if code == _KIDNEY:
        return _stage(near) or code
    if code in _IN_PREGNANCY:
        week = gestation.weeks(facts)
        return code if week is None else gestation.by_trimester(code[:-1], week)
    side = _side(near, facts.table.title(code.rstrip("-").rstrip(".")), code)
    return _on_side(facts, code, side) if side is not None else code


def _stage(near: str) -> str:
    kind = conditions()["kidney"].chosen(near, near)
    found = next((code for code in kind.codes if code.startswith("N18.")), "")
    return "" if found == "N18.9" else found


def _side(near: str, title: str, code: str) -> Side | None:
    if code.startswith(_NERVES):
        words = {match[1] for match in _SIDED.finditer(near)}
    else:
        organ = _ORGANS.search(title.lower())
        if organ is None:
            return None
        beside = re.compile(rf"\b(left|right|l|r) (?:\w+ )?{organ[0].replace('bronchus', 'lung')}")
        words = {match[1] for match in beside.finditer(near)}
    found = {Side.LEFT if word.startswith("l") else Side.RIGHT for word in words}
    return found.pop() if len(found) == 1 and "bilateral" not in near else None


def _on_side(facts: Facts, code: str, side: Side) -> str:
    if code.endswith("-"):
        leaves = facts.table.leaves(code.rstrip("-").rstrip("."))
        fitting = [each for each in leaves if sides.side_of(facts.table.title(each)) is side]
    else:
        siblings = sides.sided_siblings(facts.table, code)
        fitting = [each for each, where in siblings if where is side]
    return fitting[0] if len(fitting) == 1 else code
