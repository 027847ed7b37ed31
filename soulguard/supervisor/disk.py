"""What the broker looks at on disk: existence, size, digests. It changes only torn tails.

Every function answers None for what is not there and raises nothing else than OSError.
"""

from __future__ import annotations

import os
import re
import stat
from hashlib import sha256

from soulguard.policy.sight import Sight

_CHUNK = 1 << 20
_SCRIPT = 64 << 10
"""The largest script that is looked into, in bytes."""
_LIST = 16 << 20
"""The largest list of addresses, in bytes."""
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def mark(path: str) -> tuple[int, int, int] | None:
    """Give (size, mtime in ns, inode) of the entry itself, or None."""
    try:
        seen = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    return seen.st_size, seen.st_mtime_ns, seen.st_ino


def inode(path: str) -> int:
    """Give the inode number of the entry itself, 0 where there is none."""
    try:
        return os.lstat(path).st_ino
    except (FileNotFoundError, NotADirectoryError):
        return 0


def versioned(folder: str) -> bool:
    """Say whether a folder lies in a git work tree; a linked one has a file there."""
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return False
    return True


def branch(folder: str) -> str:
    """Give the branch of git that a folder is on, empty for none (gitrepository-layout(5))."""
    while not os.path.exists(os.path.join(folder, ".git")):
        folder, below = os.path.dirname(folder), folder
        if folder == below:
            return ""
    place = os.path.join(folder, ".git")
    try:
        if os.path.isfile(place):  # a linked work tree says where its own is
            said = _text(place).removeprefix("gitdir:").strip()
            place = os.path.join(folder, said)
        head = _text(os.path.join(place, "HEAD"))
    except OSError:
        return ""
    named = head.startswith("ref: refs/heads/")
    return head.removeprefix("ref: refs/heads/").strip() if named else ""


def addresses(path: str) -> frozenset[str] | None:
    """Give the mail addresses a file names in lower case, whatever stands around them.

    None where it is not there or too large to be a list.
    """
    try:
        if os.stat(path).st_size > _LIST:
            return None
        with open(path, encoding="utf-8", errors="replace") as file:
            return frozenset(found.lower() for found in _ADDRESS.findall(file.read()))
    except OSError:
        return None


def _text(path: str) -> str:
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read(4096)


def script(path: str) -> str:
    """Give the text of a file that a shell may run; empty for a large or binary one."""
    try:
        seen = os.stat(path)
        if not stat.S_ISREG(seen.st_mode) or seen.st_size > _SCRIPT:
            return ""
        with open(path, "rb") as file:
            raw = file.read(_SCRIPT)
    except OSError:
        return ""
    return "" if b"\0" in raw else raw.decode("utf-8", "replace")


SIGHT = Sight(
    real=os.path.realpath,
    folder=os.path.isdir,
    there=os.path.lexists,
    branch=branch,
    script=script,
)
"""What the disk tells about a command line."""


def digest(path: str, start: int = 0, length: int | None = None) -> str | None:
    """Give the sha256 in hex of a stretch of a file; None if it is shorter or gone.

    A symbolic link is digested as ``symlink:`` and its target, as the guard does.
    """
    try:
        seen = os.lstat(path)
        if stat.S_ISLNK(seen.st_mode):
            return sha256(b"symlink:" + os.fsencode(os.readlink(path))).hexdigest()
        if not stat.S_ISREG(seen.st_mode):
            return None
        return _stretch(path, start, seen.st_size - start if length is None else length)
    except (FileNotFoundError, NotADirectoryError):
        return None


def _stretch(path: str, start: int, length: int) -> str | None:
    found = sha256()
    with open(path, "rb", buffering=0) as file:
        file.seek(start)
        while length > 0:
            chunk = file.read(min(_CHUNK, length))
            if not chunk:
                return None
            found.update(chunk)
            length -= len(chunk)
    return found.hexdigest() if length == 0 else None


def size(path: str) -> int | None:
    """Give the size of a file in bytes, or None."""
    found = mark(path)
    return found[0] if found else None


def cut(path: str, length: int) -> None:
    """Truncate a file to `length` bytes and make that durable."""
    with open(path, "r+b") as file:
        file.truncate(length)
        file.flush()
        os.fsync(file.fileno())


def rewrite(staged: str, path: str) -> None:
    """Copy a whole staged file into the inode at `path` and make that durable."""
    with open(staged, "rb") as source, open(path, "r+b") as target:
        while chunk := source.read(_CHUNK):
            target.write(chunk)
        target.truncate()
        target.flush()
        os.fsync(target.fileno())
