"""The security page: its parts at the left, the chosen one at the right. It knows no act itself."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QListWidget, QStackedWidget, QVBoxLayout, QWidget

from gui import security_texts as texts
from gui import texts as common
from gui.keeping_section import BackupSection, HoldSection, RetentionSection
from gui.key_sections import (
    ClinicSection,
    NewKeySection,
    PassphraseSection,
    QuickSection,
    RotateSection,
)
from gui.log_view import LogSection
from gui.security_parts import Section
from gui.vault import Vault
from gui.widgets import button, column, frame, label, row, scrolling

_LIST_WIDTH = 230


class SecurityView(QWidget):
    """One page.

    Signals:
        back: to the visits.
    """

    back = Signal()

    def __init__(self, vault: Vault, back_up: Callable[[], None] | None = None) -> None:
        """`back_up` opens what makes backups."""
        super().__init__()
        self.setProperty("role", "page")
        self.leave = button(common.BACK, "quiet", icon="back", key=common.KEYS["back"])
        self.leave.clicked.connect(self.back)
        head = column(
            label(texts.SECURITY, "display"), label(texts.SECURITY_LEAD, "muted", wrap=True), gap=2
        )
        self.parts = _parts(vault, back_up) if vault.arrival.has_keys else ()
        self.sections = QListWidget()
        self.sections.setAccessibleName(texts.SECURITY_SECTIONS)
        self.sections.setFixedWidth(_LIST_WIDTH)
        self.sections.setWordWrap(True)
        self._pages = QStackedWidget()
        for each in self.parts:
            self.sections.addItem(each.title)
            self._pages.addWidget(scrolling(each, each.title))
        if not self.parts:
            self.sections.hide()
            nothing = QWidget()
            words = (label(texts.NOT_HERE, "heading"), label(texts.NOT_HERE_LEAD, "muted"))
            nothing.setLayout(column(*words, None))
            self._pages.addWidget(nothing)
        self.sections.currentRowChanged.connect(self._go)
        card = frame("card")
        inside = row(self.sections, margins=(16, 16, 16, 16), gap=24)
        inside.addWidget(self._pages, 1)
        card.setLayout(inside)
        page = QVBoxLayout(self)
        page.setContentsMargins(48, 24, 48, 28)
        page.setSpacing(16)
        page.addLayout(row(self.leave, None))
        page.addLayout(head)
        page.addWidget(card, 1)
        self.setFocusProxy(self.sections)
        self.sections.setCurrentRow(0)

    def show_part(self, title: str) -> Section:
        """Go to the part of this title."""
        number = next(at for at, each in enumerate(self.parts) if each.title == title)
        self.sections.setCurrentRow(number)
        return self.parts[number]

    def _go(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        self.parts[number].entered()


def _parts(vault: Vault, back_up: Callable[[], None] | None) -> tuple[Section, ...]:
    return (
        LogSection(vault),
        PassphraseSection(vault),
        NewKeySection(vault),
        RotateSection(vault),
        ClinicSection(vault),
        QuickSection(vault),
        RetentionSection(vault),
        HoldSection(vault),
        BackupSection(vault, back_up),
    )
