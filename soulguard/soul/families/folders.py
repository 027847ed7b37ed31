"""Folders: where commands may be started.

Takes::

    Codex must run from inside a git repo.
    Only run commands from the project root.
    Never run npm outside `web/`.
    Always run terraform from `infra/`.

Refuses folders nobody can name (*the right directory*), commands nobody can name, and
writing outside a folder, which is another family's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import literals, programs
from soulguard.soul.demands import demand
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.literals import Kind
from soulguard.soul.reading import Reading
from soulguard.soul.wording import Pattern, wording

FAMILY = "cwd"

_RUN = r"(?:run|start|execute|invoke|launch|use|call|spawn)"
_COMMAND = (
    r"(?:(?:all|every|any|each|the|your)\s)?(?P<command>`[^`]+`|(?:shell |terminal )?commands?|"
    r"(?!commands?\b)[a-z][\w.+-]*(?:\s(?!from\b|in\b|outside\b|inside\b|within\b|must\b|only\b|commands?\b)[a-z][\w:-]*){0,2})"
    r"(?:\s(?:commands?|tasks?|scripts?|jobs?))?"
)
_IN = r"(?:from inside(?: of)?|from within|from|inside(?: of)?|within|in|under)"
_THERE = r"(?P<there>[^,;!?()]{1,80}?)"
_END = r"\s*(?:[.;!]?\s*\Z|\s[\u2014(-])"
_BE = r"(?:must|should|shall|has to|have to|needs? to|may|can)"
_FRAMES = (
    Pattern(rf"(?i)\A(?=all|every){_COMMAND}\s(?:runs?|starts?)\s(?:only\s)?{_IN}\s{_THERE}{_END}"),
    Pattern(rf"(?i)\A(?=`){_COMMAND}:?\s(?:only|always|exclusively|solely)\s{_IN}\s{_THERE}{_END}"),
    Pattern(rf"(?i)\A(?:only(?: ever)?|always|you may only|you must(?: always| only)?)\s{_RUN}\s{_COMMAND}\s(?:only\s)?{_IN}\s{_THERE}{_END}"),
    Pattern(rf"(?i)\A{_RUN}\s(?=(?:all|every)\s){_COMMAND}\s(?:only\s)?{_IN}\s{_THERE}{_END}"),
    Pattern(rf"(?i)\A(?:always\s)?(?:cd|change|switch)\s(?:in)?to\s{_THERE}\sbefore\s(?:running|you run|starting|any|every)\s{_COMMAND}{_END}"),
    Pattern(rf"(?i)\A{_RUN}\s{_COMMAND}\s(?:only|always|exclusively|solely)\s{_IN}\s{_THERE}{_END}"),
    Pattern(rf"(?i)\A{_COMMAND}\s{_BE}\s(?:always\s|only\s)?(?:be\s)?(?:run|started|executed|invoked|launched|used|called)\s(?:only\s)?{_IN}\s{_THERE}{_END}"),
    Pattern(rf"(?i)\A(?:never|do not|don't|must not|you must never)\s{_RUN}\s{_COMMAND}\s(?P<out>outside(?: of)?|from outside(?: of)?|(?:from )?anywhere (?:but|except|other than|outside)(?: in| from)?(?: of)?)\s{_THERE}{_END}"),
)  # fmt: skip
_PLACES = wording(
    r"\b(?:from|inside|outside|within|in|into|to|under|anywhere)\b.*(?:/|\broot\b|\brepo|\bworkspace\b|\bproject\b|\bfolder\b|\bdirectory\b|`)"
)
_REPOSITORY = re.compile(
    r"(?:an?|the|its|your)?\s?git (?:repo(?:sitory)?|work(?:ing)? ?tree|checkout)\Z"
)
_ROOT = re.compile(
    r"(?:the\s|your\s|this\s)?(?:(?:project|repo|repository|workspace|agent)(?:'s)? root|root(?: (?:folder|directory))?"
    r"(?: of the (?:project|repo|repository|workspace))?|root (?:folder|directory))(?: (?:folder|directory))?\Z"
)
_WHOLE = re.compile(
    r"(?:the\s|your\s|this\s|my\s)?(?:project|workspace|repo|repository|working)(?: (?:folder|directory))?\Z"
)
_BOUND = wording(
    r"\b(?:if|when|whenever|unless|except|without|until|before|after|first|tests? that|other than (?!`))\b"
)


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the rule about where commands start."""
    said = demand(reading)
    if not _PLACES.search(said.lower()):
        return
    for frame in _FRAMES:
        found = frame.match(said)
        if found is None or _BOUND.search(_bare(frame, found).lower()):
            continue
        commands, place = _commands(found["command"]), _place(found["there"])
        outside = "out" in frame.made.groupindex
        if commands and place and not (outside and place == {"folder": ["."]}):
            yield _draft(commands, place)
            return


def _bare(frame: Pattern, found: re.Match[str]) -> str:
    """Give the words that may bind it to something, without those of the frame."""
    out = found.groupdict().get("out") or ""
    said = found[0].replace(out, " ", 1) if out else found[0]
    return said.replace(" before ", " ", 1) if "before" in frame.source else said


def _draft(commands: tuple[str, ...], place: dict[str, object]) -> Draft:
    what = "a command" if commands == ("*",) else quoted(commands)
    folders = place.get("folder")
    where = _said([str(f) for f in folders]) if isinstance(folders, list) else ""
    meaning = f"starting {what} outside {where or 'a git repository'} is refused"
    run = (EffectKind.COMMAND_RUN,)
    return Draft(
        FAMILY, Action.REQUIRE, run, meaning, Where(commands=commands), params=place
    )


def _said(folders: list[str]) -> str:
    named = {".": "the root folder", "**": "the workspace"}
    return ", ".join(named.get(f, f"`{f}`") for f in folders)


def _commands(text: str) -> tuple[str, ...]:
    """Give the pattern of a command as it is named; nothing where it is none."""
    words = text.strip("`").split()
    if words[-1] in ("command", "commands"):
        return ("*",)
    named = programs.pattern(text if text.startswith("`") else text.lower())
    return (named,) if named else ()


def _place(text: str) -> dict[str, object]:
    """Give what is required of a folder, nothing where it names none."""
    low = text.strip().lower()
    if _REPOSITORY.match(low):
        return {"repository": True}
    if _ROOT.match(low):
        return {"folder": ["."]}
    if _WHOLE.match(low):
        return {"folder": ["**"]}
    found = [x for x in literals.find(text) if x.kind in (Kind.PATH, Kind.WORD)]
    named = [
        literals.glob(x.text) for x in found if "/" in x.text or x.kind is Kind.WORD
    ]
    rest = text
    for literal in found:
        rest = rest.replace(f"`{literal.text}`", " ").replace(literal.text, " ")
    spare = {
        "the",
        "and",
        "or",
        "folder",
        "directory",
        "dir",
        "only",
        "subfolder",
        "its",
    }
    if not named or set(rest.lower().split()) - spare:
        return {}
    return {"folder": [name if name.endswith("/") else f"{name}/" for name in named]}
