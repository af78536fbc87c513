"""Which of the seven expected parts a note on weakness holds; pure, judges nothing.

Headings without a value ("Labs: ___") count as absent.
"""

import re

from scribe.coding.status import Status, status_of
from scribe.coding.text import Page
from scribe.coding.words import phrase, vocabulary
from scribe.records import Section

STRENGTH = "strength"
_HISTORY = "history"
_ASSOCIATED = "associated"
_OTHERS = (Status.FAMILY, Status.OTHER_PERSON)
_DENIED = (Status.NEGATED,)
_MEASURED = (Section.OBJECTIVE, Section.ASSESSMENT, Section.PLAN)
_GRADE = re.compile(
    r"(?<![\d/.])[0-5] ?[+-]? ?/ ?5(?![\d/])|\b(?:four|five|three) (?:out of|over) five\b"
)
_BLANK = re.compile(
    r"[a-z][a-z /()-]{0,30}: *"
    r"(?:_{2,}|\[ *\]|\*{3}|\.{3,}|-{2,}|n/?a\b|not (?:done|recorded|assessed)\b)"
    r"|[a-z][a-z /()-]{0,30}: *(?=$)"
)
_PAIN = re.compile(r"\b(?:pain|vas|nprs|score)\b[^.;]{0,15}$")
_NONE = re.compile(r"\b(?:no|not|without|declin\w+|defer\w*|refus\w+)\s+(?:\w+\s+){0,2}$")


def present(page: Page) -> tuple[str, ...]:
    """The names (of the vocabulary) of the parts that the note holds, in their order."""
    texts = {section: _without_blanks(page.folded[section]) for section in Section}
    return tuple(name for name in vocabulary("elements") if _holds(page, texts, name))


def missing(page: Page) -> tuple[str, ...]:
    """The names of the parts that it lacks."""
    held = present(page)
    return tuple(name for name in vocabulary("elements") if name not in held)


def spoken_name(name: str) -> str:
    """How a part is called to the clinician."""
    return str(vocabulary("elements")[name]["name"])


def _holds(page: Page, texts: dict[Section, str], name: str) -> bool:
    pattern = phrase("elements", name, "terms")
    for section, text in texts.items():
        if name == STRENGTH and section not in _MEASURED:
            # What the patient feels is no measurement; a grade is one wherever it stands.
            if any(not _PAIN.search(text[: match.start()]) for match in _GRADE.finditer(text)):
                return True
            continue
        for match in pattern.finditer(text):
            if _counts(name, text, match) and not _elsewhere(page, section, name, match):
                return True
    return False


def _elsewhere(page: Page, section: Section, name: str, match: re.Match[str]) -> bool:
    """A disease of a relative is no history of the patient; a denied rash goes with no weakness."""
    sentence = page.sentence_at(section, match.start())
    if sentence is None or name not in (_HISTORY, _ASSOCIATED):
        return False
    if name == _ASSOCIATED and not phrase("elements", name, "not_denied").fullmatch(match[0]):
        return False
    words = page.folded[section][sentence.start : sentence.end]
    if name == _HISTORY and phrase("status", "family", "history").search(words):
        return True
    status = status_of(page, sentence, *match.span(), disease=False, adjective=False)
    return status in (_OTHERS if name == _HISTORY else _DENIED)


def _counts(name: str, text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 40) : match.start()]
    if name == STRENGTH:
        return not _PAIN.search(before)
    return name != "tests" or not _NONE.search(before)


def _without_blanks(text: str) -> str:
    return _BLANK.sub(lambda match: " " * len(match[0]), text)
