"""`with soulguard.effect("second instalment"):` names the effects inside the block.

A name makes an effect a different one from an equal effect elsewhere: a legitimate
second payment under a once-rule. Names nest, and follow threads' and tasks' contexts.
With a key the block itself is an effect, made once in a run: see `explicit`.
"""

from __future__ import annotations

from _contextvars import ContextVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from _contextvars import Token
    from collections.abc import Callable
    from typing import Any, TypeVar

    from soulguard.guard.explicit import Occasion

    Function = TypeVar("Function", bound=Callable[..., Any])

_name: ContextVar[str] = ContextVar("soulguard_effect", default="")


def current() -> str:
    """Give the name in force, empty where none is."""
    return _name.get()


class effect:  # noqa: N801 - used like a function
    """Name the effects made inside the block; nested names are joined by ``/``.

    With `key` the block itself is the effect, recorded before it runs and after: for
    what no client shows (gRPC, a serial port). A key names one thing in the world
    (``order-17``); name and key together are made once in a run. An exception in the
    block means that it did not happen, so it is made again; an interruption leaves it
    in doubt. Python cannot skip a block, so look at `done` first::

        with soulguard.effect("grpc:ship-order", key=order.id) as e:
            if not e.done:
                e.record(ship(order))
        receipt = e.result

    or decorate the function that makes it (plain or async); the key may be a function
    of its arguments, and the recorded result is returned without a second call::

        @soulguard.effect("grpc:ship-order", key=lambda order: order.id)
        def ship_order(order): ...

    Results are kept as JSON, and come back as JSON gives them (a tuple as a list).
    Outside a guarded run it does nothing, so an agent may use it unconditionally.

    Raises:
        InDoubtError: on entry, where it was begun before and nobody saw its end.
    """

    def __init__(self, name: str, key: object = None) -> None:
        if not name:
            raise ValueError("an effect's name must not be empty")
        if key == "":
            raise ValueError("an effect's key must not be empty")
        self.name = name
        self.key = key
        self._tokens: list[Token[str]] = []
        self._open: list[Occasion] = []
        self._last: Occasion | None = None

    @property
    def done(self) -> bool:
        """Whether it is on record as made before: do not make it again."""
        return self._last is not None and self._last.done

    @property
    def result(self) -> Any:
        """What was recorded, now or before; None where nothing was."""
        return None if self._last is None else self._last.result

    def record(self, value: Any) -> None:
        """Put on record that the effect is made, and what it gave.

        Raises:
            TypeError: JSON cannot hold the value (the effect counts as made), or the
                effect has no key.
            DuplicateCallError: it was on record already.
        """
        if not self._open:
            raise TypeError("only inside the block of an effect with a key")
        self._open[-1].record(value)

    def __enter__(self) -> effect:  # noqa: PYI034 - typing.Self needs 3.11
        if self.key is None:
            self._push(self.name)
            return self
        from soulguard.guard import explicit

        occasion = self._occasion()
        explicit.wait(occasion)
        self._enter(occasion)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        _name.reset(self._tokens.pop())
        if self.key is not None:
            occasion = self._open.pop()
            self._last = self._open[-1] if self._open else occasion
            occasion.end(kind)

    async def __aenter__(self) -> effect:  # noqa: PYI034 - typing.Self needs 3.11
        if self.key is None:
            return self.__enter__()
        occasion = self._occasion()
        while seconds := occasion.begin():
            # only for an effect that another task or process makes right now
            from asyncio import sleep

            await sleep(seconds)
        self._enter(occasion)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.__exit__(kind)

    def __call__(self, function: Function) -> Function:
        """Make every call of a function this effect, with the key of its arguments."""
        if self.key is None:
            raise TypeError("an effect that decorates a function needs a key")
        from soulguard.guard import explicit

        return explicit.decorated(function, self._of)  # type: ignore[no-any-return]

    def _of(self, *args: Any, **named: Any) -> effect:
        """Give the effect of one call of the decorated function."""
        key = self.key(*args, **named) if callable(self.key) else self.key
        if key is None:
            raise ValueError(f"the key of effect `{self.name}` must not be None")
        return effect(self.name, key)

    def _occasion(self) -> Occasion:
        from soulguard.guard.explicit import Occasion

        if callable(self.key):
            raise TypeError("only an effect that decorates a function computes its key")
        return Occasion(self._full(self.name), str(self.key))

    def _enter(self, occasion: Occasion) -> None:
        self._open.append(occasion)
        self._last = occasion
        self._push(f"{self.name} {self.key}")

    def _push(self, name: str) -> None:
        self._tokens.append(_name.set(self._full(name)))

    def _full(self, name: str) -> str:
        outer = _name.get()
        return f"{outer}/{name}" if outer else name
