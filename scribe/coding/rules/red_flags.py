"""Rules on signs that ask for action; they never touch the code and never block.

Only for affirmed, current, new or worsening findings. Where the Plan already acts, the finding is
shown as information.
"""

import re
from collections.abc import Iterator

from scribe.coding import durations
from scribe.coding.conditions import conditions
from scribe.coding.facts import R531, Facts
from scribe.coding.mentions import WEAKNESS, Mention
from scribe.coding.rule import Hit, Offer, Rule, guideline, tabular
from scribe.coding.spotting import clause_of, sentence_of, spot
from scribe.coding.words import phrase, vocabulary, whole_words
from scribe.ids import RuleId
from scribe.records import Citation, Quote, Section, Severity

_TOLD = (Section.SUBJECTIVE, Section.OBJECTIVE, Section.ASSESSMENT)
_ARTICLE = Citation(
    source="Reference article of 2025-03-19 on R53.1", place="when to reconsider, when to refer"
)


def _weak(facts: Facts) -> bool:
    return R531 in facts.coded(R531) and bool(facts.weakness)


def _current(facts: Facts, *path: str, old: str = "") -> list[Mention]:
    """Affirmed places that are not said to be long known."""
    found = [each for each in spot(facts.page, phrase(*path), *_TOLD) if each.established]
    if not old:
        return found
    known = phrase(path[0], path[1], old)
    return [each for each in found if not known.search(clause_of(facts.page, each))]


def _acted(facts: Facts, *more: str) -> bool:
    """Whether the Plan (or what was done at the visit) already acts; advice for later is none."""
    patterns = [phrase("red_flags", "action", "urgent")]
    patterns += [phrase("red_flags", *each.split("/")) for each in more]
    advice = phrase("red_flags", "action", "advice")
    for pattern in patterns:
        for each in spot(facts.page, pattern, Section.PLAN):
            before = facts.page.folded[Section.PLAN][each.sentence.start : each.start]
            after = facts.page.folded[Section.PLAN][each.end : each.sentence.end]
            later = advice.search(before) or re.match(r"\W*(?:if|should|in case)\b", after)
            if not later and not _refused(before):
                return True
    return False


def _refused(before: str) -> bool:
    return (
        re.search(r"\b(?:no|not|declin\w+|without|defer\w*)\W+(?:\w+\W+){0,2}$", before) is not None
    )


def _shown(facts: Facts, acted: bool) -> Severity | None:
    return Severity.INFO if acted else None


def _stroke(facts: Facts) -> Iterator[Hit]:
    signs = _current(facts, "red_flags", "stroke", "terms", old="old") if _weak(facts) else []
    if not signs or _after_bell(facts):
        return
    yield Hit(
        severity=_shown(facts, _acted(facts)),
        message=f"Weakness with “{signs[0].text}”: possible stroke. Confirm that this was "
        "addressed today.",
        codes=(R531,),
        evidence=_quotes(facts, signs),
        offers=_offers(signs, "stroke"),
    )


def _after_bell(facts: Facts) -> bool:
    palsy = [each for each in facts.established("facial-palsy") if "bell" in each.text]
    return any(each.section is Section.ASSESSMENT for each in palsy)


def _sudden(facts: Facts) -> Iterator[Hit]:
    if not _weak(facts):
        return
    onset = [each for each in _current(facts, "red_flags", "sudden", "onset") if _near(facts, each)]
    severe = _current(facts, "red_flags", "sudden", "severe")
    if not onset or not severe:
        return
    yield Hit(
        severity=_shown(facts, _acted(facts)),
        message=f"Sudden severe weakness (“{onset[0].text}”, “{severe[0].text}”): consider an "
        "acute neurological cause. Confirm that this was addressed.",
        codes=(R531,),
        evidence=_quotes(facts, [onset[0], severe[0]]),
    )


def _near(facts: Facts, onset: Mention) -> bool:
    """Whether the sentence that tells the onset also tells of the weakness or what it stops."""
    text = sentence_of(facts.page, onset)
    weak = onset.sentence in facts.weak_sentences
    return weak or phrase("red_flags", "sudden", "severe").search(text) is not None


def _weightloss(facts: Facts) -> Iterator[Hit]:
    if not _weak(facts):
        return
    lost = [
        each
        for each in _current(facts, "red_flags", "weightloss", "terms")
        if not _wanted(sentence_of(facts.page, each))
    ]
    if not lost or _weeks(facts) < vocabulary("red_flags")["weightloss"]["weeks"]:
        return
    yield Hit(
        severity=_shown(facts, _acted(facts, "weightloss/workup")),
        message=f"Long-standing weakness with weight loss (“{lost[0].text.strip()}”): look for "
        "cancer or infection. Confirm that a work-up is planned.",
        codes=(R531,),
        evidence=_quotes(facts, [*facts.weakness[:1], *lost]),
        offers=(Offer(code="R63.4", why="abnormal weight loss is documented"),),
    )


def _wanted(text: str) -> bool:
    if phrase("red_flags", "weightloss", "unwanted").search(text):
        return False
    table = vocabulary("red_flags")["weightloss"]
    return bool(
        phrase("red_flags", "weightloss", "wanted").search(text) or re.search(table["small"], text)
    )


def _weeks(facts: Facts) -> float:
    """How long the weakness has lasted, by the sentences that speak of it."""
    day = facts.encounter.date_of_service
    texts = {sentence_of(facts.page, each) for each in facts.weakness}
    return max(durations.longest(text, day) for text in texts)


def _refer(facts: Facts) -> Iterator[Hit]:
    if not _weak(facts):
        return
    worse = [each for each in _worse(facts) if not _known(facts, each)]
    signs = _current(facts, "red_flags", "refer", "signs", old="old")
    found = [*worse[:1], *signs]
    if not found:
        return
    seen = _specialist(facts)
    yield Hit(
        severity=_shown(facts, seen or _acted(facts, "refer/referral")),
        message=f"{'Worsening weakness' if worse else 'Weakness'} (“{_bare(found[0])}”): "
        "referral to a specialist is usual. Confirm the plan.",
        codes=(R531,),
        evidence=_quotes(facts, found),
        offers=_offers(signs, "refer"),
    )


def _bare(mention: Mention) -> str:
    return mention.text.strip().removeprefix("and ").removeprefix("now ")


def _worse(facts: Facts) -> list[Mention]:
    """Words for getting worse in a sentence that speaks of the weakness."""
    weak = {(each.section, each.sentence.number) for each in facts.established(WEAKNESS)}
    return [
        each
        for each in _current(facts, "red_flags", "refer", "worse")
        if (each.section, each.sentence.number) in weak and not _of_a_disease(facts, each)
    ]


def _of_a_disease(facts: Facts, worse: Mention) -> bool:
    """Progressive ovarian cancer: the disease is what progresses."""
    if not worse.text.strip().startswith(("progressive", "worsening", "deteriorating")):
        return False
    text = facts.page.folded[worse.section]
    return any(
        each.kind in conditions()
        and each.sentence is worse.sentence
        and each.end > worse.end
        and re.fullmatch(r"\s*(?:[\w-]+ ){0,2}", text[worse.end : each.start]) is not None
        for each in facts.mentions
    )


def _known(facts: Facts, mention: Mention) -> bool:
    return phrase("red_flags", "refer", "old").search(clause_of(facts.page, mention)) is not None


def _specialist(facts: Facts) -> bool:
    """A visit to the specialist concerned, with studies ordered, is the referral."""
    special = facts.encounter.specialty.strip().lower()
    ordered = spot(facts.page, phrase("elements", "tests", "terms"), Section.PLAN)
    return special.startswith(("neuro", "rheum")) and bool(ordered)


def _offers(signs: list[Mention], kind: str) -> tuple[Offer, ...]:
    found: dict[str, Offer] = {}
    for sign in signs:
        for entry in vocabulary("red_flags")[kind]["codes"]:
            if whole_words(tuple(entry["terms"])).search(sign.text):
                offer = Offer(code=entry["code"], why=f"the note says {sign.text.strip()}")
                found.setdefault(entry["code"], offer)
                break
    return tuple(found.values())


def _quotes(facts: Facts, mentions: list[Mention]) -> tuple[Quote, ...]:
    return tuple(dict.fromkeys(each.quote(facts.page) for each in mentions))


REDFLAG_STROKE = Rule(
    id=RuleId("R531-REDFLAG-STROKE"),
    severity=Severity.WARN,
    title="Weakness with speech, vision or facial signs",
    citations=(_ARTICLE, guideline("IV.H (a possible stroke is not coded)")),
    article="Your reference article agrees: reconsider R53.1 when speech, vision or face change.",
    needs_note=True,
    sequencing="The symptoms are listed one by one until a diagnosis is confirmed.",
    override="An acute stroke was considered and excluded, or urgent care was arranged; the note "
    "says which.",
    decide=_stroke,
)
REDFLAG_SUDDEN = Rule(
    id=RuleId("R531-REDFLAG-SUDDEN"),
    severity=Severity.WARN,
    title="Sudden severe weakness",
    citations=(_ARTICLE,),
    article="Your reference article agrees: sudden severe weakness needs another diagnosis.",
    needs_note=True,
    override="An acute neurological cause was considered and excluded, or acted on today; the note "
    "says which.",
    decide=_sudden,
)
REDFLAG_WEIGHTLOSS = Rule(
    id=RuleId("R531-REDFLAG-WEIGHTLOSS"),
    severity=Severity.WARN,
    title="Long-standing weakness with weight loss",
    citations=(_ARTICLE, tabular("R63.4")),
    article="Your reference article agrees: weakness with weight loss needs a search for cancer or "
    "infection.",
    needs_note=True,
    override="The weight loss is intended, explained or already being worked up; the note says "
    "which.",
    decide=_weightloss,
)
REDFLAG_REFER = Rule(
    id=RuleId("R531-REDFLAG-REFER"),
    severity=Severity.WARN,
    title="Worsening weakness or new neurological signs without referral",
    citations=(_ARTICLE,),
    article="Your reference article agrees: worsening weakness, numbness, paralysis or trouble "
    "swallowing go to a specialist.",
    needs_note=True,
    override="A referral is under way, or is not needed for the reason given in the note.",
    decide=_refer,
)
