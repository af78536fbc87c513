"""Encrypted recordings: what a crash, a full disk or a stranger can and cannot do to them."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe.audio import recording
from scribe.audio.recording import FRAME_SAMPLES, RecordingWriter
from scribe.errors import DiskFull, StoreError, VaultDamaged
from scribe.records import SAMPLE_RATE, Samples

KEY = bytes(range(32))
OTHER_KEY = bytes(32)


def sound(seconds: float) -> Samples:
    """Noise on the 16-bit grid, the same every time, so that it comes back exactly."""
    whole = np.random.default_rng(3).integers(-20_000, 20_000, int(seconds * SAMPLE_RATE))
    return (whole / 32_768).astype(np.float32)


def write(path: Path, samples: Samples, *, close: bool = True) -> Path:
    """A recording of these samples, in the blocks of a microphone."""
    writer = RecordingWriter(path, KEY)
    for start in range(0, len(samples), 1_600):
        writer.append(samples[start : start + 1_600])
    if close:
        writer.close()
    return path


def read(path: Path) -> Samples:
    """All that can be read."""
    parts = list(recording.read(path, KEY))
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.float32)


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.5, 1.0, 2.7])
def test_what_was_recorded_comes_back(seconds: float, tmp_path: Path) -> None:
    path = write(tmp_path / "r", sound(seconds))
    np.testing.assert_array_equal(read(path), sound(seconds))
    info = recording.inspect(path, KEY)
    assert (info.seconds, info.complete, info.lost_bytes) == (seconds, True, 0)


@given(blocks=st.lists(st.integers(0, 20_000), max_size=6))
def test_the_size_of_the_blocks_does_not_matter(
    blocks: list[int], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("blocks") / "r"
    samples = sound(sum(blocks) / SAMPLE_RATE + 1)[: sum(blocks)]
    with RecordingWriter(path, KEY) as writer:
        for block in np.split(samples, np.cumsum(blocks)[:-1]) if blocks else []:
            writer.append(block)
    np.testing.assert_array_equal(read(path), samples)


def test_what_is_louder_than_full_scale_is_clipped_not_wrapped(tmp_path: Path) -> None:
    path = write(tmp_path / "r", np.array([2.0, -2.0, 1.0, -1.0], dtype=np.float32))
    np.testing.assert_allclose(read(path), [1.0, -1.0, 1.0, -1.0], atol=1e-4)


def test_every_cut_leaves_the_whole_frames_before_it(tmp_path: Path) -> None:
    samples = sound(1.7)
    whole = write(tmp_path / "r", samples).read_bytes()
    frame = 1 + FRAME_SAMPLES * 2 + 16
    header = len(whole) - 3 * frame - (1 + int(0.2 * SAMPLE_RATE) * 2 + 16)
    torn = tmp_path / "torn"
    borders = {header + number * frame + d for number in range(4) for d in (-1, 0, 1, 20)}
    cuts = sorted({*range(header, len(whole), 997), *borders, len(whole) - 1})
    for size in cuts:
        if size < header:
            continue
        torn.write_bytes(whole[:size])
        frames = (size - header) // frame
        np.testing.assert_array_equal(read(torn), samples[: frames * FRAME_SAMPLES])
        info = recording.inspect(torn, KEY)
        assert (info.complete, info.seconds) == (False, frames / 2)
        assert info.lost_bytes == (size - header) % frame


@pytest.mark.parametrize("size", [0, 1, 8, 31])
def test_a_recording_without_its_header_is_damaged(size: int, tmp_path: Path) -> None:
    path = write(tmp_path / "r", sound(1.0))
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(VaultDamaged):
        read(path)


def test_no_flipped_byte_goes_unnoticed(tmp_path: Path) -> None:
    samples = sound(1.2)
    whole = write(tmp_path / "r", samples).read_bytes()
    changed = tmp_path / "changed"
    for place in [*range(40), *range(40, len(whole), 641), len(whole) - 1]:
        raw = bytearray(whole)
        raw[place] ^= 0x10
        changed.write_bytes(raw)
        try:
            complete = recording.inspect(changed, KEY).complete
        except VaultDamaged:
            continue
        assert not complete, f"byte {place}"


def test_no_flipped_bit_of_a_flag_goes_unnoticed(tmp_path: Path) -> None:
    whole = write(tmp_path / "r", sound(1.2)).read_bytes()
    frame = 1 + FRAME_SAMPLES * 2 + 16
    changed = tmp_path / "changed"
    for flag in (32, 32 + frame, 32 + 2 * frame):
        for bit in range(8):
            raw = bytearray(whole)
            raw[flag] ^= 1 << bit
            changed.write_bytes(raw)
            try:
                complete = recording.inspect(changed, KEY).complete
            except VaultDamaged:
                continue
            assert not complete


def test_frames_cannot_be_moved_doubled_or_dropped(tmp_path: Path) -> None:
    whole = write(tmp_path / "r", sound(2.2)).read_bytes()
    frame = 1 + FRAME_SAMPLES * 2 + 16
    head, a, b, rest = whole[:32], whole[32 : 32 + frame], whole[32 + frame : 32 + 2 * frame], b""
    rest = whole[32 + 2 * frame :]
    changed = tmp_path / "changed"
    for content in (head + b + a + rest, head + a + a + b + rest, head + b + rest, whole + a):
        changed.write_bytes(content)
        with pytest.raises(VaultDamaged):
            recording.inspect(changed, KEY)


def test_a_frame_of_another_recording_under_the_same_key_does_not_fit(tmp_path: Path) -> None:
    one = write(tmp_path / "one", sound(1.2)).read_bytes()
    other = write(tmp_path / "other", sound(1.2)).read_bytes()
    frame = 1 + FRAME_SAMPLES * 2 + 16
    mixed = tmp_path / "mixed"
    mixed.write_bytes(one[:32] + other[32 : 32 + frame] + one[32 + frame :])
    with pytest.raises(VaultDamaged):
        read(mixed)


def test_a_wrong_key_opens_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "r", sound(0.2))
    with pytest.raises(VaultDamaged, match="key"):
        list(recording.read(path, OTHER_KEY))


def test_a_garbled_last_frame_of_a_broken_off_recording_is_its_torn_tail(tmp_path: Path) -> None:
    """After a power cut a file can have its new length and not yet its new content."""
    path = write(tmp_path / "r", sound(1.5), close=False)
    raw = path.read_bytes()
    path.write_bytes(raw[:-9_000] + bytes(9_000))
    info = recording.inspect(path, KEY)
    assert (info.seconds, info.complete) == (1.0, False)
    assert info.lost_bytes == 1 + FRAME_SAMPLES * 2 + 16


def test_nothing_that_was_said_can_be_read_in_the_file(tmp_path: Path) -> None:
    samples = sound(1.2)
    pcm = (samples * 32_768).astype("<i2").tobytes()
    raw = write(tmp_path / "r", samples).read_bytes()
    assert pcm[:16] not in raw
    assert not any(pcm[start : start + 8] in raw for start in range(0, len(pcm) - 8, 400))


def test_the_file_is_for_its_owner_only(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("file modes are a matter of POSIX")
    assert write(tmp_path / "r", sound(0.1)).stat().st_mode & 0o777 == 0o600


def test_a_recording_is_never_overwritten(tmp_path: Path) -> None:
    path = write(tmp_path / "r", sound(1.0))
    with pytest.raises(StoreError, match="never overwritten"):
        RecordingWriter(path, KEY)
    assert len(read(path)) == SAMPLE_RATE


def test_without_the_folder_or_the_file_there_is_a_plain_error(tmp_path: Path) -> None:
    with pytest.raises(StoreError):
        RecordingWriter(tmp_path / "nowhere" / "r", KEY)
    with pytest.raises(StoreError):
        read(tmp_path / "nowhere")


def test_a_key_of_the_wrong_length_is_a_bug(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="32"):
        RecordingWriter(tmp_path / "r", b"short")


class FullDisk:
    """A disk in memory with room for `room` bytes; it writes what fits before it fails."""

    def __init__(self, room: int, *, error: int = errno.ENOSPC) -> None:
        self.room, self.error = room, error
        self.content = b""
        self.closed = False

    def append(self, data: bytes) -> None:
        fits = max(0, self.room - len(self.content))
        self.content += data[:fits]
        if fits < len(data):
            raise OSError(self.error, os.strerror(self.error))

    def cut(self, size: int) -> None:
        self.content = self.content[:size]

    def close(self) -> None:
        self.closed = True


def test_a_full_disk_keeps_every_whole_frame(tmp_path: Path) -> None:
    disk = FullDisk(room=40_000)
    writer = RecordingWriter(tmp_path / "r", KEY, disk=disk)
    with pytest.raises(DiskFull, match=r"safe up to 1\.0 s"):
        writer.append(sound(3.0))
    assert writer.seconds == 1.0
    path = tmp_path / "copy"
    path.write_bytes(disk.content)
    np.testing.assert_array_equal(read(path), sound(3.0)[:SAMPLE_RATE])
    assert recording.inspect(path, KEY).lost_bytes == 0


def test_with_room_again_nothing_is_missing(tmp_path: Path) -> None:
    disk = FullDisk(room=40_000)
    writer = RecordingWriter(tmp_path / "r", KEY, disk=disk)
    with pytest.raises(DiskFull):
        writer.append(sound(3.0))
    disk.room = 10**9
    writer.close()
    path = tmp_path / "copy"
    path.write_bytes(disk.content)
    np.testing.assert_array_equal(read(path), sound(3.0))
    assert recording.inspect(path, KEY).complete


def test_the_file_is_closed_even_when_its_last_frame_finds_no_room(tmp_path: Path) -> None:
    disk = FullDisk(room=100)
    writer = RecordingWriter(tmp_path / "r", KEY, disk=disk)
    with pytest.raises(DiskFull):
        writer.append(sound(1.0))
    with pytest.raises(DiskFull):
        writer.close()
    assert disk.closed
    writer.close()


def test_a_disk_without_room_for_the_header_refuses_the_start(tmp_path: Path) -> None:
    disk = FullDisk(room=3)
    with pytest.raises(DiskFull):
        RecordingWriter(tmp_path / "r", KEY, disk=disk)
    assert disk.closed


def test_another_fault_of_the_disk_is_not_called_full(tmp_path: Path) -> None:
    writer = RecordingWriter(tmp_path / "r", KEY, disk=FullDisk(room=20_000, error=errno.EIO))
    with pytest.raises(StoreError, match="refused to write") as fault:
        writer.append(sound(2.0))
    assert not isinstance(fault.value, DiskFull)


RECORDER = """
import sys
from pathlib import Path
import numpy as np
from scribe.audio.recording import RecordingWriter

writer = RecordingWriter(Path(sys.argv[1]), bytes(range(32)))
sound = np.random.default_rng(3).integers(-20_000, 20_000, 16_000 * 60) / 32_768
for start in range(0, len(sound), 1_600):
    writer.append(sound[start : start + 1_600].astype(np.float32))
    print((start + 1_600) / 16_000, flush=True)
"""


def test_killed_while_recording_less_than_half_a_second_and_a_block_is_lost(tmp_path: Path) -> None:
    for kill in (1, 7, 23):
        path = tmp_path / f"r{kill}"
        with subprocess.Popen(
            [sys.executable, "-c", RECORDER, str(path)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            taken = 0.0
            for _ in range(kill):
                taken = float(process.stdout.readline())
            process.kill()
        info = recording.inspect(path, KEY)
        assert not info.complete
        assert info.seconds > taken - 0.5
        np.testing.assert_array_equal(read(path), sound(60.0)[: round(info.seconds * SAMPLE_RATE)])


LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from scribe.audio.recording import RecordingWriter
from scribe.errors import DiskFull

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
writer = RecordingWriter(Path(sys.argv[1]), bytes(range(32)))
try:
    writer.append(np.zeros(16_000 * 10, dtype=np.float32))
except DiskFull as full:
    print(writer.seconds, full.message)
"""


def test_a_real_file_that_may_not_grow_keeps_its_frames(tmp_path: Path) -> None:
    if os.name != "posix":
        pytest.skip("a limit on the size of files is a matter of POSIX")
    path = tmp_path / "r"
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("3.0 The disk is full.")
    info = recording.inspect(path, KEY)
    assert (info.seconds, info.complete, info.lost_bytes) == (3.0, False, 0)
