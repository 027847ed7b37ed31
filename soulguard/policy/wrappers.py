"""Owns which programs start another one, and where in their words that one begins.

``sudo -u bob rm x`` starts ``rm x``; so do ``env``, ``xargs``, ``find -exec``, ``uv run``,
``docker exec`` and a shell with ``-c``. Whether an option takes a value is not known of
every program: both readings are given, for a rule must not be lost. Runs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from soulguard.policy.shell import Simple, read

SHELLS = frozenset(("sh", "bash", "dash", "zsh", "ksh", "fish", "ash"))
ELSEWHERE = frozenset(
    ("ssh", "docker", "podman", "docker-compose", "kubectl", "oc", "chroot", "nsenter")
)
"""Wrappers whose programs have other files than those here."""

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\+?=")
_VERSIONED = re.compile(r"(python|pip|pypy)[\d.]+\Z")
_SHELL_C = re.compile(r"-[A-Za-z]*c\Z")

_OPENING: dict[str, int] = {
    "sudo": 0, "doas": 0, "env": 0, "nohup": 0, "nice": 0, "ionice": 0, "time": 0,
    "timeout": 1, "stdbuf": 0, "setsid": 0, "xargs": 0, "command": 0, "exec": 0,
    "builtin": 0, "chroot": 1, "unshare": 0, "nsenter": 0, "strace": 0, "ltrace": 0,
    "flock": 1, "runuser": 0, "busybox": 0, "toybox": 0, "parallel": 0, "chronic": 0,
    "caffeinate": 0, "xvfb-run": 0, "catchsegv": 0, "pkexec": 0, "taskset": 1,
    "npx": 0, "bunx": 0, "uvx": 0, "dotenv": 0, "firejail": 0, "entr": 0, "unbuffer": 0,
}  # fmt: skip
"""Programs that start what follows, with the words of their own before it."""

_BELOW: dict[tuple[str, str], int] = {
    ("docker", "exec"): 1, ("docker", "run"): 1, ("podman", "exec"): 1,
    ("podman", "run"): 1, ("docker-compose", "exec"): 1, ("docker-compose", "run"): 1,
    ("kubectl", "exec"): 1, ("oc", "exec"): 1, ("uv", "run"): 0, ("uv", "tool"): 1,
    ("poetry", "run"): 0, ("pipenv", "run"): 0, ("pdm", "run"): 0, ("hatch", "run"): 0,
    ("rye", "run"): 0, ("pixi", "run"): 0, ("conda", "run"): 0, ("mamba", "run"): 0,
    ("npm", "exec"): 0, ("pnpm", "exec"): 0, ("pnpm", "dlx"): 0, ("yarn", "exec"): 0,
    ("yarn", "dlx"): 0, ("bundle", "exec"): 0, ("mise", "exec"): 0,
    ("direnv", "exec"): 1, ("op", "run"): 0, ("doppler", "run"): 0,
    ("aws-vault", "exec"): 1, ("dotenv", "run"): 0,
}  # fmt: skip
"""The same for a command of a program."""

_LINES: dict[str, int] = {"ssh": 1, "eval": 0, "watch": 0, "at": 9, "batch": 9}
"""Programs that hand the rest of their words to a shell."""

_SAID = frozenset(("su", "runuser", "script", "flock", "nix-shell"))
"""Programs whose ``-c`` (``--command``, ``--run``) is a line for a shell."""

_ASKING = {"command": frozenset(("-v", "-V")), "sudo": frozenset(("-l", "-v", "-k"))}
"""Options with which such a program starts nothing."""

_FINDING = frozenset(("-exec", "-execdir", "-ok", "-okdir"))


def without_assignments(words: list[str]) -> list[str]:
    """Give the words after the variables set for the command."""
    at = 0
    while at < len(words) and _ASSIGNMENT.match(words[at]):
        at += 1
    return words[at:]


def name_of(word: str) -> str:
    """Give the program's name as a pattern would write it."""
    return word.rpartition("/")[2].lower()


def plain_name(name: str) -> str:
    """Give the name without the version: ``pip3`` and ``python3.12`` lose theirs."""
    found = _VERSIONED.match(name)
    return found[1] if found else name


def inner(simple: Simple) -> Iterator[Simple]:
    """Give the simple commands that a simple command starts, as far as its words say."""
    words = simple.words
    name, rest = plain_name(name_of(words[0])), words[1:]
    if name in SHELLS:
        yield from _shell(simple, rest)
    elif name == "find":
        yield from _found(rest)
    elif name in ("python", "pypy") and "-m" in rest[:-1]:
        yield Simple(rest[rest.index("-m") + 1 :])
    elif name == "uv" and rest[:1] == ["pip"]:
        yield Simple(rest)
    if name in _SAID or name in _LINES:
        yield from _lines(name, simple, rest)
    if name in _OPENING and not _ASKING.get(name, frozenset()) & set(rest):
        yield from _opened(rest, _OPENING[name])
    yield from _below(name, rest)


def _lines(name: str, simple: Simple, rest: list[str]) -> Iterator[Simple]:
    if name in _SAID:
        for at, word in enumerate(rest[:-1]):
            if word in ("-c", "--command", "--run"):
                yield from read(rest[at + 1])
        return
    for at in _beginnings(rest, _LINES[name]):
        yield from read(" ".join(rest[at:]))
    yield from read(simple.stdin)


def _below(name: str, rest: list[str]) -> Iterator[Simple]:
    for at, word in enumerate(rest):
        if (name, word) in _BELOW:
            yield from _opened(rest[at + 1 :], _BELOW[name, word], named=True)
            return
        if (name, word) == ("docker", "compose"):
            yield Simple(["docker-compose", *rest[at + 1 :]])
            return


def _shell(simple: Simple, rest: list[str]) -> Iterator[Simple]:
    for at, word in enumerate(rest[:-1]):
        if _SHELL_C.match(word):
            yield from read(rest[at + 1])
            return
    if simple.stdin and all(w.startswith("-") for w in rest):
        yield from read(simple.stdin)


def _found(rest: list[str]) -> Iterator[Simple]:
    at = 0
    while at < len(rest):
        if rest[at] in _FINDING:
            start = at = at + 1
            while at < len(rest) and rest[at] not in (";", "+"):
                at += 1
            if rest[start:at]:
                yield Simple(rest[start:at])
        at += 1


def _opened(rest: list[str], own: int, *, named: bool = False) -> Iterator[Simple]:
    """Give what follows the options and as many words as the program has of its own.

    `named`: what stands after ``--`` alone is meant where that is there.
    """
    if named and "--" in rest:
        rest, own = rest[rest.index("--") + 1 :], 0
    for at in _beginnings(rest, own):
        yield Simple(rest[at:])
    for at, word in enumerate(rest):
        if word in ("-S", "--split-string") and rest[at + 1 :]:
            yield from read(" ".join(rest[at + 1 :]))


def _beginnings(rest: Sequence[str], own: int) -> Iterator[int]:
    """Give the places where the started command may begin.

    An option may take the next word as its value or not.
    """
    places, seen = [(0, own)], set()
    while places:
        at, left = places.pop()
        if at >= len(rest) or (at, left) in seen:
            continue
        seen.add((at, left))
        word = rest[at]
        if word == "--":
            places.append((at + 1, left))
        elif word.startswith("-") and len(word) > 1:
            places.append((at + 1, left))
            if "=" not in word and rest[at + 1 : at + 2] != ["--"]:
                places.append((at + 2, left))
        elif _ASSIGNMENT.match(word):
            places.append((at + 1, left))
        elif left:
            places.append((at + 1, left - 1))
        else:
            yield at
