"""Finds any expression in a note with its standing; knows no words of its own, pure."""

import re
from collections.abc import Iterator

from scribe.coding.mentions import Mention
from scribe.coding.status import status_of
from scribe.coding.text import Page
from scribe.records import Section


def spot(
    page: Page,
    pattern: re.Pattern[str],
    *sections: Section,
    disease: bool = False,
    cased: bool = False,
) -> tuple[Mention, ...]:
    """Every place where the expression matches, in reading order, default in all sections.

    `disease`: outside Assessment and Plan it needs a word that establishes it. `cased`: match the
    text as written, for acronyms that are words in lower case.
    """
    return tuple(_spot(page, pattern, sections, disease=disease, cased=cased))


def clause_of(page: Page, mention: Mention) -> str:
    """The folded clause around a mention."""
    opening, closing = mention.sentence.clause_at(mention.start)
    return page.folded[mention.section][opening : max(closing, mention.end)]


def sentence_of(page: Page, mention: Mention) -> str:
    """The folded sentence around a mention."""
    return page.folded[mention.section][mention.sentence.start : mention.sentence.end]


def _spot(
    page: Page,
    pattern: re.Pattern[str],
    sections: tuple[Section, ...],
    *,
    disease: bool,
    cased: bool,
) -> Iterator[Mention]:
    for sentence, match in page.matches(pattern, *sections, cased=cased):
        start, end = match.span()
        yield Mention(
            kind="words",
            sentence=sentence,
            start=start,
            end=end,
            text=page.folded[sentence.section][start:end],
            status=status_of(page, sentence, start, end, disease=disease, adjective=False),
        )
