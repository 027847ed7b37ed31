"""Outputs carry the run id: an extended attribute, and a field in JSON objects.

Only where a rule says so. The text of a JSON file keeps its formatting: the field is
put in after the opening brace and nothing else is touched.
"""

from __future__ import annotations

import os

from soulguard.guard import originals
from soulguard.guard.files.bytes import write_all

ATTRIBUTE = "user.soulguard.run_id"
_LIMIT = 16 << 20


def apply(staged: str, path: str, run_id: str) -> None:
    """Stamp a staged file before it is digested and published.

    A file system without user attributes is no error: the record in the ledger stays.
    """
    if path.endswith(".json") and originals.os_stat(staged).st_size <= _LIMIT:
        _add_field(staged, run_id)
    if originals.os_setxattr is not None:
        try:
            originals.os_setxattr(staged, ATTRIBUTE, run_id.encode())
        except OSError:
            pass


def with_run_id(text: str, run_id: str) -> str:
    """Give a JSON object's text with a `run_id` field; other text comes back as is."""
    import json

    try:
        value = json.loads(text)
    except ValueError:
        return text
    if not isinstance(value, dict) or "run_id" in value:
        return text
    brace = text.index("{") + 1
    rest = text[brace:]
    gap = rest[: len(rest) - len(rest.lstrip())] if value else ""
    field = f'{gap}"run_id": {json.dumps(run_id)}' + ("," if value else "")
    if value and not gap:
        field += " "
    return text[:brace] + field + rest


def _add_field(staged: str, run_id: str) -> None:
    with originals.open(staged, "rb") as file:
        before = file.read()
    try:
        text = before.decode("utf-8")
    except UnicodeDecodeError:
        return
    after = with_run_id(text, run_id).encode()
    if after == before:
        return
    fd = originals.os_open(staged, os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC)
    try:
        write_all(fd, after)
        originals.os_fsync(fd)
    finally:
        originals.os_close(fd)
