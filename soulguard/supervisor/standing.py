"""Answers that hold always: a small file in the policy folder, made to be read.

Beside the ledger and as well guarded. A person takes an answer back by deleting its
entry. Nothing else may be kept here.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

NAME = "approvals.json"


class Standing:
    """The answers of a policy folder, by rule and target."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / NAME
        self._read: tuple[int, list[dict[str, Any]]] | None = None

    def answer(self, rule: str, place: str) -> str | None:
        """Give ``approve`` or ``deny`` where it was said for good, else None."""
        for entry in reversed(self._entries()):
            if entry.get("rule") == rule and entry.get("target") == place:
                return "approve" if entry.get("answer") == "approve" else "deny"
        return None

    def keep(self, rule: str, place: str, answer: str, by: str, at: float) -> None:
        """Keep an answer for good, in place of an older one."""
        entries = [
            e
            for e in self._entries()
            if (e.get("rule"), e.get("target")) != (rule, place)
        ]
        entries.append(
            {"rule": rule, "target": place, "answer": answer, "by": by, "at": at}
        )
        fresh = self._file.with_suffix(".new")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(fd, "w", encoding="utf-8") as file:
            json.dump(entries, file, indent=2)
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._file)

    def _entries(self) -> list[dict[str, Any]]:
        """Read the file again when it changed; what is not readable approves nothing."""
        try:
            mark = self._file.stat().st_mtime_ns
        except OSError:
            return []
        if self._read is None or self._read[0] != mark:
            self._read = (mark, _parsed(self._file))
        return self._read[1]


def _parsed(file: Path) -> list[dict[str, Any]]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    if not isinstance(found, list):
        return []
    return [e for e in found if isinstance(e, dict)]
