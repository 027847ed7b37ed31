"""Owns the comment by which an author leaves a call out: `# soulguard: ignore[reason]`.

A reason is required; a comment without one is a mistake that is named.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator

_COMMENT = re.compile(r"#\s*soulguard:\s*ignore\b(.*)", re.IGNORECASE)
_REASON = re.compile(r"\[([^\]]*)\]")
FORM = "write `# soulguard: ignore[reason]`"


class Ignores:
    """The comments of one file: reasons by line, and lines without a reason."""

    def __init__(self, data: bytes) -> None:
        self.reasons: dict[int, str] = {}
        self.wrong: list[int] = []
        if b"soulguard:" not in data:
            return
        for line, comment in _comments(data):
            found = _COMMENT.search(comment)
            if found is None:
                continue
            reason = _REASON.match(found[1].strip())
            if reason is None or not reason[1].strip():
                self.wrong.append(line)
            else:
                self.reasons[line] = reason[1].strip()

    def reason(self, first: int, last: int) -> str:
        """Give the reason on one of the lines a call stands on, empty if none."""
        return next(
            (self.reasons[n] for n in range(first, last + 1) if n in self.reasons), ""
        )


def _comments(data: bytes) -> Iterator[tuple[int, str]]:
    try:
        for token in tokenize.tokenize(io.BytesIO(data).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):  # said already, where it was parsed
        return
