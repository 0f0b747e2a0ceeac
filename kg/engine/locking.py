"""What a worker gives up before it reads what others wrote: connections, files, memory without bounds.

The engine can make HTTP requests (SERVICE, LOAD) and cannot be told not to. What would make it is refused when a query
is read (`kg.engine.reading`); these are the second locks, of the operating system, behind the first. None can be
undone by the process that locked itself in. Each works where the system has it, and is passed over elsewhere: on Linux
all three; on macOS the second, for graphs in memory; on Windows none.
"""

from __future__ import annotations

import os
import platform
import struct
import sys
from pathlib import Path

__all__ = ["MEMORY", "bound_memory", "forbid_connections", "forbid_files"]

#: What a worker may take beyond what it takes when its graph is open.
MEMORY = 2 * 1024**3

#: Machine → the number by which the kernel names it, and that of its system call `socket`.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_SET_SECCOMP, _SET_NO_NEW_PRIVS, _FILTER = 22, 38, 2
_ALLOW, _DENY, _KILL = 0x7FFF0000, 0x00050000 | 1, 0x80000000  # to deny is to fail with EPERM, which is 1
_LOAD, _EQUALS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


def forbid_connections() -> bool:
    """Have the kernel refuse this process, and all threads it starts from now on, every new socket.

    Returns
    -------
    bool
        Whether it does.

    References
    ----------
    Linux kernel documentation, Seccomp BPF; ``man 2 seccomp``.
    """
    known = _MACHINES.get(platform.machine())
    if sys.platform != "linux" or known is None or sys.maxsize < 2**32:
        return False
    import ctypes

    machine, socket = known
    program = b"".join(
        struct.pack("HBBI", *step)
        for step in (
            (_LOAD, 0, 0, 4),  # the machine that the call is for
            (_EQUALS, 1, 0, machine),
            (_RETURN, 0, 0, _KILL),
            (_LOAD, 0, 0, 0),  # the number of the call
            (_AT_LEAST, 1, 0, 0x40000000),  # x86 has a second set of numbers, which nobody uses
            (_EQUALS, 0, 1, socket),
            (_RETURN, 0, 0, _DENY),
            (_RETURN, 0, 0, _ALLOW),
        )
    )
    steps = ctypes.create_string_buffer(program, len(program))
    whole = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(steps))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    prctl.argtypes = [ctypes.c_int, *[ctypes.c_void_p] * 4]
    held = ctypes.create_string_buffer(whole, len(whole))
    return bool(
        prctl(_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and prctl(_SET_SECCOMP, _FILTER, ctypes.addressof(held), 0, 0) == 0
    )


def forbid_files() -> None:
    """Give up opening files, and connections with them; for graphs in memory, since a store on disk opens its own."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def bound_memory() -> None:
    """Allow this process `MEMORY` more than it has now; Linux alone holds to that."""
    if sys.platform != "linux":
        return
    import resource

    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * os.sysconf("SC_PAGE_SIZE") + MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
