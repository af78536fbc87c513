"""The reminder and the two dialogs: no nagging without need, nothing started without what it needs,
a fault told, and visits that come back on a computer that had none.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import backup_texts, texts
from gui.backup_view import BackupDialog
from gui.main_window import MainWindow
from gui.restore_view import RestoreDialog, RestoreOffer
from gui.tasks import Tasks
from scribe.build import Parts, RestoreWish
from scribe.errors import BackupUnusable, Cancelled, WrongPassphrase
from scribe.events import Progress, Stop, Tell
from scribe.fakes import ScriptedBackups
from scribe.ports import BackupMade, Restored
from tests.windows.stage import LONG_MS, Person, Stage

SitDown = Callable[[], Person]


def made(folder: Path) -> BackupMade:
    return BackupMade(
        path=folder / "vault.scribe-backup",
        at=datetime.now(UTC),
        size=2_000_000,
        visits=3,
        notes=2,
        recordings=1,
        psychotherapy=False,
        same_disk=True,
    )


def opens(me: Person) -> BackupDialog:
    me.click(me.window.visits.back_up_button)
    dialog = me.window.reminder.dialog
    assert dialog is not None
    me.sees(lambda: dialog.isVisible() and dialog.last.text())
    return dialog


# ---------------------------------------------------------------- the reminder


def test_nobody_is_reminded_without_need(person: SitDown, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.sees(lambda: not me.window.tasks.busy)
    assert me.window.visits.reminder.isHidden()


@pytest.mark.parametrize(
    ("last", "told"),
    [
        pytest.param(None, backup_texts.REMIND_NEVER, id="never"),
        pytest.param(timedelta(days=5, hours=1), "5 days old", id="five days ago"),
        pytest.param(timedelta(days=-30), "2 days old", id="a clock that was set back"),
    ],
)
def test_a_backup_that_is_due_is_said_and_does_not_stand_in_the_way(
    person: SitDown, stage: Stage, tmp_path: Path, last: timedelta | None, told: str
) -> None:
    known = None if last is None else replace(made(tmp_path), at=datetime.now(UTC) - last)
    stage.store.backups = ScriptedBackups(made=known, overdue=True)
    me = person()
    me.unlocks()
    banner = me.window.visits.reminder
    me.sees(banner.isVisible)
    assert told in banner.message.text()
    assert me.window.visits.new_visit.isEnabled()
    assert stage.store.backups.asked == []


def test_put_off_it_is_silent_until_the_next_unlocking(person: SitDown, stage: Stage) -> None:
    stage.store.backups = ScriptedBackups(overdue=True)
    me = person()
    me.unlocks()
    banner = me.window.visits.reminder
    me.sees(banner.isVisible)
    banner.closed.emit()
    banner.clear()
    me.window.show_visits()
    me.sees(lambda: not me.window.tasks.busy)
    assert banner.isHidden()
    me.click(me.window.visits.lock_button)
    me.sees(lambda: me.window.start is not None and me.window.start.isVisible())
    me.unlocks()
    me.sees(banner.isVisible)


def test_one_click_makes_a_backup_where_the_last_one_lies(
    person: SitDown, stage: Stage, tmp_path: Path
) -> None:
    stage.store.backups = ScriptedBackups(made=made(tmp_path), overdue=True, place=tmp_path)
    me = person()
    me.unlocks()
    me.sees(me.window.visits.reminder.isVisible)
    me.click(me.window.visits.reminder.action)
    dialog = me.window.reminder.dialog
    assert dialog is not None
    me.sees(lambda: "3 visits" in dialog.outcome.message.text())
    assert stage.store.backups.asked == [tmp_path]
    assert backup_texts.DONE_SAME_DISK in dialog.outcome.advice.text()
    assert me.window.visits.reminder.isHidden()


def test_a_stick_that_is_not_there_is_waited_for(
    person: SitDown, stage: Stage, tmp_path: Path
) -> None:
    gone = tmp_path / "unplugged"
    stage.store.backups = ScriptedBackups(made=made(gone), overdue=True, place=gone)
    me = person()
    me.unlocks()
    me.sees(me.window.visits.reminder.isVisible)
    me.click(me.window.visits.reminder.action)
    dialog = me.window.reminder.dialog
    assert dialog is not None
    me.sees(lambda: dialog.folder.text() == str(gone))
    assert stage.store.backups.asked == []
    assert not dialog.busy


# ---------------------------------------------------------------- the dialog


def test_without_a_folder_nothing_starts(person: SitDown, stage: Stage) -> None:
    me = person()
    me.unlocks()
    dialog = opens(me)
    assert dialog.last.text() == backup_texts.NEVER
    me.click(dialog.go)
    assert dialog.outcome.message.text() == backup_texts.NO_FOLDER
    assert stage.store.backups.asked == []


def test_psychotherapy_notes_need_their_authors_passphrase(
    person: SitDown, stage: Stage, tmp_path: Path
) -> None:
    me = person()
    me.unlocks()
    dialog = opens(me)
    assert not dialog.with_notes.isChecked()
    me.type(dialog.folder, str(tmp_path))
    dialog.with_notes.click()
    me.click(dialog.go)
    assert dialog.outcome.message.text() == backup_texts.AUTHOR_EMPTY
    assert stage.store.backups.asked == []


def test_a_fault_is_told_in_the_dialog(person: SitDown, stage: Stage, tmp_path: Path) -> None:
    """What forgets everything says that there is nothing to back up."""
    me = person()
    me.unlocks()
    dialog = opens(me)
    me.type(dialog.folder, str(tmp_path))
    me.click(dialog.go)
    me.sees(lambda: "nothing to back up" in dialog.outcome.message.text())
    assert not dialog.busy
    assert dialog.go.isEnabled()


def test_a_backup_can_be_stopped(person: SitDown, stage: Stage, tmp_path: Path) -> None:
    stage.store.backups = Endless()
    me = person()
    me.unlocks()
    dialog = opens(me)
    me.type(dialog.folder, str(tmp_path))
    me.click(dialog.go)
    me.sees(lambda: dialog.progress.bar.maximum() > 0)
    assert dialog.progress.step.text() == backup_texts.STEPS["write"]
    me.click(dialog.stop)
    me.sees(lambda: dialog.outcome.message.text() == backup_texts.STOPPED)
    assert not dialog.busy


def test_locking_ends_it_and_hides_where_it_went(
    person: SitDown, stage: Stage, tmp_path: Path
) -> None:
    stage.store.backups = Endless()
    me = person()
    me.unlocks()
    dialog = opens(me)
    me.type(dialog.folder, str(tmp_path))
    me.click(dialog.go)
    me.sees(lambda: dialog.progress.bar.maximum() > 0)
    me.click(me.window.visits.lock_button)
    me.sees(lambda: not dialog.busy)
    assert dialog.isHidden()
    assert dialog.folder.text() == ""


class Endless(ScriptedBackups):
    """Goes on until it is stopped."""

    def make(
        self,
        target: Path,
        *,
        psychotherapy_passphrase: str | None = None,
        tell: Tell = lambda event: None,
        stop: Stop | None = None,
    ) -> BackupMade:
        assert stop is not None
        tell(Progress(step="write", done=1, total=4, unit="bytes"))
        while not stop.is_set():
            pass
        raise Cancelled("The backup was stopped.")


# ---------------------------------------------------------------- restoring


class Restorer:
    """Restores when the passphrase or the key is right; remembers what was wished."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.wishes: list[RestoreWish] = []

    def __call__(self, wish: RestoreWish, tell: Tell, stop: Stop) -> Restored:
        self.wishes.append(wish)
        tell(Progress(step="check", done=1, total=2, unit="bytes"))
        if not wish.backup.exists():
            raise BackupUnusable("This file is not a backup of a vault.")
        if not wish.recovery_key and wish.passphrase != self._stage.store.passphrase:
            raise WrongPassphrase("This passphrase does not open the vault.")
        self._stage.store.passphrase = wish.passphrase
        self._stage.created = True
        return Restored(
            folder=wish.backup.parent,
            clinician="Dr. A. Rivera",
            made=datetime.now(UTC),
            visits=3,
            notes=2,
            recordings=1,
            psychotherapy=False,
        )


@pytest.fixture
def restorer(stage: Stage) -> Restorer:
    return Restorer(stage)


@pytest.fixture
def empty(
    dressed: QApplication, qtbot: QtBot, stage: Stage, restorer: Restorer
) -> Callable[[], Person]:
    """Opens a window on a computer that has no visits yet."""
    stage.created = False

    def sit_down() -> Person:
        parts: Parts = replace(stage.parts(), restore_store=restorer)
        window = MainWindow(parts, Tasks(dressed))
        window.show_start()
        window.show()
        window.activateWindow()
        with qtbot.waitActive(window, timeout=LONG_MS):
            pass
        return Person(window, qtbot)

    return sit_down


def asks_restore(me: Person) -> RestoreDialog:
    offer = me.window.findChild(RestoreOffer)
    assert isinstance(offer, RestoreOffer)
    me.click(offer.go)
    me.sees(lambda: me.window.findChild(RestoreDialog))
    dialog = me.window.findChild(RestoreDialog)
    assert isinstance(dialog, RestoreDialog)
    return dialog


def test_where_there_are_visits_nothing_is_restored_over_them(
    person: SitDown, stage: Stage
) -> None:
    me = person()
    assert me.window.findChild(RestoreOffer) is None


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({}, backup_texts.FILE_EMPTY, id="no file"),
        pytest.param({"file": "x"}, texts.PASSPHRASE_EMPTY, id="no passphrase"),
        pytest.param({"file": "x", "by": "key"}, backup_texts.KEY_EMPTY, id="no key"),
        pytest.param(
            {"file": "x", "by": "key", "key": "ABCD", "new": "one"},
            texts.PASSPHRASES_DIFFER,
            id="passphrases differ",
        ),
    ],
)
def test_what_is_missing_is_said_and_nothing_starts(
    empty: SitDown, restorer: Restorer, fields: dict[str, str], told: str
) -> None:
    me = empty()
    dialog = asks_restore(me)
    if fields.get("by"):
        dialog.by_recovery.click()
    for name in ("file", "key", "new"):
        getattr(dialog, name).setText(fields.get(name, ""))
    me.click(dialog.go)
    assert dialog.outcome.message.text() == told
    assert restorer.wishes == []
    me.window.close()


def test_a_wrong_passphrase_can_be_typed_again(
    empty: SitDown, stage: Stage, restorer: Restorer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    me = empty()
    dialog = asks_restore(me)
    dialog.file.setText(str(tmp_path / "file"))
    me.type(dialog.passphrase, "not this one")
    me.click(dialog.go)
    me.sees(lambda: "does not open" in dialog.outcome.message.text())
    dialog.passphrase.setText(stage.store.passphrase)
    me.click(dialog.go)
    me.sees(lambda: me.window.start is not None and me.window.start.title.isVisible())
    me.sees(lambda: me.window.start and me.window.start.title.text() == texts.UNLOCK_TITLE)
    assert [each.recovery_key for each in restorer.wishes] == ["", ""]
    me.unlocks()
    me.window.close()


def test_the_recovery_key_alone_sets_a_new_passphrase(
    empty: SitDown, restorer: Restorer, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    me = empty()
    dialog = asks_restore(me)
    dialog.by_recovery.click()
    dialog.file.setText(str(tmp_path / "file"))
    me.type(dialog.key, "K7QD-0M3F")
    for each in (dialog.new, dialog.again):
        me.type(each, "nine loud herons leaving")
    me.click(dialog.go)
    me.sees(lambda: me.window.start and me.window.start.title.text() == texts.UNLOCK_TITLE)
    (wish,) = restorer.wishes
    assert (wish.recovery_key, wish.passphrase) == ("K7QD-0M3F", "nine loud herons leaving")
    assert "herons" not in repr(wish)
    assert "K7QD" not in repr(wish)
    me.unlock("nine loud herons leaving")
    me.sees(me.window.visits.isVisible)
    me.window.close()
