"""Ties weakness to a cause where the clinician does so in words; pure.

Source: Official Guidelines I.A.19 and I.B.4: the relation must be stated, it is never assumed. Time
alone ties only the residuals of a stroke. What the words between the two say is judged in ties.py.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from scribe.coding import ties
from scribe.coding.conditions import DRUG, conditions, terms
from scribe.coding.mentions import GRADE, WEAKNESS, Extent, Mention
from scribe.coding.status import Status
from scribe.coding.text import Page, Sentence
from scribe.coding.words import phrase
from scribe.records import Section

STROKE = "stroke"
_NEIGHBOURING_CAUSES = ("aging",)
_SINCE_THEN = re.compile(r"\b(?:since then|ever since|since that time|since that|since it)\b")
_NEXT = re.compile(r"\s*(?:[\w'-]+\s+){0,2}")
"""Age is a cause only right after the word that ties: "rest at her age" is about the rest."""
_THAT_IS_IT = re.compile(
    r"[^,;:.§]{0,20}\b(?:(?:is|was) (?:the (?:\w+ )?(?:cause|reason|explanation|culprit)"
    r"|responsible|to blame)\b"
    r"(?! (?:of|for|behind|that|why) (?!it\b|this\b|that\b|these\b))"
    r"|(?:explains?|accounts? for|underlies|causes) (?:it|this|that|these)(?= *(?:$|[.,;])))"
)
_IT = re.compile(r"\b(?:it|this|that|these|symptoms?)\b")
_ANOTHER_DEFICIT = re.compile(
    r"[,;:]\s*(?:(?:her|his|their|the|an?|chronic|old|known|stable|mild|residual|persistent)\s+)*"
    r"(?:aphasi|dysarthri|dysphagi|dysphasi|neglect|hemianop|ataxi|aprax|spastic|cognitive|slurred)"
)
"""Something else that the stroke left: "weak; chronic aphasia from the stroke"."""
_THAT = re.compile(r"\W*(?:that|whether)\b")
_DOUBTFUL = re.compile(
    r" (?:is|was|remains|seems) (?:[\w-]+ )?(?:doubtful|uncertain|questionable|open|debatable"
    r"|unproven|possible|likely|unlikely|conjecture|speculation)\b"
)
_UNRELATED = re.compile(r"[^;:§]*\bunrelated\W*$")
_OR = re.compile(r",?\s*(?:or|versus|vs|and/or)\b")
_TOLD = (Status.ESTABLISHED, Status.HISTORICAL)
TRANSIENT = ("tia", "todd", "migraine")
"""Diseases whose weakness is gone when it is told."""
_MOST_SYMPTOMS = 6
_MOST_CAUSES = 12
"""More mentions of one sentence are not paired: no dictated sentence has so many."""


class Tie(StrEnum):
    """How a symptom and a cause are tied. WEAK: named together, which is asked about."""

    STATED = "stated"
    DENIED = "denied"
    UNCERTAIN = "uncertain"
    WEAK = "weak"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A symptom, a cause, and what the note says about the two."""

    symptom: Mention
    cause: Mention
    tie: Tie


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One sentence: its weakness, its causes, and its words with every disease masked.

    `absent`: weakness that is denied, which may still be tied: "no weakness due to neuropathy".
    """

    sentence: Sentence
    symptoms: tuple[Mention, ...]
    absent: tuple[Mention, ...]
    causes: tuple[Mention, ...]
    text: str
    masked: str

    def before(self, place: Mention) -> str:
        """What stands before a mention, from the beginning of its clause."""
        opening, _ = self.sentence.clause_at(place.start)
        return self.plain(opening, place.start)

    def between(self, first: Mention, second: Mention) -> str:
        """The words between two mentions, other diseases masked."""
        return self.cut(first.end, second.start)

    def after(self, place: Mention) -> str:
        """The rest of the sentence, diseases masked."""
        return self.cut(place.end, self.sentence.end)

    def cut(self, start: int, end: int) -> str:
        """A stretch given by positions of the section, diseases masked."""
        return self.masked[start - self.sentence.start : end - self.sentence.start]

    def plain(self, start: int, end: int) -> str:
        """The same with the diseases left in."""
        return self.text[start - self.sentence.start : end - self.sentence.start]


def find(page: Page, mentions: tuple[Mention, ...]) -> tuple[Link, ...]:
    """Every tie between a current weakness and a disease (or age), in reading order."""
    links: list[Link] = []
    last: _Line | None = None
    for line in _lines(page, mentions):
        if last is not None and line.sentence.section is not last.sentence.section:
            last = None
        links += _within(line)
        if last is not None and line.sentence.number == last.sentence.number + 1:
            links += _across(last, line)
        if line.symptoms or line.causes:
            last = line
    return tuple(links)


def _lines(page: Page, mentions: tuple[Mention, ...]) -> Iterator[_Line]:
    kinds = {*terms(), *_NEIGHBOURING_CAUSES}
    here: dict[tuple[Section, int], list[Mention]] = defaultdict(list)
    for mention in mentions:
        if mention.kind in kinds or mention.kind in (WEAKNESS, GRADE):
            here[mention.section, mention.sentence.number].append(mention)
    for (section, _), found in here.items():
        sentence = found[0].sentence
        text = page.folded[section][sentence.start : sentence.end]
        causes = [each for each in found if each.kind in kinds]
        masked = text
        for each in causes:
            if each.kind not in _NEIGHBOURING_CAUSES:
                start, end = each.start - sentence.start, each.end - sentence.start
                masked = masked[:start] + ties.MASK * (end - start) + masked[end:]
        symptoms = [
            each for each in found if each.kind in (WEAKNESS, GRADE) and each.status in _TOLD
        ]
        absent = [each for each in found if each.kind == WEAKNESS and each.status is Status.NEGATED]
        yield _Line(
            sentence=sentence,
            symptoms=tuple(symptoms[:_MOST_SYMPTOMS]),
            absent=tuple(absent[:_MOST_SYMPTOMS]),
            causes=tuple(causes[:_MOST_CAUSES]),
            text=text,
            masked=masked,
        )


def _within(line: _Line) -> Iterator[Link]:
    for symptom in line.symptoms:
        for cause in line.causes:
            if symptom.status is Status.HISTORICAL and cause.kind not in TRANSIENT:
                continue
            tie = _same_sentence(line, symptom, cause)
            if tie is not None:
                yield Link(symptom=symptom, cause=cause, tie=_certain(tie, cause))
    for symptom in line.absent:
        for cause in line.causes:
            if cause.kind != STROKE and _same_sentence(line, symptom, cause) is Tie.STATED:
                yield Link(symptom=symptom, cause=cause, tie=Tie.DENIED)


def _certain(tie: Tie, cause: Mention) -> Tie:
    if tie is Tie.STATED and cause.status in (Status.UNCERTAIN, Status.PATIENT_OPINION):
        return Tie.UNCERTAIN
    if tie is Tie.STATED and cause.status is Status.NEGATED:
        return Tie.DENIED
    return tie


def _same_sentence(line: _Line, symptom: Mention, cause: Mention) -> Tie | None:
    if symptom.start < cause.end and cause.start < symptom.end:
        return Tie.STATED
    first, second = (symptom, cause) if symptom.start < cause.start else (cause, symptom)
    between, after = line.between(first, second), line.after(second)
    if ties.names_another_thing(line.after(cause)):
        return None
    if ties.denied(between) or _denies(after):
        return Tie.DENIED
    judge = _forward if symptom is first else _backward
    if not judge(line, symptom, cause):
        return Tie.WEAK if ties.weakly(between) else None
    said = cause.kind != STROKE and symptom.section in (Section.SUBJECTIVE, Section.OBJECTIVE)
    open_ = ties.left_open(line.before(first), between, said=said) or after.rstrip().endswith("?")
    open_ = open_ or _OR.match(line.after(cause)) is not None or _moot(line.text, after)
    if open_:
        return Tie.UNCERTAIN
    return Tie.WEAK if "multifactorial" in between else Tie.STATED


def _moot(text: str, after: str) -> bool:
    """That MS explains the weakness is doubtful."""
    return _THAT.match(text) is not None and _DOUBTFUL.match(after) is not None


def _denies(after: str) -> bool:
    if _UNRELATED.match(after):
        return True
    denial = phrase("links", "denial").search(after)
    return denial is not None and re.match(ties.PRONOUN, after[denial.end() :]) is not None


def _forward(line: _Line, symptom: Mention, cause: Mention) -> bool:
    between = ties.since_but(line.between(symptom, cause))
    if cause.kind in _NEIGHBOURING_CAUSES:
        return any(
            _NEXT.fullmatch(between, match.end())
            for match in phrase("links", "forward").finditer(between)
        )
    if ties.forward(line.before(symptom), between):
        return not ties.leads_past_a_list(between, line.after(cause))
    if ties.answers_for(between, line.after(cause)):
        return True
    if re.fullmatch(r"[\s,(:-]*", between) and ties.related_after(line.after(cause)):
        return True
    if cause.kind.startswith(DRUG):
        whole = cause.end if "effect" in cause.text else cause.start
        if ties.drug_effect(line.plain(symptom.end, whole)):
            return True
    if cause.kind == "post-covid" and re.fullmatch(r"[\s,(:-]*(?:as an? )?", between):
        return True
    return cause.kind == STROKE and _stroke_time(line, symptom, cause)


def _backward(line: _Line, symptom: Mention, cause: Mention) -> bool:
    between = line.between(cause, symptom)
    condition = conditions().get(cause.kind)
    integral = cause.kind == STROKE or (condition is not None and condition.integral)
    if cause.kind == STROKE:
        plain = ties.backward(between, integral=False) or _residual(between)
    else:
        plain = ties.backward(between, integral=integral)
    lead = line.cut(line.sentence.start, cause.start)
    if plain:
        return not ties.is_own_cause(lead)
    if ties.as_a_result(between, line.after(symptom)):
        return True
    if ties.opened(lead, between) or ties.blamed(lead, between):
        return True
    if _refers_back(line, symptom) and ties.MASK not in between:
        return True
    return cause.kind == STROKE and _stroke_time(line, symptom, cause)


def _residual(between: str) -> bool:
    match = phrase("links", "residual").search(between)
    return match is not None and len(between) <= 110 and not re.search("[;:]", between)


def _stroke_time(line: _Line, symptom: Mention, cause: Mention) -> bool:
    """Since, after, residual ...: what time may say of a stroke and of nothing else."""
    if cause.text.startswith("post") or phrase("weakness", "hemiparesis").fullmatch(symptom.text):
        return True
    first, second = (symptom, cause) if symptom.start < cause.start else (cause, symptom)
    between = line.between(first, second)
    if _ANOTHER_DEFICIT.search(between):
        return False
    if ";" in between and symptom.extent in (Extent.GENERAL, Extent.UNQUALIFIED):
        return False  # a list: "weakness; s/p stroke"
    if phrase("links", "stroke").search(between):
        return True
    lead = line.plain(line.sentence.start, first.start)
    return bool(re.search(r"\b(?:since|after|following|residual|sequelae?)\b[^,;:]{0,45}$", lead))


def _refers_back(line: _Line, symptom: Mention) -> bool:
    """The weakness is due to it."""
    after = line.after(symptom)
    return any(
        re.match(ties.PRONOUN, after[match.end() :])
        for match in phrase("links", "forward").finditer(after)
    )


def _across(last: _Line, line: _Line) -> Iterator[Link]:
    """Ties from one sentence to the next, both ways."""
    current = [each for each in last.symptoms if each.status is Status.ESTABLISHED]
    for symptom in line.symptoms:
        if symptom.status is not Status.ESTABLISHED:
            continue
        for cause in last.causes:
            if tie := _it_points_back(last, line, symptom, cause):
                yield Link(symptom=symptom, cause=cause, tie=_certain(tie, cause))
    if line.symptoms or not current:
        return
    for cause in line.causes:
        if tie := _names_the_cause(line, cause):
            yield Link(symptom=current[-1], cause=cause, tie=_certain(tie, cause))


def _it_points_back(last: _Line, line: _Line, symptom: Mention, cause: Mention) -> Tie | None:
    """Hypothyroidism. The weakness is due to it. / This explains the weakness."""
    after = line.after(symptom)
    if _denies(after) or (ties.denied(line.text) and re.search(ties.PRONOUN, line.text)):
        return Tie.DENIED
    if ties.MASK in last.after(cause) or cause.kind in _NEIGHBOURING_CAUSES:
        return None
    lead = line.cut(line.sentence.start, symptom.start)
    explains = re.match(rf"\W*(?:{phrase('links', 'pronoun').pattern})\b", lead)
    explains_it = explains and ties.backward(lead[explains.end() :], integral=False)
    if _refers_back(line, symptom) or explains_it or ties.to_this(lead, after):
        open_ = ties.left_open(line.before(symptom), after, said=False)
        return Tie.UNCERTAIN if open_ else Tie.STATED
    if cause.kind == STROKE and (
        _SINCE_THEN.search(line.text)
        or re.search(r"\b(?:residual|sequelae?|left with)\b", line.text)
    ):
        return Tie.STATED
    return None


def _names_the_cause(line: _Line, cause: Mention) -> Tie | None:
    """Generalized weakness. This is due to hypokalemia. / Cause: hypokalemia."""
    if cause.kind in _NEIGHBOURING_CAUSES or ties.names_another_thing(line.after(cause)):
        return None
    lead = line.cut(line.sentence.start, cause.start)
    after = line.after(cause)
    if (ties.denied(lead) and len(lead) < 60) or (ties.denied(after) and _IT.search(after)):
        return Tie.DENIED
    named = re.match(rf"\W*(?:{phrase('links', 'cause_is').pattern})", lead)
    begun = re.match(rf"\W*(?:{phrase('links', 'pronoun').pattern})\b", lead)
    rest = lead[begun.end() :] if begun else lead
    tied = (
        (named is not None and ties.leads_to(lead[named.end() :]))
        or (begun is not None and ties.forward("", rest))
        or ties.opened(lead, ",")
        or (
            _NOTHING_MORE.match(lead) is not None
            and _THAT_IS_IT.match(line.after(cause)) is not None
        )
    )
    if not tied:
        return None
    open_ = ties.left_open("", lead + line.after(cause), said=False)
    return Tie.UNCERTAIN if open_ or line.text.rstrip().endswith("?") else Tie.STATED


_NOTHING_MORE = re.compile(r"\W*(?:(?:the|her|his|their|this|that) )?$")
