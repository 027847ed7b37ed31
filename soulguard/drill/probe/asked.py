"""The boundaries of guarded effects: around every question to the supervisor.

Wraps the guard's line; what is asked and answered passes unchanged.
"""

from __future__ import annotations

import sys

from soulguard.drill.probe import steps
from soulguard.drill.probe.drawn import steady
from soulguard.drill.probe.steps import step
from soulguard.guard import client
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_ASKS = frozenset({
    "file.publish", "file.append", "file.move", "file.remove", "call.begin",
    "command.begin", "effect.begin",
})  # fmt: skip
_ENDS = frozenset({"file.done", "call.end", "command.end", "effect.end"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_VERBS = {"publish": "write", "remove": "delete"}
_names: dict[int, str] = {}


def install() -> None:
    """Stand around the guard's line from now on."""
    client.ask = _Asking(client.ask).ask
    client.tell = _Telling(client.tell).tell
    client.happened = _Happening(client.happened).happened


class _Asking:
    def __init__(self, original: Any) -> None:
        self.original = original

    def ask(self, op: str, message: dict[str, Any], *rest: Any, **more: Any) -> Any:
        """Ask, with a boundary before the intent and one after it."""
        if op in _ENDS:
            return _ended(self.original, op, message, rest, more)
        if op == "command.started":  # this process is the recorder of that command
            _names[message["effect"]] = f"command {' '.join(sys.argv[2:])}"
        # of a command that no rule speaks of nothing is kept: `disk` sees it start
        kept = op in _ASKS and (op != "command.begin" or scope.ruled)
        name = name_of(op, message) if kept else ""
        if not name:
            return self.original(op, message, *rest, **more)
        if steps.local.waiting != name:
            step(steps.BEFORE, name)
        reply = self.original(op, message, *rest, **more)
        answer = reply[0]
        # a question that has to wait is the same one when it is asked again
        steps.local.waiting = name if answer["verdict"] == "wait" else ""
        if answer["verdict"] == "allow" and answer.get("effect"):
            _names[answer["effect"]] = name
            step(steps.INTENT, name)
        return reply


class _Telling:
    def __init__(self, original: Any) -> None:
        self.original = original

    def tell(self, op: str, message: dict[str, Any], *rest: Any, **more: Any) -> Any:
        """Tell, with a boundary before it is on record and one after it."""
        if op in _ENDS:
            return _ended(self.original, op, message, rest, more)
        return self.original(op, message, *rest, **more)


class _Happening:
    def __init__(self, original: Any) -> None:
        self.original = original

    def happened(self, effect: int) -> None:
        """Note that an effect was made; the next message tells, or the disk."""
        name = _names.pop(effect, "")
        if name:
            step(steps.MADE, name, performs=True)
        self.original(effect)


def _ended(
    original: Any, op: str, message: dict[str, Any], rest: Any, more: Any
) -> Any:
    name = _names.pop(message.get("effect", 0), "")
    if not name:
        return original(op, message, *rest, **more)
    made = not message.get("error") and not name.startswith("call ")
    step(steps.MADE, name, performs=made)
    reply = original(op, message, *rest, **more)
    step(steps.RECORDED, name)
    return reply


def name_of(op: str, message: dict[str, Any]) -> str:
    """Name the effect that a question is about; empty for one that changes nothing."""
    kind, _, what = op.partition(".")
    if kind == "file":
        path = short(message["path"])
        if what == "move":
            return f"{message['how']} {short(message['source'])} to {path}"
        return f"{_VERBS.get(what, what)} {path}"
    if kind == "call":
        return call_name(message["method"], message["url"])
    if kind == "command":
        return f"command {' '.join(message['argv'])}"
    return f"effect {message['name']}"


def call_name(method: str, url: str) -> str:
    """Name a call by its method and place; empty for one that changes nothing."""
    if method.upper() in _SAFE:
        return ""
    if method == "MAIL":
        return f"call mail to {url.partition(':')[2]}"
    place = url.partition("://")[2].partition("?")[0]
    return f"call {method.upper()} {place}"


def short(path: str) -> str:
    """Give a path as a person reads it: relative to the workspace, nothing drawn."""
    root = steps.settings.get("root", "")
    scratch = f"{root.rpartition('/')[0]}/tmp/"
    if root and path.startswith(scratch):
        # the folder for temporary files is another one for every walk
        path = f"$TMPDIR/{path.removeprefix(scratch)}"
    return steady(path.removeprefix(f"{root}/"))
