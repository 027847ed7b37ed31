"""Owns the wall around a walk: a network of its own in which nothing is but itself.

Linux namespaces (unshare(2)), as root or in a user namespace of its own. Where the system
gives none, the caller has to know: only Python can be kept from the network then.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import struct
import sys
from pathlib import Path

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_SIOCGIFFLAGS, _SIOCSIFFLAGS, _IFF_UP = 0x8913, 0x8914, 1  # netdevice(7)


def leave_the_network() -> bool:
    """Put this process and its children into an empty network; say whether it worked.

    It must have one thread only.
    """
    if sys.platform != "linux":
        return False
    user, group = os.geteuid(), os.getegid()
    flags = _CLONE_NEWNET if user == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(flags):
        return False
    try:
        if user:
            _map(user, group)
        _loopback_up()
    except OSError:
        # no loopback, so nothing could be answered; nothing leaves either
        return False
    return True


def available() -> bool:
    """Whether a process can leave the network here; tried in a child."""
    if sys.platform != "linux":
        return False
    pid = os.fork()
    if pid == 0:
        try:
            os._exit(0 if leave_the_network() else 1)
        finally:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def adopt_orphans() -> None:
    """Become the parent of what the agent leaves behind, so that all of it is found."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent() -> None:
    """Be killed when the process that started this one dies, however it does."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _map(user: int, group: int) -> None:
    """Keep user and group what they are (user_namespaces(7))."""
    own = Path("/proc/self")
    (own / "setgroups").write_text("deny")
    (own / "uid_map").write_text(f"{user} {user} 1")
    (own / "gid_map").write_text(f"{group} {group} 1")


def _loopback_up() -> None:
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        request = struct.pack("16sh14x", b"lo", 0)
        flags = struct.unpack("16sh14x", fcntl.ioctl(line, _SIOCGIFFLAGS, request))[1]
        request = struct.pack("16sh14x", b"lo", flags | _IFF_UP)
        fcntl.ioctl(line, _SIOCSIFFLAGS, request)
