"""Owns the phrases of meanings: what rules do, in the words a person reads in a report.

A method is called by its name: not everybody knows which of them are *unsafe*. Which
rule says what is the families' business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from soulguard.soul.drafts import quoted

CALL = "POST, PUT, PATCH or DELETE call"
CALLS = "POST, PUT, PATCH and DELETE calls"
OUTSIDE_CALL = f"every {CALL} to an outside host"
NOTHING = "; nothing is refused"
_EXAMPLES = 2
"""Members of a class that stand for it."""
_MANY, _LONG = 3, 60
"""Members, and letters of their names, that are better said by the name of the class."""
_SAID = re.compile(
    r"(?P<head>every|starting|writing|reading|deleting|known secrets in) (?P<what>.+?) "
    r"(?P<does>(?:waits? for a person|(?:is|are) (?:refused|allowed))\b.*)"
)
_NARROWED = re.compile(
    r" (?:but|without|outside(?! host)|more than|except)\b|\Aany(?:thing|where)\b"
)
"""What a further thing behind it would be misread with."""
_BETWEEN = {"every": " and every ", "known secrets in": " and in "}


def of_class(name: str, lines: Sequence[str]) -> str:
    """Say a class of commands: what it is called and what is in it."""
    if name == "shells":
        return "any command"
    examples = tuple(dict.fromkeys(filter(None, map(_example, lines))))
    if len(lines) == len(examples) == 1:
        return f"`{examples[0]}`"
    few = examples[: len(examples) if len(examples) <= _EXAMPLES + 1 else _EXAMPLES]
    more = f" and {len(lines) - len(few)} more" if len(lines) > len(few) else ""
    article = "an" if name[0] in "aeiou" else "a"
    return f"{article} `{name}` command ({quoted(few)}{more})"


def named(said: str, classes: Mapping[str, Sequence[str]]) -> str:
    """Say classes of files by their names, where a meaning lists what is in them."""
    for name, members in classes.items():
        listed = quoted(members)
        if len(members) < _MANY and len(listed) < _LONG:
            continue
        examples = f" ({quoted(members, _EXAMPLES)})" if len(members) >= _MANY else ""
        said = said.replace(listed, f"`{name}`{examples}")
    return said


def joined(meanings: Iterable[str]) -> str:
    """Say several meanings in one line, what happens to things alike only once.

    What only allows is said to refuse nothing: no permission leaves anything out.
    """
    told: list[str] = []
    for meaning in dict.fromkeys(m.removesuffix(NOTHING) for m in meanings):
        both = _both(told[-1], meaning) if told else ""
        told[-1:] = [both] if both else [*told[-1:], meaning]
    alone = told and all(part.endswith("is allowed") for part in told)
    return "; ".join(told) + (NOTHING if alone else "")


def _both(one: str, other: str) -> str:
    first, second = _SAID.fullmatch(one), _SAID.fullmatch(other)
    if not first or not second:
        return ""
    head = first["head"]
    if (head, first["does"]) != (second["head"], second["does"]):
        return ""
    if _NARROWED.search(first["what"]) or _NARROWED.search(second["what"]):
        return ""
    between = _BETWEEN.get(head, " or ")
    return f"{head} {first['what']}{between}{second['what']} {first['does']}"


def _example(line: str) -> str:
    """Give one command line that a pattern matches; nothing for one that begins open."""
    words = [word.split("|")[0].rstrip("*=") for word in line.split()]
    return "" if "*" in words[0] or not words[0] else " ".join(filter(None, words))
