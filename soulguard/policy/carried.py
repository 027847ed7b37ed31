"""Owns what a mail or a call must carry, must not carry, and who may be on a list.

Pure: fields and lists are told by whoever asks. What follows from what is lacking is not
decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

Fields = Mapping[str, Sequence[Any]]
"""The values that a request gives to each of its fields, by names in lower case."""

Listed = Callable[[str], Collection[str] | None]
"""The addresses that a file names, None where it cannot be read."""

LOOKS = ("fields", "values", "begins", "absent")
"""Requirements for which somebody has to look into what is sent."""

_CLOSED = "it is too large or packed to be looked into"


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that is not met: the fact, and what would do instead."""

    fact: str
    instead: str


def there(names: Sequence[str], found: Fields | None) -> Unmet | None:
    """Give the first field that is missing or empty."""
    for name in names:
        if found is None:
            return Unmet(_CLOSED, f"add `{name}`")
        if not given(found, name):
            return Unmet(f"it has no `{name}`", f"add `{name}`")
    return None


def ahead(names: Sequence[str], found: Fields, now: float) -> Unmet | None:
    """Give the first field that is no time after `now` (Unix seconds)."""
    for name in names:
        past = [v for v in given(found, name) if not _ahead(v, now)]
        if past:
            fact = f"`{name}` is `{past[0]}`, which is no time to come"
            return Unmet(fact, f"set `{name}` to a time to come")
    return None


def saying(
    wanted: Mapping[str, str], found: Fields | None, *, begins: bool
) -> Unmet | None:
    """Give the first field whose value is, or begins with, something else."""
    for name, text in wanted.items():
        way = f"let `{name}` begin with" if begins else f"set `{name}` to"
        if found is None:
            return Unmet(_CLOSED, f"{way} `{text}`")
        said = [str(v).strip() for v in given(found, name)]
        right = any(s.startswith(text) if begins else s == text for s in said)
        if not right:
            has = f"is `{said[0]}`" if said else "is not there"
            return Unmet(f"`{name}` {has}", f"{way} `{text}`")
    return None


def missing(names: Sequence[str], found: Fields | None) -> Unmet | None:
    """Give the first field that is there and may not be."""
    for name in names:
        if found is None:
            return Unmet(_CLOSED, f"leave `{name}` out")
        if said := given(found, name):
            return Unmet(f"its `{name}` is `{said[0]}`", f"leave `{name}` out")
    return None


def few(most: int, people: Sequence[str]) -> Unmet | None:
    """Say whether a mail has too many recipients."""
    if len(people) <= most:
        return None
    said = "one recipient" if most == 1 else f"{most} recipients"
    return Unmet(f"it has {len(people)} recipients", f"send it to {said}")


def on_list(
    files: Sequence[str], people: Sequence[str], listed: Listed, *, wanted: bool
) -> Unmet | None:
    """Give the first recipient who is on none of the lists and should be, or is on one.

    A list that cannot be read lets nobody through.
    """
    named = ", ".join(f"`{file}`" for file in files)
    known: set[str] = set()
    for file in files:
        found = listed(file)
        if found is None:
            return Unmet(f"`{file}` cannot be read", "restore the list first")
        known.update(found)
    for who in people:
        if (who.lower() in known) != wanted:
            instead = f"write to those in {named}" if wanted else "write to others"
            return Unmet(f"`{who}` is {'not ' if wanted else ''}in {named}", instead)
    return None


def given(found: Fields, name: str) -> list[Any]:
    """Give the values of a field, without those that say nothing."""
    return [v for v in found.get(name.lower(), ()) if v not in (None, "")]


def demands(params: Mapping[str, Any]) -> Iterator[str]:
    """Say what of all this a rule requires, in words."""
    if "fields" in params:
        future = " as a time to come" if params.get("future") else ""
        yield f"with {_quoted(params['fields'])}{future}"
    for key, word in (("values", "="), ("begins", "beginning with")):
        for name, text in params.get(key, {}).items():
            yield f"with `{name}` {word} `{text}`"
    if "absent" in params:
        yield f"without {_quoted(params['absent'])}"
    if "recipients" in params:
        most = int(params["recipients"])
        yield f"to {most} recipient{'s' if most > 1 else ''}"
    for key, word in (("listed", "in"), ("unlisted", "not in")):
        if key in params:
            yield f"to people {word} {_quoted(params[key])}"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _ahead(value: Any, now: float) -> bool:
    """Whether a value is a time to come: ISO 8601, or Unix seconds or milliseconds."""
    if isinstance(value, str) and not value.strip().isdigit():
        return _moment(value.strip()) > now
    try:
        number = float(value)
    except (TypeError, ValueError):
        return False
    return (number / 1000 if number > 1e11 else number) > now


def _moment(text: str) -> float:
    """Give a time in ISO 8601 as Unix seconds, 0.0 for what is none."""
    whole = f"{text[:-1]}+00:00" if text[-1:] in ("Z", "z") else text
    head, dot, rest = whole.partition(".")  # Python 3.10 takes three digits of it alone
    zone = rest.lstrip("0123456789")
    try:
        return datetime.fromisoformat(head + zone if dot else whole).timestamp()
    except ValueError:
        return 0.0
