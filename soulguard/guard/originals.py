"""The real world, captured before anything is patched.

Every other module of the guard reaches files, sockets and processes through these names
alone, so that no patch (ours, a test's mock, gevent's) ever changes what the guard does.
"""

from __future__ import annotations

import _io
import _socket
import _thread
import builtins
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

open: Any = _io.open  # noqa: A001 - the name says what it is
builtin_open = builtins.open
FileIO = _io.FileIO

os_open = os.open
os_close = os.close
os_read = os.read
os_write = os.write
os_stat = os.stat
os_lstat = os.lstat
os_fstat = os.fstat
os_access = os.access
os_rename = os.rename
os_replace = os.replace
os_link = os.link
os_symlink = os.symlink
os_unlink = os.unlink
os_remove = os.remove
os_rmdir = os.rmdir
os_truncate = os.truncate
os_ftruncate = os.ftruncate
os_chmod = os.chmod
os_fchmod = os.fchmod
os_chown = os.chown
os_fchown = os.fchown
os_utime = os.utime
os_listdir = os.listdir
os_scandir = os.scandir
os_readlink = os.readlink
os_fsync = os.fsync
os_fdatasync = getattr(os, "fdatasync", os.fsync)
os_dup = os.dup
os_dup2 = os.dup2
os_lseek = os.lseek
os_getcwd = os.getcwd
os_getpid = os.getpid
os_urandom = os.urandom
os_exit = os._exit
os_sendfile = getattr(os, "sendfile", None)
os_copy_file_range = getattr(os, "copy_file_range", None)
os_getxattr: Any = getattr(os, "getxattr", None)
os_setxattr: Any = getattr(os, "setxattr", None)
os_listxattr: Any = getattr(os, "listxattr", None)
os_removexattr: Any = getattr(os, "removexattr", None)

socket = _socket.socket
AF_UNIX = _socket.AF_UNIX
SOCK_STREAM = _socket.SOCK_STREAM
PEEK = _socket.MSG_PEEK | _socket.MSG_DONTWAIT

get_ident = _thread.get_ident
allocate_lock = _thread.allocate_lock
thread_local = _thread._local
sleep = time.sleep
monotonic = time.monotonic
getframe = sys._getframe
