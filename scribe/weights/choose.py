"""Whether a model fits into the memory that is free, and which ones would; loads nothing."""

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from scribe.errors import TooLittleMemory
from scribe.weights.catalogue import Kind, ModelCard, known

PROGRAM_BYTES = 500_000_000
"""What the window, the recorder and the bare processes need beside the models."""


def memory_free() -> int:
    """Bytes a new process could use without pushing others out; half of all memory where the
    system does not say.
    """
    if sys.platform == "linux":
        return linux_free(Path("/proc/meminfo"), Path("/sys/fs/cgroup"))
    if sys.platform == "win32":
        return _windows_free()
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2


def fits(card: ModelCard, free: int) -> bool:
    """Whether the model and the rest of the program fit into `free` bytes."""
    return card.memory_bytes + PROGRAM_BYTES <= free


def check_memory(
    card: ModelCard, cards: Iterable[ModelCard] | None = None, free: int | None = None
) -> None:
    """Raise TooLittleMemory, naming the models of the same kind that do fit, unless `card` fits
    into `free` bytes (measured now, if not given).
    """
    free = memory_free() if free is None else free
    if fits(card, free):
        return
    cards = known() if cards is None else cards
    others = [each.id for each in cards if each.kind is card.kind and fits(each, free)]
    raise TooLittleMemory(
        f"The model {card.id} needs {_gigabytes(card.memory_bytes + PROGRAM_BYTES)} of memory "
        f"with the rest of the program, and {_gigabytes(free)} is free. It was not loaded.",
        advice=f"These fit: {', '.join(others)}. Choose one in the settings."
        if others
        else "No model of this kind fits. Close other programs, or work with rules only."
        if card.kind is Kind.WRITER
        else "No model of this kind fits. Close other programs.",
    )


def recommended(kind: Kind, cards: Iterable[ModelCard], free: int) -> ModelCard | None:
    """The largest model of a kind that uses at most half of the free memory, if there is one."""
    fitting = [each for each in cards if each.kind is kind and 2 * each.memory_bytes <= free]
    return max(fitting, key=lambda each: each.memory_bytes, default=None)


def _gigabytes(amount: int) -> str:
    return f"{amount / 1e9:.1f} GB"


def linux_free(meminfo: Path, cgroup: Path) -> int:
    """Available bytes by `/proc/meminfo`, or less where a control group sets a limit."""
    fields = dict(
        line.split(":", 1)
        for line in meminfo.read_text(encoding="ascii").splitlines()
        if ":" in line
    )
    free = int(fields["MemAvailable"].split()[0]) * 1024
    try:  # a container may have less than the machine
        most = int((cgroup / "memory.max").read_text(encoding="ascii"))
        used = int((cgroup / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return free
    return max(min(free, most - used), 0)


class _MemoryStatus(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = [
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("available", ctypes.c_ulonglong),
        ("total_page", ctypes.c_ulonglong),
        ("available_page", ctypes.c_ulonglong),
        ("total_virtual", ctypes.c_ulonglong),
        ("available_virtual", ctypes.c_ulonglong),
        ("available_extended", ctypes.c_ulonglong),
    ]


def _windows_free() -> int:
    status = _MemoryStatus()
    status.length = ctypes.sizeof(status)
    kernel: ctypes.CDLL = getattr(ctypes, "windll").kernel32  # noqa: B009 - Windows only
    kernel.GlobalMemoryStatusEx(ctypes.byref(status))
    return int(status.available)
