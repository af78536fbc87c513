"""On what ground a finding stands: the official source, and beside it what the reference article
says; both are the rule's own words.
"""

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QWidget

from gui import texts
from gui.widgets import column, label
from scribe.records import Finding

_SIDE_BY_SIDE = 460
"""Pixels of width from which on the two stand side by side instead of one over the other."""
_DIFFERS = "The official rule differs"
"""How the cards of the rules begin what the article gets wrong; tests/windows holds them to it."""


class Grounds(QFrame):
    """Two texts, side by side where there is room."""

    def __init__(self, official: QWidget, article: QWidget) -> None:
        super().__init__()
        self.setProperty("role", "said")
        self._box = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._box.setContentsMargins(10, 7, 10, 7)
        self._box.setSpacing(8)
        self._box.addWidget(official, 1)
        self._box.addWidget(article, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another arrangement."""
        super().resizeEvent(event)
        wide = event.size().width() >= _SIDE_BY_SIDE
        way = QBoxLayout.Direction
        self._box.setDirection(way.LeftToRight if wide else way.TopToBottom)


def split(note: str) -> tuple[str, str]:
    """What the reference article says, and why the official rule decides if it differs."""
    says, mark, why = note.partition(_DIFFERS)
    return says.strip(), f"{mark}{why}".strip()


def grounds(finding: Finding) -> Grounds:
    """The sources of a finding."""
    cited = [
        f"{each.source}, {each.place}" if each.place else each.source for each in finding.citations
    ]
    official = column(label(texts.OFFICIAL_SOURCE, "field"), gap=2)
    for each in cited:
        official.addWidget(label(each, "small", wrap=True))
    if finding.sequencing:
        official.addWidget(label(texts.ORDER_OF_CODES, "field"))
        official.addWidget(label(finding.sequencing, "small", wrap=True))
    official.addStretch(1)
    says, why = split(finding.note)
    article = column(
        label(texts.REFERENCE_NOTE, "field"),
        label(says or texts.REFERENCE_SILENT, "small", wrap=True),
        gap=2,
    )
    if why:
        article.addWidget(label(texts.REFERENCE_DIFFERS, "field"))
        article.addWidget(label(why, "small", wrap=True))
    article.addStretch(1)
    left, right = QWidget(), QWidget()
    left.setLayout(official)
    right.setLayout(article)
    return Grounds(left, right)
