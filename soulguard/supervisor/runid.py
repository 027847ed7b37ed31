"""Run ids: made, given, dated, and the next generation of one.

A generated id is a UUIDv7 (RFC 9562, section 5.7): ids sort by the time they were made.
"""

from __future__ import annotations

import os
import re
import time

from soulguard.errors import UsageError

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,119}\Z")
_HOLE = re.compile(r"\{([^{}]*)\}")


def generate(now: float | None = None) -> str:
    """Give a new UUIDv7."""
    milliseconds = int((time.time() if now is None else now) * 1000)
    value = milliseconds << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def expand(template: str, now: float | None = None) -> str:
    """Fill ``{date}`` (local, YYYY-MM-DD) and ``{hour}`` (00 to 23) into a given id.

    Raises:
        UsageError: another hole, or characters an id may not have.
    """
    local = time.localtime(now)
    known = {"date": time.strftime("%Y-%m-%d", local), "hour": f"{local.tm_hour:02}"}

    def fill(hole: re.Match[str]) -> str:
        if hole[1] not in known:
            raise UsageError(
                f"run id `{template}` has no meaning for `{hole[0]}`",
                hint="use `{date}` or `{hour}`",
            )
        return known[hole[1]]

    run_id = _HOLE.sub(fill, template)
    if not _NAME.match(run_id):
        raise UsageError(
            f"run id `{run_id}` is not usable",
            hint="use up to 120 letters, digits and `. _ : @ + -`",
        )
    return run_id


def next_generation(name: str, number: int) -> str:
    """Give the id of the n-th generation of a named run; the first is the name."""
    return name if number == 1 else f"{name}~{number}"
