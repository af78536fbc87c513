"""What a process of ours gives up before it sees anything of a patient: the network, core dumps,
debuggers, its life after its parent, its terminal, and (for foreign files) every other file. No
process is started here and nothing is read.

On Linux the kernel enforces it: a seccomp filter answers EPERM to socket() of any family but
AF_UNIX and to io_uring_setup(), in every thread. On other systems a process is offline by its
environment only, and `deny_network` says so by returning False. Numbers: linux/audit.h,
linux/seccomp.h, linux/prctl.h, asm/unistd.h.
"""

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

_PR_SET_PDEATHSIG = 1
_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1
_RET_ALLOW = 0x7FFF0000
_RET_EPERM = 0x00050001
_RET_KILL_PROCESS = 0x80000000
_X32 = 0x40000000
_IO_URING_SETUP = 425
_AF_UNIX = 1

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


@dataclass(frozen=True, slots=True)
class _Machine:
    """System call numbers of one kind of processor."""

    audit: int
    seccomp: int
    socket: int
    files: tuple[int, ...]
    """What opens, names, makes or changes a file, starts a program or a thread, or reaches into
    another process."""


# open creat openat openat2 open_by_handle_at; rename* link* unlink* symlink* mkdir* rmdir;
# truncate chmod* chown*; execve* fork vfork clone clone3; ptrace kill process_vm_*; bpf
# perf_event_open userfaultfd memfd_create shmget shmat pidfd_* unshare setns mount
_X86_64 = """
    2 85 257 437 304 82 264 316 86 265 87 263 88 266 83 258 84 76 90 268 92 94 260 59 322 57 58 56
    435 101 62 310 311 321 298 323 319 29 30 434 438 272 308 165
"""
_AARCH64 = """
    56 437 265 38 276 37 35 36 34 45 53 54 221 281 220 435 117 129 270 271 280 241 282 279 194 196
    434 438 97 268 40
"""
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 317, 41, tuple(map(int, _X86_64.split()))),
    "aarch64": _Machine(0xC00000B7, 277, 198, tuple(map(int, _AARCH64.split()))),
}


def _filter(
    audit: int, denied: Iterable[int], socket: int | None, refused: int = _RET_EPERM
) -> bytes:
    """The BPF program: struct sock_filter is {u16 code, u8 if-true, u8 if-false, u32 value}.

    `socket`: the number of socket(), which is then allowed for AF_UNIX alone; `refused`: what
    becomes of the rest.
    """
    wanted = tuple(denied)
    check = 2 if socket is not None else 0
    deny = 4 + len(wanted) + 1 + check
    program = [
        (_LOAD, 0, 0, 4),  # 0: architecture
        (_EQUAL, 0, deny - 2, audit),
        (_LOAD, 0, 0, 0),  # 2: system call number
        (_AT_LEAST, deny - 4, 0, _X32),
    ]
    for number in wanted:
        program.append((_EQUAL, deny - len(program) - 1, 0, number))
    if socket is None:
        program.append((_RETURN, 0, 0, _RET_ALLOW))
    else:
        program.append((_EQUAL, 0, deny - len(program), socket))  # not socket(): allow
        program.append((_LOAD, 0, 0, 16))  # first argument, the family
        program.append((_EQUAL, deny - len(program), 0, _AF_UNIX))
    program += [(_RETURN, 0, 0, refused), (_RETURN, 0, 0, _RET_ALLOW)]
    return b"".join(struct.pack("<HBBI", *each) for each in program)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _install(machine: _Machine, code: bytes) -> bool:
    """In every thread of this process at once: Qt and the sound system have some already."""
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    done = libc.syscall(
        ctypes.c_long(machine.seccomp),
        ctypes.c_long(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_long(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(program),
    )
    return bool(done == 0)


def _machine() -> _Machine | None:
    return _MACHINES.get(platform.machine()) if sys.platform.startswith("linux") else None


def deny_network(*, fatal: bool = False) -> bool:
    """True once the kernel refuses network sockets to this process, False where it cannot.

    `fatal`: instead of refusing, it kills whoever asks for one, here or in a program started from
    here (SIGSYS); that is how a proof is made, not how a program is run.
    """
    machine = _machine()
    if machine is None:
        return False
    refused = _RET_KILL_PROCESS if fatal else _RET_EPERM
    return _install(machine, _filter(machine.audit, (_IO_URING_SETUP,), machine.socket, refused))


def deny_files() -> bool:
    """True once the kernel refuses every further file, socket, program and thread; False where it
    cannot. What is open stays usable; import everything first.
    """
    machine = _machine()
    if machine is None:
        return False
    return _install(
        machine, _filter(machine.audit, (_IO_URING_SETUP, machine.socket, *machine.files), None)
    )


def limit(*, memory: int, seconds: int) -> None:
    """At most `memory` bytes of address space and `seconds` of processor time, no new file
    descriptor and no byte written to a file (POSIX only).
    """
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415  (does not exist on Windows)

    if sys.platform.startswith("linux"):  # other kernels refuse or ignore it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def deny_dumps() -> None:
    """No core file and no other process of this user reading our memory (Linux, macOS)."""
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415  (does not exist on Windows)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def dumpable() -> bool:
    """Whether another process of this user may read our memory (Linux; elsewhere True)."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))


def die_with_parent(by: int = signal.SIGTERM) -> None:
    """Get the signal `by` as soon as the parent is gone (Linux; elsewhere the closed pipe tells).

    The kernel means the thread that started us: start a process from one that lives as long as its
    program.
    """
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(by), 0, 0, 0)


def own_pipes(*, errors: bool = False) -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output as ours alone; the standard ones then lead nowhere, so that a
    library that prints cannot break the protocol or leave patient text in a terminal. With
    `errors`, standard error stays.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1) if errors else (0, 1, 2):
        os.dup2(nowhere, standard)
    return requests, answers


def quiet_death(kind: type[BaseException], *_: object) -> None:
    """As sys.excepthook: a bug ends the process unseen, for its message could quote the patient."""
    os._exit(70)
