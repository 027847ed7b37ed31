"""Owns keeping a compilation, so that an unchanged SOUL.md is not compiled again.

A grammar takes longer to load than a run may take to start; what it said of the same
bytes is read back instead. The key covers the sources, their names, what ships and the
compiler's own files. A cache that cannot be used is no error.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soulguard.errors import PolicyError
from soulguard.soul import shipped
from soulguard.soul.compilation import Compilation
from soulguard.soul.sources import lookalikes
from soulguard.soul.text import display_name, file_bytes

NAME = "policy.json"


def compile_cached(
    paths: Sequence[Path],
    folder: Path,
    *,
    root: Path | None = None,
    generation: int = 1,
) -> Compilation:
    """Compile rule files as `compile_sources` does, remembering the last result.

    `folder` is where the result is kept (the ledger's folder, which guarded processes
    cannot write); it must exist, or nothing is kept.

    Raises:
        PolicyError: as `compile_sources`; mistakes are never kept.
    """
    key = _key(paths, root)
    kept = _load(folder / NAME, key) if key else None
    if kept is not None:
        return _renewed(kept, generation)
    from soulguard.soul.compiler import compile_sources

    found = compile_sources(paths, root=root, generation=generation)
    if key:
        _store(folder / NAME, key, found)
    return found


def _renewed(kept: Compilation, generation: int) -> Compilation:
    """Look again at what does not depend on the sources: generation and neighbours."""
    policy = replace(kept.policy, generation=generation)
    root = Path(policy.root)
    beside = lookalikes([Path(p) for p in policy.sources])
    names = tuple(display_name(path, root) for path in beside)
    return replace(kept, policy=policy, lookalikes=names)


def _key(paths: Sequence[Path], root: Path | None) -> str:
    """Give the digest of all that a compilation depends on; empty if unreadable."""
    digest = hashlib.sha256(repr((str(root), [str(p) for p in paths])).encode())
    try:
        for path in paths:
            digest.update(hashlib.sha256(file_bytes(path)).digest())
        for file in _compiler_files():
            stat = os.stat(file)
            digest.update(f"{file} {stat.st_mtime_ns} {stat.st_size}\n".encode())
    except (OSError, PolicyError):
        return ""
    return digest.hexdigest()


def _compiler_files() -> list[str]:
    package = Path(__file__).parent
    folders = (
        package,
        package / "families",
        package.parent / "model",
        shipped.folder(),
    )
    return sorted(
        entry.path
        for folder in folders
        for entry in os.scandir(folder)
        if entry.name.endswith((".py", ".yaml"))
    )


def _load(file: Path, key: str) -> Compilation | None:
    try:
        data = json.loads(file.read_bytes())
        if data["key"] != key:
            return None
        return Compilation.from_json(data["compilation"])
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _store(file: Path, key: str, found: Compilation) -> None:
    staged = file.with_name(f"{NAME}.{os.getpid()}")
    try:
        staged.write_text(json.dumps({"key": key, "compilation": found.to_json()}))
        staged.replace(file)
    except OSError:
        staged.unlink(missing_ok=True)
