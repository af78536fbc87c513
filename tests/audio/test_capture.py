"""The microphone, with a sound library made for the test."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scribe.audio.capture import PortAudioMicrophone
from scribe.errors import MicrophoneBusy, NoMicrophone, SoundLibraryMissing
from scribe.records import SAMPLE_RATE, Samples


class SoundError(Exception):
    """What the library raises."""


class Stream:
    """An open device that plays what the test tells it to."""

    def __init__(self, library: "Library", options: dict[str, Any]) -> None:
        self.library, self.options = library, options
        self.open = True
        if library.busy:
            raise SoundError("Device unavailable")

    def start(self) -> None:
        self.library.playing = self

    def close(self) -> None:
        self.open = False

    def play(self, sound: Samples) -> None:
        """Call back block by block, always with the same memory, as PortAudio does."""
        size = self.options["blocksize"]
        memory = np.zeros((size, 1), dtype=np.float32)
        for start in range(0, len(sound) // size * size, size):
            memory[:, 0] = sound[start : start + size]
            self.options["callback"](memory, size, None, None)
        memory[:] = 9.0


class Library:
    """As much of sounddevice as is used."""

    PortAudioError = SoundError

    def __init__(
        self, names: tuple[str, ...] = ("Desk", "Headset"), rate: int = SAMPLE_RATE
    ) -> None:
        self.names, self.rate = names, rate
        self.busy = False
        self.playing: Stream | None = None
        # Device 0 is a loudspeaker; the default input is the last microphone.
        self.default = type("Default", (), {"device": (len(names), 0)})

    def query_devices(self, index: int | None = None) -> Any:
        speaker = {"name": "Loudspeaker", "max_input_channels": 0, "default_samplerate": 48_000.0}
        found = [speaker] + [
            {"name": name, "max_input_channels": 2, "default_samplerate": float(self.rate)}
            for name in self.names
        ]
        return found if index is None else found[index]

    def check_input_settings(self, *, samplerate: int, **_: Any) -> None:
        if samplerate != self.rate:
            raise SoundError("Invalid sample rate")

    def InputStream(self, **options: Any) -> Stream:
        return Stream(self, options)


def without_portaudio() -> Any:
    raise SoundLibraryMissing("The sound library PortAudio is not on this machine.")


def test_devices_are_inputs_only_and_the_default_comes_first() -> None:
    found = PortAudioMicrophone(Library).devices()
    assert [(each.index, each.name, each.default) for each in found] == [
        (2, "Headset", True),
        (1, "Desk", False),
    ]


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_blocks_are_16_khz_whatever_the_device_prefers(rate: int) -> None:
    library = Library(rate=rate)
    microphone = PortAudioMicrophone(lambda: library)
    got: list[Samples] = []
    microphone.start(got.append)
    assert library.playing is not None
    assert library.playing.options["samplerate"] == rate
    sound = np.full(rate * 2, 0.25, dtype=np.float32)
    library.playing.play(sound)
    heard = np.concatenate(got)
    assert len(heard) == pytest.approx(2 * SAMPLE_RATE, abs=SAMPLE_RATE // 10)
    # Still what was played, although the library has used its memory again since.
    np.testing.assert_allclose(heard[1_000:-1_000], 0.25, atol=1e-2)


def test_without_any_input_there_is_no_microphone() -> None:
    library = Library(names=())
    with pytest.raises(NoMicrophone):
        PortAudioMicrophone(lambda: library).start(lambda block: None)


def test_a_device_that_went_away_is_no_microphone() -> None:
    library = Library()
    with pytest.raises(NoMicrophone):
        PortAudioMicrophone(lambda: library).start(lambda block: None, device=7)


def test_a_device_that_another_program_holds_is_busy() -> None:
    library = Library()
    library.busy = True
    with pytest.raises(MicrophoneBusy) as busy:
        PortAudioMicrophone(lambda: library).start(lambda block: None)
    assert isinstance(busy.value.__cause__, SoundError)


def with_microphone(act: Callable[[PortAudioMicrophone], object]) -> None:
    act(PortAudioMicrophone(without_portaudio))


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda each: each.devices(), id="devices"),
        pytest.param(lambda each: each.start(lambda block: None), id="start"),
    ],
)
def test_without_portaudio_only_the_microphone_fails(
    act: Callable[[PortAudioMicrophone], object],
) -> None:
    with pytest.raises(SoundLibraryMissing, match="PortAudio"):
        with_microphone(act)


def test_stop_is_harmless_at_any_time() -> None:
    library = Library()
    microphone = PortAudioMicrophone(lambda: library)
    microphone.stop()
    microphone.start(lambda block: None)
    playing = library.playing
    assert playing is not None
    microphone.stop()
    microphone.stop()
    assert not playing.open
