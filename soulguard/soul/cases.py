"""Owns case files: what a policy must allow, ask about and refuse, as YAML.

The form, as documented in docs/policy.md::

    cases:
      - effect: write out/a.json
        expect: allow
        with: [once]
      - effect: run git push --force
        expect: deny
        by: SOUL.md:12

Reading alone; the judging is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from soulguard.model import Action, Noun, Span, Verdict
from soulguard.soul import yamlnodes as y
from soulguard.soul.text import read_source

_VERDICTS = ("allow", "ask", "deny")
_DUTIES = tuple(a.value for a in Action if a.value not in _VERDICTS)


@dataclass(frozen=True, slots=True)
class Case(Noun):
    """One expectation: `duties` must be among those that bind the effect, `by` names
    the rule id, or the file:line, that must have decided (empty: any).
    """

    effect: str
    expect: Verdict
    span: Span
    by: str = ""
    duties: tuple[str, ...] = ()


def read_cases(path: Path, root: Path) -> list[Case]:
    """Read a case file.

    Raises:
        PolicyError: it is missing, not UTF-8, or not of the form.
    """
    source = read_source(path, root)
    place = y.Place(source.name)
    node = y.compose(source.text, place)
    if node is None:
        return []
    found = y.mapping(node, ("cases",), place, "a case file")
    if "cases" not in found:
        return []
    items = y.items(found["cases"][1], place, "`cases`")
    return [_case(item, place) for item in items]


def _case(node: object, place: y.Place) -> Case:
    keys = y.mapping(node, ("effect", "expect", "by", "with"), place, "a case")
    for needed in ("effect", "expect"):
        if needed not in keys:
            raise place.error(node, f"a case needs `{needed}`")
    duties = y.items(keys["with"][1], place, "`with`") if "with" in keys else []
    return Case(
        effect=y.scalar(keys["effect"][1], place, "`effect`"),
        expect=Verdict(y.choice(keys["expect"][1], _VERDICTS, place, "`expect`")),
        span=place.span(node),
        by=y.scalar(keys["by"][1], place, "`by`") if "by" in keys else "",
        duties=tuple(y.choice(d, _DUTIES, place, "`with`") for d in duties),
    )
