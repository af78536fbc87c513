"""The bar above a visit: choose a microphone, record, stop, or open a file; level and time."""

from collections.abc import Iterable
from math import log10
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QSizePolicy, QWidget

from gui import consent_texts, texts, theme
from gui.widgets import button, label, row
from scribe.events import Level
from scribe.notetext import clock
from scribe.ports import Device

_QUIETEST_DB = -60.0
_LOW_DB = -42.0
_HIGH_DB = -1.0


class LevelMeter(QWidget):
    """Loudness as a bar of segments; what it means is also said in words beside it."""

    SEGMENTS = 20

    def __init__(self) -> None:
        super().__init__()
        self._share = 0.0
        self._peak_db = _QUIETEST_DB
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(texts.LEVEL)

    def sizeHint(self) -> QSize:
        """Small enough for a bar."""
        return QSize(140, 14)

    def show_level(self, rms: float, peak: float) -> None:
        """Full-scale units 0..1."""
        loud = _db(rms)
        self._peak_db = _db(peak)
        self._share = (loud - _QUIETEST_DB) / -_QUIETEST_DB
        self.setAccessibleDescription(f"{loud:.0f} dB")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Segments up to the level; the last ones in another colour when it clips."""
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        step = self.width() / self.SEGMENTS
        full = round(self._share * self.SEGMENTS)
        on = theme.colour("block" if self._peak_db > _HIGH_DB else "accent")
        for number in range(self.SEGMENTS):
            painter.setBrush(on if number < full else theme.colour("line"))
            painter.drawRoundedRect(QRectF(number * step, 2, step - 2, self.height() - 4), 1, 1)
        painter.end()


def _db(level: float) -> float:
    return max(_QUIETEST_DB, min(0.0, 20 * log10(level))) if level > 0 else _QUIETEST_DB


def level_word(level: Level) -> str:
    """What the level means for the person who records."""
    if _db(level.peak) > _HIGH_DB:
        return texts.LEVEL_HIGH
    return texts.LEVEL_LOW if _db(level.rms) < _LOW_DB else texts.LEVEL_GOOD


class RecordBar(QFrame):
    """The record bar.

    Signals:
        record(object): start with this device index, or None for the system's.
        stop: stop the recording. cancel: stop hearing and writing.
        file(Path): open this audio file. consent: ask who agreed. joined: somebody came in.
        withdrawn: the consent was taken back.
    """

    record = Signal(object)
    stop = Signal()
    cancel = Signal()
    file = Signal(object)
    consent = Signal()
    joined = Signal()
    withdrawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.microphones = QComboBox()
        self.microphones.setAccessibleName(texts.MICROPHONE)
        self.microphones.setMinimumWidth(190)
        self.microphones.setMaximumWidth(260)
        self.microphones.addItem(texts.DEFAULT_MICROPHONE, None)
        keys = texts.KEYS
        self.start = button(texts.RECORD, "primary", icon="record", key=keys["record"])
        self._record_tip = self.start.toolTip()
        self.end = button(texts.STOP, "primary", icon="stop", key=keys["stop"])
        self.open = button(texts.OPEN_FILE, icon="file", key=keys["open"])
        self.ask_consent = button(texts.CONSENT_RECORD, "primary", icon="check")
        self.halt = button(texts.STOP_WORK, "quiet", icon="cross")
        self.came_in = button(consent_texts.CAME_IN, icon="plus")
        self.taken_back = button(consent_texts.TAKEN_BACK, icon="cross")
        self.meter = LevelMeter()
        self.word = label(role="small")
        self.elapsed = label(clock(0), "clock")
        self.doing = label(role="muted")
        self.agreed = label(role="small")
        self.setLayout(
            row(
                self.ask_consent,
                self.microphones,
                self.start,
                self.end,
                self.came_in,
                self.taken_back,
                self.open,
                self.elapsed,
                self.meter,
                self.word,
                self.doing,
                self.halt,
                None,
                self.agreed,
                margins=(20, 8, 20, 8),
                gap=12,
            )
        )
        self.start.clicked.connect(lambda: self.record.emit(self.microphones.currentData()))
        self.end.clicked.connect(self.stop)
        self.halt.clicked.connect(self.cancel)
        self.ask_consent.clicked.connect(self.consent)
        self.came_in.clicked.connect(self.joined)
        self.taken_back.clicked.connect(self.withdrawn)
        self.open.clicked.connect(self._choose_file)
        self.show_state(consented=False, ready=False, recording=False, busy="", why_not="")

    def show_microphones(self, devices: Iterable[Device], wanted: str) -> None:
        """The input devices; `wanted` is the name chosen in the settings."""
        self.microphones.clear()
        for each in devices:
            self.microphones.addItem(each.name, each.index)
            if each.name == wanted:
                self.microphones.setCurrentIndex(self.microphones.count() - 1)
        if self.microphones.count() == 0:
            self.microphones.addItem(texts.DEFAULT_MICROPHONE, None)

    def show_consent(self, given_by: str, needed: str) -> None:
        """Who agreed; or, if nobody was asked, what consent is `needed` for."""
        self.agreed.setText(texts.CONSENT_GIVEN.format(by=given_by) if given_by else needed)

    def show_state(
        self,
        *,
        consented: bool,
        ready: bool,
        recording: bool,
        busy: str,
        why_not: str,
        waiting: bool = False,
    ) -> None:
        """`ready`: nothing was recorded for this visit yet. `why_not`: why the microphone may not
        open. `waiting`: somebody came in who has not agreed.
        """
        idle = ready and not recording and not busy
        self.ask_consent.setVisible(not recording and (not consented or (idle and bool(why_not))))
        for control in (self.microphones, self.start, self.open):
            control.setVisible(ready and not recording)
            control.setEnabled(idle)
        self.start.setEnabled(idle and not why_not)
        tip = consent_texts.RECORD_NEEDS.format(why=why_not) if why_not else self._record_tip
        self.start.setToolTip(tip)
        self.start.setAccessibleDescription(why_not)
        self.end.setVisible(recording)
        self.came_in.setVisible(recording)
        self.taken_back.setVisible(recording)
        self.came_in.setText(consent_texts.ASK_AGAIN if waiting else consent_texts.CAME_IN)
        self.came_in.setAccessibleName(self.came_in.text())
        for shown in (self.elapsed, self.meter, self.word):
            shown.setVisible(recording)
        self.word.setVisible(recording and not waiting)
        self.halt.setVisible(bool(busy) and not recording)
        busy = consent_texts.PAUSED if waiting and recording else busy
        self.doing.setVisible(bool(busy))
        self.doing.setText(busy)

    def show_level(self, level: Level) -> None:
        """The last block's loudness and the seconds so far."""
        self.meter.show_level(level.rms, level.peak)
        self.elapsed.setText(clock(level.seconds))
        self.word.setText(level_word(level))

    def _choose_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, texts.OPEN_FILE, "", texts.AUDIO_FILES)
        if name:
            self.file.emit(Path(name))
