"""The page “About R53.1”: to read, to search, and to look a rule up; its text is made elsewhere."""

from PySide6.QtCore import QSize, Qt, QTimer, QUrl
from PySide6.QtGui import QKeySequence, QShortcut, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QTextEdit,
    QWidget,
)

from gui import texts, theme
from gui.about_page import Chapter, Entry, anchors, chapters, found, page
from gui.widgets import button, column, label, row
from scribe.coding.article import article
from scribe.coding.rules import RULES

_SIZE = QSize(940, 680)
_CONTENTS_WIDTH = 210
_SEARCH_AFTER_MS = 150
_MOST_MARKED = 300


class AboutDialog(QDialog):
    """A read-only page that scrolls; it stays open beside a visit and holds no patient text.
    `rule` is the one it was last asked for.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.ABOUT)
        self.resize(_SIZE)
        told = article()
        self._remark = told.remark
        self.rule = ""
        self._chapters = chapters(told, RULES)
        self._shown: tuple[tuple[Chapter, tuple[Entry, ...]], ...] = ()
        self.sought = QLineEdit()
        self.sought.setPlaceholderText(texts.ABOUT_SEARCH_HINT)
        self.sought.setAccessibleName(texts.ABOUT_SEARCH)
        self.sought.setClearButtonEnabled(True)
        self.count = label(role="small")
        self.contents = QListWidget()
        self.contents.setAccessibleName(texts.ABOUT_CONTENTS)
        self.contents.setFixedWidth(_CONTENTS_WIDTH)
        self.contents.setWordWrap(True)
        self.page = QTextBrowser()
        self.page.setAccessibleName(texts.ABOUT)
        self.page.setOpenLinks(False)
        self._lay_out(told.source)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_SEARCH_AFTER_MS)
        self._timer.timeout.connect(self.search)
        self.sought.textChanged.connect(lambda _: self._timer.start())
        self.sought.returnPressed.connect(self.search)
        self.contents.currentItemChanged.connect(lambda now, _: self._go(now))
        self.contents.itemClicked.connect(self._go)
        self.page.anchorClicked.connect(self._follow)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self, self._to_search)
        self.search()
        self.page.setFocus()

    def _lay_out(self, source: str) -> None:
        close = button(texts.CLOSE)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        head = column(
            label(texts.ABOUT, "title"),
            label(texts.ABOUT_SOURCE.format(source=source), "muted", wrap=True),
            gap=2,
        )
        seek = row(gap=10)
        seek.addWidget(self.sought, 1)
        seek.addWidget(self.count)
        body = row(self.contents, gap=12)
        body.addWidget(self.page, 1)
        box = column(head, seek, body, row(None, close), margins=(24, 20, 24, 18), gap=12)
        box.setStretch(2, 1)
        self.setLayout(box)

    # ------------------------------------------------------------ searching

    def search(self) -> None:
        """Show what holds the words of the search; all of it when there are none."""
        self._timer.stop()
        words = self.sought.text().strip()
        self._shown = tuple((each, found(each, words)) for each in self._chapters)
        self.page.setHtml(page(self._shown, "" if words else self._remark))
        count = sum(len(entries) for _, entries in self._shown)
        many = texts.ABOUT_FOUND_MANY.format(count=count)
        self.count.setText(texts.ABOUT_FOUND.get(count, many) if words else "")
        self.contents.blockSignals(True)
        self.contents.clear()
        for anchor, title in anchors(self._shown):
            item = QListWidgetItem(title, self.contents)
            item.setData(Qt.ItemDataRole.UserRole, anchor)
        self.contents.blockSignals(False)
        self._mark(words.split())

    def _mark(self, words: list[str]) -> None:
        """Show where the words stand: underlined as well, not by colour alone."""
        look = QTextCharFormat()
        look.setBackground(theme.colour("warn_tint"))
        look.setFontUnderline(True)
        marks: list[QTextEdit.ExtraSelection] = []
        for word in words:
            at = self.page.document().find(word)
            while not at.isNull() and len(marks) < _MOST_MARKED:
                one = QTextEdit.ExtraSelection()
                one.cursor, one.format = QTextCursor(at), look
                marks.append(one)
                at = self.page.document().find(word, at)
        self.page.setExtraSelections(marks)

    def _to_search(self) -> None:
        self.sought.setFocus()
        self.sought.selectAll()

    # ------------------------------------------------------------ going somewhere

    def show_rule(self, rule: str) -> None:
        """Go to the card of a rule; stay where it is for ""."""
        self.rule = rule
        if rule:
            self._all()
            self.page.scrollToAnchor(rule)
            self._mark([rule])

    def _all(self) -> None:
        if self.sought.text():
            self.sought.blockSignals(True)
            self.sought.clear()
            self.sought.blockSignals(False)
            self.search()

    def _go(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.page.scrollToAnchor(item.data(Qt.ItemDataRole.UserRole))

    def _follow(self, link: QUrl) -> None:
        self.show_rule(link.fragment())
