"""Takes the network, core dumps and debuggers away from the process that calls it; nothing else.

On Linux the kernel enforces it: a seccomp filter answers EPERM to socket() of any family but
AF_UNIX and to io_uring_setup(), for this process and every thread it starts later. On other
systems the process is offline by its environment only, and `deny_network` says so by returning
False. Numbers: linux/audit.h, linux/seccomp.h, asm/unistd.h.
"""

import ctypes
import os
import platform
import struct
import sys

_PR_SET_DUMPABLE = 4
_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2
_RET_ALLOW = 0x7FFF0000
_RET_EPERM = 0x00050001
_X32 = 0x40000000
_IO_URING_SETUP = 425
_AF_UNIX = 1
# machine: (audit architecture, number of socket())
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}

_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


def _filter(audit_arch: int, socket_call: int) -> bytes:
    """The BPF program: struct sock_filter is {u16 code, u8 if-true, u8 if-false, u32 value}."""
    deny, allow = 8, 9
    program = [
        (_LOAD, 0, 0, 4),  # 0: architecture
        (_EQUAL, 0, deny - 2, audit_arch),
        (_LOAD, 0, 0, 0),  # 2: system call number
        (_AT_LEAST, deny - 4, 0, _X32),
        (_EQUAL, deny - 5, 0, _IO_URING_SETUP),
        (_EQUAL, 0, allow - 6, socket_call),
        (_LOAD, 0, 0, 16),  # 6: first argument, the family
        (_EQUAL, allow - 8, 0, _AF_UNIX),
        (_RETURN, 0, 0, _RET_EPERM),
        (_RETURN, 0, 0, _RET_ALLOW),
    ]
    return b"".join(struct.pack("<HBBI", *each) for each in program)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def deny_network() -> bool:
    """True once the kernel refuses network sockets to this process, False where it cannot."""
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None:
        return False
    code = _filter(*machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def deny_dumps() -> None:
    """No core file and no other process of this user reading our memory (Linux, macOS)."""
    if os.name != "posix":
        return
    import resource  # noqa: PLC0415  (does not exist on Windows)

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
