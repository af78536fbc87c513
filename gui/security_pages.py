"""Where the screens about keys stand between the others: setting up, the recovery key, the security
page, psychotherapy notes; and what is said of the last opening. It only goes from one to another.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from gui import security_texts as texts
from gui.forgotten_view import ForgottenView
from gui.psychotherapy_view import PsychotherapyView
from gui.recovery_view import RecoveryView
from gui.security_view import SecurityView
from gui.start_view import StartView, VaultDialog
from gui.strongroom import Made
from gui.vault import Vault
from gui.visits_view import VisitsView
from scribe.signoff.audit import Act


class Pages(Protocol):
    """The main window, as far as it is needed here."""

    vault: Vault
    visits: VisitsView
    vault_dialog: VaultDialog | None

    def show_page(self, page: QWidget) -> None:
        """Show this page and let go of the one before it."""
        ...

    def show_start(self, above: QWidget | None = None) -> None:
        """The unlock screen."""
        ...

    def show_visits(self) -> None:
        """The list."""
        ...

    def lock(self, reason: str) -> None:
        """Forget everything."""
        ...

    def leave_visit(self) -> None:
        """Save the visit that is shown and let go of it."""
        ...


class SecurityPages(QObject):
    """The ways between the screens about keys."""

    def __init__(self, window: Pages, parent: QObject, back_up: Callable[[], None] | None) -> None:
        """`back_up` opens what makes backups, where there is one."""
        super().__init__(parent)
        self._window = window
        self._back_up = back_up
        self.recovery: RecoveryView | None = None
        self.forgotten: ForgottenView | None = None
        self.security: SecurityView | None = None
        self.psychotherapy: PsychotherapyView | None = None
        window.vault.unfinished.connect(self._show_recovery)
        window.vault.opened.connect(self._tell_last)
        window.vault.locked.connect(self._locked)
        window.visits.security.connect(self.show_security)
        window.visits.psychotherapy.connect(self.show_psychotherapy)

    def started(self, start: StartView) -> None:
        """The unlock screen is shown."""
        start.forgot.connect(self._show_forgotten)

    def _show_forgotten(self) -> None:
        self.forgotten = ForgottenView(self._window.vault)
        self.forgotten.back.connect(self._window.show_start)
        self._window.show_page(self.forgotten)
        self.forgotten.typed.setFocus()

    def _show_recovery(self, made: Made | None) -> None:
        if self._window.vault_dialog is not None:
            return  # it shows the key itself, over the visit
        self.recovery = RecoveryView(self._window.vault, made)
        self.recovery.finished.connect(self._window.vault.finish)
        self.recovery.lock.connect(lambda: self._window.lock("key"))
        self._window.show_page(self.recovery)

    def show_security(self) -> None:
        """The security page; only while the vault is open."""
        if not self._window.vault.is_open:
            return
        self._window.leave_visit()
        self.security = SecurityView(self._window.vault, self._back_up)
        self.security.back.connect(self._window.show_visits)
        self._window.show_page(self.security)
        self.security.sections.setFocus()

    def show_psychotherapy(self, visit: str = "") -> None:
        """The author's psychotherapy notes, of this visit first."""
        if not self._window.vault.is_open:
            return
        self._window.leave_visit()
        self.psychotherapy = PsychotherapyView(self._window.vault, visit)
        self.psychotherapy.back.connect(self._window.show_visits)
        self._window.show_page(self.psychotherapy)
        self.psychotherapy.passphrase.setFocus()

    def _locked(self) -> None:
        if self.psychotherapy is not None:
            self.psychotherapy.close_notes()

    def _tell_last(self) -> None:
        last = self._window.vault.arrival.last
        if last is None or self._window.vault_dialog is not None:
            return
        at = f"{last.at.astimezone():%Y-%m-%d %H:%M}"
        said = texts.LAST_OPENED.format(by=last.by, at=at)
        emergency = last.act == Act.BREAK_GLASS
        if emergency:
            said = texts.LAST_EMERGENCY.format(by=last.by, at=at)
        if last.failed:
            said += " " + texts.LAST_FAILED[min(last.failed, 2)].format(count=last.failed)
        tone = "warn" if emergency or last.failed else "info"
        self._window.visits.last.show_message(tone, said, texts.LAST_OPENED_ADVICE)
