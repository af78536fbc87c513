"""Words of the note or the transcript that can be clicked; they know neither."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from gui import theme
from gui.theme import icons

_GAP = 6
_PAD = 3
_WIDEST = 360
_FLAGS = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)


class Words(QAbstractButton):
    """A button that is its words, over as many lines as they need, underlined like a link."""

    def __init__(self, text: str, *, icon: str = "", name: str = "", tip: str = "") -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(name or text)
        self.setToolTip(tip)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._icon = icons.pixmap(icon, "accent_dark", scale=2) if icon else None
        font = QFont(self.font())
        font.setUnderline(True)
        self._font = font

    @property
    def _left(self) -> int:
        return _PAD + (icons.GRID + _GAP if self._icon is not None else 0)

    def _height(self, width: int) -> int:
        inner = QRect(0, 0, max(1, width - self._left - _PAD), 10_000)
        return self._metrics().boundingRect(inner, _FLAGS, self.text()).height() + 2 * _PAD

    def _metrics(self) -> QFontMetrics:
        return QFontMetrics(self._font)

    def hasHeightForWidth(self) -> bool:
        """It grows downwards."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Room for all lines at this width, in pixels."""
        return self._height(width)

    def sizeHint(self) -> QSize:
        """As wide as the words on one line, within reason."""
        whole = self._metrics().horizontalAdvance(self.text()) + self._left + _PAD + 2
        width = min(whole, _WIDEST)
        return QSize(width, self._height(width))

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for every column."""
        return QSize(80, self._metrics().height() + 2 * _PAD)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The icon, the words, and a frame where the keyboard is."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._icon is not None:
            painter.drawPixmap(_PAD, _PAD + 1, icons.GRID, icons.GRID, self._icon)
        painter.setFont(self._font)
        painter.setPen(theme.colour("accent_dark" if self.isEnabled() else "muted"))
        inner = self.rect().adjusted(self._left, _PAD, -_PAD, -_PAD)
        painter.drawText(inner, _FLAGS, self.text())
        if self.hasFocus() or self.underMouse():
            name = "accent" if self.hasFocus() else "line"
            painter.setPen(QPen(theme.colour(name), 2 if self.hasFocus() else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(1, 1, -1, -1), 4, 4)
        painter.end()
