"""Owns saying how two trees differ: what a crash left against what a whole run leaves.

Reads files and judges nothing.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from soulguard.drill.copying import tree
from soulguard.drill.results import Difference

_SHOWN = 70


def compare(expected: Path, found: Path) -> tuple[Difference, ...]:
    """Give every difference between the outputs of two workspaces, by path."""
    wanted, there = tree(expected), tree(found)
    differences = []
    for path in sorted(wanted.keys() | there.keys()):
        if path not in there:
            differences.append(Difference(path, "missing", "is missing"))
        elif path not in wanted:
            differences.append(Difference(path, "extra", "is left over"))
        elif wanted[path] != there[path]:
            differences.append(_content(path, expected / path, found / path))
    return tuple(differences)


def _content(path: str, expected: Path, found: Path) -> Difference:
    if expected.is_symlink() or found.is_symlink():
        return Difference(path, "content", "is another link")
    wanted, there = expected.read_bytes(), found.read_bytes()
    if wanted == there:
        modes = [f"{p.stat().st_mode & 0o7777:o}" for p in (found, expected)]
        return Difference(path, "content", f"has mode {modes[0]}, not {modes[1]}")
    if wanted.startswith(there):
        words = f"is cut off after {len(there)} of {len(wanted)} bytes"
        return Difference(path, "torn", words)
    return _lines(path, wanted.splitlines(), there.splitlines())


def _lines(path: str, wanted: list[bytes], there: list[bytes]) -> Difference:
    more = Counter(there) - Counter(wanted)
    lost = Counter(wanted) - Counter(there)
    if more and not lost and set(more) <= set(wanted):
        count = more.total()
        lines = "a line" if count == 1 else f"{count} lines"
        words = f"has {lines} twice: `{_show(next(iter(more)))}`"
        return Difference(path, "twice", words)
    if not more and not lost and wanted != there:
        return Difference(
            path, "order", "has its lines in another order", same_shape=True
        )
    at = next(
        (i for i, (a, b) in enumerate(zip(wanted, there, strict=False)) if a != b),
        min(len(wanted), len(there)),
    )
    was = _show(wanted[at]) if at < len(wanted) else "nothing"
    now = _show(there[at]) if at < len(there) else "nothing"
    same = len(wanted) == len(there)
    return Difference(path, "content", f"line {at + 1}: `{was}` is `{now}`", same)


def _show(line: bytes) -> str:
    text = line.decode("utf-8", "replace").strip()
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
