"""Owns describing file effects to the rules: in words, and in the bytes written.

The bytes are read from where the agent's process holds them ready (a staged file, a
descriptor under ``/proc``). Nothing is decided or written here.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator

from soulguard.model import Effect, EffectKind, Judgement
from soulguard.supervisor import disk
from soulguard.supervisor.deed import LONGEST, Deed, nothing, readable

_CHUNK = 1 << 20
_COMPARED = 1 << 18
"""Bytes of a file up to which the difference is shown instead of the new content."""


def describe(
    kind: EffectKind,
    tried: str,
    path: str,
    judgement: Judgement,
    *,
    shown: str = "",
    source: str = "",
    start: int = 0,
    size: int = -1,
    total: int = -1,
    moved: str = "",
    digest: str = "",
) -> Deed:
    """Give the deed of a file effect.

    `tried` is the verb, `shown` the path as a person reads it, `source` the file that
    holds the bytes to be written from offset `start` on, empty where none are known yet,
    `moved` the path whose file arrives at `path`, `digest` that of the bytes.
    """
    words = f"{tried} {shown or path}"
    return Deed(
        Effect(kind=kind, target=path, size=size), judgement, words, path,
        shown=lambda: _text(words, path, kind, source, start),
        content=(lambda: _pieces(source, start)) if source else nothing,
        identity=lambda: _identity(words, path, kind, digest),
        size=size, total=max(size, total), moved=moved,
    )  # fmt: skip


def _pieces(source: str, start: int) -> Iterator[bytes]:
    if not os.path.isfile(source):
        return
    with open(source, "rb") as file:
        file.seek(start)
        while chunk := file.read(_CHUNK):
            yield chunk


def _identity(words: str, path: str, kind: EffectKind, digest: str) -> str:
    """Tell by a digest what `_text` shows, without reading a file: empty without one."""
    if not digest:
        return ""
    replaced = disk.mark(path) if kind is EffectKind.FILE_WRITE else None
    return f"{words}\n{digest}\n{replaced}"


def _begun(source: str, start: int) -> tuple[bytes, int]:
    """Give what is shown of a file's bytes, and how many there are."""
    if not os.path.isfile(source):
        return b"", 0
    with open(source, "rb") as file:
        file.seek(start)
        return file.read(LONGEST), max(os.fstat(file.fileno()).st_size - start, 0)


def _text(words: str, path: str, kind: EffectKind, source: str, start: int) -> str:
    """Give all that would be done, as a difference where that says it best."""
    if not source:
        return words
    new, size = _begun(source, start)
    old = b"".join(_pieces(path, 0)) if (disk.size(path) or 0) <= _COMPARED else b""
    if b"\0" in new or b"\0" in old:
        return f"{words}\n{size} bytes that are no text"
    if kind is EffectKind.FILE_APPEND or not old or size > _COMPARED:
        return f"{words}\n{readable(new, size)}"
    after = new.decode("utf-8", "replace")
    before = old.decode("utf-8", "replace")
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), "before", "after", lineterm=""
    )
    return "\n".join((words, *lines))
