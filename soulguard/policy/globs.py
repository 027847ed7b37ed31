"""Owns path globs: how one becomes absolute, a regular expression, and comparable.

A glob is relative to the policy root unless it starts with ``/`` or ``~``. ``**``
crosses folders, ``*`` and ``?`` stay inside one name, ``[a-z]`` is a class, ``{a,b}``
is a choice. ``dir/**`` and ``dir/`` speak of the folder itself and all below it.
Nothing here looks at the file system.
"""

from __future__ import annotations

import functools
import os
import re

_SPECIAL = re.compile(r"[*?\[{]")


def absolute(glob: str, root: str, home: str | None = None) -> str:
    """Give the glob with an absolute start; a folder (``dir/``) becomes ``dir/**``."""
    if glob == "~" or glob.startswith("~/"):
        glob = (home or os.path.expanduser("~")) + glob[1:]
    elif not glob.startswith("/"):
        while glob.startswith("./"):
            glob = glob[2:]
        glob = f"{root.rstrip('/')}/{glob}" if glob not in ("", ".") else root + "/"
    while "/../" in glob:
        glob = re.sub(r"/[^/]*/\.\./", "/", glob, count=1)
    return glob + "**" if glob.endswith("/") else glob


def is_literal(glob: str) -> bool:
    """Whether the glob names exactly one path."""
    return not _SPECIAL.search(glob)


def split(glob: str) -> tuple[list[str], list[str]]:
    """Split an absolute glob into its literal leading parts and the rest."""
    parts = glob.strip("/").split("/")
    for at, part in enumerate(parts):
        if _SPECIAL.search(part):
            return parts[:at], parts[at:]
    return parts, []


def specificity(glob: str) -> tuple[int, int]:
    """Rank an absolute glob: more literal leading parts, then more literal letters."""
    head, rest = split(glob)
    literal = sum(len(re.sub(r"\[[^\]]*\]|\{[^}]*\}|[*?]", "", p)) for p in rest)
    return (len(head) + (0 if rest else 1000), literal)


@functools.lru_cache(maxsize=8192)
def to_regex(glob: str) -> str:
    """Give the glob as a regular expression without anchors, for ``(?s)`` mode."""
    parts = glob.split("/")
    out = []
    for at, part in enumerate(parts):
        last = at == len(parts) - 1
        if part == "**":
            if not last:
                out.append("(?:[^/]+/)*")
            elif out and out[-1] == "/":
                out[-1] = "(?:/.*)?"
            else:
                out.append(".*")
            continue
        out.append(_name(part))
        if not last:
            out.append("/")
    return "".join(out)


def _name(part: str) -> str:
    out, at = [], 0
    while at < len(part):
        piece, at = _piece(part, at)
        out.append(piece)
    return "".join(out)


def _piece(part: str, at: int) -> tuple[str, int]:
    char = part[at]
    if char == "*":
        while part[at : at + 1] == "*":
            at += 1
        return "[^/]*", at
    if char == "?":
        return "[^/]", at + 1
    if char == "[" and (end := part.find("]", at + 2)) > 0:
        body = part[at + 1 : end].replace("\\", "\\\\").replace("[", "\\[")
        negated = body.startswith(("!", "^"))
        return f"[{'^/' + body[1:] if negated else body}]", end + 1
    if char == "{" and (end := part.find("}", at)) > 0:
        choice = "|".join(_name(p) for p in part[at + 1 : end].split(","))
        return f"(?:{choice})", end + 1
    return re.escape(char), at + 1


def compile_any(globs: tuple[str, ...]) -> re.Pattern[str] | None:
    """Give one pattern that fully matches any of the absolute globs; None for none."""
    if not globs:
        return None
    return re.compile(rf"(?s)(?:{alternatives(globs)})\Z")


def alternatives(globs: tuple[str, ...]) -> str:
    """Give the alternation of absolute globs with their common starts factored out.

    Globs of one folder with a leading ``**`` (``root/**/.git/**``, ``root/**/*.log``)
    share the walk over the folders, so a long list costs about as much as one.
    """
    tails: dict[str, list[str]] = {}
    plain = []
    for glob in dict.fromkeys(globs):
        head, mark, tail = glob.partition("/**/")
        if mark and not _SPECIAL.search(head):
            tails.setdefault(head, []).append(to_regex(tail))
        else:
            plain.append(to_regex(glob))
    for head, tail_list in tails.items():
        plain.append(f"{re.escape(head)}/(?:[^/]+/)*(?:{'|'.join(tail_list)})")
    return "|".join(plain)
