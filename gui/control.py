"""The window's line to the supervisor that started it: what it was started for, and what passes
through there. Nothing of a patient goes this way but the identifier of a visit.
"""

import os
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal, Slot

from gui.tasks import Lines
from scribe import codec
from scribe.errors import TranscriptUnusable
from scribe.supervisor import Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a window was when it was locked; handed to the one after it.

    `reason`: which watch locked it. `geometry`: Qt's, in hex. `file`: it reviewed the audio file of
    the command line, which could not be kept without consent and is read again.
    """

    visit: str = ""
    file: bool = False
    reason: str = ""
    geometry: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """What this window was started for; `recorder`: there is one, perhaps in a recording."""

    why: Why = Why.STARTED
    recorder: bool = False
    place: Place = Place()


def begin(line: bytes) -> Begin:
    """The supervisor's greeting; an unreadable one is a plain start that is locked."""
    words = line.split(b" ", 3)
    try:
        found = Begin(why=Why(words[1].decode()), recorder=words[2] == b"yes")
        if len(words) > 3 and words[3]:
            place = codec.from_json(Place, words[3], what="A greeting")
            return replace(found, place=place)
        return found
    except (IndexError, ValueError, TranscriptUnusable):
        return Begin()


class Control(QObject):
    """The two pipes to the supervisor.

    Signals:
        recorder_said(bytes): a line of the recorder. recorder_gone: its process ended.
        raised: come to the front. orphaned: the supervisor is gone.
    """

    recorder_said = Signal(bytes)
    recorder_gone = Signal()
    raised = Signal()
    orphaned = Signal()

    def __init__(self, heard: int, told: int, parent: QObject | None = None) -> None:
        """File descriptors of both pipes."""
        super().__init__(parent)
        self._told = told
        self._lines = Lines(heard, self)
        self._lines.heard.connect(self._hear)
        self._lines.ended.connect(self.orphaned)
        self.begin = begin(self._lines.first())
        self._lines.start()

    def to_recorder(self, line: bytes) -> None:
        """Pass a line on to the recorder."""
        self._tell(b"recorder " + line)

    def locking(self, place: Place) -> None:
        """From now on the supervisor counts: this process ends in two seconds, or is ended."""
        self._tell(b"locking " + codec.to_json(place).encode())

    def _tell(self, line: bytes) -> None:
        try:
            os.write(self._told, line.rstrip(b"\n") + b"\n")
        except OSError:
            self.orphaned.emit()

    @Slot(bytes)
    def _hear(self, line: bytes) -> None:
        word, _, rest = line.partition(b" ")
        match word:
            case b"recorder":
                self.recorder_said.emit(rest)
            case b"recorder-gone":
                self.recorder_gone.emit()
            case b"raise":
                self.raised.emit()
