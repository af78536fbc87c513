"""A window's view of the recorder: what it asks for, what is known of the recording, and the permit
without which none is started. It knows no process and no thread; who owns them passes messages.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scribe.consent.gate import Permit
from scribe.errors import ConsentNeeded, DeviceError, RecorderLost
from scribe.ids import EncounterId
from scribe.recorder.messages import (
    AskDevices,
    Asked,
    AskLock,
    AskStatus,
    Finished,
    GoOn,
    Halt,
    Hold,
    Lock,
    Refused,
    Said,
    Start,
    Status,
)
from scribe.recorder.seal import seal
from scribe.records import Visit


@dataclass(frozen=True, slots=True)
class _Wish:
    encounter: EncounterId
    path: Path
    key: bytes
    device: int | None


class Recorder:
    """At most one recording at a time."""

    def __init__(self, send: Callable[[Asked], None]) -> None:
        """`send` hands a message to the recorder, which is started when there is none."""
        self._send = send
        self._permit: Permit | None = None
        self._wish: _Wish | None = None
        self._asked: Asked | None = None
        self._again = False
        self.status: Status | None = None
        """How far the running recording is; None when there is none."""
        self.finished: Finished | None = None
        """How the last recording ended."""

    # ------------------------------------------------------------ asking

    def ask(self, question: AskDevices | AskStatus) -> None:
        """Ask for the devices or for the recording of an earlier window."""
        self._asked = question
        self._send(question)

    def start(
        self, permit: Permit, *, encounter: EncounterId, path: Path, key: bytes, device: int | None
    ) -> None:
        """Record into a new file. Raises ConsentNeeded without an open permit."""
        if not permit.open:
            raise ConsentNeeded("Nothing is recorded while somebody has not agreed.")
        self._permit = permit
        self._wish = _Wish(encounter, path, key, device)
        self._asked = AskLock()
        self._send(self._asked)

    def take_over(self, permit: Permit) -> None:
        """The running recording was started by an earlier window; from now on `permit` rules it."""
        self._permit = permit

    def hold(self) -> None:
        """Somebody came in: take no sound from now on."""
        if self._permit is not None:
            self._permit.hold()
        self._send(Hold())

    def resume(self, visit: Visit) -> None:
        """Everybody agreed: take sound again. Raises ConsentNeeded."""
        if self._permit is not None:
            self._permit.resume(visit)
            self._send(GoOn())

    def revoke(self) -> None:
        """A consent was taken back: stop, and hear nothing more of it."""
        if self._permit is not None:
            self._permit.revoke()
        self.stop()

    def stop(self) -> None:
        """Close the microphone and complete the recording."""
        self._wish = None
        self._send(Halt())

    # ------------------------------------------------------------ hearing

    def hear(self, said: Said) -> None:
        """What the recorder said."""
        self._asked, self._again = None, False
        match said:
            case Lock():
                self._unlock(said)
            case Status():
                self.status, self.finished = said, None
            case Finished():
                self.status, self.finished = None, said
            case Refused() if self.status is None:
                self._wish = None
            case _:
                pass

    def _unlock(self, lock: Lock) -> None:
        wish, self._wish = self._wish, None
        if wish is None or self._permit is None or not self._permit.open:
            return
        self._send(
            Start(
                encounter=wish.encounter,
                path=str(wish.path),
                sealed=seal(wish.key, lock.public, about=wish.encounter),
                device=wish.device,
            )
        )

    def gone(self) -> DeviceError | None:
        """Its process ended. The error if that cost the rest of a recording or if it cannot even
        answer; a question that met a recorder about to end is asked once more.
        """
        asked, self._asked = self._asked, None
        lost, self.status = self.status, None
        if lost is not None:
            return RecorderLost("The recorder ended unexpectedly; what was recorded is kept.")
        if asked is None:
            return None
        if self._again:
            self._wish = None
            return DeviceError("The recorder does not start.")
        self._asked, self._again = asked, True
        self._send(asked)
        return None
