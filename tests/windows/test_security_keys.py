"""A person and the keys of a real vault: setting up, forgetting, waiting, changing, being told."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from gui import log_words, strongroom
from gui import security_texts as texts
from gui.fresh import FreshDialog, when_fresh
from gui.keeping_section import BackupSection, HoldSection, RetentionSection
from gui.key_sections import ClinicSection, NewKeySection, PassphraseSection, RotateSection
from gui.log_view import LogSection
from gui.main_window import MainWindow
from gui.psychotherapy_view import PsychotherapyView
from gui.security_parts import Countdown, Notice, Section
from gui.signing import Signing
from gui.tasks import Tasks
from scribe import pipeline
from scribe.errors import WrongPassphrase
from scribe.records import Attestation, ReviewMarks, Visit
from scribe.signoff.audit import Act
from scribe.store import delays, entrances, escrow, moment, vault
from scribe.store.keyfile import KdfCost
from scribe.store.recovery import from_text
from scribe.store.vault import Vault
from tests.store.clocks import FakeClock
from tests.windows.notes import coded_visit
from tests.windows.stage import Person, Stage, agreed

FAST = KdfCost(memory_kib=64, passes=1, lanes=1)
OLD = "five quiet herons standing still"
NEW = "seven loud otters running home"


@dataclass
class House:
    """One vault folder; windows on it come and go like programs."""

    folder: Path
    stage: Stage
    app: QApplication
    qtbot: QtBot
    windows: list[MainWindow] = field(default_factory=list)
    clock: FakeClock = field(default_factory=FakeClock)

    def found(self, *visits: Visit, finished: bool = True) -> str:
        """A vault with these visits; returns its recovery key."""
        with vault.create_vault(self.folder, OLD, clinician="Dana Reyes", test_cost=FAST) as made:
            key = made.access.take_recovery_key()
            if finished:
                made.access.confirm_recovery({n: key.groups[n - 1] for n in made.access.asked})
            for each in visits:
                made.save(each)
        return key.text

    def sit_down(self) -> Person:
        parts = replace(
            self.stage.parts(),
            open_store=lambda passphrase: vault.open_vault(
                self.folder, passphrase, clock=self.clock
            ),
            create_store=lambda passphrase, name: vault.create_vault(
                self.folder, passphrase, clinician=name, test_cost=FAST
            ),
            store_exists=lambda: vault.exists(self.folder),
            vault_folder=self.folder,
        )
        window = MainWindow(parts, Tasks(self.app))
        self.windows.append(window)
        window.show_start()
        window.show()
        window.activateWindow()
        with self.qtbot.waitActive(window):
            pass
        return Person(window, self.qtbot)

    def inside(self) -> Person:
        """Sitting before the list of visits."""
        me = self.sit_down()
        me.unlock(OLD)
        me.sees(me.window.visits.isVisible)
        return me

    def rows(self, passphrase: str = OLD) -> list[tuple[str, str]]:
        """Act and detail of every row, once every window is closed."""
        self.leave()
        with vault.open_vault(self.folder, passphrase) as store:
            return [(each.act, each.detail) for each in store.audit()]

    def leave(self) -> None:
        while self.windows:
            window = self.windows.pop()
            window.close()
            window.deleteLater()


def sign(store: Vault, visit: Visit, *, held: bool) -> None:
    """Record, then sign this visit; under a hold its recording is kept."""
    draft = visit.draft
    assert draft is not None
    visit = replace(visit, consent=agreed())
    store.save(visit)
    store.audio_key(visit.encounter.id)
    if held:
        store.keeping.hold(visit.encounter.id, "letter of the court")
    coded = pipeline.code(visit.encounter, draft, visit.diagnoses)
    marks = ReviewMarks()
    by = Attestation(
        signer="Dana Reyes", credential="PT", meaning="reviewed", at=datetime.now().astimezone()
    )
    Signing(visit=visit, coded=coded, marks=marks, attestation=by, passphrase=OLD)(store)
    if held:
        store.keeping.release(visit.encounter.id)


@pytest.fixture
def house(dressed: QApplication, qtbot: QtBot, stage: Stage, tmp_path: Path) -> Iterator[House]:
    made = House(folder=tmp_path / "vault", stage=stage, app=dressed, qtbot=qtbot)
    yield made
    made.leave()


def part(me: Person, title: str) -> Section:
    """The security page at one of its parts."""
    if me.window.security.security is None:
        me.click(me.window.visits.keys)
    page = me.window.security.security
    assert page is not None
    return page.show_part(title)


# ---------------------------------------------------------------- setting up


def test_no_visit_can_be_begun_before_the_key_is_on_paper(house: House) -> None:
    me = house.sit_down()
    start = me.window.start
    assert start is not None
    me.type(start.name, "Dana Reyes")
    me.type(start.passphrase, OLD)
    me.type(start.again, OLD)
    me.click(start.go)
    me.sees(lambda: me.window.security.recovery)
    assert not me.window.vault.is_open
    assert not me.window.visits.isVisible()
    paper = me.puts_key_on_paper()
    assert me.window.vault.is_open
    me.window.close()
    entrances.check_recovery(house.folder, from_text("-".join(paper)))


def test_a_setup_that_was_left_goes_on_with_a_new_key(house: House) -> None:
    first = house.found(coded_visit("R53.1"), finished=False)
    me = house.sit_down()
    me.unlock(OLD)
    me.sees(lambda: me.window.security.recovery)
    view = me.recovery
    assert view.step == 0, "the old key was shown once only"
    assert not me.window.vault.is_open
    me.type(view.passphrase, OLD)
    me.click(view.make)
    paper = me.puts_key_on_paper()
    assert "-".join(paper) != first
    me.sees(lambda: me.window.visits.table.rowCount() == 1)


def test_wrong_groups_ask_for_others_and_finish_nothing(house: House) -> None:
    house.found(finished=False)
    me = house.sit_down()
    me.unlock(OLD)
    me.sees(lambda: me.window.security.recovery)
    view = me.recovery
    me.type(view.passphrase, OLD)
    me.click(view.make)
    me.sees(lambda: view.step == 1)
    me.click(view.next)
    assert not any(each.isVisible() for each in view.key.findChildren(QLabel))
    before = set(view.typed.values())
    for edit in before:
        me.type(edit, "0000")
    me.click(view.finish)
    me.sees(lambda: set(view.typed.values()) != before)
    me.sees(view.notice.isVisible)
    assert not me.window.vault.is_open


# ---------------------------------------------------------------- getting in


def test_a_forgotten_passphrase_is_replaced_by_the_recovery_key(house: House) -> None:
    key = house.found(coded_visit("R53.1"))
    me = house.sit_down()
    assert me.window.start is not None
    me.click(me.window.start.lost)
    view = me.window.security.forgotten
    assert view is not None
    me.type(view.typed, key.replace("-", " ").lower())
    me.click(view.check)
    me.sees(view.second.isVisible)
    me.type(view.new.first, NEW)
    me.type(view.new.again, NEW)
    me.click(view.go)
    me.sees(me.window.visits.isVisible)
    me.sees(lambda: me.window.visits.table.rowCount() == 1)
    assert (Act.RECOVERY, "by the recovery key") in house.rows(NEW)


@pytest.mark.parametrize("typed", ["", "K7QD-0M3F", "not a key at all, is it"])
def test_what_is_no_recovery_key_opens_nothing(house: House, typed: str) -> None:
    house.found()
    me = house.sit_down()
    assert me.window.start is not None
    me.click(me.window.start.lost)
    view = me.window.security.forgotten
    assert view is not None
    me.type(view.typed, typed)
    me.click(view.check)
    me.sees(view.notice.isVisible)
    assert view.second.isHidden()
    assert not me.window.vault.unlocked


def test_the_field_is_closed_while_there_is_a_wait(house: House) -> None:
    house.found()
    for _ in range(6):
        delays.remember(house.folder, moment.SYSTEM)
    me = house.sit_down()
    start = me.window.start
    assert start is not None
    me.sees(lambda: start.countdown.running)
    assert not start.passphrase.isEnabled()
    assert not start.go.isEnabled()
    assert " s" in start.notice.message.text()


def test_a_wait_opens_the_fields_when_it_is_over(dressed: QApplication, qtbot: QtBot) -> None:
    notice, edit = Notice(), QLabel()
    for each in (notice, edit):
        qtbot.addWidget(each)
    at = [100.0]
    over: list[bool] = []
    countdown = Countdown(notice, (edit,), lambda: over.append(True), lambda: at[0])
    countdown.start(8.0)
    at[0] = 107.9
    countdown.tick()
    assert (edit.isEnabled(), over) == (False, [])
    assert "1 s" in notice.message.text()
    at[0] = 108.0
    countdown.tick()
    assert (edit.isEnabled(), over, countdown.running) == (True, [True], False)


def test_the_last_opening_is_told_with_the_wrong_passphrases_since(house: House) -> None:
    house.found()
    with pytest.raises(WrongPassphrase):
        vault.open_vault(house.folder, NEW)
    me = house.inside()
    last = me.window.visits.last
    me.sees(last.isVisible)
    assert "Dana Reyes" in last.message.text()
    assert "One wrong passphrase" in last.message.text()
    assert last.property("tone") == "warn"


# ---------------------------------------------------------------- changing keys


def test_the_passphrase_is_changed(house: House) -> None:
    house.found()
    me = house.inside()
    here = part(me, texts.PASSPHRASE_TITLE)
    assert isinstance(here, PassphraseSection)
    me.type(here.old, OLD)
    me.type(here.new.first, NEW)
    me.type(here.new.again, NEW)
    me.click(here.go)
    me.sees(lambda: here.notice.message.text() == texts.PASSPHRASE_DONE)
    assert here.new.text == ""
    assert (Act.PASSPHRASE, "changed") in house.rows(NEW)


def test_a_wrong_old_passphrase_changes_nothing(house: House) -> None:
    house.found()
    me = house.inside()
    here = part(me, texts.PASSPHRASE_TITLE)
    assert isinstance(here, PassphraseSection)
    me.type(here.old, "not the passphrase")
    me.type(here.new.first, NEW)
    me.type(here.new.again, NEW)
    me.click(here.go)
    me.sees(here.notice.isVisible)
    assert "Nothing was changed" in here.notice.advice.text()
    assert (Act.FAILED_UNLOCK, "passphrase change") in house.rows(OLD)


def test_a_new_recovery_key_has_to_be_on_paper_before_anything_else(house: House) -> None:
    first = house.found()
    me = house.inside()
    here = part(me, texts.NEW_KEY_TITLE)
    assert isinstance(here, NewKeySection)
    me.type(here.passphrase, OLD)
    me.click(here.go)
    paper = me.puts_key_on_paper()
    assert "-".join(paper) != first


def test_new_keys_throughout_keep_the_visits_and_end_the_old_paper(house: House) -> None:
    house.found(coded_visit("R53.1"))
    before = (house.folder / "vault.key").read_bytes()
    me = house.inside()
    here = part(me, texts.ROTATE_TITLE)
    assert isinstance(here, RotateSection)
    me.type(here.passphrase, OLD)
    me.type(here.new.first, NEW)
    me.type(here.new.again, NEW)
    me.click(here.go)
    me.puts_key_on_paper()
    me.sees(lambda: me.window.visits.table.rowCount() == 1)
    assert (house.folder / "vault.key").read_bytes() != before
    assert Act.ROTATE in [act for act, _ in house.rows(NEW)]


def test_a_wrong_passphrase_closes_nothing_and_makes_no_new_keys(house: House) -> None:
    house.found()
    me = house.inside()
    here = part(me, texts.ROTATE_TITLE)
    assert isinstance(here, RotateSection)
    me.type(here.passphrase, "not the passphrase")
    here.keep.setChecked(True)
    me.click(here.go)
    me.sees(here.notice.isVisible)
    assert me.window.vault.is_open
    assert Act.ROTATE not in [act for act, _ in house.rows()]


def test_a_clinics_key_is_added_after_its_number_was_compared_and_removed(
    house: House, tmp_path: Path
) -> None:
    house.found()
    public, _ = escrow.new_pair("Riverside Clinic")
    escrow.write(tmp_path / "public.json", public)
    me = house.inside()
    here = part(me, texts.CLINIC_TITLE)
    assert isinstance(here, ClinicSection)
    me.sees(lambda: here.state.text() == texts.CLINIC_NONE)
    me.type(here.passphrase, OLD)
    here.take_file(tmp_path / "public.json")
    me.sees(lambda: here.dialog)
    assert here.dialog is not None
    assert public.fingerprint in [each.text() for each in here.dialog.findChildren(QLabel)]
    me.click(here.dialog.add)
    me.sees(lambda: "Riverside Clinic" in here.state.text())
    me.sees(here.remove.isVisible)
    me.type(here.passphrase, OLD)
    me.click(here.remove)
    me.sees(lambda: here.state.text() == texts.CLINIC_NONE)


def test_a_private_key_is_not_taken_for_the_public_one(house: House, tmp_path: Path) -> None:
    house.found()
    _, private = escrow.new_pair("Riverside Clinic")
    escrow.write(tmp_path / "private.json", private)
    me = house.inside()
    here = part(me, texts.CLINIC_TITLE)
    assert isinstance(here, ClinicSection)
    here.take_file(tmp_path / "private.json")
    me.sees(here.notice.isVisible)
    assert here.dialog is None


# ---------------------------------------------------------------- log, retention, backup


def test_the_log_is_read_in_words_filtered_and_checked(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    here = part(me, texts.LOG_TITLE)
    assert isinstance(here, LogSection)
    me.sees(lambda: here.rows.rowCount() > 3)
    what = [here.rows.data(here.rows.index(n, 3)) for n in range(here.rows.rowCount())]
    assert log_words.WORDS[Act.UNLOCK] in what
    here.filter.setCurrentIndex(here.filter.findData(str(Act.UNLOCK)))
    assert here.rows.rowCount() == 1
    me.sees(here.check.isEnabled)
    me.click(here.check)
    me.sees(lambda: here.notice.message.text().startswith("Everything is what was written"))


def test_an_answer_that_comes_after_the_page_was_left_is_dropped(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    here = part(me, texts.LOG_TITLE)
    assert isinstance(here, LogSection)
    slow = Event()
    me.sees(here.check.isEnabled)
    late: list[bool] = []
    here.do(lambda store: slow.wait(20), late.append)
    page = me.window.security.security
    assert page is not None
    with house.qtbot.waitSignal(page.destroyed):
        page.leave.click()
    slow.set()
    me.sees(lambda: not me.window.tasks.busy)
    assert me.window.visits.isVisible()
    assert not late


def test_the_first_thing_that_is_wrong_is_named(house: House) -> None:
    house.found()
    me = house.inside()
    here = part(me, texts.LOG_TITLE)
    assert isinstance(here, LogSection)
    me.sees(lambda: here.rows.rowCount())
    bad = strongroom.VaultReport(
        visits=1, notes=1, audit_rows=9, problems=("audit row 7 was changed", "and another")
    )
    here.do(lambda store: bad, here.checked)
    me.sees(here.notice.isVisible)
    assert "audit row 7 was changed" in here.notice.message.text()
    assert here.notice.message.property("tone") == "block"


def test_nothing_goes_that_was_not_shown(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    here = part(me, texts.KEEP_TITLE)
    assert isinstance(here, RetentionSection)
    assert not here.remove.isEnabled()
    me.click(here.show_due)
    me.sees(lambda: here.notice.message.text() == texts.KEEP_NOTHING)
    assert not here.remove.isEnabled()


def test_what_is_due_is_shown_with_its_reason_and_goes_after_a_question(house: House) -> None:
    visit = coded_visit("I10", assessed=("Hypertension, stable.",))
    house.found()
    with vault.open_vault(house.folder, OLD) as store:
        sign(store, visit, held=True)
    me = house.inside()
    here = part(me, texts.KEEP_TITLE)
    assert isinstance(here, RetentionSection)
    me.click(here.show_due)
    me.sees(lambda: here.due.rowCount() == 1)
    shown = [here.due.item(0, at) for at in range(3)]
    words = [each.text() for each in shown if each is not None]
    assert words[1] == texts.KEEP_KINDS["recording"]
    assert "signed on" in words[2]
    me.sees(here.remove.isEnabled)
    me.click(here.remove)
    assert here.dialog is not None
    me.click(here.dialog.back)
    assert here.due.rowCount() == 1, "going back removes nothing"
    me.click(here.remove)
    me.click(here.dialog.go)
    me.sees(lambda: here.notice.message.text() == texts.KEEP_REMOVED[1])
    assert not here.remove.isEnabled()
    assert (Act.SHRED, "retention") in house.rows()


def test_other_rules_have_to_be_looked_at_again(house: House) -> None:
    house.found()
    me = house.inside()
    here = part(me, texts.KEEP_TITLE)
    assert isinstance(here, RetentionSection)
    me.click(here.show_due)
    me.sees(lambda: here.notice.message.text() == texts.KEEP_NOTHING)
    here.days.setCurrentIndex(1)
    assert here.notice.message.text() == texts.KEEP_CHANGED
    assert not here.remove.isEnabled()


def test_a_legal_hold_is_put_on_a_visit_and_released(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    here = part(me, texts.HOLD_TITLE)
    assert isinstance(here, HoldSection)
    me.sees(here.hold.isEnabled)
    me.click(here.hold)
    me.sees(here.notice.isVisible)
    assert "reason" in here.notice.message.text()
    me.sees(here.hold.isEnabled)
    me.type(here.reason, "letter of the court")
    me.click(here.hold)
    me.sees(here.release.isEnabled)
    assert texts.HOLD_IS in here.visit.currentText()
    me.click(here.release)
    me.sees(here.hold.isEnabled)
    acts = [act for act, _ in house.rows()]
    assert (acts.count(Act.HOLD), acts.count(Act.RELEASE)) == (1, 1)


def test_the_page_says_that_no_backup_was_made(house: House) -> None:
    house.found()
    me = house.inside()
    here = part(me, texts.BACKUP_TITLE)
    assert isinstance(here, BackupSection)
    me.sees(lambda: here.state.text() == texts.BACKUP_NEVER)


def test_every_part_and_every_field_has_a_name(house: House) -> None:
    house.found()
    me = house.inside()
    part(me, texts.LOG_TITLE)
    page = me.window.security.security
    assert page is not None
    for kind in (QLineEdit, QPushButton, QComboBox):
        for widget in page.findChildren(kind):
            assert widget.accessibleName(), f"a {kind.__name__} without a name"


# ---------------------------------------------------------------- the passphrase once more


def test_what_is_fresh_is_not_asked_for(house: House) -> None:
    house.found()
    me = house.inside()
    done: list[bool] = []
    when_fresh(
        me.window.vault,
        me.window,
        "",
        lambda: done.append(True),
        lambda error: pytest.fail(error.message),
    )
    me.sees(lambda: done)
    assert not me.window.findChildren(FreshDialog)


def test_the_passphrase_once_more_then_it_goes_on(house: House) -> None:
    house.found()
    me = house.inside()
    went: list[bool] = []
    dialog = FreshDialog(me.window.vault, texts.FRESH_EXPORT, me.window)
    dialog.accepted.connect(lambda: went.append(True))
    dialog.open()
    me.type(dialog.passphrase, "not the passphrase")
    me.click(dialog.go)
    me.sees(dialog.notice.isVisible)
    assert not went
    me.type(dialog.passphrase, OLD)
    me.click(dialog.go)
    me.sees(lambda: went)


def test_a_note_leaves_only_after_the_passphrase_of_the_last_five_minutes(
    house: House, tmp_path: Path
) -> None:
    house.found()
    with vault.open_vault(house.folder, OLD) as store:
        sign(store, coded_visit("I10", assessed=("Hypertension, stable.",)), held=False)
    me = house.inside()
    me.sees(lambda: me.window.visits.table.rowCount() == 1)
    me.click_row(0)
    me.sees(lambda: me.window.visit)
    bar = me.visit.signed
    house.clock.passes(301)
    bar.save_as(tmp_path / "note.txt")
    me.sees(lambda: bar.findChildren(FreshDialog))
    assert not (tmp_path / "note.txt").exists()
    dialog = bar.findChildren(FreshDialog)[0]
    me.type(dialog.passphrase, OLD)
    me.click(dialog.go)
    me.sees((tmp_path / "note.txt").exists)
    house.clock.passes(299)
    bar.save_as(tmp_path / "again.txt")
    me.sees((tmp_path / "again.txt").exists)


def test_what_forgets_everything_has_no_keys_to_look_after(person: Callable[[], Person]) -> None:
    me = person()
    me.unlocks()
    me.click(me.window.visits.keys)
    page = me.window.security.security
    assert page is not None
    assert page.parts == ()
    me.click(page.leave)
    me.sees(me.window.visits.isVisible)


# ---------------------------------------------------------------- psychotherapy notes


def opened_notes(me: Person) -> PsychotherapyView:
    me.click(me.window.visits.separate)
    view = me.window.security.psychotherapy
    assert view is not None
    me.type(view.passphrase, OLD)
    me.click(view.go)
    me.sees(view.open_card.isVisible)
    return view


def test_a_psychotherapy_note_is_written_read_again_and_nowhere_else(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    me.sees(lambda: me.window.visits.table.rowCount() == 1)
    view = opened_notes(me)
    me.type(view.text, "Canary of the transference.")
    me.click(view.keep)
    me.sees(lambda: view.notes.count() == 1)
    me.click(view.leave)
    me.sees(me.window.visits.isVisible)

    again = opened_notes(me)
    assert again.text.toPlainText() == ""
    me.sees(lambda: again.notes.count() == 1)
    again.notes.setCurrentRow(0)
    me.sees(lambda: again.text.toPlainText() == "Canary of the transference.")
    me.click(again.leave)
    me.sees(me.window.visits.isVisible)
    acts = house.rows()
    assert (Act.PSYCHOTHERAPY, "read") in acts
    with vault.open_vault(house.folder, OLD) as store:
        told = " ".join(f"{each}" for each in (*store.audit(), *store.list()))
    assert "Canary" not in told


def test_leaving_keeps_what_was_typed(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    me.sees(lambda: me.window.visits.table.rowCount() == 1)
    view = opened_notes(me)
    me.type(view.text, "Half a sentence")
    me.click(view.leave)
    me.sees(me.window.visits.isVisible)
    assert (Act.PSYCHOTHERAPY, "written") in house.rows()


def test_without_the_passphrase_they_stay_closed(house: House) -> None:
    house.found(coded_visit("R53.1"))
    me = house.inside()
    me.click(me.window.visits.separate)
    view = me.window.security.psychotherapy
    assert view is not None
    me.type(view.passphrase, "not the passphrase")
    me.click(view.go)
    me.sees(view.notice.isVisible)
    assert view.open_card.isHidden()
