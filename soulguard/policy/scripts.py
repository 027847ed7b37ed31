"""Owns the shell scripts that a command line starts: each is a line of its own.

``sh out/a.sh``, ``source a.sh``, ``bash < a.sh`` and ``./a.sh`` are read as ``sh -c`` is,
where somebody who may look gives their text. Scripts of the system and of installed
programs are their makers' and not the agent's: they are not looked into. Runs nothing.
"""

from __future__ import annotations

import os.path
import re
from collections.abc import Sequence
from dataclasses import replace

from soulguard.model import Effect
from soulguard.policy.shell import Simple
from soulguard.policy.sight import Sight
from soulguard.policy.started import placed
from soulguard.policy.wrappers import SHELLS, name_of

_MOST = 32
"""Scripts that are read for one line."""
_SHEBANG = re.compile(r"#!\s*(?:\S*/env\s+(?:-\S+\s+)*)?(\S+)")
_LINE = re.compile(r"-[A-Za-z]*[cs]\Z")
"""An option with which a shell is given no script: ``-c``, ``-s``."""
_SOURCE = frozenset((".", "source"))
_VALUED = frozenset(("-o", "+o", "-O", "+O", "--rcfile", "--init-file"))
_INSTALLED = re.compile(
    r"/(?:usr|bin|sbin|lib|opt|nix|snap|etc)/|/(?:\.?venv|node_modules|site-packages)/"
    r"|/\.git/"
)

Script = tuple[str, list[Simple]]
"""The absolute path of a script, and the simple commands in it."""


def scripts(effect: Effect, line: Sequence[Simple], sight: Sight) -> list[Script]:
    """Give the scripts that a line starts, and those that they start, each once."""
    found: dict[str, list[Simple]] = {}
    waiting = [line]
    while waiting:
        for simple in waiting.pop(0):
            path = _path(simple)
            known = not path or path in found or len(found) == _MOST
            text = "" if known else sight.script(path)
            if text and (_is_given(simple) or is_for_shell(text)):
                details = {"cwd": simple.folder}
                found[path] = placed(replace(effect, target=text, details=details))
                waiting.append(found[path])
    return list(found.items())


def is_for_shell(text: str) -> bool:
    """Whether the system hands a program with this text to a shell (execve(2))."""
    found = _SHEBANG.match(text)
    return found is not None and name_of(found[1]) in SHELLS


def _path(simple: Simple) -> str:
    """Give the absolute path of the script that a command starts, empty for none."""
    word = "" if simple.elsewhere else _script(simple)
    path = os.path.normpath(os.path.join(simple.folder, os.path.expanduser(word)))
    return path if word and path[0] == "/" and not _INSTALLED.search(path) else ""


def _is_given(simple: Simple) -> bool:
    """Whether a script is given to a shell, and not started by its own name."""
    return simple.words[0] in _SOURCE or name_of(simple.words[0]) in SHELLS


def _script(simple: Simple) -> str:
    """Give the word that names a script, empty for none."""
    program, *rest = simple.words
    if program in _SOURCE:
        return rest[0] if rest else ""
    if name_of(program) not in SHELLS:
        return program if "/" in program else ""
    before = ""
    for word in rest:
        if _LINE.match(word):
            return ""
        if not word.startswith(("-", "+")) and before not in _VALUED:
            return word
        before = word
    return next((file for operator, file in simple.redirections if operator == "<"), "")
