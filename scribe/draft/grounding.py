"""The gate: is a sentence borne out by the turns it was written from? Deterministic, word by word;
no model is asked, and nothing is repaired here.

It refuses on numbers, units, medicines, sides, polarity, acts, person and any content word that was
not said. It cannot see a wrong relation between words that were all said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scribe.draft import questions
from scribe.draft.evidence import Fact, clauses, facts, is_negated, is_softly_negated
from scribe.draft.lexicon import Lexicon, numbers_in, stem, stems, words
from scribe.draft.numbers import normalise
from scribe.draft.routing import RoutedTurn

_UNIT = re.compile(r"(?<![\w/.])(\d[\d./]*[+-]?)\s+([a-z]+)", re.IGNORECASE)
_NOT_UNITS = (
    "and to with on or in for of the at is as was by today bilaterally left right both per over"
)
_NO_UNIT = frozenset(_NOT_UNITS.split())
_SIDE = re.compile(r"\b(left|right)\b", re.IGNORECASE)
_SIDE_NOUN = re.compile(r"\b(left|right)[ -]+(?:\w+ )?(\w+)", re.IGNORECASE)
_SIDE_AFTER = re.compile(
    r"^\s*(?:\w+\s+){0,4}?(?:in|on|for|over|at)\s+(?:the|your|my)?\s*(left|right)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"(?<![\w/.])\d[\d./]*[+-]?(?:/\d+)?%?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`reason` says in a few words what was not said; empty means supported."""

    reason: str = ""

    @property
    def supported(self) -> bool:
        """True if nothing in the sentence was invented, as far as words can tell."""
        return not self.reason


def judge(sentence: str, turns: Sequence[RoutedTurn], lexicon: Lexicon) -> Verdict:
    """Compare one sentence (without its label) with the turns it was written from."""
    said = facts(turns, lexicon)
    told = [fact for fact in said if not fact.asked]
    text = "\n".join(fact.text for fact in told)
    for check in (_numbers, _sides, _drugs, _person, _content, _acts):
        reason = check(sentence, text, lexicon)
        if reason:
            return Verdict(reason=reason)
    return Verdict(
        reason=_question_only(sentence, turns, lexicon)
        or _fragment(sentence)
        or _polarity(sentence, told, lexicon)
        or _doubt(sentence, told, lexicon)
        or _cause(sentence, told, lexicon)
    )


def _numbers(sentence: str, said: str, lexicon: Lexicon) -> str:
    new = numbers_in(sentence) - numbers_in(said)
    if new:
        return "a number that was not said"
    known = lexicon.scribe_words | lexicon.allowed_for(said)
    for match in _UNIT.finditer(sentence):
        number, unit = match.group(1).rstrip("."), match.group(2).lower()
        if unit in _NO_UNIT or unit in known:
            continue
        if not re.search(re.escape(number) + r"[\s-]+" + re.escape(unit[:3]), said, re.IGNORECASE):
            return "a number with another unit"
    return ""


def _sides(sentence: str, said: str, lexicon: Lexicon) -> str:
    if lexicon.sides_in(sentence) - lexicon.sides_in(said):
        return "a side that was not said"
    where = _sides_of_nouns(said)
    for noun, sides in _sides_of_nouns(sentence).items():
        if noun in where and not sides <= where[noun]:
            return "another side of the same part"
    values = _sides_of_numbers(said)
    for number, sides in _sides_of_numbers(sentence).items():
        if number in values and not sides <= values[number]:
            return "a value on the other side"
    return ""


def _sides_of_nouns(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for match in _SIDE_NOUN.finditer(text):
        for noun in words(match.group())[1:]:
            found.setdefault(stem(noun), set()).add(match.group(1).lower())
    return found


def _sides_of_numbers(text: str) -> dict[str, set[str]]:
    """For each number the side it belongs to: named right after it, else the last one named."""
    found: dict[str, set[str]] = {}
    for match in _NUMBER.finditer(text):
        line = text[: match.start()].rpartition("\n")[2]
        after = _SIDE_AFTER.match(text[match.end() :])
        named = [after.group(1)] if after else _SIDE.findall(line)[-1:]
        for side in named:
            found.setdefault(match.group().rstrip("."), set()).add(side.lower())
    return found


def _drugs(sentence: str, said: str, lexicon: Lexicon) -> str:
    return "" if lexicon.drugs_in(sentence) <= lexicon.drugs_in(said) else "a medicine not said"


def _person(sentence: str, said: str, lexicon: Lexicon) -> str:
    found = set(words(sentence))
    if found & (lexicon.first_person | lexicon.second_person):
        return "not in the third person"
    if (found & lexicon.pronouns_of_sex) - set(words(said)):
        return "a sex that was not said"
    return ""


def _content(sentence: str, said: str, lexicon: Lexicon) -> str:
    content = lexicon.content(normalise(sentence))
    if (not content and not numbers_in(sentence)) or len(sentence.split()) < 2:
        return "no content"
    if re.search(r"\S {2,}\S", sentence):
        return "a gap in the sentence"
    known = stems(words(said)) | stems(lexicon.allowed_for(said)) | _halves(said)
    new = [
        word for word in content if stem(word) not in known and not stems(word.split("-")) <= known
    ]
    return "words that were not said" if new else ""


def _halves(text: str) -> frozenset[str]:
    """Stems of the parts of hyphenated words, so that "one-sided" supports "sided"."""
    return stems(half for word in words(text) if "-" in word for half in word.split("-"))


def _acts(sentence: str, said: str, lexicon: Lexicon) -> str:
    found = set(words(sentence))
    for acts, how in lexicon.actions:
        if found & acts and not how.search(said):
            return "an act that was not said"
    done, wanted = _acts_on_drugs(said, lexicon), _acts_on_drugs(sentence, lexicon)
    if any(drug in done and not acts <= done[drug] for drug, acts in wanted.items()):
        return "another act on the same medicine"
    return ""


def _acts_on_drugs(text: str, lexicon: Lexicon) -> dict[str, set[int]]:
    """For each medicine the kind of act named last before it in the same sentence."""
    found: dict[str, set[int]] = {}
    for part in re.split(r"[.;?!]\s|\n", text):
        for drug in lexicon.drugs_in(part):
            before = part[: part.lower().index(drug)]
            last = [
                max((match.end() for match in how.finditer(before)), default=0)
                for _, how in lexicon.actions
            ]
            if max(last):
                found.setdefault(drug, set()).add(last.index(max(last)))
    return found


def _question_only(sentence: str, turns: Sequence[RoutedTurn], lexicon: Lexicon) -> str:
    """A sentence needs a word of an answer, or a question that was answered yes or no."""
    if any(not each.asks for each in turns):
        return ""
    return "only asked, not answered"


def _fragment(sentence: str) -> str:
    return "a question, not a statement" if questions.is_fragment(sentence) else ""


def _nearest(clause: str, said: Sequence[Fact], lexicon: Lexicon) -> list[Fact]:
    """The facts that share most content words with a clause; none if nothing is shared."""
    content = stems(lexicon.content(clause))
    overlap = [len(content & fact.stems) for fact in said]
    most = max(overlap, default=0)
    return [fact for fact, many in zip(said, overlap, strict=True) if most and many == most]


def _doubt(sentence: str, said: Sequence[Fact], lexicon: Lexicon) -> str:
    """Doubt is neither added ("likely") nor taken away: an uncertain diagnosis is coded otherwise
    than a certain one (ICD-10-CM Official Guidelines for Coding and Reporting, section IV.H).
    """
    if lexicon.doubt.search(sentence):
        thought = any(lexicon.doubt_said.search(fact.text) for fact in said)
        return "" if thought else "a doubt that was not said"
    for clause in clauses(sentence):
        nearest = _nearest(clause, said, lexicon)
        if nearest and all(lexicon.doubt.search(fact.text) for fact in nearest):
            return "a doubt that was lost"
    return ""


def _cause(sentence: str, said: Sequence[Fact], lexicon: Lexicon) -> str:
    """ "It gives me a rash" is not "the patient has a rash"."""
    if _RELATED.search(sentence):
        return ""
    nearest = _nearest(sentence, said, lexicon)
    caused = nearest and all(_GIVES.search(fact.text) for fact in nearest)
    return "a cause that was lost" if caused else ""


_GIVES = re.compile(
    r"^(?:and |but |so )?(?:it|they|that|those|this)(?:'ll| can| will| usually| always| just)? "
    r"(?:gives?|gave|causes?|caused|makes?|made) (?:me|you)\b",
    re.IGNORECASE,
)
_RELATED = re.compile(
    r"\b(?:giv|gave|caus|mak|made|due|from|because|with|when|after|reaction|allerg|secondary)\w*",
    re.IGNORECASE,
)


def _polarity(sentence: str, said: Sequence[Fact], lexicon: Lexicon) -> str:
    for clause in clauses(sentence):
        mine = stems(word for word in words(clause) if word not in lexicon.stop_words)
        content = stems(lexicon.content(clause))
        overlap = [len(content & fact.stems) * 10 + len(mine & fact.stems) for fact in said]
        most = max(overlap, default=0)
        if most < 10:
            continue
        nearest = [fact for fact, many in zip(said, overlap, strict=True) if many == most]
        reason = _turned(clause, nearest, lexicon)
        if reason:
            return reason
    return ""


def _turned(clause: str, nearest: Sequence[Fact], lexicon: Lexicon) -> str:
    if all(fact.negated is None for fact in nearest):
        return "the answer leaves open what was meant"
    negated = is_negated(clause, lexicon)
    softly = is_softly_negated(clause, lexicon)
    for fact in nearest:
        if fact.negated is negated:
            return ""
        if fact.negated and softly:
            return ""
        if negated and is_softly_negated(fact.text, lexicon):
            return ""
    return "a no that was not said" if negated else "a no that was lost"
