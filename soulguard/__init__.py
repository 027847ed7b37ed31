"""soulguard makes SOUL.md binding; this module owns the list of public names.

Inside an agent's process this file is loaded too, so it imports nothing: every public
name is fetched from its home when it is first asked for (PEP 562).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from soulguard.errors import (
        DeniedCallError,
        DeniedError,
        DuplicateCallError,
        DuplicateWriteError,
        GuardUnavailable,
        InDoubtError,
        RunCompletedError,
        SoulguardError,
        UnguardedWriteError,
    )
    from soulguard.guard.api import attempt, effect, run_id
    from soulguard.supervisor.embedded import guarded

__version__ = "0.1.0"

__all__ = [
    "DeniedCallError",
    "DeniedError",
    "DuplicateCallError",
    "DuplicateWriteError",
    "GuardUnavailable",
    "InDoubtError",
    "RunCompletedError",
    "SoulguardError",
    "UnguardedWriteError",
    "attempt",
    "effect",
    "guarded",
    "run_id",
]

_HOMES = {
    "attempt": "soulguard.guard.api",
    "effect": "soulguard.guard.api",
    "guarded": "soulguard.supervisor.embedded",
    "run_id": "soulguard.guard.api",
}


def __getattr__(name: str) -> object:
    """Fetch a public name from its home and keep it here."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    home = importlib.import_module(_HOMES.get(name, "soulguard.errors"))
    value: object = getattr(home, name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """List the public names, fetched or not."""
    return sorted({*globals(), *__all__})
