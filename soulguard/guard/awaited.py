"""Programs that an event loop starts: asked about without holding the loop up.

asyncio starts its programs in the thread of its loop, where the doors of `process` would
wait for a person and every other task with them. Here the waiting is the loop's own; the
door below takes the answer and asks no more. uvloop starts programs without Python: what
that door does is done here for it.
"""

from __future__ import annotations

import os
import sys

from soulguard.guard import client, commands, process
from soulguard.guard.files.release import release
from soulguard.guard.files.sharing import given
from soulguard.guard.local import inside, local
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from typing import Any

    from soulguard.guard.commands import Permit
    from soulguard.guard.patches import Patch

    Options = dict[str, Any]
    Start = Callable[..., Awaitable[Any]]

_STREAMS = ("stdin", "stdout", "stderr")
_PIPE, _STDOUT = -1, -2  # as in `subprocess`; the default of a loop's methods is a pipe


def _exec_asked(original: Start) -> Start:
    async def subprocess_exec(
        self: Any, protocol_factory: Any, program: Any, *args: Any, **options: Any
    ) -> Any:
        argv = process.decoded((program, *args))
        with _handed(await _asked(argv, options)):
            return await original(self, protocol_factory, program, *args, **options)

    return subprocess_exec


def _shell_asked(original: Start) -> Start:
    async def subprocess_shell(
        self: Any, protocol_factory: Any, cmd: Any, **options: Any
    ) -> Any:
        argv = ["/bin/sh", "-c", os.fsdecode(cmd)]
        with _handed(await _asked(argv, options)):
            return await original(self, protocol_factory, cmd, **options)

    return subprocess_shell


def _exec_started(original: Start) -> Start:
    async def subprocess_exec(
        self: Any, protocol_factory: Any, program: Any, *args: Any, **options: Any
    ) -> Any:
        if local.inside:
            return await original(self, protocol_factory, program, *args, **options)
        argv = process.decoded((program, *args))
        permit = next(iter(await _asked(argv, options)), None)
        python = process.check(argv, argv[0])
        with_guard = _prepared(options)
        start = _instead(permit, argv, options) or (program, *args)
        streams = [fd for fd in map(_number, map(options.get, _STREAMS)) if fd >= 0]
        release(streams, "a child's stream")
        with process.counted(permit) as count:
            found = await original(self, protocol_factory, *start, **with_guard)
            pid = count(found[0].get_pid())
        given(streams, pid)
        process.tell(pid, argv, python=python)
        return found

    return subprocess_exec


def _shell_started(original: Start) -> Start:  # noqa: ARG001 - a shell is a program
    async def subprocess_shell(
        self: Any,
        protocol_factory: Any,
        cmd: Any,
        *,
        shell: bool = True,
        **options: Any,
    ) -> Any:
        if not shell:
            raise ValueError("shell must be True")
        line = ("/bin/sh", "-c", cmd)
        return await self.subprocess_exec(protocol_factory, *line, **options)

    return subprocess_shell


async def _asked(argv: list[str], options: Options) -> list[Permit]:
    """Ask about a start until there is an answer; empty where nobody need be asked."""
    if not scope.commands or local.inside:
        return []
    env, cwd = options.get("env"), options.get("cwd")
    text = env and {os.fsdecode(k): os.fsdecode(v) for k, v in env.items()}
    places = _executables(argv, options, text)
    shell = process.shell_line(argv)
    message = commands.question(
        argv, places, os.fsdecode(cwd) if cwd else "", shell, text
    )
    while message is not None:
        with inside:
            reply, blobs = client.ask("command.begin", message)
        if reply["verdict"] != "wait":
            return [commands.answer(reply, blobs)]
        await sys.modules["asyncio"].sleep(reply.get("data", {}).get("seconds", 0.2))
    return []


def _executables(argv: list[str], options: Options, env: Any) -> list[str]:
    name = os.fsdecode(options.get("executable") or argv[0])
    if os.path.dirname(name):
        return [name]
    return [os.path.join(folder, name) for folder in os.get_exec_path(env)]


class _handed:  # noqa: N801 - read as a word of the `with` statement
    """Leaves an answer for the door below, which takes it before the loop goes on."""

    __slots__ = ("_permits",)

    def __init__(self, permits: list[Permit]) -> None:
        self._permits = permits

    def __enter__(self) -> None:
        local.granted = self._permits

    def __exit__(self, *_: object) -> None:
        if local.granted is self._permits:
            local.granted = None


def _prepared(options: Options) -> Options:
    """Give the options of a start whose Python will be guarded."""
    env = options.get("env")
    if env is None:
        process.restore_environment()
        return options
    text = {os.fsdecode(k): os.fsdecode(v) for k, v in env.items()}
    return {**options, "env": process.with_guard(text)}


def _instead(
    permit: Permit | None, argv: list[str], options: Options
) -> list[str] | None:
    return permit.instead(argv, argv[:1], _output(options)) if permit else None


def _output(options: Options) -> str:
    """Say where the output of a start goes, as `process` says it of a fork."""
    out, err = options.get("stdout", _PIPE), options.get("stderr", _PIPE)
    if err == _STDOUT:
        return commands.MERGED
    if out is None:
        return commands.INHERITED if err is None else commands.ERR
    return commands.OUT if err is None else commands.BOTH


def _number(stream: Any) -> int:
    """Give the number of a file that is a child's stream, -1 for none."""
    if isinstance(stream, int):
        return max(stream, -1)
    return stream.fileno() if hasattr(stream, "fileno") else -1


TABLE: list[Patch] = [
    ("asyncio.base_events", "BaseEventLoop.subprocess_exec", _exec_asked),
    ("asyncio.base_events", "BaseEventLoop.subprocess_shell", _shell_asked),
    ("uvloop", "Loop.subprocess_exec", _exec_started),
    ("uvloop", "Loop.subprocess_shell", _shell_started),
]
