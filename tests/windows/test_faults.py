"""Known faults: shown as message and advice, nothing lost, and tried again where it can be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from pytestqt.exceptions import capture_exceptions

from gui import app, demo, listening, texts
from scribe.audio import recording
from scribe.consent import wording
from scribe.errors import (
    AudioUnusable,
    Cancelled,
    DiskFull,
    EngineLost,
    MicrophoneBusy,
    NoMicrophone,
    ScribeError,
    VaultBusy,
    VaultDamaged,
    WeightsMissing,
)
from scribe.fakes import FakeRecogniser, FakeWriter
from scribe.ids import new_encounter_id
from scribe.records import SAMPLE_RATE, Encounter, Utterance, Visit, VisitState
from tests.windows.stage import Person, Stage, agreed

Sit = Callable[[], Person]


def shown(person: Person) -> tuple[str, str]:
    """Message and advice of the visit's banner."""
    banner = person.visit.banner
    person.sees(banner.isVisible)
    return banner.message.text(), banner.advice.text()


@pytest.mark.parametrize(
    "fault",
    [
        VaultBusy("Another window has this vault open."),
        VaultDamaged("The vault file is not what was written."),
    ],
    ids=["busy vault", "damaged vault"],
)
def test_a_vault_that_does_not_open_says_why(person: Sit, stage: Stage, fault: ScribeError) -> None:
    stage.opening = fault
    me = person()
    me.unlock()
    start = me.window.start
    assert start is not None
    me.sees(lambda: start.fault.text() == fault.message)
    assert start.advice.text() == fault.advice
    assert start.go.isEnabled()


def test_a_wrong_passphrase_says_so_and_can_be_typed_again(person: Sit) -> None:
    me = person()
    me.unlock("wrong")
    start = me.window.start
    assert start is not None
    me.sees(lambda: "does not open" in start.fault.text())
    assert "keyboard layout" in start.advice.text()
    me.unlocks()


def test_an_empty_passphrase_is_asked_for(person: Sit) -> None:
    me = person()
    start = me.window.start
    assert start is not None
    me.click(start.go)
    assert start.fault.text() == texts.PASSPHRASE_EMPTY


@pytest.mark.parametrize(
    ("name", "passphrase", "again", "says"),
    [
        ("", "a long enough one", "a long enough one", texts.NAME_EMPTY),
        ("Dana Reyes", "a long enough one", "another one", texts.PASSPHRASES_DIFFER),
    ],
    ids=["no name", "typed differently"],
)
def test_a_vault_is_not_created_from_half_a_form(
    person: Sit, stage: Stage, name: str, passphrase: str, again: str, says: str
) -> None:
    stage.created = False
    me = person()
    start = me.window.start
    assert start is not None
    me.type(start.name, name)
    me.type(start.passphrase, passphrase)
    me.type(start.again, again)
    me.click(start.go)
    assert start.fault.text() == says
    assert not stage.created


def test_a_new_vault_is_created_and_opened(person: Sit, stage: Stage) -> None:
    stage.created = False
    me = person()
    start = me.window.start
    assert start is not None
    me.type(start.name, "Dana Reyes")
    me.type(start.passphrase, "a long enough one")
    me.type(start.again, "a long enough one")
    me.click(start.go)
    me.sees(me.window.visits.isVisible)
    assert stage.store.passphrase == "a long enough one"


@pytest.mark.parametrize(
    "fault",
    [NoMicrophone("No input device is connected."), MicrophoneBusy("The microphone is in use.")],
    ids=["none", "busy"],
)
def test_a_microphone_that_does_not_open_leaves_the_visit_as_it_was(
    person: Sit, stage: Stage, fault: ScribeError
) -> None:
    stage.microphone.fault = fault
    me = person()
    me.unlocks()
    me.starts_visit()
    me.click(me.visit.bar.start)
    assert shown(me) == (fault.message, fault.advice)
    me.sees(lambda: not me.visit.listening.recording)
    assert me.visit.desk.visit.state is VisitState.CONSENTED
    # and the next try works: no empty recording is in the way
    stage.microphone.fault = None
    me.records()
    me.stops()
    me.waits_for_the_check()


def test_missing_weights_are_said_before_recording(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    fault = WeightsMissing("The speech model is not on this machine.")

    def missing() -> FakeRecogniser:
        raise fault

    me.window.engines._parts = replace(stage.parts(), new_recogniser=missing)
    me.click(me.visit.bar.start)
    assert shown(me) == (fault.message, fault.advice)
    assert me.visit.bar.start.isEnabled()
    assert stage.microphone.started is False


def from_second(seconds: float) -> tuple[Utterance, ...]:
    """The rest of the script as a model hears it that begins there."""
    return tuple(
        replace(each, start=each.start - seconds, end=each.end - seconds)
        for each in demo.utterances()
        if each.start >= seconds
    )


def test_a_lost_speech_model_is_replaced_and_costs_no_word(person: Sit, stage: Stage) -> None:
    fault = EngineLost("The speech process ended unexpectedly.")
    heard = [each for each in demo.utterances() if each.end <= 20.0]
    stage.recognisers = [
        FakeRecogniser(said=demo.utterances(), fault=fault, fault_after=20.0),
        FakeRecogniser(said=from_second(heard[-1].end)),
    ]
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    me.stops()
    me.waits_for_the_check()
    assert not me.visit.banner.isVisible()
    script = demo.utterances()
    assert [(each.id, each.text) for each in me.visit.desk.utterances] == [
        (each.id, each.text) for each in script
    ]
    assert [each.end for each in me.visit.desk.utterances] == pytest.approx([x.end for x in script])


def test_a_speech_model_that_is_lost_again_costs_no_audio_and_is_offered(
    person: Sit, stage: Stage
) -> None:
    fault = EngineLost("The speech process ended unexpectedly.")
    heard = [each for each in demo.utterances() if each.end <= 20.0]
    stage.recognisers = [
        FakeRecogniser(said=demo.utterances(), fault=fault, fault_after=20.0),
        *[FakeRecogniser(fault=fault) for _ in range(listening.TRIES)],
        FakeRecogniser(said=from_second(heard[-1].end)),
    ]
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    assert shown(me)[0] == fault.message
    assert me.visit.listening.recording
    assert me.visit.banner.action.text() == texts.TRY_AGAIN
    me.stops()
    which = me.visit.desk.visit.encounter.id
    kept = recording.inspect(stage.store.recording_path(which), stage.store.audio_key(which))
    assert kept.complete
    assert kept.seconds == pytest.approx(len(stage.microphone.sound) / SAMPLE_RATE)
    me.click(me.visit.banner.action)
    me.waits_for_the_check()
    said = [each.text for each in demo.utterances()]
    assert [each.text for each in me.visit.desk.utterances] == said
    assert me.visit.desk.visit.state is VisitState.CODED


def test_a_lost_writer_keeps_the_transcript_and_is_tried_again(person: Sit, stage: Stage) -> None:
    fault = EngineLost("The writing process ended unexpectedly.")
    broken, whole = FakeWriter(faults=[fault]), FakeWriter()
    stage.writers = [broken, whole]
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    me.stops()
    me.sees(lambda: me.visit.banner.isVisible() and me.visit.banner.action.isVisible())
    me.sees(lambda: me.visit.desk.visit.transcript)
    assert broken.closed
    me.click(me.visit.banner.action)
    me.waits_for_the_check()
    assert me.visit.desk.visit.draft is not None
    assert whole.asked


def test_an_interrupted_recording_is_offered_at_the_next_start(person: Sit, stage: Stage) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    visit = replace(me.visit.desk.visit, state=VisitState.RECORDING)
    which = visit.encounter.id
    path, key = stage.store.recording_path(which), stage.store.audio_key(which)
    with recording.RecordingWriter(path, key) as tape:
        tape.append(stage.microphone.sound)
    me.window.close()
    stage.store.visits[which] = visit

    later = person()
    later.unlocks()
    later.sees(lambda: later.window.visits.table.rowCount() == 1)
    later.click_row(0)
    later.sees(lambda: later.window.visit)
    assert shown(later)[0] == texts.INTERRUPTED
    later.click(later.visit.banner.action)
    later.waits_for_the_check()
    assert later.visit.desk.utterances == demo.utterances()


def test_a_file_that_is_not_audio_changes_nothing(
    person: Sit, stage: Stage, tmp_path: Path
) -> None:
    me = person()
    me.unlocks()
    me.starts_visit()
    path = tmp_path / "visit.wav"
    path.write_bytes(b"this is not sound")
    me.visit.consenting.give(agreed(to=wording.IMPORTED))
    me.visit.bar.file.emit(path)
    _, advice = shown(me)
    assert advice == AudioUnusable.advice
    assert not me.visit.banner.action.isVisible()
    me.sees(lambda: me.visit.bar.open.isEnabled())
    assert me.visit.desk.visit.state is VisitState.CONSENTED


def test_a_full_disk_is_said_and_the_edit_stays_on_the_screen(person: Sit, stage: Stage) -> None:
    me = person()
    me.has_a_note()
    me.sees(lambda: not me.visit.desk.unsaved)
    fault = DiskFull("The disk is full; the visit was not saved.")

    def full(visit: Visit) -> None:
        raise fault

    stage.store.save = full  # type: ignore[method-assign]  # a disk that fills up while we work
    me.visit.desk.reword(me.visit.desk.statements[0].id, "Typed with a full disk.")
    assert shown(me) == (fault.message, fault.advice)
    assert me.visit.desk.statements[0].text == "Typed with a full disk."
    del stage.store.save  # and has room again


def test_cancel_is_silent(person: Sit, stage: Stage) -> None:
    stage.recognisers = [
        FakeRecogniser(said=demo.utterances(), fault=Cancelled("Stopped."), fault_after=20.0)
    ]
    me = person()
    me.unlocks()
    me.starts_visit()
    me.records()
    me.stops()
    me.sees(lambda: not me.visit.listening.busy_now)
    assert not me.visit.banner.isVisible()


def test_a_bug_is_no_banner_and_reaches_the_excepthook(person: Sit, stage: Stage) -> None:
    bug = ZeroDivisionError("a mistake of ours")
    stage.recognisers = [FakeRecogniser(said=demo.utterances(), fault=bug)]
    me = person()
    me.unlocks()
    me.starts_visit()
    with capture_exceptions() as bugs:
        me.click(me.visit.bar.start)
        me.sees(lambda: bugs)
        me.sees(lambda: me.visit.bar.end.isVisible())
        me.stops()
        me.sees(lambda: not me.visit.listening.busy_now)
    assert [kind for kind, _, _ in bugs] == [ZeroDivisionError]
    assert not me.visit.banner.isVisible()


def test_an_audio_file_is_reviewed_without_a_vault_and_nothing_is_kept(
    person: Sit, stage: Stage, sample_audio: Path
) -> None:
    me = person()
    encounter = Encounter(id=new_encounter_id(), date_of_service=date(2026, 6, 15))
    visit = Visit(encounter=encounter, state=VisitState.NEW, updated=datetime.now(UTC))
    me.window.open_audio(sample_audio, visit)
    me.waits_for_the_check()
    assert me.visit.desk.statements
    assert stage.store.visits == {}
    me.sees(me.visit.sign.isEnabled)
    asked: list[bool] = []
    me.visit.vault_needed.connect(lambda: asked.append(True))
    me.click(me.visit.sign)
    assert asked == [True]
    dialog = me.window.vault_dialog
    assert dialog is not None
    me.type(dialog.start.passphrase, demo.PASSPHRASE)
    me.visit.consenting.give(agreed(to=wording.IMPORTED))
    me.click(dialog.start.go)
    me.sees(lambda: me.visit.dialog)
    assert me.visit.desk.visit.state is VisitState.CODED
    me.sees(lambda: encounter.id in stage.store.visits)


def test_the_command_line_names_a_file_and_a_day() -> None:
    options = app.options(["--visit", "visit.flac", "--date-of-service", "2026-06-15"])
    assert options.visit == Path("visit.flac")
    assert options.date_of_service == date(2026, 6, 15)
