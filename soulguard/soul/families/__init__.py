"""The rule families: one file each, listed here and nowhere else.

A family is a module with ``read(reading, world) -> Iterable[Draft]``. It looks at one
sentence and gives what it makes of it: drafts of rules, or nothing. Families do not
know each other; a sentence may belong to several.
"""

from __future__ import annotations

from types import ModuleType

from soulguard.soul.families import atomic_write, dedup_key, run_id, write_once

FAMILIES: tuple[ModuleType, ...] = (write_once, atomic_write, run_id, dedup_key)
"""In the order their rules stand in a policy."""
