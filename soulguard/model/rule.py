"""A rule: one enforceable statement, where it holds and where it was written."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model.effect import EffectKind
from soulguard.model.noun import Noun
from soulguard.model.span import Source


class Action(str, enum.Enum):
    """What a rule does to the effects it speaks of.

    ONCE: at most once per run. ATOMIC: whole or not at all. STAMP: outputs carry the
    run id. KEY: calls carry a deduplication key. DENY, ASK, ALLOW decide outright.
    LIMIT: count, rate, gap, budget or size, in `params`. REQUIRE: what it must come
    with (hours, parts, a folder), in `params`. TRASH: move instead of delete.
    APPEND_ONLY: existing bytes may not change. SECRET: known secrets must not leave.
    NOTIFY, RECORD: an event, no refusal. RESEND: repeating it is declared harmless.
    SEED: random values are drawn from the run; it speaks of processes, of no effect.
    """

    ONCE = "once"
    ATOMIC = "atomic"
    STAMP = "stamp"
    KEY = "key"
    DENY = "deny"
    ASK = "ask"
    ALLOW = "allow"
    LIMIT = "limit"
    REQUIRE = "require"
    TRASH = "trash"
    APPEND_ONLY = "append_only"
    SECRET = "secret"
    NOTIFY = "notify"
    RECORD = "record"
    RESEND = "resend"
    SEED = "seed"


class OnDuplicate(str, enum.Enum):
    """What happens to a second write of one output by the same attempt."""

    BLOCK = "block"
    SKIP = "skip"
    WARN = "warn"


class Grade(str, enum.Enum):
    """How far a sentence holds.

    KERNEL: the kernel refuses. PROCESS: the guard in the agent's process refuses.
    ADVISORY: read, not enforced, with the reason. ERROR: meant as a rule and wrong.
    """

    KERNEL = "kernel"
    PROCESS = "process"
    ADVISORY = "advisory"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Where(Noun):
    """What a rule speaks of; an empty field does not narrow, all given fields must hold.

    `paths` and `hosts` are globs (paths relative to the policy root, ``**`` crosses
    folders, ``~`` and absolute globs allowed); `except_paths`/`except_hosts` take out
    again. `commands` are patterns of argv words. `methods` are HTTP methods.
    """

    paths: tuple[str, ...] = ()
    except_paths: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    except_hosts: tuple[str, ...] = ()
    methods: tuple[str, ...] = ()
    url_paths: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    except_commands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule(Noun):
    """One enforceable statement.

    `id` is unique in its policy and stable over recompiles of unchanged text. `family`
    names the grammar that read it (``write-once``, ``path-write-deny``, ...).
    `params` holds what the action needs beyond `where` (limits, windows, approver).
    """

    id: str
    family: str
    action: Action
    effects: tuple[EffectKind, ...]
    source: Source
    where: Where = field(default_factory=Where)
    on_duplicate: OnDuplicate = OnDuplicate.BLOCK
    grade: Grade = Grade.PROCESS
    params: Mapping[str, Any] = field(default_factory=dict)
