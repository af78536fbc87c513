"""Small parts every view is made of: labels, buttons, chips, the banner. They know no record."""

from collections.abc import Callable
from typing import ParamSpec

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from gui import texts
from gui.theme import icons
from scribe.errors import ScribeError

P = ParamSpec("P")
_LEAST_HEIGHT = 150


def while_there(owner: QObject, call: Callable[P, None]) -> Callable[P, None]:
    """`call`, unless `owner` is gone by then: answers come late, and a page may have been left."""

    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        if isValid(owner):
            call(*args, **kwargs)

    return guarded


def label(text: str = "", role: str = "", *, wrap: bool = False, tone: str = "") -> QLabel:
    """A label in one of the style sheet's roles; its text is never read as markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if wrap:
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        made.setSizePolicy(policy)
    return made


def picture(name: str, tint: str = "text") -> QLabel:
    """An icon beside a word; it says nothing to a screen reader on its own."""
    made = QLabel()
    made.setPixmap(icons.pixmap(name, tint, scale=2))
    made.setFixedSize(icons.GRID, icons.GRID)
    made.setScaledContents(True)
    return made


def button(
    text: str, role: str = "", *, icon: str = "", name: str = "", key: str = "", tip: str = ""
) -> QPushButton:
    """A push button; `name` is its accessible name if it says more than `text`."""
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAccessibleName(name or text)
    if icon:
        made.setIcon(icons.icon(icon, _icon_tint(role)))
    if key:
        made.setShortcut(key)
    if tip or key:
        made.setToolTip(" · ".join(each for each in (tip or name or text, key) if each))
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    return made


def _icon_tint(role: str) -> str:
    return {"primary": "on_accent", "quiet": "accent_dark", "offer": "accent_dark"}.get(
        role, "text"
    )


def about_button() -> QPushButton:
    """The way to the page “About R53.1”; its key belongs to the window, not to one button."""
    tip = f"{texts.ABOUT} · {texts.KEYS['about']}"
    return button(texts.ABOUT, "quiet", icon="info", tip=tip)


def tool(icon: str, name: str) -> QToolButton:
    """A small button that is only an icon; `name` is its accessible name and its tool tip."""
    made = QToolButton()
    made.setIcon(icons.icon(icon, "muted"))
    made.setAccessibleName(name)
    made.setToolTip(name)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def frame(role: str, *, tone: str = "") -> QFrame:
    """A surface in one of the style sheet's roles."""
    made = QFrame()
    made.setProperty("role", role)
    made.setProperty("tone", tone)
    return made


def column(
    *items: QWidget | QLayout | int | None,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    gap: int = 8,
) -> QVBoxLayout:
    """Items from top to bottom; a number is a space in pixels, None a stretch."""
    made = QVBoxLayout()
    _fill(made, items, margins, gap)
    return made


def row(
    *items: QWidget | QLayout | int | None,
    margins: tuple[int, int, int, int] = (0, 0, 0, 0),
    gap: int = 8,
) -> QHBoxLayout:
    """Items from left to right; a number is a space in pixels, None a stretch."""
    made = QHBoxLayout()
    _fill(made, items, margins, gap)
    return made


def _fill(
    box: QBoxLayout,
    items: tuple[QWidget | QLayout | int | None, ...],
    margins: tuple[int, int, int, int],
    gap: int,
) -> None:
    box.setContentsMargins(*margins)
    box.setSpacing(gap)
    for each in items:
        if each is None:
            box.addStretch(1)
        elif isinstance(each, int):
            box.addSpacing(each)
        elif isinstance(each, QWidget):
            box.addWidget(each)
        else:
            box.addLayout(each)


def scrolling(inside: QWidget, name: str) -> QScrollArea:
    """`inside` in an area that scrolls up and down only."""
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setWidget(inside)
    made.setAccessibleName(name)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made


class Fitting(QScrollArea):
    """`inside` as high as it is, as long as there is room; then it scrolls."""

    def __init__(self, inside: QWidget, name: str) -> None:
        super().__init__()
        self._inside = inside
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(inside)
        inside.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """The height of what is inside at this width."""
        hint = self._inside.sizeHint()
        if not (self._inside.hasHeightForWidth() and self.isVisible()):
            return hint
        return QSize(hint.width(), self._inside.heightForWidth(max(1, self.viewport().width())))

    def minimumSizeHint(self) -> QSize:
        """As wide as what is inside; it may be squeezed to a few lines."""
        inner = self._inside.minimumSizeHint().width()
        width = inner + self.verticalScrollBar().sizeHint().width()
        return QSize(width, min(_LEAST_HEIGHT, self.sizeHint().height()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Another height inside, another height here."""
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another height."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


def field(title: str, editor: QWidget) -> QVBoxLayout:
    """An input with its title above it; the title is its accessible name and its buddy."""
    head = label(title, "field")
    head.setBuddy(editor)
    if not editor.accessibleName():
        editor.setAccessibleName(title)
    return column(head, editor, gap=4)


def secret() -> QLineEdit:
    """A field whose content is not shown."""
    made = QLineEdit()
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(Qt.InputMethodHint.ImhSensitiveData)
    return made


def restyle(widget: QWidget, **properties: str) -> None:
    """Change dynamic properties and let the style sheet see it."""
    if all(widget.property(key) == value for key, value in properties.items()):
        return
    for key, value in properties.items():
        widget.setProperty(key, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)


def empty(box: QLayout) -> None:
    """Remove everything from a layout and let it go."""
    while (item := box.itemAt(0)) is not None:
        if (widget := item.widget()) is not None:
            box.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
            continue
        if (inner := item.layout()) is not None:
            empty(inner)
        box.removeItem(item)


class Chip(QFrame):
    """An icon and a word in a rounded frame: a state that is not told by colour alone."""

    def __init__(self, icon: str = "info", word: str = "", tone: str = "info") -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self._icon = picture(icon, tone)
        self._word = label(word, tone=tone)
        self.setLayout(row(self._icon, self._word, margins=(8, 3, 10, 3), gap=6))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_state(icon, word, tone)

    def show_state(self, icon: str, word: str, tone: str) -> None:
        """Show another state."""
        self._icon.setPixmap(icons.pixmap(icon, tone, scale=2))
        self._word.setText(word)
        restyle(self._word, tone=tone)
        restyle(self, tone=tone)
        self.setAccessibleName(word)

    @property
    def word(self) -> str:
        """The word shown."""
        return self._word.text()


class Banner(QFrame):
    """One message across the top of a view: what happened, what to do, and perhaps a button.

    Signals:
        closed: the person closed it or took the action.
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "banner")
        self._icon = picture("info")
        self.message = label(role="heading", wrap=True)
        self.advice = label(wrap=True)
        self.action = button(texts.TRY_AGAIN)
        self._dismiss = tool("cross", texts.DISMISS_BANNER)
        self._dismiss.clicked.connect(self._close)
        self.action.clicked.connect(self._act)
        self._do: Callable[[], None] | None = None
        words = column(self.message, self.advice, gap=2)
        line = row(self._icon, margins=(20, 10, 16, 10), gap=12)
        line.addLayout(words, 1)
        line.addWidget(self.action)
        line.addWidget(self._dismiss)
        self.setLayout(line)
        self.hide()

    def show_error(self, error: ScribeError, again: Callable[[], None] | None = None) -> None:
        """A known fault; `again` is offered as a button."""
        self.show_message("block", error.message, error.advice, texts.TRY_AGAIN, again)

    def show_message(
        self,
        tone: str,
        message: str,
        advice: str = "",
        action: str = "",
        do: Callable[[], None] | None = None,
    ) -> None:
        """Anything worth saying, in one of the four tones (which are also icons)."""
        self._icon.setPixmap(icons.pixmap(tone, tone, scale=2))
        restyle(self, tone=tone)
        self.message.setText(message)
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self._do = do
        self.action.setText(action)
        self.action.setAccessibleName(action or texts.TRY_AGAIN)
        self.action.setVisible(do is not None)
        self.setAccessibleName(f"{message} {advice}".strip())
        self.show()

    def clear(self) -> None:
        """Take the message away."""
        self._do = None
        self.hide()

    def _act(self) -> None:
        do = self._do
        self._close()
        if do is not None:
            do()

    def _close(self) -> None:
        self.clear()
        self.closed.emit()
