"""Owns what is taken out of a rule: by its own words, by a sentence after it.

``Never overwrite existing files. Source code edits are the exception.`` The second
sentence takes its files out of the rules of the first. What `REWRITABLE` rules speak of
is taken out of "every output, once" wherever that stands. Nothing else looks backwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from soulguard.model import Action, Rule
from soulguard.soul import afterwards, literals
from soulguard.soul.drafts import World
from soulguard.soul.reading import Reading

_EXCEPTION = re.compile(
    r"\A(?:the )?(?:only |sole )?exceptions?(?:\b.*?)(?: is| are|:)\s*(?P<after>.+)|"
    r"\A(?P<before>.+?) (?:is|are) (?:the|an|the only) exceptions?\b|"
    r"\A(?P<exempt>.+?) (?:is|are) (?:exempt|excluded|excepted)\b|"
    r"\Aexcept(?: for)?:? (?P<except>.+)|"
    r"\A(?:this|the rule|it) does not apply to (?P<not_to>.+)"
)
_SCOPE = re.compile(r"\A(?:this |that |it |the rule |the same )?(?:rule )?applies to\b")
_INLINE = re.compile(
    r"\b(?:with the exception of|except(?:ing|ed)?|apart from|excluding|save for|"
    r"unless (?:it is|it's|they are|they're|(?:the|that) \w+ (?:is|are)))\b"
)
REWRITABLE = "rewritable"
"""A parameter of atomic rules: their files may be written again in one run."""

_NO = r"(?:never|do not|don't|must not|may not|cannot|no|not|nobody|nothing)"
_OTHERS: dict[str, re.Pattern[str]] = {
    "recipient-allow": re.compile(
        rf"\A(?:you )?{_NO}\b.*\b(?:others|other (?:e-?mail )?(?:address(?:es)?|recipients?|people|persons?|one)|"
        r"any(?:one|body) else)\b|\A(?:not|nor|never) to \w"
    ),
    "host-allow": re.compile(
        rf"\A(?:you )?{_NO}\b.*\b(?:others?|any other) (?:endpoints?|hosts?|domains?|sites?|urls?|connections?|services?|apis?)\b|"
        rf"\A(?:you )?{_NO}\b.*\banywhere else\b"
    ),
}
"""What says of a list again that nobody else is on it."""
_WHATEVER = re.compile(
    r"\b(?:it|that) (?:doesn't|does not) matter\b|\bno matter (?:what|which) (?:channel|medium|way)\b|"
    r"\b(?:whatever|regardless of) the (?:channel|medium)\b"
)
"""What says of all that leaves that no way out is excepted."""
_OUTSIDE = frozenset(("ask-external", "external-deny"))
_CLASSES = (
    (re.compile(r"\b(?:source )?code\b"), "source-code"),
    (re.compile(r"\blogs?\b"), "log-files"),
    (re.compile(r"\bconfig(?:uration)?\b"), "config-files"),
    (re.compile(r"\bmemor(?:y|ies)\b"), "memory-files"),
)


@dataclass(frozen=True, slots=True)
class Follow:
    """What a following sentence does; `paths` are taken out, none for a mere scope."""

    paths: tuple[str, ...]
    scope: bool = False


def follow(reading: Reading, world: World, rules: Iterable[Rule]) -> Follow | None:
    """Read a sentence as an exception to, or the scope of, the rules before it.

    None where it is neither, or where what it takes out cannot be told.
    """
    if _SCOPE.match(reading.low):
        return Follow((), scope=True)
    known = list(rules)
    asked = any(rule.action is Action.ASK for rule in known)
    if (asked and afterwards.is_remark(reading.plain)) or _repeats(reading, known):
        return Follow((), scope=True)
    found = _EXCEPTION.match(reading.low)
    if not found:
        return None
    paths = _named(next(part for part in found.groups() if part), world)
    return Follow(paths) if paths else None


def _repeats(reading: Reading, rules: Iterable[Rule]) -> bool:
    """Whether a sentence says of the rules before it what they say already.

    ``Only write to a@example.com. Not to sources, not to readers.``
    """
    for rule in rules:
        said = _OTHERS.get(rule.family)
        if said and rule.params.get("allow_list") and said.search(reading.low):
            return True
        if rule.family in _OUTSIDE and _WHATEVER.search(reading.low):
            return True
    return False


def inline(text: str, world: World) -> tuple[str, tuple[str, ...]] | None:
    """Part a sentence from its exception: what it says without, and the paths it spares.

    None where nobody can tell what it spares. `text` has no markup but code.
    """
    found = _INLINE.search(text)
    if not found:
        return text, ()
    spared = _named(text[found.end() :], world)
    return (text[: found.start()], spared) if spared else None


def _named(said: str, world: World) -> tuple[str, ...]:
    paths = list(literals.paths(said))
    for words, name in _CLASSES:
        if words.search(said):
            paths += world.paths(name)
    return tuple(dict.fromkeys(paths))


def spare(rules: Iterable[Rule]) -> list[Rule]:
    """Take what may be rewritten out of the rules that speak of every output."""
    found = list(rules)
    free = tuple(p for r in found if r.params.get(REWRITABLE) for p in r.where.paths)
    return [_without(rule, free) if free else rule for rule in found]


def _without(rule: Rule, free: tuple[str, ...]) -> Rule:
    if rule.action is not Action.ONCE or rule.where.paths != ("**",):
        return rule
    paths = tuple(dict.fromkeys((*rule.where.except_paths, *free)))
    return replace(rule, where=replace(rule.where, except_paths=paths))
