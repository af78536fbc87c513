"""What the unlock screen says after a lock: why, and whether a recording goes on. It shows nothing
of any visit; a recording may be stopped here, for that is always safe.
"""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout

from gui import lock_texts
from gui.recorder import Recorder
from gui.widgets import Chip, button, column, label, restyle, row
from scribe.errors import ScribeError
from scribe.notetext import clock
from scribe.recorder.messages import Finished, Status


class LockedCard(QFrame):
    """The card above the passphrase."""

    def __init__(self, recorder: Recorder, reason: str, minutes: int) -> None:
        """`reason` is a key of `lock_texts.LOCKED_WHY`, or empty."""
        super().__init__()
        self.setProperty("role", "card")
        self.setFixedWidth(440)
        self._recorder = recorder
        self._seconds = 0.0
        why = lock_texts.LOCKED_WHY.get(reason, "").format(minutes=minutes)
        self.why = label(why, "muted", wrap=True)
        self.chip = Chip("record", lock_texts.RECORDING_GOES_ON, "block")
        self.elapsed = label(clock(0), "clock")
        self.stop = button(lock_texts.STOP_RECORDING, icon="stop")
        self.stop.clicked.connect(recorder.stop)
        self.ended = label(role="heading", wrap=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(32, 20, 32, 20)
        box.setSpacing(12)
        head = row(Chip("lock", lock_texts.LOCKED, "info"), None)
        box.addLayout(head)
        box.addWidget(self.why)
        self._line = QFrame()
        self._line.setLayout(
            column(row(self.chip, None), row(self.elapsed, None, self.stop), gap=8)
        )
        box.addWidget(self._line)
        box.addWidget(self.ended)
        self._line.hide()
        self.ended.hide()
        self.why.setVisible(bool(why))
        recorder.running.connect(self._show_status)
        recorder.finished.connect(self._show_finished)
        recorder.lost.connect(self._show_lost)
        if recorder.status is not None:
            self._show_status(recorder.status)

    @Slot(object)
    def _show_status(self, status: Status) -> None:
        self._seconds = status.seconds
        self.elapsed.setText(clock(status.seconds))
        if status.held:
            self.chip.show_state("warn", lock_texts.RECORDING_HELD, "warn")
        elif status.silent:
            self.chip.show_state("warn", lock_texts.RECORDING_SILENT, "warn")
        else:
            self.chip.show_state("record", lock_texts.RECORDING_GOES_ON, "block")
        self.ended.hide()
        self._line.show()

    @Slot(object)
    def _show_finished(self, told: Finished) -> None:
        said = lock_texts.RECORDING_ENDED.format(clock=clock(told.seconds))
        self._say(f"{said} {told.message}".strip(), "block" if told.error else "")

    @Slot(object)
    def _show_lost(self, error: ScribeError) -> None:
        self._say(lock_texts.RECORDING_LOST.format(clock=clock(self._seconds)), "block")

    def _say(self, text: str, tone: str) -> None:
        self._line.hide()
        self.ended.setText(text)
        restyle(self.ended, tone=tone)
        self.ended.show()
