"""`with soulguard.effect("second instalment"):` names the effects inside the block.

A name makes an effect a different one from an equal effect elsewhere: a legitimate
second payment under a once-rule. Names nest, and follow threads' and tasks' contexts.
"""

from __future__ import annotations

from _contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _contextvars import Token

_name: ContextVar[str] = ContextVar("soulguard_effect", default="")


def current() -> str:
    """Give the name in force, empty where none is."""
    return _name.get()


class effect:  # noqa: N801 - used like a function
    """Name the effects made inside the block; nested names are joined by ``/``.

    Outside a guarded run it does nothing, so an agent may use it unconditionally.
    """

    def __init__(self, name: str) -> None:
        if not name:
            raise ValueError("an effect's name must not be empty")
        self.name = name
        self._tokens: list[Token[str]] = []

    def __enter__(self) -> effect:  # noqa: PYI034 - typing.Self needs 3.11
        outer = _name.get()
        full = f"{outer}/{self.name}" if outer else self.name
        self._tokens.append(_name.set(full))
        return self

    def __exit__(self, *_: object) -> None:
        _name.reset(self._tokens.pop())
