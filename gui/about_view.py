"""The page “About R53.1”: what the reference article tells and where official sources differ.

It shows the records of `scribe.coding.article`; no clinical statement is written here.
"""

from collections.abc import Iterator
from html import escape

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QTextBrowser, QWidget

from gui import texts
from gui.widgets import button, column, label, row
from scribe.coding.article import Article, Fact, PaidClaim, Stand, article

_SIZE = QSize(760, 640)


class AboutDialog(QDialog):
    """A read-only page that scrolls; it stays open beside a visit and holds no patient text."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ABOUT)
        self.resize(_SIZE)
        self.page = QTextBrowser()
        self.page.setAccessibleName(texts.ABOUT)
        self.page.setOpenLinks(False)
        self.page.setHtml("".join(_page(article())))
        close = button(texts.CLOSE)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        head = column(
            label(texts.ABOUT, "title"),
            label(texts.ABOUT_SOURCE.format(source=article().source), "muted", wrap=True),
            gap=2,
        )
        box = column(head, self.page, row(None, close), margins=(24, 20, 24, 18), gap=12)
        box.setStretch(1, 1)
        self.setLayout(box)
        self.page.setFocus()


def _page(told: Article) -> Iterator[str]:
    yield _paragraph(told.remark)
    for part in told.parts:
        yield f"<h3>{escape(part.title)}</h3><ul>"
        yield from (_fact(each) for each in part.facts)
        yield "</ul>"
    yield f"<h3>{escape(texts.ABOUT_CLAIMS)}</h3>{_paragraph(texts.ABOUT_CLAIMS_LEAD)}<ul>"
    yield from (_claim(each) for each in told.claims)
    yield "</ul>"


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _fact(fact: Fact) -> str:
    mark = texts.ABOUT_STANDS[fact.stand]
    lines = [escape(fact.says)]
    if mark:
        shown = f"<b>{escape(mark)}</b>" if fact.stand is Stand.DIFFERS else escape(mark)
        lines.append(f"{shown} {escape(fact.official)}".strip())
    if fact.rules:
        lines.append(escape(texts.ABOUT_RULES.format(rules=", ".join(fact.rules))))
    return f"<li>{'<br>'.join(lines)}</li>"


def _claim(claim: PaidClaim) -> str:
    codes = ", ".join(claim.codes)
    lines = [f"{claim.service}: {codes} ({claim.amount} USD, {claim.payer})"]
    if claim.then or claim.later:
        then, later = (", ".join(each) or texts.ABOUT_NOTHING for each in (claim.then, claim.later))
        lines.append(texts.ABOUT_CHECK.format(then=then, later=later))
    return f"<li>{'<br>'.join(escape(each) for each in lines)}</li>"
