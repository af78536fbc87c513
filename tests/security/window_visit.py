"""A whole visit in the real program: supervisor, window, recorder and model processes, driven from
inside the window by a script that types and clicks, and that dies in the middle.

`python -m tests.security.window_visit PLAN.json` is the program. A window does what it was started
for: the first one makes a vault, records and is killed; the second one goes on with the recording,
signs, exports, waits and locks; the third one looks at the list and closes.
"""

import json
import os
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui import app, options
from gui.control import Control
from gui.main_window import MainWindow
from gui.tasks import Tasks
from gui.visit_view import VisitView
from scribe import build, paths, sandbox
from scribe.build import Parts
from scribe.consent import wording
from scribe.errors import ScribeError
from scribe.fakes import FakeRecogniser
from scribe.ids import EncounterId, utterance_id
from scribe.recorder import main as recorder
from scribe.records import (
    Attestation,
    Consent,
    Encounter,
    Section,
    Speaker,
    Utterance,
    Visit,
    VisitState,
)
from scribe.settings import Settings
from scribe.store import vault
from scribe.supervisor import Supervisor, Why, end_by_signal

MODULE = "tests.security.window_visit"
ENCOUNTER = EncounterId("e-00000000000000aa")
PATIENCE = 200.0
"""Seconds; never reached when all is well."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is said, typed and named in this visit; every word of it belongs to the patient.

    `models`: real ones hear and write; else a script does. `report`: where the program tells how
    far it is, in words of its own. `sound`: samples (a numpy file) that the microphone hears.
    """

    report: str
    export: str
    sound: str
    spoken: str
    typed: str
    named: str
    signer: str
    passphrase: str
    models: bool
    seconds: float
    until: float
    dies_by: int

    @staticmethod
    def read(path: str) -> "Plan":
        """From the file that `write` made."""
        return Plan(**json.loads(Path(path).read_text(encoding="utf-8")))

    def write(self, path: Path) -> None:
        """For the program."""
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    def tell(self, line: str) -> None:
        """How far it is: nothing of the patient."""
        with Path(self.report).open("a", encoding="utf-8") as file:
            file.write(line + "\n")

    def told(self) -> list[str]:
        """Every line so far."""
        return Path(self.report).read_text(encoding="utf-8").splitlines()


class Driven(MainWindow):
    """The window with somebody at it."""

    plan: Plan

    def __init__(self, parts: Parts, tasks: Tasks, control: Control | None = None) -> None:
        super().__init__(parts, tasks, control)
        assert control is not None
        self._why = control.begin.why
        self._began = time.monotonic()
        self._titles_timer = QTimer(self)
        self._titles_timer.timeout.connect(self._look_at_titles)
        self._titles_timer.start(100)
        QTimer.singleShot(100, self._drive)

    def _drive(self) -> None:
        acts = {Why.STARTED: self._first, Why.CRASHED: self._second, Why.LOCKED: self._third}
        self.plan.tell(f"window {self._why}")
        acts[self._why]()

    def _look_at_titles(self) -> None:
        plan = self.plan
        for each in QApplication.topLevelWidgets():
            shown = each.windowTitle() + each.windowRole() + each.windowFilePath()
            if any(word in shown for word in (plan.spoken, plan.typed, plan.named)):
                plan.tell("a title names the patient")

    # ------------------------------------------------------------ what the person does

    def _first(self) -> None:
        plan = self.plan
        self._unlock()
        self.visits.new_visit.click()
        assert self.form is not None
        QTest.keyClicks(self.form.patient, plan.named)
        self.form.made.emit(_visit(plan))
        self._wait(lambda: self.visit)
        self._wait(lambda: self._open().bar.start.isEnabled())
        self._open().bar.start.click()
        self._wait(lambda: self._open().desk.utterances)
        plan.tell("heard something")
        QTest.qWait(2_000)
        os.kill(os.getpid(), plan.dies_by)

    def _second(self) -> None:
        plan = self.plan
        self._unlock()
        self.visits.opened.emit(ENCOUNTER)
        self._wait(lambda: self.visit)
        view = self._open()
        self._wait(lambda: view.listening.recording)
        plan.tell("the recording goes on")
        self._wait(lambda: view.listening.taping.status is not None)
        self._wait(lambda: _seconds(view) >= plan.seconds)
        view.listening.stop()
        self._wait(lambda: view.desk.visit.draft is not None and not view.desk.writing)
        plan.tell("drafted")
        view.desk.append(Section.PLAN, f"Comes again, {plan.typed}.")
        self._wait(lambda: view.desk.coded and not view.desk.checking)
        self._review(view)
        self._sign(view)
        view.signed.copy.click()
        QTest.qWait(300)
        view.signed.save_as(Path(plan.export))
        self._wait(Path(plan.export).exists)
        plan.tell("exported")
        while time.time() < plan.until:
            QTest.qWait(200)
        self.lock("key")

    def _third(self) -> None:
        self._unlock()
        self._wait(lambda: self.visit or self.visits.table.rowCount())
        self.plan.tell("locked and opened again")
        self.close()

    # ------------------------------------------------------------ steps

    def _unlock(self) -> None:
        assert self.start is not None
        QTest.keyClicks(self.start.passphrase, self.plan.passphrase)
        self.start.go.click()
        self._wait(lambda: self.vault.is_open)

    def _review(self, view: VisitView) -> None:
        desk = view.desk
        assert desk.coded is not None
        for finding in desk.coded.findings:
            if finding.severity.value == "block":
                desk.review.override(finding, f"Known since {self.plan.typed}.")
        for each in desk.statements:
            desk.review.see(each)
        for omission in desk.coded.draft.omissions:
            desk.review.see(omission)

    def _sign(self, view: VisitView) -> None:
        plan, ended = self.plan, list[str]()

        def failed(error: ScribeError) -> None:
            ended.append(type(error).__name__)

        view.desk.sign(
            Attestation(
                signer=plan.signer, credential="MD", meaning="author", at=datetime.now(UTC)
            ),
            plan.passphrase,
            on_done=lambda: ended.append("signed"),
            on_error=failed,
        )
        self._wait(lambda: ended)
        plan.tell(ended[0])

    def _open(self) -> VisitView:
        assert self.visit is not None
        return self.visit

    def _wait(self, what: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not what():
            if time.monotonic() > deadline:
                frame = sys._getframe(1)
                self.plan.tell(f"waited in vain at line {frame.f_lineno}")
                os._exit(1)
            QTest.qWait(50)


def _seconds(view: VisitView) -> float:
    status = view.listening.taping.status
    return 0.0 if status is None else status.seconds


def _visit(plan: Plan) -> Visit:
    consent = Consent(
        given_by="patient",
        at=datetime.now(UTC),
        wording_version=wording.current(wording.RECORDING).version,
        present=("patient",),
    )
    return Visit(
        encounter=Encounter(
            id=ENCOUNTER, date_of_service=date.today(), patient_label=plan.named, age=71
        ),
        state=VisitState.CONSENTED,
        updated=datetime.now(UTC),
        consent=consent,
    )


def script(plan: Plan) -> FakeRecogniser:
    """Hears the planned words in whatever sound it gets: one sentence every two seconds."""
    said = tuple(
        Utterance(
            id=utterance_id(number),
            speaker=Speaker.PATIENT,
            start=2.0 * number - 1.9,
            end=2.0 * number - 0.1,
            text=f"My left arm is weak since {plan.spoken}.",
            confidence=0.9,
        )
        for number in range(1, int(plan.seconds / 2) + 1)
    )
    return FakeRecogniser(said=said)


def _set_up(plan: Plan) -> None:
    """A vault, and its recovery key typed from paper."""
    with vault.create_vault(paths.vault_dir(), plan.passphrase, clinician=plan.signer) as store:
        groups = store.access.take_recovery_key().groups
        store.access.confirm_recovery({each: groups[each - 1] for each in store.access.asked})


def window(plan: Plan) -> int:
    """The window process."""

    def parts(chosen: Namespace, known: Settings) -> Parts:
        real = build.real_parts(known)
        if not real.store_exists():
            _set_up(plan)
        if plan.models:
            return real
        return replace(real, new_recogniser=lambda: script(plan), new_writer=lambda: None)

    Driven.plan = plan
    return app.run(options.options(["--supervised"]), parts, Driven)


def record(plan: Plan) -> int:
    """The recorder process, but for the microphone."""
    # Imported here: the window shall not load what only this process needs.
    from tests.security.recorders import PacedMicrophone, shared  # noqa: PLC0415

    return recorder.main(PacedMicrophone(shared(), np.load(plan.sound)))


def program(path: str) -> int:
    """What `gui.launch` does, with this module as window and recorder."""
    sandbox.deny_dumps()
    end_by_signal()
    again = (sys.executable, "-m", MODULE, path)
    return Supervisor((*again, "window"), (*again, "recorder")).run()


if __name__ == "__main__":
    if len(sys.argv) > 2:
        sys.exit({"window": window, "recorder": record}[sys.argv[2]](Plan.read(sys.argv[1])))
    sys.exit(program(sys.argv[1]))
