"""The command that opens a file at a line in the user's editor. It starts nothing."""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path

_GOTO = ("code", "codium", "code-insiders", "cursor")
_COLON = ("subl", "zed", "hx", "helix")


def editor_command(environ: Mapping[str, str], path: Path, line: int) -> list[str]:
    """Give the editor's command line: $VISUAL, then $EDITOR, then vi."""
    words = shlex.split(environ.get("VISUAL") or environ.get("EDITOR") or "vi")
    name = os.path.basename(words[0])
    if line < 1:
        return [*words, str(path)]
    if name in _GOTO:
        return [*words, "--wait", "--goto", f"{path}:{line}"]
    if name in _COLON:
        return [*words, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)]


def place_of(source: str) -> tuple[str, int]:
    """Give file and line of a place such as ``SOUL.md:6`` or ``SOUL.md:6:3``."""
    parts = source.split(":")
    numbers = []
    while len(parts) > 1 and parts[-1].isdigit():
        numbers.append(int(parts.pop()))
    return ":".join(parts), numbers[-1] if numbers else 0


def source_file(file: str, root: str, sources: Sequence[str]) -> Path | None:
    """Give the path of a rule file as it is named in reports, None if it is gone."""
    for path in (Path(root) / file, *map(Path, sources)):
        if path.name == Path(file).name and path.is_file():
            return path
    return None
