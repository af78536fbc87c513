"""The rule on weakness of one part of the body only, without a cause."""

from collections.abc import Iterator

from scribe.coding import stroke
from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import GRADE, WEAKNESS, Extent, Mention
from scribe.coding.rule import Hit, Offer, Rule, coding_clinic, guideline, tabular
from scribe.coding.words import phrase
from scribe.ids import RuleId
from scribe.records import Section, Severity

_LOCAL = (Extent.ONE_SIDE, Extent.PART)
_PARESIS = ("G81.9-", "G83.1-", "G83.2-")


def _localized(facts: Facts) -> Iterator[Hit]:
    if R531 not in facts.coded(R531):
        return
    words = facts.established(WEAKNESS)
    local = [each for each in words if each.extent in _LOCAL]
    if not local or any(each.extent is Extent.GENERAL for each in words):
        return
    assessed = facts.assessed(WEAKNESS)
    if not assessed and facts.page.folded[Section.ASSESSMENT].strip():
        return  # something else was assessed
    # "Weakness" alone in the Assessment: only where nothing else in the note is weak.
    plain = bool(assessed) and not any(each.extent in _LOCAL for each in assessed)
    apart = set(assessed)
    others = [each for each in words if each not in apart]
    if plain and any(each.extent is Extent.UNQUALIFIED for each in others):
        return
    if _arms_and_legs(facts, local):
        return
    place = (
        local[0]
        if not assessed
        else next((each for each in assessed if each.extent in _LOCAL), local[0])
    )
    yield Hit(
        message="R53.1 describes general weakness; the note describes weakness of one part "
        f"(“{_place(facts, place)}”). Name the deficit and its cause, or use a limb code.",
        codes=(R531,),
        evidence=tuple(dict.fromkeys(each.quote(facts.page) for each in local)),
        offers=_offers(facts, local),
    )


def _arms_and_legs(facts: Facts, local: list[Mention]) -> bool:
    """Whether words and measured grades together reach arms and legs of both sides."""
    grades = facts.established(GRADE)
    if any(_wide(facts, grade) for grade in grades):
        return True
    if len({each.side for each in facts.deficits}) == 1:
        return False
    near = " ; ".join(
        [*(_near(facts, grade) for grade in grades), *(_near(facts, each) for each in local)]
    )
    arm = phrase("weakness", "body", "arm").search(near)
    leg = phrase("weakness", "body", "leg").search(near)
    return arm is not None and leg is not None


def _wide(facts: Facts, grade: Mention) -> bool:
    """Whether it is of the whole body: "4/5 throughout", but not "RUE 4/5 throughout"."""
    if grade in facts.one_sided:
        return False
    return phrase("weakness", "extent", "general").search(_near(facts, grade)) is not None


def _near(facts: Facts, mention: Mention) -> str:
    """The piece between commas around a mention."""
    text = facts.page.folded[mention.section]
    sentence = mention.sentence
    start = max(text.rfind(",", sentence.start, mention.start), sentence.start)
    end = text.find(",", mention.end, sentence.end)
    return text[start : end if end >= 0 else sentence.end]


def _place(facts: Facts, mention: Mention) -> str:
    text = facts.page.note.of(mention.section)[mention.sentence.start : mention.sentence.end]
    plain = " ".join(text.split()).strip(" .")
    return plain if len(plain) <= 60 else f"{plain[:57]}..."


def _offers(facts: Facts, local: list[Mention]) -> tuple[Offer, ...]:
    offers = [Offer(code="R29.898", why="weakness of a limb of unknown cause")]
    if any(each.muscle for each in local):
        offers.append(Offer(code="M62.81", why="the note says muscle weakness"))
    if any("pare" in each.text or "pleg" in each.text for each in local):
        found = stroke.one_sided(facts)
        exact = stroke.paralysis(facts, found) if found else None
        codes = (exact.code,) if exact is not None else _PARESIS
        side = f": {exact.why}" if exact is not None else ""
        why = f"if this paresis is the diagnosis{side}"
        offers += [Offer(code=code, why=why) for code in codes]
    return tuple(offers)


LOCALIZED = Rule(
    id=RuleId("R531-LOCALIZED"),
    severity=Severity.WARN,
    title="Weakness of one part only",
    citations=(
        tabular("titles of R53.1, R29.898, M62.81, G81-G83"),
        coding_clinic("First Quarter 2015, page 25"),
        guideline("I.B.2"),
    ),
    article="Your reference article says that localized weakness is M62.81. The official rule "
    "differs: that title is Muscle weakness (generalized); no official source forbids R53.1 for a "
    "limb, so this only warns.",
    needs_note=True,
    override="The weakness is general; one part is named because it was examined or is the worst.",
    decide=_localized,
)
