"""Owns where a ``git push`` goes that does not say it: to the branch its folder is on."""

from __future__ import annotations

import os.path

from soulguard.policy.operands import parted
from soulguard.policy.shell import Simple
from soulguard.policy.sight import Sight
from soulguard.policy.specials import plain_git

_TAKES = frozenset(("-o", "--push-option", "--repo", "--receive-pack", "--exec"))
_OTHERS = frozenset(("--tags", "--all", "--mirror", "--branches", "-d", "--delete"))
"""Options with which the branch that a folder is on is not what is pushed."""
_HERE = ("HEAD", "@", "+HEAD", "+@")


def destined(simple: Simple, sight: Sight) -> list[str]:
    """Give the words of a command, those of a push with the branch it pushes."""
    words = simple.words
    if "push" not in words or simple.elsewhere:
        return words
    command, folder = plain_git(words, simple.folder)
    if command[0] != "git push":
        return words
    options, operands = parted(command, _TAKES.__contains__)
    named = operands[1:]
    tags = any(name in _OTHERS for name, _ in options)
    if tags or (named and not any(n in _HERE for n in named)) or not folder:
        return words
    branch = sight.branch(os.path.normpath(folder))
    return [*words, branch] if branch else words
