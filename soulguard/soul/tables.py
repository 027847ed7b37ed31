"""Owns shipped YAML as values, kept beside it as Python keeps what it has compiled.

Reading YAML takes longer than compiling a SOUL.md. What came of a shipped file is kept
in its ``__pycache__`` under the stamps of the file and of the code that read it; a copy
that does not match, or cannot be kept, is no error. Never used for a file of the user.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from soulguard.soul import shipped

_READERS = ("form.py", "yamlnodes.py", "tables.py")
"""The code that what is kept depends on."""


def kept(name: str, what: str, read: Callable[[str], Any]) -> Any:
    """Give what `read` makes of a shipped file's text: values that JSON can hold.

    `what` tells apart two things that are made of one file.

    Raises:
        PolicyError: as `shipped` and `read`.
    """
    source = shipped.shipped(name)
    stamp = _stamp(source)
    copy = source.parent / "__pycache__" / f"{name}.{what}.json"
    found = _load(copy, stamp)
    if found is None:
        found = [read(source.read_text(encoding="utf-8"))]
        _store(copy, stamp, found)
    return found[0]


def _stamp(source: Path) -> list[list[int]]:
    here = Path(__file__).parent
    stats = (os.stat(file) for file in (source, *(here / name for name in _READERS)))
    return [[stat.st_mtime_ns, stat.st_size] for stat in stats]


def _load(copy: Path, stamp: list[list[int]]) -> list[Any] | None:
    try:
        data = json.loads(copy.read_bytes())
        return data["found"] if data["stamp"] == stamp else None
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _store(copy: Path, stamp: list[list[int]], found: list[Any]) -> None:
    staged = copy.with_name(f"{copy.name}.{os.getpid()}")
    try:
        copy.parent.mkdir(exist_ok=True)
        staged.write_text(json.dumps({"stamp": stamp, "found": found}))
        staged.replace(copy)
    except OSError:
        staged.unlink(missing_ok=True)
