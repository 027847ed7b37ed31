"""The difference between what is committed and what was blocked, as readable lines.

Bodies come from the ledger; a file on disk stands in only where its digest proves that
it still is what the run committed.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from soulguard.ledger.protocol import Ledger
from soulguard.model import EffectRecord, Event, Noun
from soulguard.postmortem.wording import plain
from soulguard.supervisor import disk

LARGEST = 256 * 1024
"""Bytes of a body that is compared; larger ones are only measured."""

_CONTEXT = 3


@dataclass(frozen=True, slots=True)
class Difference(Noun):
    """What is committed against what was blocked.

    Each line begins with its mark: blank for both, ``-`` committed only, ``+`` blocked
    only, ``~`` a remark, ``@`` where lines are left out.
    """

    title: str
    lines: tuple[str, ...]


def difference(ledger: Ledger, event: Event) -> Difference | None:
    """Give the difference an event speaks of, None where no content is on record.

    The event names bodies as ``data["blocked"]`` and ``data["committed"]``, or the
    differing fields as ``data["difference"]``.
    """
    effect = ledger.effect(event.effect_id) if event.effect_id else None
    blocked = _body(ledger, str(event.data.get("blocked", "")))
    committed = _body(ledger, str(event.data.get("committed", "")))
    if committed is None and effect is not None and (blocked or event.violation):
        committed = _committed(ledger, effect)
    if blocked is not None:
        return _compared(committed, blocked)
    told = event.data.get("difference")
    if told:
        lines = tuple(f"~{plain(str(line))}" for line in told)
        return Difference("differs from the recorded request in", lines)
    if committed is None:
        return None
    lines = tuple(f" {line}" for line in text_of(committed))
    return Difference("committed (what was blocked is not on record)", lines)


def _body(ledger: Ledger, ref: str) -> bytes | None:
    return ledger.blob(ref) if ref else None


def _committed(ledger: Ledger, effect: EffectRecord) -> bytes | None:
    if effect.request:
        return ledger.blob(effect.request)
    if not effect.kind.value.startswith("file."):
        return None
    try:
        size = disk.size(effect.slot)
        if size is None or size > LARGEST:
            return None
        if disk.digest(effect.slot) != effect.fingerprint:
            return None
        with open(effect.slot, "rb") as file:
            return file.read(LARGEST)
    except OSError:
        return None


def _compared(committed: bytes | None, blocked: bytes) -> Difference:
    title = "--- committed   +++ blocked"
    if committed is None:
        lines = (f"+{line}" for line in text_of(blocked))
        return Difference("+++ blocked (nothing is committed here)", tuple(lines))
    if committed == blocked:
        return Difference(title, ("~both are the same, byte for byte",))
    return Difference(title, tuple(_diff(text_of(committed), text_of(blocked))))


def _diff(committed: list[str], blocked: list[str]) -> Iterator[str]:
    found = difflib.unified_diff(committed, blocked, n=_CONTEXT, lineterm="")
    for number, line in enumerate(found):
        if number < 2:
            continue  # the names of the files
        if not line.startswith("@@"):
            yield line
        elif not line.startswith(("@@ -1,", "@@ -1 ")):
            yield "@"


def text_of(body: bytes) -> list[str]:
    """Give a body as safe lines; JSON is laid out, what is no text is only measured."""
    if len(body) > LARGEST:
        return [f"({len(body):,} bytes, too large to show)"]
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return [f"({len(body):,} bytes that are no text)"]
    if text[:1] in ("{", "["):
        try:
            text = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
        except ValueError:
            pass
    return [plain(line.replace("\t", "    ")) for line in text.splitlines()]
