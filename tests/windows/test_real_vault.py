"""The window on the real vault: what was signed in one window opens in the next one."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui import demo
from gui.main_window import MainWindow
from gui.tasks import Tasks
from scribe.records import Severity, VisitState
from scribe.store import vault
from tests.windows.stage import Person, Stage


@pytest.fixture
def real(dressed: QApplication, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Callable[[], Person]:
    """Opens a window on a vault in a folder of this test."""
    folder = tmp_path / "vault"
    folder.mkdir()

    def sit_down() -> Person:
        parts = replace(
            stage.parts(),
            open_store=lambda passphrase: vault.open_vault(folder, passphrase),
            create_store=lambda passphrase, name: vault.create_vault(
                folder, passphrase, clinician=name
            ),
            store_exists=lambda: vault.exists(folder),
        )
        window = MainWindow(parts, Tasks(dressed))
        window.show_start()
        window.show()
        window.activateWindow()
        with qtbot.waitActive(window):
            pass
        return Person(window, qtbot)

    return sit_down


def test_a_short_passphrase_is_refused_by_the_vault_and_makes_none(
    real: Callable[[], Person], tmp_path: Path
) -> None:
    me = real()
    start = me.window.start
    assert start is not None
    me.type(start.name, "Dana Reyes")
    me.type(start.passphrase, "short")
    me.type(start.again, "short")
    me.click(start.go)
    me.sees(lambda: "12 characters" in start.fault.text())
    assert not vault.exists(tmp_path / "vault")


def test_created_recorded_signed_closed_and_opened_again(real: Callable[[], Person]) -> None:
    me = real()
    start = me.window.start
    assert start is not None
    me.type(start.name, "Dana Reyes")
    me.type(start.passphrase, demo.PASSPHRASE)
    me.type(start.again, demo.PASSPHRASE)
    me.click(start.go)
    me.puts_key_on_paper()
    me.starts_visit()
    me.records()
    me.stops()
    me.sees(lambda: me.visit.desk.visit.diagnoses)
    me.waits_for_the_check()
    blocker = me.visit.findings.cards[0]
    assert blocker.finding.severity is Severity.BLOCK
    me.click(blocker.offers[0])
    me.waits_for_the_check()
    me.opens_sign_dialog()
    me.signs("not the passphrase")
    me.sees(lambda: me.dialog.fault.text())
    me.type(me.dialog.passphrase, demo.PASSPHRASE)
    me.click(me.dialog.sign)
    me.sees(lambda: me.visit.desk.read_only)
    signed = me.visit.desk.note
    me.window.close()

    later = real()
    later.unlock("not the passphrase")
    assert later.window.start is not None
    later.sees(later.window.start.fault.text)
    later.unlocks()
    later.sees(lambda: later.window.visits.table.rowCount() == 1)
    later.click_row(0)
    later.sees(lambda: later.window.visit)
    assert later.visit.desk.visit.state is VisitState.SIGNED
    assert later.visit.desk.note == signed
    later.window.close()
