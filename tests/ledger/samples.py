"""Nouns with everything filled in, for the tests of the ledger."""

from soulguard.model import (
    EffectKind,
    EffectRecord,
    EffectState,
    Event,
    EventType,
    Owner,
    Run,
    RunStatus,
)

OWNER = Owner(pid=10, started=20, boot="boot", host="host")


def a_run(run_id="run-1", **changes):
    fields = {
        "identity": "digest",
        "command": ("python", "agent.py"),
        "cwd": "/home/a",
        "root": "/home/a",
        "sources": ("SOUL.md",),
        "status": RunStatus.RUNNING,
        "secret": b"s" * 32,
        "created_at": 1.0,
        "updated_at": 1.0,
    }
    return Run(run_id, **{**fields, **changes})


def an_effect(slot="/home/a/out.txt", fingerprint="f", **changes):
    fields = {
        "run_id": "run-1",
        "kind": EffectKind.FILE_WRITE,
        "normalised": fingerprint,
        "ordinal": 0,
        "state": EffectState.DONE,
        "attempt": 1,
        "seen": 1,
    }
    return EffectRecord(slot=slot, fingerprint=fingerprint, **{**fields, **changes})


def an_event(type_=EventType.EFFECT_DONE, **changes):
    fields = {"run_id": "run-1", "attempt": 1, "at": 1.5}
    return Event(type=type_, **{**fields, **changes})


def start(ledger, run_id="run-1", **changes):
    ledger.add_run(a_run(run_id, **changes))
    attempt = ledger.claim(run_id, OWNER, 1.0)
    ledger.commit(durable=False)
    return attempt
