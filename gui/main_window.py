"""The one window: which screen is shown, and what opens, closes and locks it."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QMessageBox, QStackedWidget, QWidget

from gui import lock_texts, locking, texts
from gui.about_view import AboutDialog
from gui.backing import Backing
from gui.backup_view import Reminder
from gui.codes import Codes
from gui.control import Begin, Control, Place
from gui.desk import Desk
from gui.engines import Engines
from gui.finding_card import rule_at
from gui.listening import Listening
from gui.lock_view import LockedCard
from gui.recorder import Recorder, link
from gui.restore_view import RestoredCard, RestoreDialog, RestoreOffer
from gui.security_pages import SecurityPages
from gui.start_view import StartView, VaultDialog
from gui.tasks import Lane, Tasks
from gui.vault import Vault
from gui.visit_form import VisitForm
from gui.visit_view import VisitView
from gui.visits_view import VisitsView
from scribe.build import Parts
from scribe.draft import template
from scribe.errors import ScribeError
from scribe.ids import EncounterId, TemplateId
from scribe.ports import Device
from scribe.records import Visit, VisitState

SIZE = QSize(1280, 800)


class MainWindow(QMainWindow):
    """Start, list of visits, form, visit: one of them at a time."""

    def __init__(self, parts: Parts, tasks: Tasks, control: Control | None = None) -> None:
        """`control`: the line to the supervisor; without one (in tests) nothing ends a process."""
        super().__init__()
        self.setWindowTitle(texts.APP)
        self.resize(SIZE)
        self.setMinimumSize(1100, 700)
        self.parts = parts
        self.tasks = tasks
        self.vault = Vault(parts, tasks, self)
        self.engines = Engines(parts)
        self.control = control
        self.recorder = Recorder(self)
        self._link = link(self.recorder, tasks, parts, control)
        self.recorder.devices.connect(self._show_microphones)
        self.start: StartView | None = None
        self.visits = VisitsView()
        self.form: VisitForm | None = None
        self.visit: VisitView | None = None
        self.vault_dialog: VaultDialog | None = None
        self.about: AboutDialog | None = None
        self._titles: dict[TemplateId, str] = {}
        self._return_to = Place()
        self._open_file: Callable[[], None] = self.show_start
        self._pages = QStackedWidget()
        self._pages.addWidget(self.visits)
        self.setCentralWidget(self._pages)
        self.vault.opened.connect(self._opened)
        self.vault.locked.connect(self.show_start)
        self.visits.new.connect(self.show_form)
        self.visits.opened.connect(self._load)
        self.visits.lock.connect(lambda: self.lock("key"))
        self.visits.help.connect(self.show_about)
        self.security = SecurityPages(self, self, self.visits.back_up.emit)
        self.backing = Backing(parts, tasks, self.vault, self)
        self.backing.restored.connect(self._show_restored)
        self.reminder = Reminder(self.backing, self.visits.reminder, self)
        self.visits.back_up.connect(self.reminder.open)
        QShortcut(QKeySequence(texts.KEYS["about"]), self, self.show_about)
        QShortcut(QKeySequence(texts.KEYS["lock"]), self, lambda: self.lock("key"))
        tasks.run(
            Lane.WORK, lambda tell, stop: _titles(), on_done=self._know_titles, on_error=self._fail
        )

    # ------------------------------------------------------------ screens

    def show_start(self, above: QWidget | None = None) -> None:
        """Unlock or create the vault; `above` says why, if there is a reason."""
        self.leave_visit()
        if above is None and self.backing.can_restore:
            above = RestoreOffer(self._restore)
        self.start = StartView(self.vault, above)
        self.security.started(self.start)
        self.show_page(self.start)
        self.start.passphrase.setFocus()

    def show_locked(self, begin: Begin, open_file: Callable[[], None]) -> None:
        """The unlock screen after a lock or a crash: where to go on, and what is being recorded."""
        self._return_to, self._open_file = begin.place, open_file
        if begin.recorder:
            self.recorder.ask_status()
        locking.place_again(self, begin.place)
        minutes = self.parts.settings.lock_minutes
        self.show_start(LockedCard(self.recorder, locking.reason(begin), minutes))

    def show_visits(self) -> None:
        """The list, read anew."""
        self.leave_visit()
        self.visits.banner.clear()
        self.show_page(self.visits)
        if self.vault.is_open:
            self.vault.visits(
                lambda found: self.visits.show_visits(found, self._titles), self._fail
            )
            self.reminder.look()

    def show_form(self) -> None:
        """A new visit."""
        known = self._titles or {self.parts.settings.template: str(self.parts.settings.template)}
        self.form = VisitForm(known, self.parts.settings.template)
        self.form.made.connect(self._made)
        self.form.cancelled.connect(self.show_visits)
        self.show_page(self.form)
        self.form.patient.setFocus()

    def show_visit(self, visit: Visit) -> VisitView:
        """One visit."""
        self.leave_visit()
        desk = Desk(self.tasks, self.vault, visit)
        listening = Listening(self.tasks, self.vault, self.engines, desk, self.recorder)
        view = VisitView(desk, listening, self.vault, Codes(self.tasks, desk))
        listening.remarked.connect(
            lambda what, advice: view.banner.show_message("warn", what, advice)
        )
        view.back.connect(self._back)
        view.vault_needed.connect(self._open_vault_for_visit)
        view.help.connect(self.show_about)
        self.visit = view
        self.show_page(view)
        (view.bar.start if view.bar.start.isEnabled() else view.to_list).setFocus()
        if not desk.read_only:
            # In a turn of its own: building the page is long enough for one.
            QTimer.singleShot(0, self, self._ask_microphones)
        if visit.state is VisitState.RECORDING and self._goes_on(visit):
            listening.attach()
        elif visit.state is VisitState.RECORDING:
            view.banner.show_message(
                "warn", texts.INTERRUPTED, "", texts.TRANSCRIBE_KEPT, listening.transcribe_kept
            )
        return view

    def show_about(self, rule: str = "") -> None:
        """What the reference article tells of R53.1, or what a rule says, beside what is open."""
        if self.about is None:
            self.about = AboutDialog(self)
        self.about.show_rule(rule or rule_at(self.focusWidget()))
        self.about.show()
        self.about.raise_()
        self.about.activateWindow()

    def open_audio(self, path: Path, visit: Visit) -> None:
        """Review an audio file without a vault; saving and signing ask for one."""
        self.show_visit(visit).listening.open_file(path)

    def come_forward(self) -> None:
        """Somebody started the program again."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.raise_()
        self.activateWindow()

    def show_page(self, page: QWidget) -> None:
        """Show this page and let go of the one before it."""
        self._pages.addWidget(page)
        self._pages.setCurrentWidget(page)
        for number in reversed(range(self._pages.count())):
            old = self._pages.widget(number)
            if old is not None and old not in (page, self.visits):
                self._pages.removeWidget(old)
                old.deleteLater()

    # ------------------------------------------------------------ what they ask for

    def _know_titles(self, titles: dict[TemplateId, str]) -> None:
        self._titles = titles

    def _opened(self) -> None:
        place, self._return_to = self._return_to, Place()
        if self.visit is not None:
            return
        self.show_visits()
        if place.visit:
            self._load(place.visit)
        elif place.file:
            self._open_file()

    def _load(self, which: str) -> None:
        self.vault.load(EncounterId(which), lambda visit: self._show_loaded(visit), self._fail)

    def _show_loaded(self, visit: Visit) -> None:
        self.show_visit(visit)

    def _made(self, visit: Visit) -> None:
        self.vault.use(
            lambda store: store.save(visit),
            on_done=lambda _: self._show_loaded(visit),
            on_error=self._fail,
        )

    def _back(self) -> None:
        if self.vault.is_open:
            self.show_visits()
        else:
            self.show_start()

    def leave_visit(self) -> None:
        """Save the visit that is shown and let go of it."""
        view, self.visit = self.visit, None
        if view is None:
            return
        view.listening.cancel()
        if view.desk.unsaved:
            view.desk.save()

    def _open_vault_for_visit(self) -> None:
        view = self.visit
        if view is None:
            return
        dialog = self.vault_dialog = VaultDialog(self.vault, self)
        dialog.accepted.connect(view.ask_sign)
        dialog.finished.connect(self._vault_dialog_gone)
        dialog.open()
        dialog.start.passphrase.setFocus()

    def _vault_dialog_gone(self) -> None:
        if self.vault_dialog is not None:
            self.vault_dialog.deleteLater()
            self.vault_dialog = None

    def _ask_microphones(self) -> None:
        # A machine without a sound system can still open files: said when recording is asked for.
        if self.recorder.status is None:
            self.recorder.ask_devices()

    def _show_microphones(self, devices: tuple[Device, ...]) -> None:
        if self.visit is not None:
            self.visit.bar.show_microphones(devices, self.parts.settings.microphone)

    def _goes_on(self, visit: Visit) -> bool:
        """Whether the recorder records this visit, or completed it while the window was locked."""
        known = self.recorder.status or self.recorder.ended
        return known is not None and known.encounter == visit.encounter.id

    def _fail(self, error: ScribeError) -> None:
        shown = self.visit.banner if self.visit is not None else self.visits.banner
        shown.show_error(error)

    def _restore(self) -> None:
        dialog = RestoreDialog(self.backing, self)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_restored(self, told: str) -> None:
        """There is a vault now: ask for its passphrase."""
        self.show_start(RestoredCard(told))

    # ------------------------------------------------------------ locking

    def lock(self, reason: str) -> None:
        """Forget everything: the visit is saved, then this process ends and another one asks for
        the passphrase. A running recording goes on.
        """
        if not self.vault.unlocked:
            # A file opened without a vault: there is nothing that could unlock it again.
            if self.visit is not None:
                self.visit.banner.show_message("info", lock_texts.NOT_LOCKED)
        elif self.control is not None:
            locking.forget(self, self.control, reason)
        else:
            self.leave_visit()
            self.vault.lock(self._fail)

    # ------------------------------------------------------------ the end

    def closeEvent(self, event: QCloseEvent) -> None:
        """Never lose a recording or an edit to a closed window."""
        view = self.visit
        if view is not None and view.listening.recording and not self._may_leave():
            event.ignore()
            return
        unsaved = view.desk.visit if view is not None and view.desk.unsaved else None
        if view is not None:
            if view.listening.recording:
                self.recorder.stop()
            view.listening.farewell()
        self._link.close()
        if self.about is not None:
            self.about.close()
        self.hide()
        last = self.vault.farewell(unsaved)
        self.tasks.stop()
        # At once, not in their lanes: a lane may be waiting for a long answer of its model.
        self.engines.close()
        self.tasks.close(((Lane.WORK, last),) if last is not None else ())
        event.accept()

    def _may_leave(self) -> bool:
        box = QMessageBox(self)
        box.setWindowTitle(texts.CLOSE_RECORDING_TITLE)
        box.setText(texts.CLOSE_RECORDING)
        leave = box.addButton(texts.STOP_AND_LEAVE, QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton(texts.STAY, QMessageBox.ButtonRole.RejectRole))
        box.exec()
        return box.clickedButton() is leave


def _titles() -> dict[TemplateId, str]:
    return {each: template.load(each).title for each in template.ids()}
