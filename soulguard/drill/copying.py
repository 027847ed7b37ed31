"""Owns the copies of a workspace: what goes into one, how large it may be, its tree.

The real workspace is read and never written. Symbolic links and modes are kept.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from soulguard.errors import DrillError
from soulguard.policy.globs import compile_any
from soulguard.soul import builtin

LEFT_OUT = frozenset({
    ".git", ".hg", ".svn", ".soulguard", "__pycache__", ".mypy_cache", ".ruff_cache",
    ".pytest_cache", ".hypothesis", ".tox", ".nox", ".cache", ".ipynb_checkpoints",
})  # fmt: skip
"""Folders that no agent needs: history, the record, caches."""

MOST_BYTES = 512 * 1024 * 1024
MOST_FILES = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """How much was copied: files, bytes, and the folders that were left out."""

    files: int
    bytes: int
    left_out: tuple[str, ...]

    @property
    def words(self) -> str:
        """The size as a person reads it."""
        amount = f"{self.files} files, {self.bytes / 1e6:.1f} MB"
        left = f", without {', '.join(self.left_out)}" if self.left_out else ""
        return amount + left


def take(source: Path, target: Path, *, most: int = MOST_BYTES) -> Size:
    """Copy a workspace once; `most` is the greatest number of bytes.

    Raises:
        DrillError: it has more bytes or files than is sensible.
    """
    size = _look(source, most)
    left = set(size.left_out)

    def passed_over(folder: str, names: list[str]) -> list[str]:
        paths = {name: os.path.join(folder, name) for name in names}
        return [
            name
            for name, path in paths.items()
            if os.path.relpath(path, source) in left or not _is_copied(path)
        ]

    shutil.copytree(source, target, symlinks=True, ignore=passed_over)
    return size


def _look(source: Path, most: int) -> Size:
    """Look at all there is, and stop as soon as it is too much."""
    count = size = 0
    left: list[str] = []
    for folder, names, files in os.walk(source):
        out = [n for n in names if _is_left_out(os.path.join(folder, n), n)]
        left += [os.path.relpath(os.path.join(folder, n), source) for n in out]
        names[:] = [n for n in names if n not in out]
        for name in files:
            seen = os.lstat(os.path.join(folder, name))
            if stat.S_ISREG(seen.st_mode):
                count, size = count + 1, size + seen.st_size
        if size > most or count > MOST_FILES:
            raise DrillError(
                f"the workspace is too large to copy: at least {count} files, "
                f"{size / 1e6:.0f} MB",
                where=str(source),
                hint="move data out of it, or allow more with `--max-size MB`",
            )
    return Size(count, size, tuple(sorted(left)))


def again(source: Path, target: Path) -> None:
    """Copy a copy."""
    shutil.copytree(source, target, symlinks=True)


def _is_left_out(path: str, name: str) -> bool:
    """Whether a folder is none that an agent needs, or an environment of Python."""
    if os.path.islink(path):
        return False
    return name in LEFT_OUT or os.path.exists(os.path.join(path, "pyvenv.cfg"))


def _is_copied(path: str) -> bool:
    """Whether it can be: sockets, pipes and devices cannot."""
    mode = os.lstat(path).st_mode
    return stat.S_ISREG(mode) or stat.S_ISLNK(mode) or stat.S_ISDIR(mode)


def not_outputs(root: Path) -> re.Pattern[str]:
    """Give what is nobody's output: logs, caches, locks, databases (defaults.yaml)."""
    globs = builtin.classes()["not-outputs"]
    found = compile_any(tuple(f"{root}/{glob}" for glob in globs))
    return found if found is not None else re.compile(r"(?!)")


def tree(root: Path) -> dict[str, str]:
    """Give every file, link and folder below a folder with the digest of what it is.

    What is nobody's output is left out.
    """
    ignored, found = not_outputs(root), {}
    for folder, names, files in os.walk(root):
        names[:] = [n for n in names if not ignored.match(f"{folder}/{n}/x")]
        for name in [*files, *(n for n in names if os.path.islink(f"{folder}/{n}"))]:
            path = f"{folder}/{name}"
            if not ignored.match(path):
                found[os.path.relpath(path, root)] = _digest(path)
    return found


def _digest(path: str) -> str:
    seen = os.lstat(path)
    if stat.S_ISLNK(seen.st_mode):
        return f"link to {os.readlink(path)}"
    if not stat.S_ISREG(seen.st_mode):
        return f"special {stat.S_IFMT(seen.st_mode):o}"
    digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()
    return f"{stat.S_IMODE(seen.st_mode):o} {digest}"
