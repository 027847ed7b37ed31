"""The tables of a SQLite ledger and the steps from every older version; no queries.

A ledger file is recognised by `APPLICATION_ID` (SQLite header, offset 68) and dated by
``user_version``. `MIGRATIONS` holds one script per version, the first one makes an empty
file version 1: a new ledger and an old one take the same path. Scripts that were
released never change.
"""

from __future__ import annotations

import os

APPLICATION_ID = 0x534F554C  # "SOUL"
_HEADER = APPLICATION_ID.to_bytes(4, "big")

# Why each table and index is there:
#
# runs         `id` orders runs by birth (clocks jump) and is the short foreign key that
#              keeps the effect indexes small.
# attempts     the primary key is the compare-and-set of `claim`.
# effects      `intent` and `result` are JSON text, `request` and `response` blob refs.
#   _exact     the same bytes at the same place; `seen` before `ordinal` so that "the
#              first one this attempt has not walked over" is one probe.
#   _masked    the same but for volatile values; rows without any are found by _exact.
#   _place     whatever stands at a place, and the counts by kind.
#   _open      the few rows that are not simply done: recovery, in doubt, failed, gone.
# events       the hash chain, in order of id, without gaps but those in `gaps`; `hash` is
#              32 raw bytes.
#   _run       one run's history by id.
#   _notable   counts and lists by type; what is routine, two events per effect, is not
#              worth the two page writes.
# blobs        bodies by sha256 (raw); `data` is NULL where the body is a file beside.
_VERSION_1 = """
CREATE TABLE runs (
    id          INTEGER PRIMARY KEY,
    run_id      TEXT NOT NULL UNIQUE,
    identity    TEXT NOT NULL,
    command     TEXT NOT NULL,
    cwd         TEXT NOT NULL,
    root        TEXT NOT NULL,
    sources     TEXT NOT NULL,
    status      TEXT NOT NULL,
    secret      BLOB NOT NULL,
    created_at  REAL NOT NULL,
    updated_at  REAL NOT NULL,
    name        TEXT NOT NULL,
    attempts    INTEGER NOT NULL,
    exit_status INTEGER
);
CREATE INDEX runs_identity ON runs (identity);

CREATE TABLE attempts (
    run         INTEGER NOT NULL REFERENCES runs (id),
    number      INTEGER NOT NULL,
    pid         INTEGER NOT NULL,
    started     INTEGER NOT NULL,
    boot        TEXT NOT NULL,
    host        TEXT NOT NULL,
    started_at  REAL NOT NULL,
    ended_at    REAL NOT NULL,
    exit_status INTEGER,
    guarded     INTEGER NOT NULL,
    unguarded   INTEGER NOT NULL,
    PRIMARY KEY (run, number)
) WITHOUT ROWID;

CREATE TABLE effects (
    id          INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES runs (id),
    kind        TEXT NOT NULL,
    slot        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    normalised  TEXT NOT NULL,
    ordinal     INTEGER NOT NULL,
    state       TEXT NOT NULL,
    attempt     INTEGER NOT NULL,
    seen        INTEGER NOT NULL,
    key         TEXT NOT NULL,
    protection  TEXT NOT NULL,
    rule        TEXT NOT NULL,
    generation  INTEGER NOT NULL,
    intent      TEXT NOT NULL,
    result      TEXT NOT NULL,
    request     TEXT NOT NULL,
    response    TEXT NOT NULL,
    created_at  REAL NOT NULL,
    updated_at  REAL NOT NULL
);
CREATE INDEX effects_exact ON effects (run, kind, slot, fingerprint, seen, ordinal);
CREATE INDEX effects_masked ON effects (run, kind, slot, normalised, seen, ordinal)
    WHERE normalised <> fingerprint;
CREATE INDEX effects_place ON effects (run, kind, slot, seen, ordinal);
CREATE INDEX effects_open ON effects (run, state, kind, slot) WHERE state <> 'done';

CREATE TABLE events (
    id          INTEGER PRIMARY KEY,
    run         INTEGER NOT NULL REFERENCES runs (id),
    attempt     INTEGER NOT NULL,
    at          REAL NOT NULL,
    type        TEXT NOT NULL,
    target      TEXT NOT NULL,
    reason      TEXT NOT NULL,
    rule        TEXT NOT NULL,
    source      TEXT NOT NULL,
    generation  INTEGER NOT NULL,
    effect_id   INTEGER NOT NULL,
    data        TEXT NOT NULL,
    hash        BLOB NOT NULL
);
CREATE INDEX events_run ON events (run);
CREATE INDEX events_notable ON events (run, type)
    WHERE type <> 'effect.intent' AND type <> 'effect.done';

CREATE TABLE blobs (
    id          INTEGER PRIMARY KEY,
    sha256      BLOB NOT NULL UNIQUE,
    size        INTEGER NOT NULL,
    data        BLOB
);
"""

# What people look at first, found over all runs without reading the rest.
_VERSION_2 = """
CREATE INDEX events_violation ON events (id)
    WHERE type >= 'violation.' AND type < 'violation/'
"""

# What limits count, over all runs of a ledger: `total` is the running total, so that a
# window is the difference of two rows.
_VERSION_3 = """
CREATE TABLE counters (
    counter     TEXT NOT NULL,
    at          REAL NOT NULL,
    amount      REAL NOT NULL,
    total       REAL NOT NULL,
    PRIMARY KEY (counter, at)
) WITHOUT ROWID
"""

# What was taken out (`pruning`): events `first` to `last` are gone, `hash` is that of the
# last one, from which the chain goes on.
_VERSION_4 = """
CREATE TABLE gaps (
    first       INTEGER NOT NULL UNIQUE,
    last        INTEGER PRIMARY KEY,
    hash        BLOB NOT NULL
)
"""

MIGRATIONS: tuple[str, ...] = (_VERSION_1, _VERSION_2, _VERSION_3, _VERSION_4)
"""Script n (from 0) takes a ledger from version n to version n + 1."""

VERSION = len(MIGRATIONS)

OLDEST_READABLE = 1
"""Readers, who may not migrate, understand files from this version on."""


def steps_from(version: int) -> list[str]:
    """Give the statements that take a ledger of `version` to `VERSION`."""
    scripts = ";".join(MIGRATIONS[version:])
    steps = [step.strip() for step in scripts.split(";") if step.strip()]
    return [
        *steps,
        f"PRAGMA application_id = {APPLICATION_ID}",
        f"PRAGMA user_version = {VERSION}",
    ]


def is_ledger(file: str | os.PathLike[str]) -> bool:
    """Say whether a file is a ledger, by its header; one that cannot be read is none."""
    try:
        with open(file, "rb") as opened:
            head = opened.read(72)
    except OSError:
        return False
    return head.startswith(b"SQLite format 3\0") and head[68:] == _HEADER
