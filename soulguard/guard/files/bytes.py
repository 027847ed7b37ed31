"""Bytes on disk: copying, digesting and syncing, on captured functions only."""

from __future__ import annotations

import os

from soulguard.guard import originals

_CHUNK = 1 << 20
# our own look at a staged file must not show in its access time
_QUIET = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)


def digest_of(path: str) -> tuple[str, int]:
    """Give the sha256 in hex and the length of a file's content."""
    fd = _open_quietly(path)
    try:
        return digest_from(fd)
    finally:
        originals.os_close(fd)


def content_of(path: str, most: int) -> bytes:
    """Give a file's content, empty where it is more than `most` bytes."""
    fd = _open_quietly(path)
    try:
        data = os.pread(fd, most + 1, 0)
    finally:
        originals.os_close(fd)
    return data if len(data) <= most else b""


def digest_from(fd: int, start: int = 0) -> tuple[str, int]:
    """Give the sha256 in hex and the length of what a descriptor holds from `start`
    on, without moving its position.
    """
    from hashlib import sha256

    digest, size = sha256(), 0
    while chunk := os.pread(fd, _CHUNK, start + size):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _open_quietly(path: str) -> int:
    try:
        return originals.os_open(path, _QUIET)
    except PermissionError:
        # O_NOATIME is for owners only (open(2))
        return originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)


def copy_into(path: str, fd: int) -> int:
    """Write a file's content to a descriptor and rewind that; give the bytes written."""
    source = originals.os_open(path, os.O_RDONLY | os.O_CLOEXEC)
    size = 0
    try:
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
