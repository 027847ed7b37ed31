"""The rule families: one file each, listed here and nowhere else.

A family is a module with ``read(reading, world) -> Iterable[Draft]``. It looks at one
sentence and gives what it makes of it: drafts of rules, or nothing. Families do not
know each other; a sentence may belong to several.
"""

from __future__ import annotations

from types import ModuleType

from soulguard.soul.families import (
    addressing,
    append_only,
    at_once,
    atomic_write,
    bulk,
    carrying,
    changes,
    commands,
    commit_format,
    counted,
    dedup_key,
    delete,
    drafting,
    effect_once,
    entries,
    external,
    folders,
    hosts,
    kept,
    lengths,
    limits,
    logging,
    named_recipients,
    notify,
    pages,
    parts,
    path_read,
    path_write,
    placement,
    recipients,
    retries,
    run_id,
    secrets,
    spend,
    sums,
    time_window,
    trash,
    write_once,
)

NARROWING: tuple[ModuleType, ...] = (
    time_window,
    addressing,
    drafting,
    named_recipients,
    pages,
    changes,
    carrying,
    parts,
    folders,
    kept,
    at_once,
    counted,
    sums,
    bulk,
)
"""Families that say when or how something may be done at all. Where one of them reads a
sentence the others do not: they would forbid it altogether."""

FAMILIES: tuple[ModuleType, ...] = (
    write_once,
    effect_once,
    atomic_write,
    run_id,
    dedup_key,
    append_only,
    trash,
    delete,
    path_write,
    path_read,
    entries,
    external,
    recipients,
    spend,
    commands,
    commit_format,
    hosts,
    secrets,
    retries,
    lengths,
    limits,
    notify,
    logging,
    placement,
)
"""In the order their rules stand in a policy; the first names the sentence."""
