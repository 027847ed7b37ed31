"""Owns reading a rule file from disk: its text, or the error that says what is wrong.

Nothing else in `soul` opens a rule file. One that is no file (a pipe, a device) is never
read from: it might not end, or not begin.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soulguard.errors import SourceEncodingError, SourceMissingError

MAX_SIZE = 8 * 1024 * 1024
"""Bytes a rule file may have; a larger one is a mistake, not a policy."""


_ELSE = (
    (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)  # fmt: skip

Contents = tuple[tuple[str, str], ...]
"""Paths of files with the digest of what each holds."""


@dataclass(frozen=True, slots=True)
class SourceText:
    """One rule file: its absolute path, the name a person reads, and its text."""

    path: Path
    name: str
    text: str


def read_source(path: Path, root: Path) -> SourceText:
    """Read a rule file.

    Raises:
        SourceMissingError: it does not exist, is no file, or may not be read.
        SourceEncodingError: it is not UTF-8; the line is named.
    """
    name = display_name(path, root)
    try:
        data = file_bytes(path)
        size = len(data) if len(data) <= MAX_SIZE else path.stat().st_size
    except OSError as error:
        raise _unreadable(name, error) from None
    if len(data) > MAX_SIZE:
        raise SourceMissingError(
            f"{size} bytes are too many for a rule file",
            where=name,
            hint=f"keep it under {MAX_SIZE // 1024 // 1024} MiB",
        )
    return SourceText(path, name, _decode(data, name))


def file_bytes(path: Path) -> bytes:
    """Give what a rule file holds; of one that is too large, a byte over `MAX_SIZE`.

    Raises:
        OSError: it is no file, or cannot be read.
    """
    _must_be_file(path)
    # what a pipe that took its place meanwhile would make us wait for
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        return file.read(MAX_SIZE + 1)


def must_be_files(paths: Sequence[Path], root: Path) -> None:
    """Refuse rule files that are none, before anything is made beside them.

    Raises:
        SourceMissingError: one does not exist, or is something else.
    """
    for path in paths:
        try:
            _must_be_file(path)
        except OSError as error:
            raise _unreadable(display_name(path, root), error) from None


class _NoFileError(OSError):
    """It is there and is something else than a file: `strerror` says what."""


def _must_be_file(path: Path) -> None:
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise _NoFileError(errno.EISDIR, "a folder")
    for is_one, what in _ELSE:
        if is_one(mode):
            raise _NoFileError(errno.EINVAL, what)


def contents(paths: Sequence[Path]) -> Contents:
    """Give the digest of each file as it is now; empty for one that cannot be read."""
    return tuple((str(path), _digest(path)) for path in paths)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(file_bytes(path)).hexdigest()
    except OSError:
        return ""


def display_name(path: Path, root: Path) -> str:
    """Give a path relative to the root where that is shorter."""
    relative = os.path.relpath(path, root)
    return relative if len(relative) < len(str(path)) else str(path)


def _unreadable(name: str, error: OSError) -> SourceMissingError:
    if isinstance(error, FileNotFoundError):
        hint = "write one with `soulguard init`, or name it with `--soul FILE`"
        return SourceMissingError("no such rule file", where=name, hint=hint)
    if isinstance(error, _NoFileError):
        hint = "save the rules as a file: it is read again at every edit and restart"
        message = f"is {error.strerror}, not a rule file"
        return SourceMissingError(message, where=name, hint=hint)
    reason = (error.strerror or str(error)).lower()
    hint = "make it readable for the user who starts the agent"
    return SourceMissingError(f"cannot be read: {reason}", where=name, hint=hint)


def _decode(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise SourceEncodingError(
            "is UTF-16, not UTF-8", where=f"{name}:1:1", hint="save it as UTF-8"
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        line = before.count(b"\n") + 1
        column = len(before) - (before.rfind(b"\n") + 1) + 1
        raise SourceEncodingError(
            f"byte 0x{data[error.start]:02x} is not UTF-8",
            where=f"{name}:{line}:{column}",
            hint="save the file as UTF-8",
        ) from None
    # A byte order mark would hide a front matter and shift the first column
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
