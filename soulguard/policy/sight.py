"""Owns what the disk tells about a command line: the questions, not the looking.

Whoever may look (the supervisor) gives the answers; without one a line is taken at its
word, as if every path were what it seems and all that a rule names were there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


def _itself(path: str) -> str:
    return path


def _unknown(path: str) -> bool | None:  # noqa: ARG001 - nobody can look
    return None


def _there(path: str) -> bool:  # noqa: ARG001 - nobody can look
    return True


def _nameless(path: str) -> str:  # noqa: ARG001 - nobody can look
    return ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody who may look can tell.

    `real` gives an absolute path with its links followed, `folder` says whether there is
    a folder (None: not known), `there` whether there is anything. `branch` gives the
    branch of git that a folder is on, empty where it is on none or that is not known;
    `script` the text of a file that a shell may run, empty for what is none.
    """

    real: Callable[[str], str] = _itself
    folder: Callable[[str], bool | None] = _unknown
    there: Callable[[str], bool] = _there
    branch: Callable[[str], str] = _nameless
    script: Callable[[str], str] = _nameless


BLIND = Sight()
"""Nobody looks."""
