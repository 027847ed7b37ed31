"""The exit codes of every command. They are documented in docs/exit-codes.md."""

from __future__ import annotations

import enum


class Exit(enum.IntEnum):
    """What a command ends with; `run` passes the agent's own status through.

    OK: done and nothing is wrong. VIOLATIONS: what was looked at does not hold. USAGE:
    the command line or a rule file cannot be used. LEDGER: the ledger cannot be used.
    GUARD: the guard did not come up. BUSY: another attempt is live (EX_TEMPFAIL of
    sysexits.h). INTERRUPTED: stopped from the keyboard (128 + SIGINT).
    """

    OK = 0
    VIOLATIONS = 1
    USAGE = 2
    LEDGER = 3
    GUARD = 4
    BUSY = 75
    INTERRUPTED = 130
