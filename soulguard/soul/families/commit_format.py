"""The form of commit messages and of branch names: another one is refused.

Takes::

    Commit format: `[bot] fix: <what and why>`
    Commit messages must start with `ops:`.
    Use Conventional Commits.
    Branch names: `agent/<issue>-<slug>`

What stands before the first placeholder is asked of the message. Refuses forms that are
all placeholder, and messages from an editor or a file: a command line does not show them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.reading import NEGATION, Reading
from soulguard.soul.wording import Stems, wording

FAMILY = "command-format"

_TYPES = ("feat", "fix", "docs", "style", "refactor", "perf", "test", "build", "ci",
          "chore", "revert")  # fmt: skip
_STEMS = Stems(("commit",))
_ABOUT = wording(
    r"\bcommit (?:message )?(?:format|messages?|style|prefix|convention|titles?)\b|"
    r"\bconventional[- ]commits?\b|\bcommits?: |"
    r"\bcommits?\b.*\b(?:start\w*|begin\w*|prefix\w*)\b|\bprefix\w*\b.*\bcommits?\b"
)
_TOLD = wording(
    r"\b(?:must|always|use|follow|prefix\w*|start\w*|begin\w*|should|shall|format|required?|stick to)\b|"
    r"\Acommit\w* (?:message )?\w*:|\Acommits: |\Aconventional commits\b|\bcommit messages?: "
)
_REFUSED = wording(rf"\b{NEGATION}\b")
_COMMITS = re.compile(r"\bcommits?\b")
_FORMAT = re.compile(r"(?:format|form|style|convention|template):")
_BRANCHES = re.compile(
    r"\bbranch(?:es)?(?: names?)?(?: format| pattern| prefix| convention)?:|"
    r"\bbranch(?:es| names?)\b (?:are|is|must be|should be|get|follow|must follow|have to be|must start|should start|start|begin|must begin)\b|"
    r"\b(?:name|call|prefix) (?:your |new |all |every |the |each )*branch(?:es)?\b|"
    r"\bbranch(?:es)? (?:named|called|prefixed)\b|\bcreate (?:your |all )?branches (?:as|like|under)\b"
)
_BEGIN = re.compile(r"[a-z][\w.-]*[/-](?:[\w.-]+[/-])*[\w-]*")
_KINDS = re.compile(r"\b([a-z]{2,9}):(?=[,)])")
_CODE = re.compile(r"`([^`]+)`")
_HOLDER = re.compile(r"<[^<>]*>|\{[^{}]*\}|\.\.\.|\u2026|\[[A-Z][A-Z _-]+\]")
_UNTIL = re.compile(rf"{_HOLDER.pattern}|\bYYYY|#|\*")
_CALL = re.compile(r"\Agit commit (?:-\w+ )*-\w*m\s*[\"']?")
_CHOICE = re.compile(r"[a-z]+(?:\|[a-z]+)+")
_KIND = re.compile(r"`([a-z]{2,10}):`")
_EXAMPLE = re.compile(r"\b(?:e\.g\.|for example|such as|like)(?=\W)")
_FREE = re.compile(r"\A<?type>?\b|\Atype\(")


def read(reading: Reading, world: World) -> Iterator[Draft]:  # noqa: ARG001 - one shape
    """Give the rule a sentence makes for commit messages."""
    low = reading.low
    if "branch" in low and not _STEMS.within(low):
        yield from _of_branches(reading)
    low = _headed(reading)
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


def _headed(reading: Reading) -> str:
    """Give what is said, with the heading that tells of what ``Format:`` is."""
    above = (*reading.clause.headings[-1:], *reading.clause.leads[-1:])
    about = next((t for t in above if _COMMITS.search(t.lower())), "")
    labelled = about and _FORMAT.match(reading.low)
    return f"commit message {reading.low}" if labelled else reading.low


def _of_branches(reading: Reading) -> Iterator[Draft]:
    """Give the rule for the names of branches that are made."""
    forms = [
        code
        for code in _CODE.findall(reading.plain)
        if _UNTIL.search(code) or code.endswith(("/", "/*"))
    ]
    begins = [_UNTIL.split(form, maxsplit=1)[0].rstrip("*") for form in forms]
    said = _BRANCHES.search(reading.low) and not _REFUSED.search(reading.low)
    if not said or not begins or not all(_BEGIN.fullmatch(begin) for begin in begins):
        return
    names = "|".join(f"{begin}*" for begin in begins)
    made = ("git checkout -b|-B|--orphan", "git switch -c|-C|--create|--force-create")
    where = Where(commands=made, except_commands=tuple(f"{m} {names}" for m in made))
    meaning = (
        f"making a branch whose name does not begin with {quoted(begins)} is refused"
    )
    params = {"allow_list": True}
    run = (EffectKind.COMMAND_RUN,)
    yield Draft(FAMILY, Action.DENY, run, meaning, where, params=params)


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
    named = _KINDS.findall(reading.low.partition("(")[2])
    if len(named) > 1:
        return _types(tuple(named))
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
