"""The drill: kill an agent at every boundary of its effects, restart it, compare.

Owns the list of public names; nothing is imported until one is asked for (this file is
loaded inside the agent's process, too).
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from soulguard.drill.assertion import assert_safe

__all__ = ["assert_safe"]


def __getattr__(name: str) -> object:
    """Fetch a public name from its home (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from soulguard.drill import assertion

    return getattr(assertion, name)
