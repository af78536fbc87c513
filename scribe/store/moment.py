"""What time it is, told three ways: the wall clock, which anybody can set; the time since this
machine was started, sleep included, which nobody can; and which start of the machine that was.
"""

import ctypes
import sys
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

_LINUX_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_MAC_BOOT_ID = b"kern.bootsessionuuid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One instant.

    Attributes:
        wall: aware time of the wall clock.
        boot: which start of the machine; empty where the system does not tell.
        uptime: seconds since that start, time asleep included.
    """

    wall: datetime
    boot: str
    uptime: float


class Clock(Protocol):
    """Where moments come from; tests bring their own."""

    def now(self) -> Moment:
        """This instant."""
        ...

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass."""
        ...


class SystemClock:
    """The clock of this machine."""

    def now(self) -> Moment:
        """This instant."""
        return Moment(wall=datetime.now().astimezone(), boot=_boot(), uptime=_uptime())

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass."""
        time.sleep(seconds)


SYSTEM = SystemClock()


def seconds_between(earlier: Moment, later: Moment) -> float | None:
    """Seconds from one moment to the other, or None when no clock can tell: another start of the
    machine, and a wall clock that went backwards.
    """
    if earlier.boot and earlier.boot == later.boot:
        return max(later.uptime - earlier.uptime, 0.0)
    by_wall = (later.wall - earlier.wall).total_seconds()
    return by_wall if by_wall >= 0 else None


def _uptime() -> float:
    # The plain monotonic clock stands still while Linux and macOS sleep; these two do not.
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


def _boot() -> str:
    try:
        if sys.platform == "linux":
            return _LINUX_BOOT_ID.read_text(encoding="ascii").strip()
        if sys.platform == "darwin":
            return _mac_boot()
        if sys.platform == "win32":
            return _windows_boot()
    except (OSError, AttributeError, ValueError):
        pass
    return ""


def _mac_boot() -> str:
    system = ctypes.CDLL("libSystem.dylib")
    text, size = ctypes.create_string_buffer(64), ctypes.c_size_t(64)
    if system.sysctlbyname(_MAC_BOOT_ID, text, ctypes.byref(size), None, 0) != 0:
        return ""
    return text.value.decode("ascii")


def _windows_boot() -> str:
    """When Windows was started, as it saw the time then: BootTime less what the clock was moved
    since (SYSTEM_TIMEOFDAY_INFORMATION: three 64-bit times, two 32-bit fields, two 64-bit biases).
    """
    if sys.platform != "win32":
        return ""
    fields = (ctypes.c_int64 * 6)()
    answer = ctypes.windll.ntdll.NtQuerySystemInformation(
        3, ctypes.byref(fields), ctypes.sizeof(fields), None
    )
    return str(fields[0] - fields[4]) if answer == 0 else ""
