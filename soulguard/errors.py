"""Every exception of soulguard, and nothing else.

    SoulguardError                      our own trouble or the user's input
    ├── UsageError                      the command line asks for something impossible
    │   └── RunCompletedError           the run of this name is done
    ├── PolicyError                     a rule file cannot be used; carries span and hint
    │   ├── SourceMissingError          no SOUL.md, or it cannot be read
    │   ├── SourceEncodingError         not UTF-8
    │   ├── PolicySyntaxError           a block or YAML file is not valid
    │   └── EmptyPolicyError            not a single rule holds
    ├── LedgerError                     the record cannot be used
    │   ├── LedgerCorruptError          not a ledger, or damaged
    │   ├── LedgerReadOnlyError         may not be written
    │   ├── LedgerSchemaError           written by a newer soulguard
    │   ├── LedgerFullError             the disk is full
    │   └── LedgerBusyError             another process keeps it locked
    ├── LeaseHeldError                  another attempt of the run is live
    ├── SelfTestError                   the guard did not refuse the canary
    ├── ProtocolError                   a frame on the guard's socket makes no sense
    └── DrillError                      the agent cannot be drilled

    Refusals, raised inside the agent in place of the effect:
    ├── DuplicateWriteError             (FileExistsError) the output is written already
    ├── DeniedError                     (PermissionError) a rule refuses the effect
    │   └── UnguardedWriteError         it did not come through a door
    ├── DeniedCallError                 (RuntimeError) a rule refuses a call
    ├── InDoubtError                    (RuntimeError) it may have happened before
    ├── DuplicateCallError              (RuntimeError) a once-call is made again
    └── GuardUnavailable                (RuntimeError) the supervisor is gone: closed

The refusals derive from the built-in class an agent already handles; each carries
`decision`, the broker's answer as a plain dict. Standard library only: this module is
loaded inside the agent's process.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing.TYPE_CHECKING without the cost of importing typing
if TYPE_CHECKING:
    from typing import Any


class SoulguardError(Exception):
    """Base of our own errors: a message, where it stands, and the way out.

    `where` is ``file:line:column`` or empty, `hint` one imperative sentence or empty.
    `slug` names the heading under which docs/errors.md explains cause and cure.
    """

    slug = "soulguard-error"
    exit_code = 2

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class UsageError(SoulguardError):
    """The command line asks for something impossible."""

    slug = "usage"


class RunCompletedError(UsageError):
    """The run of this name has completed: what it is to do is done."""

    slug = "run-completed"


class PolicyError(SoulguardError):
    """A rule file cannot be used."""

    slug = "policy"


class SourceMissingError(PolicyError):
    """SOUL.md is missing or cannot be read."""

    slug = "source-missing"


class SourceEncodingError(PolicyError):
    """A rule file is not UTF-8."""

    slug = "source-encoding"


class PolicySyntaxError(PolicyError):
    """A fenced block or policy file is not valid."""

    slug = "policy-syntax"


class EmptyPolicyError(PolicyError):
    """Not a single rule holds, so running would guard nothing."""

    slug = "empty-policy"


class LedgerError(SoulguardError):
    """The ledger cannot be used."""

    slug = "ledger"
    exit_code = 3


class LedgerCorruptError(LedgerError):
    """The file is not a ledger or is damaged."""

    slug = "ledger-corrupt"


class LedgerReadOnlyError(LedgerError):
    """The ledger may not be written."""

    slug = "ledger-read-only"


class LedgerSchemaError(LedgerError):
    """The ledger was written by a newer soulguard."""

    slug = "ledger-schema"


class LedgerFullError(LedgerError):
    """The disk that holds the ledger is full."""

    slug = "ledger-full"


class LedgerBusyError(LedgerError):
    """Another process keeps the ledger locked."""

    slug = "ledger-busy"


class LeaseHeldError(SoulguardError):
    """Another attempt of the run is live."""

    slug = "lease-held"
    exit_code = 75


class SelfTestError(SoulguardError):
    """The guard did not come up in the agent's interpreter, or let a canary through."""

    slug = "self-test"
    exit_code = 4


class ProtocolError(SoulguardError):
    """A frame on the guard's socket makes no sense."""

    slug = "protocol"
    exit_code = 4


class DrillError(SoulguardError):
    """The agent cannot be drilled: it does not come through when nobody kills it."""

    slug = "drill"


class _Refusal:
    """What every refusal carries: the broker's answer, for agents that look."""

    slug = "refusal"
    decision: dict[str, Any]


class DuplicateWriteError(_Refusal, FileExistsError):
    """The output is written already in this run."""

    slug = "duplicate-write"


class DeniedError(_Refusal, PermissionError):
    """A rule refuses the effect."""

    slug = "denied"


class UnguardedWriteError(DeniedError):
    """A write on a guarded path did not come through a door of the guard."""

    slug = "unguarded-write"


class DeniedCallError(_Refusal, RuntimeError):
    """A rule refuses a call.

    No `OSError`: HTTP clients take these for trouble of the network and try again.
    """

    slug = "denied-call"


class InDoubtError(_Refusal, RuntimeError):
    """The call may have happened in an earlier attempt, and only a person can tell."""

    slug = "in-doubt"


class DuplicateCallError(_Refusal, RuntimeError):
    """A call that may be made once per run was made already."""

    slug = "duplicate-call"


class GuardUnavailable(_Refusal, RuntimeError):  # noqa: N818 - a state, documented as such
    """The supervisor cannot be reached: effects fail closed."""

    slug = "guard-unavailable"
