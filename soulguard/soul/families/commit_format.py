"""The form of commit messages: ``git commit -m`` with another one is refused.

Takes::

    Commit format: `[bot] fix: <what and why>`
    Commit messages must start with `ops:`.
    Use Conventional Commits.

What stands before the first placeholder is asked of the message. Refuses forms that are
all placeholder, and messages from an editor or a file: a command line does not show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import Draft, World
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "command-format"

_TYPES = ("feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci",
          "chore", "revert")  # fmt: skip
_STEMS = Stems(("commit",))
_ABOUT = wording(
    r"\bcommit (?:message )?(?:format|messages?|style|prefix|convention|titles?)\b|"
    r"\bconventional[- ]commits?\b|\bcommits?: |"
    r"\bcommits?\b.*\b(?:start|begin|prefix\w*)\b|\bprefix\w*\b.*\bcommits?\b"
)
_TOLD = wording(
    r"\b(?:must|always|use|follow|prefix\w*|start\w*|begin\w*|should|shall|format|required?|stick to)\b|"
    r"\Acommit\w* (?:message )?\w*:|\Acommits: |\Aconventional commits\b|\bcommit messages?: "
)
_REFUSED = wording(rf"\b{NEGATION}\b")
_CODE = re.compile(r"`([^`]+)`")
_HOLDER = re.compile(r"<[^<>]*>|\{[^{}]*\}|\.\.\.|\u2026|\[[A-Z][A-Z _-]+\]")
_CALL = re.compile(r"\Agit commit (?:-\w+ )*-\w*m\s*[\"']?")
_CHOICE = re.compile(r"[a-z]+(?:\|[a-z]+)+")
_KIND = re.compile(r"`([a-z]{2,10}):`")
_EXAMPLE = re.compile(r"\b(?:e\.g\.|for example|such as|like)(?=\W)")
_FREE = re.compile(r"\A<?type>?\b|\Atype\(")


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the rule a sentence makes for commit messages."""
    low = reading.low
    if not _STEMS.within(low):
        return
    if not _ABOUT.search(low) or not _TOLD.search(low) or _REFUSED.search(low):
        return
    said, wanted = _wanted(reading)
    if not wanted:
        return
    choice = "|".join(wanted)
    where = Where(
        commands=("git commit -m|--message",),
        except_commands=(
            f"git commit -m|--message {choice}",
            f"git commit {'|'.join(f'--message={glob}' for glob in wanted)}",
        ),
    )
    meaning = (
        f"`git commit -m` with a message that does not begin with {said} is refused"
    )
    yield Draft(
        FAMILY, Action.DENY, (EffectKind.COMMAND_RUN,), meaning, where,
        params={"allow_list": True},
    )  # fmt: skip


def _wanted(reading: Reading) -> tuple[str, tuple[str, ...]]:
    """Give how messages begin: in words, and as globs."""
    kinds = tuple(m[1] for m in _KIND.finditer(reading.plain))
    if len(kinds) > 1:
        return _types(kinds)
    for code in _CODE.findall(_EXAMPLE.split(reading.plain, maxsplit=1)[0]):
        form = _CALL.sub("", code.strip()).strip("\"'")
        if choice := _CHOICE.search(form):
            names = choice[0].split("|")
            return _types(tuple(names))
        begin = _HOLDER.split(form, maxsplit=1)[0].strip()
        if begin and not _FREE.match(form) and re.search(r"[\]:)]|\s", begin):
            return f"`{begin}`", (_glob(begin),)
        if re.fullmatch(r"[A-Z]{2,8}-", begin):
            return f"`{begin}`", (_glob(begin),)
    if "conventional" in reading.low or _FREE.search(reading.low.partition("`")[2]):
        return _types(_TYPES)
    return "", ()


def _types(names: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    shown = ", ".join(f"`{name}:`" for name in names[:3])
    globs = tuple(
        glob for name in names for glob in (f"{name}:*", f"{name}(*", f"{name}!*")
    )
    return f"one of {shown} and so on" if len(names) > 3 else shown, globs


def _glob(begin: str) -> str:
    """Turn the beginning of a message into one word of a command pattern."""
    return re.sub(r"([\[*?])", r"[\1]", begin).replace("|", "?").replace(" ", "?") + "*"
