"""One explicit effect on the guard's side: asked about before its block, told of after.

What the agent writes is `naming.effect`'s; nothing is decided here. Outside a guarded
run nothing is asked and every block runs.
"""

from __future__ import annotations

import json

from soulguard.errors import DuplicateCallError, GuardUnavailable
from soulguard.guard import client, originals
from soulguard.guard.local import inside, local
from soulguard.guard.refusals import refusal
from soulguard.guard.scope import scope
from soulguard.guard.signals import run_late

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from soulguard.guard.naming import effect


class Occasion:
    """One time that the block of an effect is entered.

    `done` says that the effect is on record as made before, and `result` is what was
    recorded then. A forked child holds a copy of its parent's, with nothing to tell.
    """

    __slots__ = ("_ask", "_effect", "_pid", "done", "recorded", "result")

    def __init__(self, name: str, key: str) -> None:
        self._ask = {"name": name, "key": key}
        self._effect = self._pid = 0
        self.done = self.recorded = False
        self.result: Any = None

    @property
    def words(self) -> str:
        """The effect in words, for messages and as the name of what is done in it."""
        return f"{self._ask['name']} {self._ask['key']}"

    def begin(self) -> float:
        """Ask; gives the seconds after which to ask again, 0 for go on.

        Raises:
            InDoubtError: it was begun before and nobody saw its end.
            DuplicateCallError: it was made, and its result could not be kept.
            GuardUnavailable: nobody answers, so it is not made.
        """
        if not client.address():
            return 0.0
        with inside:
            try:
                reply, blobs = client.ask("effect.begin", self._ask)
            except GuardUnavailable:
                if not scope.observe:
                    raise
                return 0.0
        if reply["verdict"] == "wait":
            return float(reply["data"]["seconds"])
        if reply["verdict"] == "replay":
            self.done = True
            self.result = json.loads(blobs[0]) if blobs else None
        elif reply["verdict"] == "allow":
            self._effect, self._pid = reply["effect"], originals.os_getpid()
        else:
            raise refusal(reply)
        return 0.0

    def record(self, value: Any) -> None:
        """Tell that the effect is made and what it gave.

        Raises:
            TypeError: JSON cannot hold the value; the effect is on record as made.
            DuplicateCallError: it was on record as made before.
            GuardUnavailable: nobody can be told.
        """
        if self.done or self.recorded:
            raise _made_twice(self.words)
        self.recorded, self.result = True, value
        try:
            said = json.dumps(value).encode()
        except (TypeError, ValueError, RecursionError) as error:
            self._tell({"unkept": True})
            raise TypeError(
                f"the result of effect `{self.words}` cannot be kept as JSON, so a "
                f"restart could not give it again: {error}"
            ) from None
        self._tell({}, (said,))

    def end(self, kind: type[BaseException] | None) -> None:
        """Tell how the block ended: normally, or by an exception of this kind.

        An interruption (`KeyboardInterrupt`, a cancelled task) says nothing about what
        the block did: the effect is in doubt.
        """
        if self.done or self.recorded:
            return
        if kind is None:
            self._tell({})
        elif issubclass(kind, Exception):
            self._tell({"error": kind.__name__})
        else:
            self._tell({"open": kind.__name__})

    def _tell(self, message: dict[str, Any], blobs: tuple[bytes, ...] = ()) -> None:
        effect, self._effect = self._effect, 0
        if not effect or self._pid != originals.os_getpid():
            return
        message["effect"] = effect
        with inside:
            client.ask("effect.end", message, blobs, client.NOT_TOLD)


def wait(occasion: Occasion) -> None:
    """Begin an effect; where another process or thread makes it now, wait for its end.

    Raises:
        DuplicateCallError: it is at work, and waiting would halt this event loop.
    """
    while seconds := occasion.begin():
        if _runs_a_loop():
            raise _refused(
                f"soulguard refused to make `{occasion.words}`: the same effect is at "
                "work. Instead: use `async with`, which waits for its end."
            )
        originals.sleep(seconds)
        if local.late:
            run_late()


def decorated(function: Any, effect_of: Callable[..., effect]) -> Any:
    """Give a function whose every call is an effect, with the looks of the original.

    Raises:
        TypeError: it is a generator, whose results come one by one.
    """
    import functools
    import inspect

    if inspect.isgeneratorfunction(function) or inspect.isasyncgenfunction(function):
        raise TypeError("a generator has no one result, so it is no explicit effect")
    if not inspect.iscoroutinefunction(function):

        @functools.wraps(function)
        def call(*args: Any, **named: Any) -> Any:
            with effect_of(*args, **named) as one:
                if not one.done:
                    one.record(function(*args, **named))
            return one.result

        return call

    @functools.wraps(function)
    async def await_call(*args: Any, **named: Any) -> Any:
        async with effect_of(*args, **named) as one:
            if not one.done:
                one.record(await function(*args, **named))
        return one.result

    return await_call


def _runs_a_loop() -> bool:
    import sys

    asyncio = sys.modules.get("asyncio")
    return asyncio is not None and asyncio._get_running_loop() is not None


def _made_twice(words: str) -> DuplicateCallError:
    return _refused(
        f"soulguard refused to record `{words}` a second time: it is made already. "
        "Instead: look at `done` before making it."
    )


def _refused(text: str) -> DuplicateCallError:
    error = DuplicateCallError(text)
    error.decision = {"verdict": "deny", "reason": text}
    return error
