"""The text of the page “About R53.1” as HTML: what the reference article tells, where official
sources differ, and the card of every rule; it shows records and states nothing of its own.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from gui import texts, theme
from scribe.coding.article import Article, Fact, PaidClaim, Stand
from scribe.coding.rule import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that can be found: its HTML, and its words in small letters."""

    html: str
    words: str
    anchor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A title with its entries; those of a `table` are rows under the column heads."""

    anchor: str
    title: str
    lead: str
    entries: tuple[Entry, ...]
    table: bool = False


def chapters(told: Article, rules: Iterable[Rule]) -> tuple[Chapter, ...]:
    """All of the page in its order."""
    return (
        *(
            _compared(part.id, part.title, part.facts)
            for part in told.parts
            if _weighed(part.facts)
        ),
        Chapter(
            anchor="information",
            title=texts.ABOUT_INFORMATION,
            lead=texts.ABOUT_INFORMATION_LEAD,
            entries=tuple(
                _told(part.title, each)
                for part in told.parts
                for each in part.facts
                if each.stand is Stand.INFORMATION
            ),
        ),
        Chapter(
            anchor="claims",
            title=texts.ABOUT_CLAIMS,
            lead=texts.ABOUT_CLAIMS_LEAD,
            entries=tuple(_claim(each) for each in told.claims),
        ),
        Chapter(
            anchor="rules",
            title=texts.ABOUT_RULES_TITLE,
            lead=texts.ABOUT_RULES_LEAD,
            entries=tuple(_rule(each) for each in rules),
        ),
    )


def found(chapter: Chapter, sought: str) -> tuple[Entry, ...]:
    """The entries that hold every word of a search; all of them for an empty one."""
    wanted = sought.casefold().split()
    title = chapter.title.casefold()
    return tuple(
        each
        for each in chapter.entries
        if all(word in each.words or word in title for word in wanted)
    )


def page(shown: Iterable[tuple[Chapter, tuple[Entry, ...]]], remark: str) -> str:
    """The HTML of some chapters with some of their entries; chapters without any are left out."""
    return "".join((_paragraph(remark) if remark else "", *(_chapter(*each) for each in shown)))


def _chapter(chapter: Chapter, entries: tuple[Entry, ...]) -> str:
    if not entries:
        return ""
    head = f'<h3><a name="{escape(chapter.anchor)}"></a>{escape(chapter.title)}</h3>'
    lead = _paragraph(chapter.lead) if chapter.lead else ""
    rows = "".join(each.html for each in entries)
    if not chapter.table:
        return f"{head}{lead}<ul>{rows}</ul>" if chapter.anchor != "rules" else head + lead + rows
    ground = theme.COLOURS["raised"]
    columns = "".join(
        f'<th align="left" bgcolor="{ground}" width="{width}%">{escape(name)}</th>'
        for name, width in zip(texts.ABOUT_COLUMNS, (36, 40, 24), strict=True)
    )
    return (
        f'{head}{lead}<table width="100%" cellspacing="0" cellpadding="6">'
        f"<tr>{columns}</tr>{rows}</table>"
    )


def _weighed(facts: Iterable[Fact]) -> list[Fact]:
    return [each for each in facts if each.stand is not Stand.INFORMATION]


def _compared(anchor: str, title: str, facts: Iterable[Fact]) -> Chapter:
    return Chapter(
        anchor=anchor,
        title=title,
        lead="",
        entries=tuple(_row(each) for each in _weighed(facts)),
        table=True,
    )


def _row(fact: Fact) -> Entry:
    mark = escape(texts.ABOUT_STANDS[fact.stand])
    mark = f"<b>{mark}</b>" if fact.stand is Stand.DIFFERS else mark
    cells = (escape(fact.says), f"{mark} {escape(fact.official)}".strip(), _links(fact.rules))
    line = f"border-bottom: 1px solid {theme.COLOURS['line']}"
    html = "".join(f'<td valign="top" style="{line}">{each}</td>' for each in cells)
    return _entry(
        f"<tr>{html}</tr>", fact.says, fact.official, texts.ABOUT_STANDS[fact.stand], *fact.rules
    )


def _told(title: str, fact: Fact) -> Entry:
    rules = f" ({_links(fact.rules, ', ')})" if fact.rules else ""
    html = f"<li>{escape(title)}: {escape(fact.says)}{rules}</li>"
    return _entry(html, title, fact.says, *fact.rules)


def _claim(claim: PaidClaim) -> Entry:
    codes = ", ".join(claim.codes)
    lines = [f"{claim.service}: {codes} ({claim.amount} USD, {claim.payer})"]
    if claim.then or claim.later:
        then, later = (", ".join(each) or texts.ABOUT_NOTHING for each in (claim.then, claim.later))
        lines.append(texts.ABOUT_CHECK.format(then=then, later=later))
    return _entry(f"<li>{'<br>'.join(escape(each) for each in lines)}</li>", *lines)


def _rule(rule: Rule) -> Entry:
    sources = "; ".join(", ".join(filter(None, (e.source, e.place))) for e in rule.citations)
    lines = [
        (texts.ABOUT_RULE_OFFICIAL, sources),
        (texts.ABOUT_RULE_ORDER, rule.sequencing),
        (texts.ABOUT_RULE_ARTICLE, rule.article or texts.ABOUT_RULE_SILENT),
        (texts.ABOUT_RULE_OVERRIDE, rule.override),
    ]
    body = "".join(f"<br><b>{escape(name)}:</b> {escape(words)}" for name, words in lines if words)
    severity = texts.SEVERITIES[rule.severity.value]
    head = f'<a name="{escape(rule.id)}"></a><b>{escape(rule.title)}</b>'
    html = f"<p>{head}<br>{escape(rule.id)} · {escape(severity)}{body}</p>"
    return _entry(html, rule.title, rule.id, severity, *(each for _, each in lines), anchor=rule.id)


def _entry(html: str, *words: str, anchor: str = "") -> Entry:
    return Entry(html=html, words=" ".join(words).casefold(), anchor=anchor)


def _links(rules: Iterable[str], between: str = "<br>") -> str:
    return between.join(f'<a href="#{escape(each)}">{escape(each)}</a>' for each in rules)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def anchors(shown: Iterable[tuple[Chapter, tuple[Entry, ...]]]) -> Iterator[tuple[str, str]]:
    """Anchor and title of every chapter that has something to show."""
    for chapter, entries in shown:
        if entries:
            yield chapter.anchor, chapter.title
