"""The diseases and drugs the checks know, gathered from the vocabulary; knows no note.

Codes and their source stand in the vocabulary files; what follows from a disease, in the rules.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from scribe.coding.words import vocabulary

DRUG = "drug:"
"""Begins the key of a drug class."""
_SYSTEMIC_OTHER = "R531-SYSTEMIC-OTHER"
_DRUG_RULE = "R531-DRUG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A type of a disease: chosen by `pattern` in the sentences that name the disease and, where
    given, by `anywhere` in the whole note. `codes` in the order in which they are listed.
    """

    name: str
    codes: tuple[str, ...]
    pattern: str = "."
    anywhere: str = ""

    @property
    def in_sentence(self) -> str:
        """The name as it stands inside a sentence: hypothyroidism, but COVID-19, Graves disease."""
        first = re.split(r"[^\w]", self.name, maxsplit=1)[0]
        keeps = first in vocabulary("wording")["proper"] or first[1:] != first[1:].lower()
        return self.name if keeps else self.name[:1].lower() + self.name[1:]


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A disease or a class of drugs.

    `rule` answers when it explains the weakness; `general` in its place when the weakness is not of
    one side. `integral`: weakness is a routine part of it. `ask`: ask when nothing ties the two.
    `beside`: R53.1 may follow its code unasked. `families`: codes that count as coded.
    """

    key: str
    rule: str
    name: str
    families: tuple[str, ...]
    kinds: tuple[Kind, ...]
    general: str = ""
    integral: bool = False
    ask: bool = False
    beside: bool = False

    def chosen(self, near: str, note: str) -> Kind:
        """The kind that fits the sentences `near` the disease and the whole `note`, both folded."""
        for kind in self.kinds:
            there = not kind.anywhere or re.search(kind.anywhere, note)
            if there and re.search(kind.pattern, near):
                return kind
        return Kind(name=self.name, codes=())


@cache
def terms() -> dict[str, dict[str, Any]]:
    """The words of every disease and drug class by key, as they stand in the vocabulary."""
    found: dict[str, dict[str, Any]] = {}
    for file in ("conditions", "neurological", "systemic"):
        found.update(vocabulary(file))
    found.update({f"other:{key}": entry for key, entry in vocabulary("other_causes").items()})
    found.update({f"{DRUG}{key}": entry for key, entry in vocabulary("drugs").items()})
    return found


@cache
def conditions() -> dict[str, Condition]:
    """Every disease and drug class that a rule answers for, by key."""
    return {key: _read(key, entry) for key, entry in terms().items() if key != "stroke"}


@cache
def answered_by(rule: str) -> tuple[Condition, ...]:
    """The conditions that one rule answers for, one-sided and general weakness alike."""
    return tuple(each for each in conditions().values() if rule in (each.rule, each.general))


def _read(key: str, entry: dict[str, Any]) -> Condition:
    name = str(entry["name"])
    if key.startswith(DRUG):
        codes = tuple(entry[each] for each in ("code", "before") if each in entry)
        kinds: tuple[Kind, ...] = (Kind(name=name, codes=codes),)
    elif "offer" in entry:
        kinds = (Kind(name=name, codes=tuple(entry["offer"])),)
    else:
        kinds = tuple(
            Kind(
                name=kind.get("name", name),
                codes=tuple(kind["codes"]),
                pattern=kind["pattern"],
                anywhere=kind.get("anywhere", ""),
            )
            for kind in entry["kinds"]
        )
    return Condition(
        key=key,
        rule=entry.get("rule", _DRUG_RULE if key.startswith(DRUG) else _SYSTEMIC_OTHER),
        name=name,
        families=tuple(entry.get("codes", ())),
        kinds=kinds,
        general=entry.get("general", ""),
        integral=entry.get("integral", False),
        ask=entry.get("ask", False),
        beside=entry.get("beside", False),
    )
