"""Child processes: every Python below the agent starts under the guard too.

A child inherits the guard through its environment, so the doors here put the guard's
variables back where a scrubbed environment lost them, and tell the supervisor which
interpreters were started so that one which never says hello is noticed.
"""

from __future__ import annotations

import os

from soulguard.errors import DeniedError
from soulguard.guard import client, commands, protocol
from soulguard.guard.files.release import release
from soulguard.guard.files.sharing import given
from soulguard.guard.interpreter import is_python, isolated
from soulguard.guard.local import inside, local
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from soulguard.guard.commands import Permit
    from soulguard.guard.patches import Patch

_OURS: dict[str, str] = {}
_INJECT = ""


def remember(inject: str) -> None:
    """Keep the variables a child needs, as they were when this process started."""
    global _INJECT
    _INJECT = inject
    for name in (
        protocol.ENV_SOCKET, protocol.ENV_RUN_ID, protocol.ENV_ATTEMPT,
        protocol.ENV_HOME, protocol.ENV_STRICT,
    ):  # fmt: skip
        if name in os.environ:
            _OURS[name] = os.environ[name]


def with_guard(env: Mapping[str, str]) -> dict[str, str]:
    """Give an environment in which a Python starts guarded."""
    path = env.get("PYTHONPATH", "")
    if _INJECT not in path.split(os.pathsep):
        path = f"{_INJECT}{os.pathsep}{path}" if path else _INJECT
    return {**env, **_OURS, "PYTHONPATH": path}


def restore_environment() -> None:
    """Put the guard's variables back into this process's own environment."""
    for name, value in with_guard(dict(os.environ)).items():
        if os.environ.get(name) != value:
            os.environ[name] = value


def check(argv: list[str], executable: str) -> bool:
    """Refuse, in strict mode, a Python that would start unguarded; say if it is one."""
    python = is_python(executable)
    if python and scope.strict and isolated(argv):
        error = DeniedError(
            13,
            f"soulguard refused to start `{' '.join(argv[:6])}`: its flags switch the "
            "guard off and the run is strict. Instead: start it without -I, -E, -S",
        )
        error.decision = {"verdict": "deny", "reason": "an unguarded interpreter"}
        raise error
    return python


def tell(pid: int, argv: list[str], *, python: bool) -> None:
    """Tell the supervisor of a process that was started."""
    with inside:
        client.tell("spawned", {"pid": pid, "argv": argv[:20], "python": python})


def decoded(argv: Any) -> list[str]:
    """Give the words of a command as text."""
    return [os.fsdecode(word) for word in argv]


def _fork_exec(original: Callable[..., int]) -> Callable[..., int]:
    def fork_exec(args: Any, executables: Any, *rest: Any) -> int:
        if local.inside:
            return original(args, executables, *rest)
        argv = decoded(args)
        python = check(argv, os.fsdecode(executables[0]) if executables else argv[0])
        changed = list(rest)
        # the fourth is the environment, None for inherited (Modules/_posixsubprocess.c)
        env = None if changed[3] is None else dict(_pair(item) for item in changed[3])
        permit = _permit(argv, decoded(executables), changed[2], env)
        if permit:
            start = permit.instead(argv, decoded(executables), _output(changed))
            if start is not None:
                args, executables = [os.fsencode(w) for w in start], _first(start)
        if env is not None:
            changed[3] = [
                os.fsencode(k) + b"=" + os.fsencode(v)
                for k, v in with_guard(env).items()
            ]
        else:
            restore_environment()
        # pass_fds, and the ends that become the child's standard streams
        streams = [*changed[1], *changed[4:10]]
        release(streams, "a child's stream")
        with counted(permit) as count:
            pid = count(original(args, executables, *changed))
        given(streams, pid)
        tell(pid, argv, python=python)
        return pid

    fork_exec._soulguard = True  # type: ignore[attr-defined]
    return fork_exec


def _pair(item: bytes) -> tuple[str, str]:
    name, _, value = os.fsdecode(item).partition("=")
    return name, value


def _execv(original: Callable[..., Any]) -> Callable[..., Any]:
    def execv(path: Any, argv: Any, /) -> Any:
        check(decoded(argv), os.fsdecode(path))
        path, argv, permit = _instead(path, argv)
        restore_environment()
        with counted(permit) as count:
            count(os.getpid())
            return original(path, argv)

    return execv


def _execve(original: Callable[..., Any]) -> Callable[..., Any]:
    def execve(path: Any, argv: Any, env: Any) -> Any:
        text = {os.fsdecode(k): os.fsdecode(v) for k, v in env.items()}
        permit = None
        if type(path) is not int:
            check(decoded(argv), os.fsdecode(path))
            path, argv, permit = _instead(path, argv, text)
        with counted(permit) as count:
            count(os.getpid())
            return original(path, argv, with_guard(text))

    return execve


def _posix_spawn(original: Callable[..., int]) -> Callable[..., int]:
    def posix_spawn(path: Any, argv: Any, env: Any, /, **options: Any) -> int:
        words = decoded(argv)
        python = check(words, os.fsdecode(path))
        text = env
        if env is not None:
            text = {os.fsdecode(k): os.fsdecode(v) for k, v in env.items()}
        path, argv, permit = _instead(path, argv, text)
        if env is None:  # 3.13: the C environment, which `os.putenv` may have changed
            restore_environment()
        else:
            env = with_guard(text)
        actions = options.get("file_actions") or ()
        streams = [fd for a in actions for fd in a[1:2]]
        release(streams, "a child's stream")
        with counted(permit) as count:
            pid = count(original(path, argv, env, **options))
        given(streams, pid)
        tell(pid, words, python=python)
        return pid

    return posix_spawn


def _system(original: Callable[..., int]) -> Callable[..., int]:
    def system(command: Any) -> int:
        line = os.fsdecode(command)
        permit = None
        if scope.commands and not local.inside:
            permit = commands.ask(["sh", "-c", line], (), shell=line)
            if permit and permit.replays:
                status = permit.status
                return status << 8 if status >= 0 else -status
        restore_environment()
        tell(0, [line], python=False)
        try:
            status = original(command)
        finally:
            if permit:
                permit.spawned(0)
        if permit:
            permit.ended(os.waitstatus_to_exitcode(status))
        return status

    return system


def _permit(
    argv: list[str], executables: list[str], cwd: Any, env: Any = None
) -> Permit | None:
    """Ask about a command where a rule speaks of commands; None goes on as it is.

    What was asked before it came here (`awaited`) is not asked again.
    """
    if not scope.commands or local.inside:
        return None
    if local.granted:
        permit: Permit = local.granted.pop()
        return permit
    return commands.ask(
        argv, executables, os.fsdecode(cwd) if cwd else "", shell_line(argv), env
    )


def _instead(path: Any, argv: Any, env: Any = None) -> tuple[Any, Any, Permit | None]:
    """Ask about a program that is started with this process's own streams."""
    if not scope.commands or local.inside:
        return path, argv, None
    words, executable = decoded(argv), os.fsdecode(path)
    permit = _permit(words, [executable] if "/" in executable else [], None, env)
    start = permit and permit.instead(words, [executable], commands.INHERITED)
    return (start[0], start, permit) if start else (path, argv, permit)


class counted:  # noqa: N801 - read as a word of the `with` statement
    """Tells the process of a start that counts while it runs; on an error, that none is."""

    __slots__ = ("_permit",)

    def __init__(self, permit: Permit | None) -> None:
        self._permit = permit

    def __enter__(self) -> Callable[[int], int]:
        return self._count

    def _count(self, pid: int) -> int:
        if self._permit is not None:
            self._permit.spawned(pid)
        return pid

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        if kind is not None:
            self._count(0)


def shell_line(argv: list[str]) -> str:
    """Give the line a shell was given, as `subprocess` does with ``shell=True``."""
    shell = len(argv) == 3 and argv[1] == "-c" and argv[0] in ("/bin/sh", "sh")
    return argv[2] if shell else ""


def _output(rest: list[Any]) -> str:
    """Say where the output of a `fork_exec` goes: its write ends, -1 for ours."""
    out, err = rest[7], rest[9]
    if out == -1:
        return commands.INHERITED if err == -1 else commands.ERR
    if out == err:
        return commands.MERGED
    return commands.OUT if err == -1 else commands.BOTH


def _first(start: list[str]) -> tuple[bytes]:
    return (os.fsencode(start[0]),)


TABLE: list[Patch] = [
    ("_posixsubprocess", "fork_exec", _fork_exec),
    # a name of its own since 3.11, captured already where `subprocess` came before us
    ("subprocess", "_fork_exec", _fork_exec),
    ("os", "execv", _execv),
    ("os", "execve", _execve),
    ("os", "posix_spawn", _posix_spawn),
    ("os", "posix_spawnp", _posix_spawn),
    ("os", "system", _system),
]
