"""Bytes on disk: copying, digesting and syncing, on captured functions only."""

from __future__ import annotations

import os

from soulguard.guard import originals

_CHUNK = 1 << 20
# our own look at a staged file must not show in its access time
_QUIET = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)


def digest_of(path: str, start: int = 0) -> tuple[str, int]:
    """Give the sha256 in hex and the length of a file's content from `start` on."""
    from hashlib import sha256

    fd = _open_quietly(path)
    try:
        if start:
            originals.os_lseek(fd, start, os.SEEK_SET)
        digest, size = sha256(), 0
        while chunk := originals.os_read(fd, _CHUNK):
            digest.update(chunk)
            size += len(chunk)
    finally:
        originals.os_close(fd)
    return digest.hexdigest(), size


def _open_quietly(path: str) -> int:
    try:
        return originals.os_open(path, _QUIET)
    except PermissionError:
        # O_NOATIME is for owners only (open(2))
        return originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)


def copy_into(path: str, fd: int, start: int = 0) -> int:
    """Write a file's content from `start` on to a descriptor; give the bytes written.

    The descriptor's position afterwards is its start again unless it appends.
    """
    source = originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)
    size = 0
    try:
        if start:
            originals.os_lseek(source, start, os.SEEK_SET)
        while chunk := originals.os_read(source, _CHUNK):
            write_all(fd, chunk)
            size += len(chunk)
    finally:
        originals.os_close(source)
    originals.os_lseek(fd, 0, os.SEEK_SET)
    return size


def write_all(fd: int, data: bytes) -> None:
    """Write every byte or raise what the system says."""
    view = memoryview(data)
    while view:
        view = view[originals.os_write(fd, view) :]


def sync_folder(path: str) -> None:
    """Make a rename in a folder survive power loss (fsync(2) on the folder)."""
    fd = originals.os_open(path or ".", os.O_RDONLY | os.O_CLOEXEC)
    try:
        originals.os_fsync(fd)
    finally:
        originals.os_close(fd)
