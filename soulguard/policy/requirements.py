"""Owns what a rule requires of an effect beyond its place: when, whence, with what parts.

Pure: the circumstances are told by whoever asks. What follows from a requirement that is
not met is not decided here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from soulguard.model import Effect, Rule
from soulguard.policy import carried, globs, hours
from soulguard.policy.carried import Fields, Listed, Unmet
from soulguard.policy.started import lines, started, variable


def _nowhere(folder: str) -> bool:  # noqa: ARG001 - nobody can look
    return False


def _unread(file: str) -> Collection[str] | None:  # noqa: ARG001 - nobody can look
    return None


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What an effect comes with.

    `at` is Unix seconds, `root` the folder of the policy. `fields` gives those of a
    request, None where nobody can look into it; `versioned` says of a folder whether it
    lies in a git repository.
    """

    at: float
    effect: Effect
    root: str = "/"
    fields: Callable[[], Fields | None] = dict
    versioned: Callable[[str], bool] = _nowhere
    listed: Listed = _unread


def unmet(rule: Rule, given: Circumstances) -> Unmet | None:
    """Give the first requirement of a rule that an effect does not meet."""
    for name, check in _CHECKS.items():
        if name in rule.params and (found := check(rule, given)):
            return found
    return None


def demands(rule: Rule) -> str:
    """Say what a rule requires, in words."""
    return "; ".join(_demands(rule))


def local(at: float, zone: str = "") -> datetime:
    """Give the time on the wall at Unix seconds: here, or in a zone."""
    if not zone:
        here = datetime.fromtimestamp(at, timezone.utc).astimezone()
        return here.replace(tzinfo=None)
    if zone == "UTC":
        return datetime.fromtimestamp(at, timezone.utc).replace(tzinfo=None)
    # only for rules that name a zone
    from zoneinfo import ZoneInfo

    return datetime.fromtimestamp(at, ZoneInfo(zone)).replace(tzinfo=None)


# -- times ------------------------------------------------------------------------------


def _inside(rule: Rule, given: Circumstances) -> Unmet | None:
    return _timely(rule, given, "hours", inside=True)


def _outside(rule: Rule, given: Circumstances) -> Unmet | None:
    return _timely(rule, given, "quiet", inside=False)


def _timely(
    rule: Rule, given: Circumstances, name: str, *, inside: bool
) -> Unmet | None:
    windows, zone = tuple(rule.params[name]), str(rule.params.get("zone", ""))
    now = local(given.at, zone)
    if hours.within(windows, now) == inside:
        return None
    at = f"{hours.said(now)}{f' ({zone})' if zone else ''}"
    place = "outside" if inside else "in"
    fact = f"it is {at}, and that is {place} {_quoted(windows)}"
    then = hours.turns(windows, now, inside=inside)
    if then is None:
        return Unmet(fact, "go on without it: no time is left")
    return Unmet(fact, f"wait until {hours.said(then, now)}, when it is allowed again")


# -- parts of a request -----------------------------------------------------------------


def _fields(rule: Rule, given: Circumstances) -> Unmet | None:
    found, names = given.fields(), rule.params["fields"]
    lacking = carried.there(names, found)
    if lacking or found is None or not rule.params.get("future"):
        return lacking
    return carried.ahead(names, found, given.at)


def _values(rule: Rule, given: Circumstances) -> Unmet | None:
    return carried.saying(rule.params["values"], given.fields(), begins=False)


def _begins(rule: Rule, given: Circumstances) -> Unmet | None:
    return carried.saying(rule.params["begins"], given.fields(), begins=True)


def _absent(rule: Rule, given: Circumstances) -> Unmet | None:
    return carried.missing(rule.params["absent"], given.fields())


def _recipients(rule: Rule, given: Circumstances) -> Unmet | None:
    return carried.few(int(rule.params["recipients"]), _people(given.effect))


def _listed(rule: Rule, given: Circumstances) -> Unmet | None:
    return _on_list(rule, given, "listed")


def _unlisted(rule: Rule, given: Circumstances) -> Unmet | None:
    return _on_list(rule, given, "unlisted")


def _on_list(rule: Rule, given: Circumstances, name: str) -> Unmet | None:
    def listed(file: str) -> Collection[str] | None:
        return given.listed(globs.absolute(file, given.root))

    wanted, people = name == "listed", _people(given.effect)
    return carried.on_list(rule.params[name], people, listed, wanted=wanted)


def _people(effect: Effect) -> list[str]:
    return effect.target.replace(",", " ").split()


# -- commands ---------------------------------------------------------------------------


def _variables(rule: Rule, given: Circumstances) -> Unmet | None:
    for name, value in rule.params["variables"].items():
        has = variable(given.effect, name)
        if has != value:
            fact = f"`{name}` is {f'`{has}`' if has else 'not set'}"
            return Unmet(fact, f"start it with `{name}={value}`")
    return None


def _lines(rule: Rule, given: Circumstances) -> Unmet | None:
    count, most = lines(given.effect), int(rule.params["lines"])
    if count <= most:
        return None
    said = "one line" if most == 1 else f"{most} lines"
    return Unmet(f"it has {count} lines", f"say it in {said}")


def _folder(rule: Rule, given: Circumstances) -> Unmet | None:
    wanted = tuple(rule.params["folder"])
    places = (given.root if f == "." else globs.absolute(f, given.root) for f in wanted)
    allowed = globs.compile_any(tuple(places))
    for each in started(given.effect, rule):
        if not (each.folder and allowed and allowed.match(each.folder)):
            return Unmet(_place(each.folder), f"start it in {_quoted(wanted)}")
    return None


def _repository(rule: Rule, given: Circumstances) -> Unmet | None:
    for each in started(given.effect, rule):
        if not (each.folder and given.versioned(each.folder)):
            fact = f"{_place(each.folder)}, and no git repository"
            return Unmet(fact, "start it inside a git repository")
    return None


def _place(folder: str) -> str:
    return f"its folder is `{folder}`" if folder else "its folder cannot be told"


_CHECKS: dict[str, Callable[[Rule, Circumstances], Unmet | None]] = {
    "hours": _inside, "quiet": _outside, "fields": _fields, "values": _values,
    "begins": _begins, "absent": _absent, "recipients": _recipients, "listed": _listed,
    "unlisted": _unlisted, "variables": _variables, "lines": _lines, "folder": _folder, "repository": _repository,
}  # fmt: skip


# -- in words ---------------------------------------------------------------------------


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _demands(rule: Rule) -> Iterator[str]:
    params = rule.params
    zone = f" ({params['zone']})" if params.get("zone") else ""
    for name, word in (("hours", "only"), ("quiet", "not")):
        if name in params:
            yield f"{word} {', '.join(params[name])}{zone}"
    yield from carried.demands(params)
    if "variables" in params:
        yield f"with {_quoted([f'{n}={v}' for n, v in params['variables'].items()])}"
    if "lines" in params:
        yield f"in {params['lines']} line{'s' if params['lines'] > 1 else ''}"
    if "folder" in params:
        yield f"in {_quoted(params['folder'])}"
    if params.get("repository"):
        yield "inside a git repository"
