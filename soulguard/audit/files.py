"""Owns which files are audited: Python below the paths, without what is nobody's source.

Looks at names and at `.gitignore`; reads no source.
"""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from soulguard.errors import UsageError

_SKIPPED = frozenset(
    (".git", ".hg", ".svn", ".tox", ".nox", ".venv", "venv", "env", ".env", "virtualenv",
     "node_modules", "__pycache__", "__pypackages__", "site-packages", ".eggs",
     ".mypy_cache", ".pytest_cache", ".ruff_cache", ".soulguard", ".idea", ".vscode")
)  # fmt: skip
_TEST_FOLDERS = frozenset(("test", "tests", "testing"))
_TEST_FILE = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")


_WILD = {"*": "[^/]*", "?": "[^/]", "**": ".*", "**/": "(?:.*/)?"}


class Files(NamedTuple):
    """Files with the names a person knows them by, and how many tests were left out."""

    found: list[tuple[Path, str]]
    left_out: int


def files(paths: Sequence[Path], exclude: Iterable[str], *, tests: bool) -> Files:
    """Give the Python files below the paths, in order, each once.

    `exclude` are globs over the shown names. A file that is named is always taken, and
    so are tests below a folder of tests that is named.

    Raises:
        UsageError: a path does not exist.
    """
    patterns = list(exclude)
    found: dict[Path, str] = {}
    left_out = 0
    for path in paths:
        if not path.exists():
            raise UsageError(f"no such file or folder: `{path}`")
        for file in [path] if path.is_file() else _below(path):
            shown = os.path.relpath(file)
            shown = str(file) if shown.startswith("..") else shown
            if any(fnmatch.fnmatch(shown, p) or fnmatch.fnmatch(shown, f"*/{p}") for p in patterns):  # fmt: skip
                continue
            if not tests and file != path and _is_test(file.relative_to(path)):
                left_out += 1
                continue
            found.setdefault(file.absolute(), shown)
    return Files(list(found.items()), left_out)


def _below(folder: Path) -> Iterator[Path]:
    ignored = _Ignored(folder)
    for at, names, files_here in os.walk(folder):
        here = Path(at)
        names[:] = sorted(
            name for name in names
            if name not in _SKIPPED and not name.endswith(".egg-info")
            and not (here / name / "pyvenv.cfg").exists()
            and not ignored.matches(here / name, folder=True)
        )  # fmt: skip
        for name in sorted(files_here):
            if name.endswith(".py") and not ignored.matches(here / name, folder=False):
                yield here / name


def _is_test(inside: Path) -> bool:
    return bool(_TEST_FILE.fullmatch(inside.name)) or not _TEST_FOLDERS.isdisjoint(inside.parts[:-1])  # fmt: skip


class _Ignored:
    """The `.gitignore` of the folder itself or the nearest above it with a `.git`."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        for above in (self._root, *self._root.parents):
            if (above / ".gitignore").is_file():
                self._root = above
                break
            if (above / ".git").exists():
                break
        try:
            lines = (self._root / ".gitignore").read_text("utf-8", "replace").splitlines()  # fmt: skip
        except OSError:
            lines = []
        said = [line.strip() for line in lines]
        self._rules = [_rule(s) for s in said if s and not s.startswith("#")]

    def matches(self, path: Path, *, folder: bool) -> bool:
        """Whether the last rule that speaks of a path leaves it out."""
        if not self._rules:
            return False
        try:
            inside = path.resolve().relative_to(self._root).as_posix()
        except ValueError:
            return False
        out = False
        for pattern, negated, folders_only in self._rules:
            if (folder or not folders_only) and pattern.fullmatch(inside):
                out = not negated
        return out


def _rule(line: str) -> tuple[re.Pattern[str], bool, bool]:
    negated = line.startswith("!")
    line = line[1:] if negated else line
    folders_only = line.endswith("/")
    line = line.rstrip("/")
    anywhere = "/" not in line
    parts = [
        _WILD.get(part, re.escape(part))
        for part in re.split(r"(\*\*/?|\*|\?)", line.lstrip("/"))
    ]
    body = "".join(parts)
    return re.compile(f"(?:.*/)?{body}" if anywhere else body), negated, folders_only
