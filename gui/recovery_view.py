"""The recovery key, from being made to being on paper: shown once, printed, and two groups of it
typed again. Until then the setup of the vault is unfinished and no visit is opened.
"""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QLayout, QLineEdit, QWidget

from gui import paper, strongroom
from gui import security_texts as texts
from gui import texts as common
from gui.security_parts import Countdown, Notice, centred
from gui.strongroom import GROUP, Made, RecoveryKey
from gui.vault import Vault
from gui.widgets import button, column, empty, field, frame, label, row, secret, while_there
from scribe.errors import BadInput, ScribeError, TooSoon

_WIDTH = 620
_IN_A_ROW = 4


class RecoveryView(QWidget):
    """Three steps on one card, one shown at a time: make (where no key waits), show, type.

    Signals:
        finished: the key is on paper. lock: the person goes; the next unlock continues here.
    """

    finished = Signal()
    lock = Signal()

    def __init__(self, vault: Vault, made: Made | None) -> None:
        """`made`: a key that nobody has seen yet; without one the first step makes it."""
        super().__init__()
        self.setProperty("role", "page")
        self._vault = vault
        self._key: RecoveryKey | None = None
        self.typed: dict[int, QLineEdit] = {}
        self.notice = Notice()
        self.steps = (self._make_step(), self._show_step(), self._type_step())
        card = frame("card")
        card.setFixedWidth(_WIDTH)
        card.setLayout(column(*self.steps, self.notice, margins=(32, 26, 32, 26), gap=12))
        leave = button(common.LOCK, "quiet", icon="lock")
        leave.clicked.connect(self.lock)
        self.setLayout(centred(column(card, row(None, leave), gap=8), texts.KEY_TITLE))
        self.countdown = Countdown(self.notice, (self.passphrase, self.make))
        self.go_to(0)
        if made is not None:
            self._show(made)

    # ------------------------------------------------------------ the three steps

    def _make_step(self) -> QWidget:
        self.passphrase = secret()
        self.passphrase.returnPressed.connect(self._make)
        self.make = button(texts.KEY_MAKE, "primary")
        self.make.clicked.connect(self._make)
        return _step(
            texts.SETUP_UNFINISHED,
            label(texts.SETUP_UNFINISHED_LEAD, "muted", wrap=True),
            label(texts.KEY_AGAIN, wrap=True),
            field(texts.PASSPHRASE_NOW, self.passphrase),
            row(None, self.make),
        )

    def _show_step(self) -> QWidget:
        self.key = frame("said")
        self.key.setAccessibleName(texts.KEY_TITLE)
        self._groups = QGridLayout(self.key)
        self._groups.setContentsMargins(18, 14, 18, 14)
        self._groups.setSpacing(8)
        self.print = button(texts.PRINT, "primary", icon="file")
        self.print.clicked.connect(self._print)
        self.save = button(texts.SAVE_TO_PRINT)
        self.save.setAccessibleDescription(texts.SAVE_WARNING)
        self.save.clicked.connect(self._choose_file)
        self.next = button(texts.ON_PAPER, icon="check")
        self.next.clicked.connect(lambda: self.go_to(2))
        return _step(
            texts.KEY_TITLE,
            label(texts.KEY_WHAT, wrap=True),
            label(texts.KEY_LEAD, "muted", wrap=True),
            self.key,
            row(self.print, self.save, None, self.next, gap=10),
            label(texts.SAVE_WARNING, "small", wrap=True),
        )

    def _type_step(self) -> QWidget:
        self._asked = column(gap=8)
        self.finish = button(texts.FINISH, "primary", icon="check")
        self.finish.clicked.connect(self._check)
        self.again = button(texts.NO_PAPER, "quiet")
        self.again.clicked.connect(lambda: self.go_to(0))
        return _step(
            texts.TYPE_TITLE,
            label(texts.TYPE_LEAD, "muted", wrap=True),
            self._asked,
            row(self.again, None, self.finish),
        )

    @property
    def step(self) -> int:
        """0 make, 1 show, 2 type."""
        return next(at for at, each in enumerate(self.steps) if not each.isHidden())

    def go_to(self, step: int) -> None:
        """Show one step; nothing of the key stays behind it."""
        self.notice.hide()
        if step != 1:
            empty(self._groups)
            self._key = None
        for number, each in enumerate(self.steps):
            each.setVisible(number == step)
        (self.passphrase, self.print, next(iter(self.typed.values()), self.finish))[step].setFocus()

    # ------------------------------------------------------------ making and showing

    def _make(self) -> None:
        passphrase = self.passphrase.text()
        if not passphrase:
            self.notice.say("block", common.PASSPHRASE_EMPTY)
            return
        self.passphrase.clear()
        self._busy(True)
        self._vault.use(
            lambda store: strongroom.new_key(store, passphrase),
            on_done=while_there(self, self._show),
            on_error=while_there(self, self._fail),
            on_end=while_there(self, lambda: self._busy(False)),
        )

    def _busy(self, busy: bool) -> None:
        for each in (self.passphrase, self.make):
            each.setEnabled(not busy and not self.countdown.running)
        self.make.setText(texts.WORKING if busy else texts.KEY_MAKE)

    def _show(self, made: Made) -> None:
        key, asked = made
        self._ask(asked)
        self.go_to(1)
        self._key = key
        for number, letters in enumerate(key.groups, start=1):
            cell = label(f"{number:>2}  {letters}", "key")
            spoken = texts.KEY_SPOKEN.format(number=number, letters=" ".join(letters))
            cell.setAccessibleName(spoken)
            cell.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._groups.addWidget(cell, (number - 1) // _IN_A_ROW, (number - 1) % _IN_A_ROW)

    def _page(self) -> str:
        assert self._key is not None, "only while it is shown"
        return paper.page(self._key, self._vault.arrival.clinician, date.today())

    def _print(self) -> None:
        went = paper.printed(self._page(), self)
        if went:
            self.notice.say("good", texts.PRINTED)
        elif went is False:
            self.notice.say("block", texts.NOT_PRINTED, texts.NOT_PRINTED_ADVICE)

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self, texts.SAVE_TO_PRINT, texts.PAPER_NAME, texts.TEXT_FILES
        )
        if name:
            self.save_as(Path(name))

    def save_as(self, path: Path) -> None:
        """Write the page to a text file, and say that it has to go again."""
        text = self._page()
        self.next.setEnabled(False)
        self._vault.ask(
            lambda: paper.save(path, text),
            on_done=while_there(self, lambda _: self.notice.say("warn", texts.PAPER_SAVED)),
            on_error=while_there(self, self.notice.show_error),
            on_end=while_there(self, lambda: self.next.setEnabled(True)),
        )

    # ------------------------------------------------------------ typing it again

    def _ask(self, asked: tuple[int, ...]) -> None:
        empty(self._asked)
        self.typed = {}
        for number in asked:
            edit = QLineEdit()
            edit.setMaxLength(2 * GROUP)
            edit.setMaximumWidth(160)
            edit.returnPressed.connect(self._check)
            self.typed[number] = edit
            self._asked.addLayout(field(texts.KEY_GROUP.format(number=number), edit))

    def _check(self) -> None:
        groups = {number: edit.text() for number, edit in self.typed.items()}
        if not all(each.strip() for each in groups.values()):
            self.notice.say("block", texts.GROUP_EMPTY)
            return
        self._vault.use(
            lambda store: strongroom.confirm_key(store, groups),
            on_done=while_there(self, lambda _: self.finished.emit()),
            on_error=while_there(self, self._not_the_groups),
        )

    def _not_the_groups(self, error: ScribeError) -> None:
        def ask_others(asked: tuple[int, ...]) -> None:
            self._ask(asked)
            next(iter(self.typed.values())).setFocus()
            self.notice.show_error(error)

        if isinstance(error, BadInput):
            self._vault.use(
                strongroom.asked,
                on_done=while_there(self, ask_others),
                on_error=while_there(self, self._fail),
            )
        else:
            self._fail(error)

    def _fail(self, error: ScribeError) -> None:
        if isinstance(error, TooSoon):
            self.countdown.start(error.seconds)
            return
        self.notice.show_error(error)
        self.passphrase.setFocus()


def _step(title: str, *parts: QWidget | QLayout) -> QWidget:
    made = QWidget()
    made.setLayout(column(label(title, "title"), *parts, gap=12))
    return made
