"""An effect: something the agent does to the world, asked for and as recorded."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from soulguard.model.noun import Noun


class EffectKind(str, enum.Enum):
    """What is done to the world. The value is the name used in policies and reports."""

    FILE_WRITE = "file.write"
    FILE_APPEND = "file.append"
    FILE_RENAME = "file.rename"
    FILE_DELETE = "file.delete"
    FILE_READ = "file.read"
    HTTP_CALL = "http.call"
    MAIL_SEND = "mail.send"
    COMMAND_RUN = "command.run"
    CUSTOM = "custom"  # named by the agent itself; no rule speaks of it


class EffectState(str, enum.Enum):
    """How far an effect got, as far as the ledger knows.

    BEGUN is an intent without an outcome; after a crash that is what "in doubt" means
    for a call, and what recovery settles for a file. GONE marks an output that the run
    itself moved away or deleted again.
    """

    BEGUN = "begun"
    DONE = "done"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Effect(Noun):
    """An effect as a door describes it, before anybody decided anything.

    `target` is an absolute real path for files, the URL for calls, the recipients for
    mail, the command line for commands. `method` and `host` are set for calls only
    (host in lower case, without port).
    """

    kind: EffectKind
    target: str
    method: str = ""
    host: str = ""
    size: int = -1
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EffectRecord(Noun):
    """One row of the ledger: an effect of a run with its identity and its outcome.

    Identity is (run_id, kind, slot, fingerprint, ordinal). `slot` is the place the
    effect stands at: the path of a file, ``METHOD host/path`` of a call. `fingerprint`
    is the digest of the exact bytes, `normalised` the digest with volatile values
    masked (equal to `fingerprint` for files). `ordinal` counts equal effects of the
    run from 0.

    `attempt` is the attempt that performed it last, `seen` the last attempt that walked
    over it (performed, replayed or skipped it). `intent` holds what was known before,
    `result` what was known after; both are plain JSON. `request` and `response` are
    blob references (sha256 in hex) or empty.
    """

    run_id: str
    kind: EffectKind
    slot: str
    fingerprint: str
    normalised: str
    ordinal: int
    state: EffectState
    attempt: int
    seen: int
    id: int = 0
    key: str = ""
    protection: str = ""
    rule: str = ""
    generation: int = 0
    intent: Mapping[str, Any] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    request: str = ""
    response: str = ""
    created_at: float = 0.0
    updated_at: float = 0.0
