"""Words of the note or the transcript that can be clicked; they know neither."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton

from gui import theme
from gui.widgets import column, label, picture, row


class Words(QAbstractButton):
    """A button that is its words, over as many lines as they need, underlined like a link.

    A label inside draws and measures them: a layout asks for heights often, and asking Python each
    time would hold the window up.
    """

    def __init__(self, text: str, *, icon: str = "", name: str = "", tip: str = "") -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        words = label(text, "link", wrap=True)
        line = row(margins=(3, 3, 3, 3), gap=6)
        if icon:
            line.addLayout(column(picture(icon, "accent_dark"), None))
        line.addWidget(words, 1)
        self.setLayout(line)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame where the keyboard or the mouse is."""
        if not (self.hasFocus() or self.underMouse()):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        name, width = ("accent", 2) if self.hasFocus() else ("line", 1)
        painter.setPen(QPen(theme.colour(name), width))
        painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()
