"""Owns reading a rule file from disk: its text, or the error that says what is wrong.

Nothing else in `soul` opens a file.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from soulguard.errors import SourceEncodingError, SourceMissingError

MAX_SIZE = 8 * 1024 * 1024
"""Bytes a rule file may have; a larger one is a mistake, not a policy."""


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
        size = path.stat().st_size
        data = path.read_bytes() if size <= MAX_SIZE else b""
    except OSError as error:
        raise _unreadable(name, error) from None
    if size > MAX_SIZE:
        raise SourceMissingError(
            f"{size} bytes are too many for a rule file",
            where=name,
            hint=f"keep it under {MAX_SIZE // 1024 // 1024} MiB",
        )
    return SourceText(path, name, _decode(data, name))


def contents(paths: Sequence[Path]) -> Contents:
    """Give the digest of each file as it is now; empty for one that cannot be read."""
    return tuple((str(path), _digest(path)) for path in paths)


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
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
    if isinstance(error, IsADirectoryError):
        return SourceMissingError("is a folder, not a rule file", where=name)
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
