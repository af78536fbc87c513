"""Asking for the passphrase once more before something leaves the vault; good for five minutes."""

from collections.abc import Callable

from PySide6.QtWidgets import QDialog, QWidget

from gui import security_texts as texts
from gui import strongroom
from gui import texts as common
from gui.security_parts import Countdown, Notice
from gui.vault import Vault
from gui.widgets import button, column, field, label, row, secret, while_there
from scribe.errors import ScribeError, TooSoon

_WIDTH = 460


def when_fresh(
    vault: Vault,
    parent: QWidget,
    why: str,
    then: Callable[[], None],
    on_error: Callable[[ScribeError], None],
) -> None:
    """Do `then` at once if the passphrase was typed just now, else after it was typed again."""

    def found(fresh: bool) -> None:
        if fresh:
            then()
            return
        dialog = FreshDialog(vault, why, parent)
        dialog.accepted.connect(then)
        dialog.open()

    vault.use(
        strongroom.is_fresh,
        on_done=while_there(parent, found),
        on_error=while_there(parent, on_error),
    )


class FreshDialog(QDialog):
    """One field; closes by itself when the passphrase was right."""

    def __init__(self, vault: Vault, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(texts.FRESH_TITLE)
        self.setMinimumWidth(_WIDTH)
        self._vault = vault
        self.passphrase = secret()
        self.go = button(texts.GO_ON, "primary")
        self.go.setDefault(True)
        self.go.clicked.connect(self._confirm)
        self.back = button(common.CANCEL)
        self.back.setAutoDefault(False)
        self.back.clicked.connect(self.reject)
        self.notice = Notice()
        self.countdown = Countdown(self.notice, (self.passphrase, self.go), self._again)
        self.setLayout(
            column(
                label(texts.FRESH_TITLE, "title"),
                label(texts.FRESH_LEAD.format(why=why), "muted", wrap=True),
                field(texts.PASSPHRASE_NOW, self.passphrase),
                self.notice,
                row(None, self.back, self.go),
                margins=(28, 24, 28, 22),
                gap=12,
            )
        )
        self.finished.connect(self.deleteLater)
        self.passphrase.setFocus()

    def _confirm(self) -> None:
        passphrase = self.passphrase.text()
        if not passphrase:
            self.notice.say("block", common.PASSPHRASE_EMPTY)
            return
        self.notice.hide()
        self.passphrase.clear()
        self._busy(True)
        self._vault.use(
            lambda store: strongroom.confirm(store, passphrase),
            on_done=while_there(self, lambda _: self.accept()),
            on_error=while_there(self, self._refused),
        )

    def _refused(self, error: ScribeError) -> None:
        self._busy(False)
        if isinstance(error, TooSoon):
            self.countdown.start(error.seconds)
        else:
            self.notice.show_error(error)
            self._again()

    def _again(self) -> None:
        self.passphrase.setFocus()

    def _busy(self, busy: bool) -> None:
        for each in (self.passphrase, self.go):
            each.setEnabled(not busy)
        self.go.setText(texts.WORKING if busy else texts.GO_ON)
