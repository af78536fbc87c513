"""The microphone, and the only importer of sounddevice.

It is imported on first use, because on a machine without PortAudio the import itself fails and
nothing but the microphone may fail with it.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scribe.audio.samples import Resampler
from scribe.errors import MicrophoneBusy, NoMicrophone, SoundLibraryMissing
from scribe.ports import Device
from scribe.records import SAMPLE_RATE, Samples

BLOCK_SECONDS = 0.1
"""Length of one block: short enough for a lively level meter, long enough to cost nothing."""


def _portaudio() -> Any:
    try:
        import sounddevice  # noqa: PLC0415 - only here may a missing PortAudio show
    except OSError as exc:
        raise SoundLibraryMissing("The sound library PortAudio is not on this machine.") from exc
    return sounddevice


class PortAudioMicrophone:
    """An input device of this machine; implements `ports.Microphone`.

    When a device is unplugged PortAudio just stops calling: whoever takes the blocks must notice
    that none arrive.
    """

    def __init__(self, library: Callable[[], Any] = _portaudio) -> None:
        """`library` gives the sounddevice module; called on first use."""
        self._library = library
        self._stream: Any = None

    def devices(self) -> tuple[Device, ...]:
        """Input devices, default first. Raises SoundLibraryMissing."""
        library = self._library()
        default = library.default.device[0]
        found = [
            Device(index=index, name=str(each["name"]), default=index == default)
            for index, each in enumerate(library.query_devices())
            if each["max_input_channels"] > 0
        ]
        return tuple(sorted(found, key=lambda device: not device.default))

    def start(self, on_block: Callable[[Samples], None], device: int | None = None) -> None:
        """Call `on_block` with mono 16 kHz blocks of about 0.1 s until `stop`, from PortAudio's
        thread. `device`: an index from `devices`, or None for the default.

        Raises NoMicrophone, MicrophoneBusy, SoundLibraryMissing.
        """
        library = self._library()
        known = self.devices()
        if not known or (device is not None and device not in [each.index for each in known]):
            raise NoMicrophone("No microphone is connected.")
        self.stop()
        index = known[0].index if device is None else device
        try:
            rate = self._rate(library, index)
            self._stream = library.InputStream(
                device=index,
                channels=1,
                samplerate=rate,
                blocksize=int(rate * BLOCK_SECONDS),
                dtype="float32",
                callback=_handing_on(on_block, Resampler(rate)),
            )
            self._stream.start()
        except library.PortAudioError as exc:
            self.stop()
            raise MicrophoneBusy("The microphone could not be opened.") from exc

    def stop(self) -> None:
        """End the stream; harmless when not started."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    @staticmethod
    def _rate(library: Any, index: int) -> int:
        """16 kHz if the device can do it, else the rate it prefers, in Hz."""
        try:
            library.check_input_settings(
                device=index, channels=1, dtype="float32", samplerate=SAMPLE_RATE
            )
        except library.PortAudioError:
            return int(library.query_devices(index)["default_samplerate"])
        return SAMPLE_RATE


def _handing_on(
    on_block: Callable[[Samples], None], resampler: Resampler
) -> Callable[[NDArray[np.float32], int, object, object], None]:
    """The callback: copy, bring to 16 kHz (well under a millisecond a block), hand on."""

    def callback(frames: NDArray[np.float32], count: int, time: object, status: object) -> None:
        # A lost buffer shows as a gap in the sound; stopping for it would lose the rest as well.
        block = resampler.push(frames[:, 0].copy())
        if len(block):
            on_block(block)

    return callback
