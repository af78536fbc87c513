"""Rules on pairs of codes that an Excludes1 note forbids; R53.1 has three pairs of its own."""

from collections.abc import Callable, Iterator
from itertools import combinations

from scribe.coding.facts import R531, Facts
from scribe.coding.rule import UNREADY, Hit, Offer, Rule, guideline, tabular
from scribe.coding.tables import Table, TableNote
from scribe.ids import RuleId
from scribe.records import Severity

_OWN_PAIRS = {frozenset((R531, other)) for other in ("M62.81", "R54", "M62.84")}


_AGAINST = f"{UNREADY}the note states the other; to keep R53.1 the note must say what is meant"


def excluding_note(table: Table, first: str, second: str) -> TableNote | None:
    """The Excludes1 note at either code, or above it, that names the other; None if there is none.

    A note written above both codes speaks of neither beside the other.
    """
    for here, there in ((first, second), (second, first)):
        above_there = {there, *table.ancestors(there)}
        for note in table.excludes1(here):
            if note.owner in above_there:
                continue
            if any(reference.covers(there) for reference in note.references):
                return note
    return None


def _pairs(facts: Facts) -> Iterator[Hit]:
    codes = dict.fromkeys(each.code for each in facts.codes if facts.table.exists(each.code))
    for first, second in combinations(codes, 2):
        if frozenset((first, second)) in _OWN_PAIRS:
            continue
        note = excluding_note(facts.table, first, second)
        if note is None:
            continue
        yield Hit(
            message=f"{first} ({facts.table.title(first)}) and {second} "
            f"({facts.table.title(second)}) should not be reported together: the Tabular List "
            f"says at {note.owner} “Excludes1: {note.text}”. Keep the one that describes the "
            "patient, or state why they are two unrelated conditions.",
            codes=(first, second),
            offers=(
                Offer(code=first, why="keep this one alone"),
                Offer(code=second, why="keep this one alone"),
            ),
            citations=(
                tabular(f"Excludes1 at {note.owner}, edition {facts.table.about.notes_of}"),
            ),
        )


def _own_pair(
    other: str, message: str, prefer_other: Callable[[Facts], bool]
) -> Callable[[Facts], Iterator[Hit]]:
    def decide(facts: Facts) -> Iterator[Hit]:
        if R531 not in facts.coded(R531) or other not in facts.coded(other):
            return
        stated = prefer_other(facts)
        offers = (
            Offer(code=other, why="this is what the note states" if stated else "if documented"),
            Offer(code=R531, why=_AGAINST if stated else "only if the other is not meant"),
        )
        evidence = tuple(
            each.quote(facts.page)
            for each in facts.assessed("weakness", "frailty", "sarcopenia", "aging")[:3]
        )
        yield Hit(
            message=message,
            codes=(R531, other),
            evidence=evidence,
            offers=offers if stated or other == "M62.84" else offers[::-1],
            citations=(tabular(f"R53.1 Excludes1, edition {facts.table.about.notes_of}"),),
        )

    return decide


def _muscle(facts: Facts) -> bool:
    return any(each.muscle for each in facts.assessed("weakness"))


def _age(facts: Facts) -> bool:
    return bool(facts.assessed("frailty") or facts.tied("aging"))


def _sarcopenia(facts: Facts) -> bool:
    return bool(facts.established("sarcopenia"))


EXCLUDES1 = Rule(
    id=RuleId("GEN-EXCLUDES1"),
    severity=Severity.BLOCK,
    title="Two codes that exclude each other",
    citations=(guideline("I.A.12.a (with its exception for two unrelated conditions)"),),
    article="Your reference article shows paid claims with R26.2 and R29.6 together. The official "
    "rule differs: an Excludes1 note forbids that pair, and a paid claim proves nothing.",
    override="The two codes stand for two conditions that are unrelated to each other; the note "
    "describes each of them.",
    decide=_pairs,
)
EX1_M6281 = Rule(
    id=RuleId("R531-EX1-M6281"),
    severity=Severity.BLOCK,
    title="R53.1 together with M62.81",
    citations=(guideline("I.A.12.a"),),
    article="Your reference article says M62.81 is for weakness of particular muscles after injury "
    "or nerve damage. The official rule differs: the title is Muscle weakness (generalized), and "
    "R53.1 excludes it whatever the distribution.",
    override="The weakness and the muscle weakness are two unrelated conditions; the note names "
    "the cause of each.",
    decide=_own_pair(
        "M62.81",
        "Weakness (R53.1) and muscle weakness (M62.81) exclude each other. Keep M62.81 if you "
        "documented muscle weakness, R53.1 if you documented general weakness without a muscle "
        "finding.",
        _muscle,
    ),
)
EX1_R54 = Rule(
    id=RuleId("R531-EX1-R54"),
    severity=Severity.BLOCK,
    title="R53.1 together with R54",
    citations=(guideline("I.A.12.a"),),
    article="Your reference article agrees: age-related weakness is R54.",
    sequencing="R54 stands alone.",
    override="The weakness coded R53.1 is not the age-related one but a second, unrelated "
    "condition that the note describes.",
    decide=_own_pair(
        "R54", "Age-related weakness is coded R54 alone; R53.1 must not be added.", _age
    ),
)
EX1_M6284 = Rule(
    id=RuleId("R531-EX1-M6284"),
    severity=Severity.BLOCK,
    title="R53.1 together with M62.84",
    citations=(tabular("M62.84, code first G71-G73 if applicable"), guideline("I.A.12.a")),
    article="Your reference article agrees that sarcopenia is M62.84; it leaves out that an "
    "underlying muscle disease is coded first.",
    sequencing="A muscle disease behind the sarcopenia (G71-G73) is listed before M62.84.",
    override="The weakness coded R53.1 does not come from the sarcopenia but is a second, "
    "unrelated condition that the note describes.",
    decide=_own_pair(
        "M62.84",
        "Sarcopenia (M62.84) already includes the weakness; R53.1 must not be added.",
        _sarcopenia,
    ),
)
