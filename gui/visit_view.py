"""One visit on one screen: record bar, transcript, note, claim and findings; it wires the panels to
the desk and decides nothing.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui import consent_texts, texts
from gui.codes import Codes
from gui.coding_panel import CodingPanel
from gui.consent_talk import ConsentTalk
from gui.desk import Desk
from gui.listening import Listening
from gui.note_view import NoteView
from gui.record_bar import RecordBar
from gui.sign_dialog import SignDialog
from gui.signed_bar import SignedBar
from gui.transcript_view import TranscriptView
from gui.vault import Vault
from gui.widgets import Banner, Chip, about_button, button, column, frame, label, row
from scribe.errors import ScribeError
from scribe.ids import UtteranceId
from scribe.notetext import clock
from scribe.records import Encounter, Finding, Omission, Section, Statement, VisitState

_COLUMNS = (320, 520, 420)


class VisitView(QWidget):
    """The screen of one visit.

    Signals:
        back: return to the list. vault_needed: signing or saving needs an open vault. help(str):
        tell of R53.1, or of the rule with this id.
    """

    back = Signal()
    vault_needed = Signal()
    help = Signal(str)

    def __init__(self, desk: Desk, listening: Listening, vault: Vault, codes: Codes) -> None:
        super().__init__()
        self.setProperty("role", "page")
        self.desk = desk
        self.listening = listening
        self._busy = ""
        self.banner = Banner()
        self.bar = RecordBar()
        self.transcript = TranscriptView()
        self.note = NoteView()
        self.coding = CodingPanel(desk, codes)
        self.claim, self.findings = self.coding.claim, self.coding.findings
        self.dialog: SignDialog | None = None
        self.talk = ConsentTalk(desk, listening, vault, self.bar, self)
        self.consenting = self.talk.consenting
        self._head = self._header(desk.visit.encounter)
        self.signed = SignedBar(vault)
        self._lay_out()
        self._wire()
        self._shortcuts()
        self._show_all()

    # ------------------------------------------------------------ building

    def _header(self, encounter: Encounter) -> QWidget:
        self.to_list = button(texts.BACK, "quiet", icon="back", key=texts.KEYS["back"])
        self.state = Chip()
        self._kept = label(role="small")
        self.about = about_button()
        self.consent_back = button(consent_texts.TAKEN_BACK, "quiet", icon="cross")
        self.consent_back.hide()
        self.sign = button(texts.SIGN, "primary", icon="sign", key=texts.KEYS["sign"])
        head = frame("bar")
        head.setLayout(
            row(
                self.to_list,
                label(encounter.patient_label or texts.UNNAMED, "title"),
                label(_about(encounter), "muted"),
                None,
                self.consent_back,
                self.about,
                self._kept,
                self.state,
                self.sign,
                margins=(12, 8, 20, 8),
                gap=12,
            )
        )
        return head

    def _lay_out(self) -> None:
        columns = QSplitter(Qt.Orientation.Horizontal)
        columns.setHandleWidth(12)
        columns.setChildrenCollapsible(False)
        for number, (each, width) in enumerate(
            zip((self.transcript, self.note, self.coding), _COLUMNS, strict=True)
        ):
            columns.addWidget(each)
            columns.setStretchFactor(number, width)
        columns.setSizes(list(_COLUMNS))
        page = column(margins=(12, 12, 12, 12))
        page.addWidget(columns)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        for bar in (self._head, self.bar, self.signed, self.banner):
            outer.addWidget(bar)
        outer.addLayout(page, 1)

    def _wire(self) -> None:
        desk, listening = self.desk, self.listening
        desk.state_changed.connect(lambda _: self._show_state())
        desk.utterances_changed.connect(self.transcript.show_utterances)
        desk.note_changed.connect(lambda _: self._show_note())
        desk.claim_changed.connect(lambda _: self._show_claim())
        desk.coded_changed.connect(lambda _: self._show_findings())
        desk.review.changed.connect(self._show_review)
        desk.saved.connect(self._show_kept)
        desk.failed.connect(lambda error: self.show_error(error, None))
        desk.signed.connect(lambda _: self._show_all())
        listening.busy.connect(self._show_busy)
        listening.level.connect(self.bar.show_level)
        listening.started.connect(self._show_state)
        listening.stopped.connect(self._show_state)
        listening.failed.connect(self.show_error)
        self.bar.record.connect(listening.record)
        self.bar.stop.connect(listening.stop)
        self.bar.cancel.connect(listening.cancel)
        self.consent_back.clicked.connect(self.talk.ask_withdrawal)
        self.consenting.changed.connect(self._show_state)
        self.consenting.failed.connect(lambda error: self.show_error(error, None))
        self.consenting.destroyed_all.connect(
            lambda: self.banner.show_message("info", consent_texts.TAKEN_BACK_DONE)
        )
        self.note.opened.connect(self._opened)
        self.note.reworded.connect(lambda sentence, text: desk.reword(sentence.id, text))
        self.note.dropped.connect(lambda sentence: desk.drop(sentence.id))
        self.note.added.connect(self._add)
        self.note.asked.connect(self._omission_opened)
        self.transcript.chosen.connect(self._show_speech)
        self.coding.gone_to.connect(self.note.go_to)
        self.coding.failed.connect(lambda error: self.show_error(error, None))
        self.findings.explained.connect(self.help)
        self.findings.overridden.connect(desk.review.override)
        self.findings.dismissed.connect(desk.review.dismiss)
        self.findings.reopened.connect(desk.review.reopen)
        self.findings.asked.connect(self.transcript.light)
        self.to_list.clicked.connect(self.back)
        self.about.clicked.connect(lambda: self.help.emit(""))
        self.sign.clicked.connect(self.ask_sign)
        self.signed.done.connect(lambda what: self.banner.show_message("good", what))
        self.signed.failed.connect(self.show_error)

    def _shortcuts(self) -> None:
        for key, act in (
            ("next_finding", self.findings.next),
            ("next_unsupported", self.next_unsupported),
        ):
            QShortcut(QKeySequence(texts.KEYS[key]), self, act)

    # ------------------------------------------------------------ showing

    def _show_all(self) -> None:
        self.transcript.show_utterances(self.desk.utterances)
        self._show_note()
        self._show_claim()
        self._show_findings()
        self._show_state()
        self.signed.show_notes(self.desk.visit.notes)

    def _show_state(self) -> None:
        visit, recording = self.desk.visit, self.listening.recording
        unasked = visit.state is VisitState.NEW and self.desk.coded is not None
        state = VisitState.CODED if unasked else visit.state
        icon, tone = texts.STATE_LOOK[state]
        self.state.show_state(icon, texts.STATES[state], tone)
        ready = visit.state in (VisitState.NEW, VisitState.CONSENTED) and not self.desk.utterances
        asked = visit.consent is not None or visit.state is VisitState.WITHDRAWN
        idle = asked and not (ready or recording or self._busy)
        self.bar.setVisible(not self.desk.read_only and not idle)
        agreed = visit.consent.given_by if visit.consent else ""
        heard = bool(self.desk.utterances)
        self.bar.show_consent(
            agreed, texts.CONSENT_BEFORE_SAVING if heard else texts.CONSENT_NEEDED
        )
        self.state.setToolTip(texts.CONSENT_GIVEN.format(by=agreed) if agreed else "")
        self.bar.show_state(
            consented=visit.consent is not None,
            ready=ready,
            recording=recording,
            busy=self._busy,
            why_not=self.consenting.why_not_record(),
            waiting=self.consenting.waiting,
        )
        may_withdraw = visit.consent is not None and not self.desk.read_only and not recording
        self.consent_back.setVisible(may_withdraw and not ready)
        self.sign.setVisible(not self.desk.read_only)
        self.sign.setEnabled(self.desk.coded is not None and not recording and not self._busy)
        self.to_list.setEnabled(not recording)

    def _show_busy(self, doing: str) -> None:
        was, self._busy = self._busy, doing
        if bool(was) != bool(doing):
            self._show_note()
        self._show_state()

    def _show_note(self) -> None:
        self.note.show_note(
            self.desk.statements,
            times=self._times,
            seen=self._seen,
            editable=self.desk.editable,
        )
        self._show_omissions()

    def _show_omissions(self) -> None:
        draft = self.desk.visit.draft
        seen = self.desk.review.has_seen
        self.note.show_omissions(draft.omissions if draft else (), self._times, seen)

    def _show_claim(self) -> None:
        self.claim.show_claim(self.desk.visit.diagnoses, editable=not self.desk.read_only)

    def _show_findings(self) -> None:
        note = self.desk.note
        coded = note.coded if note else self.desk.coded
        self.findings.show_findings(coded, self.desk.utterances, editable=not self.desk.read_only)
        self._show_review()
        self._show_state()

    def _show_review(self) -> None:
        note = self.desk.note
        reasons = {each.rule_id: each.reason for each in note.overrides} if note else {}

        def settled(finding: Finding) -> tuple[bool, str]:
            reason = reasons.get(finding.rule_id) or self.desk.review.reason(finding)
            return bool(reason) or self.desk.review.settled(finding), reason

        self.findings.show_settled(settled)
        for each in self.note.rows.values():
            each.show_mark(self._seen(each.statement))
        self._show_omissions()

    def _seen(self, sentence: Statement) -> bool:
        note = self.desk.note
        signed = note is not None and sentence.id in note.seen_unsupported
        return signed or self.desk.review.has_seen(sentence)

    def _show_kept(self, kept: bool) -> None:
        without = texts.UNSAVED if self.desk.kept else texts.NOT_KEPT
        self._kept.setText(texts.SAVED if kept else without)

    def show_error(self, error: ScribeError, again: Callable[[], None] | None) -> None:
        """A known fault: what happened and what to do."""
        self.banner.show_error(error, again)

    def _times(self, evidence: tuple[UtteranceId, ...]) -> str:
        spoken = self.desk.spoken(evidence)
        return clock(spoken[0].start) if spoken else ""

    # ------------------------------------------------------------ acting

    def _opened(self, sentence: Statement) -> None:
        self.desk.review.see(sentence)
        self.transcript.light(sentence.evidence)

    def _omission_opened(self, omission: Omission) -> None:
        self.transcript.light(omission.evidence)
        # Later: the button that was clicked is built anew when it is marked as seen.
        QTimer.singleShot(0, self, lambda: self.desk.review.see(omission))

    def _show_speech(self, which: str) -> None:
        """A click on an utterance: light it, and choose the first sentence that rests on it."""
        said = UtteranceId(which)
        self.transcript.light((said,))
        resting = next((each for each in self.desk.statements if said in each.evidence), None)
        self.note.choose(resting.id if resting else None)
        if resting is not None:
            self.note.finish()
            self.note.area.ensureWidgetVisible(self.note.rows[resting.id])

    def _add(self, section: Section) -> None:
        self.note.go_to(self.desk.append(section, ""))

    def next_unsupported(self) -> None:
        """Go to the next sentence that was not heard and has not been opened."""
        for which in self.desk.unseen()[:1]:
            self.note.go_to(which)

    def show_open(self) -> None:
        """Bring what still blocks a signature into view."""
        unseen = self.desk.unseen()
        if unseen:
            self.note.go_to(unseen[0])
        elif any(each.omission is not None for each in self.desk.left() or ()):
            self.note.show_missed()
        else:
            self.findings.next()

    def ask_sign(self) -> None:
        """Open the sign dialog; first the vault and the consent, if either is missing."""
        if not self.desk.vault_open:
            self.vault_needed.emit()
            return
        if not self.talk.ask(texts.CONSENT_BEFORE_SAVING):
            return
        self.desk.save()
        self.dialog = SignDialog(self.desk, self)
        self.dialog.asked_open.connect(self.show_open)
        self.dialog.finished.connect(self._dialog_gone)
        self.dialog.open()

    def _dialog_gone(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None


def _about(encounter: Encounter) -> str:
    age = f"{encounter.age}" if encounter.age is not None else ""
    sex = texts.SEXES[encounter.sex] if encounter.sex.value != "U" else ""
    parts = (f"{encounter.date_of_service:%Y-%m-%d}", encounter.specialty, age, sex)
    return " · ".join(part for part in parts if part)
