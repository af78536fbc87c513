"""Parts that every screen about keys is made of: what went well or wrong, a new passphrase typed
twice, the wait after wrong ones, and a section that runs one act of the vault at a time.
"""

import math
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QLayout, QLineEdit, QVBoxLayout, QWidget

from gui import security_texts as texts
from gui import texts as common
from gui.strength import judge
from gui.strongroom import MIN_PASSPHRASE
from gui.theme import icons
from gui.vault import Vault
from gui.widgets import column, field, label, picture, restyle, row, scrolling, secret, while_there
from scribe.errors import ScribeError, TooSoon
from scribe.ports import Store

T = TypeVar("T")
_TICK_MS = 250


class Notice(QFrame):
    """What happened and what to do next, beside where it happened; hidden until then."""

    def __init__(self) -> None:
        super().__init__()
        self._icon = picture("info")
        self.message = label(role="heading", wrap=True)
        self.advice = label(wrap=True)
        line = row(column(self._icon, None), gap=10)
        line.addLayout(column(self.message, self.advice, gap=2), 1)
        self.setLayout(line)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def say(self, tone: str, message: str, advice: str = "") -> None:
        """Show it in one of the four tones, which are also icons."""
        self._icon.setPixmap(icons.pixmap(tone, tone, scale=2))
        self.message.setText(message)
        restyle(self.message, tone=tone if tone in ("block", "warn") else "")
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        self.setAccessibleName(f"{message} {advice}".strip())
        self.show()

    def show_error(self, error: ScribeError) -> None:
        """A known fault."""
        self.say("block", error.message, error.advice)


class Countdown(QObject):
    """Keeps fields closed for so many seconds and says how long still."""

    def __init__(
        self,
        notice: Notice,
        closed: Sequence[QWidget],
        then: Callable[[], None] = lambda: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """`closed` are disabled while it runs; `then` is called when it is over."""
        super().__init__(notice)
        self._notice, self._closed, self._then, self._now = notice, closed, then, now
        self._end = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def running(self) -> bool:
        """Whether the fields are closed."""
        return self._timer.isActive()

    def start(self, seconds: float) -> None:
        """Begin, or begin again."""
        self._end = self._now() + seconds
        self._timer.start()
        self.tick()

    def tick(self) -> None:
        """Say how long still."""
        left = self._end - self._now()
        over = left <= 0
        for each in self._closed:
            each.setEnabled(over)
        if not over:
            self._notice.say("warn", texts.WAIT.format(time=spoken(left)))
            return
        self._timer.stop()
        self._notice.say("info", texts.WAIT_OVER)
        self._then()


def spoken(seconds: float) -> str:
    """`4 s` or `2 min 5 s`, rounded up."""
    minutes, rest = divmod(math.ceil(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


class NewPassphrase(QWidget):
    """A passphrase typed twice, and what can honestly be said of it."""

    def __init__(
        self,
        name: Callable[[], str] = lambda: "",
        titles: tuple[str, str] = (texts.NEW_PASSPHRASE, texts.NEW_PASSPHRASE_AGAIN),
    ) -> None:
        """`name`: the clinician's, which is no good passphrase."""
        super().__init__()
        self._name = name
        self.first, self.again = secret(), secret()
        self.strength = label(role="small", wrap=True)
        honest = label(texts.STRENGTH_HONEST, "small", wrap=True)
        told = column(self.strength, honest, gap=0)
        both = (field(titles[0], self.first), told, field(titles[1], self.again))
        self.setLayout(column(*both, gap=8))
        self.first.textChanged.connect(lambda _: self.judge())
        self.setFocusProxy(self.first)
        self.judge()

    def judge(self) -> None:
        """Say again what can be said."""
        found = judge(self.first.text(), self._name())
        self.strength.setText(found.text)
        restyle(self.strength, tone=found.tone)
        self.first.setAccessibleDescription(found.text)

    def missing(self) -> str:
        """What is wrong with it, in words; empty when it can be taken."""
        if not self.first.text():
            return common.PASSPHRASE_EMPTY
        if not judge(self.first.text()).taken:
            return texts.TOO_SHORT.format(least=MIN_PASSPHRASE)
        return "" if self.first.text() == self.again.text() else common.PASSPHRASES_DIFFER

    @property
    def text(self) -> str:
        """What was typed."""
        return self.first.text()

    def clear(self) -> None:
        """Forget it."""
        self.first.clear()
        self.again.clear()

    @property
    def fields(self) -> tuple[QLineEdit, QLineEdit]:
        """Both, in order."""
        return self.first, self.again


class Section(QWidget):
    """A title, what it is for, and one act of the vault at a time."""

    def __init__(self, vault: Vault, title: str, lead: str) -> None:
        super().__init__()
        self.vault = vault
        self.title = title
        self.notice = Notice()
        self.working = label(texts.WORKING, "muted")
        self.working.hide()
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(0, 0, 16, 0)
        self.body.setSpacing(12)
        self.body.addWidget(label(title, "title"))
        self.body.addWidget(label(lead, "muted", wrap=True))
        self._countdown: Countdown | None = None
        self._acting: tuple[QWidget, ...] = ()

    def finish_layout(self, *acting: QWidget) -> None:
        """Put what is said at the end; `acting` are closed while something runs."""
        self.body.addWidget(self.working)
        self.body.addWidget(self.notice)
        self.body.addStretch(1)
        self._acting = acting
        self._countdown = Countdown(self.notice, acting)

    def entered(self) -> None:
        """The section is shown: read what it shows."""

    def do(self, act: Callable[[Store], T], done: Callable[[T], None]) -> None:
        """Run `act` in the vault's lane; known errors are said here."""
        self.notice.hide()
        self.busy(True)
        self.vault.use(
            act,
            on_done=while_there(self, done),
            on_error=while_there(self, self.refuse),
            on_end=while_there(self, self._at_rest),
        )

    def look(self, act: Callable[[Store], T], show: Callable[[T], None]) -> None:
        """Ask the vault for what is shown, without closing anything meanwhile."""
        self.vault.use(
            act, on_done=while_there(self, show), on_error=while_there(self, self.refuse)
        )

    def _at_rest(self) -> None:
        self.busy(False)

    def refuse(self, error: ScribeError) -> None:
        """Say what went wrong; close the fields while there is a wait."""
        if isinstance(error, TooSoon) and self._countdown is not None:
            # After `on_end`, which opens the fields.
            QTimer.singleShot(0, self, lambda: self._wait(error.seconds))
        else:
            self.notice.show_error(error)

    def _wait(self, seconds: float) -> None:
        if self._countdown is not None:
            self._countdown.start(seconds)

    def busy(self, busy: bool, doing: str = texts.WORKING) -> None:
        """Close what acts while something runs, and say what runs."""
        self.working.setText(doing)
        self.working.setVisible(busy)
        for each in self._acting:
            each.setEnabled(not busy)
        if not busy:
            self.settled()

    def settled(self) -> None:
        """Called when an act has ended, to close again what may not be used now."""


def centred(inside: QLayout, name: str) -> QVBoxLayout:
    """A card in the middle of a page that scrolls where the window is too low for it."""
    middle = QWidget()
    box = column(None, row(None, inside, None), None, margins=(24, 16, 24, 16))
    box.setStretch(0, 2)
    box.setStretch(2, 3)
    middle.setLayout(box)
    outer = QVBoxLayout()
    outer.setContentsMargins(0, 0, 0, 0)
    outer.addWidget(scrolling(middle, name))
    return outer
