"""Commands: deny, ask or allow starting programs.

Takes::

    Never force push, delete branches, or rewrite git history.
    No destructive commands without confirmation.
    Do NOT run system commands (df, systemctl, free, ps).
    Production deploys                                         (under "Ask first")
    **deny**: deploy, ssh, exec
    `git status` for uncommitted changes                       (under "Allowed")

English for a command (*deploy*, *force push*, *install software*) stands for a class of
command lines that ships and is printed by ``soulguard check``. Refuses commands nobody
can name (``never run analyses you do not understand``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from soulguard.model import Action, EffectKind, Where
from soulguard.soul import spoken, starting
from soulguard.soul.drafts import Draft, World, quoted
from soulguard.soul.frames import Frame
from soulguard.soul.lines import RUNNING, SHELL, named, pattern, until_prose
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.reading import Reading
from soulguard.soul.wording import wording

DENY, ASK, ALLOW = "command-deny", "command-ask", "command-allow"
DATABASE = "db-deny"

_LABEL = re.compile(r"\A[A-Z](?:(?!\b(?:must|should|before)\b)[^:`]){1,40}: ")
_PERMITS = re.compile(r"(?:be |is |are |allowed|permitted|may |can )")
_MANNER = frozenset(
    ("twice", "again", "repeatedly", "parallel", "concurrently", "simultaneously",
     "carelessly", "blindly", "needlessly", "unnecessarily", "lightly", "recursively",
     "rapidly", "sequentially", "line-by-line", "silently")
)  # fmt: skip
_MANNERS = frozenset(
    ("ad-hoc", "rapid", "sequential", "repeated", "chained", "complex", "bare")
)
_TOOLS = frozenset(("exec", "bash", "shell", "terminal", "process"))
"""Names of an agent's tools, which start anything and are no command line."""
_ONCE = wording(r"\bonce\b")
_NOT = wording(
    r"\b(?:never|not|no|don't|cannot|can't|without|unless|avoid|forbidden|ask|restricted|limited)\b"
)
_TOLD = re.compile(
    r"\W*(?:\Z|[\u2014\u2013:(,.;\u2192|+&-]|(?:for|to|if|before|after|when|then|or|and|on|in|with|every|only|from)\b)"
)
"""What follows a command that is handed over: what it is for, or nothing."""
_HARD = wording(
    r"\b(?:never|not|no|don't|cannot|can't|without|ask|confirm\w*|approv\w*|permission|avoid|"
    r"forbid\w*|forbidden|banned|block\w*|den(?:y|ied)|danger\w*|destructive|unsafe|wrong|bad)\b"
)
_PERMITTING = re.compile(
    r"\b(?:permissions?|permitted|allowed|allow-?list\w*|whitelist\w*|you (?:may|can)|free to|safe to)\b"
)
_ALONE = re.compile(
    r"(?:please )?leave `[^`]+`(?:(?:, | and | or )`[^`]+`)* (?:alone|be)\W*\Z"
)
_STARTS = re.compile(
    r"(?:shell|terminal|exec|programs?|commands?|binaries)(?: access| use)?: "
)
_UNSAID = ("when", "if", "where", "while")
_RUN = (EffectKind.COMMAND_RUN,)


def read(reading: Reading, world: World) -> Iterator[Draft]:
    """Give the command rules of a sentence."""
    yield from _listed(reading)
    yield from _left_alone(reading)
    for told in (_under_commands, _closed):
        if found := list(told(reading)):
            yield from found
            return
    done: set[tuple[Action, str]] = set()
    for draft in _of_frames(reading, world):
        for line in draft.where.commands[:1]:
            if (draft.action, line) not in done:
                done.add((draft.action, line))
                yield draft


def _of_frames(reading: Reading, world: World) -> Iterator[Draft]:
    secret = any("secrets" in frame.objs for frame in reading.frames)
    if any("other-repos" in f.objs for f in reading.frames):
        return  # in a new repository it may be done
    for frame in reading.frames:
        if paths := () if secret else _never_committed(frame, reading):
            yield _of_paths(paths)
            return
        if not _of_another(frame, reading, secret=secret):
            alone = len(reading.frames) == 1 and frame.words == frame.unknown
            yield from _drafts(frame, world, alone=alone)


def _of_another(frame: Frame, reading: Reading, *, secret: bool) -> bool:
    """``Keys never end up in logs or commits`` speaks of the keys."""
    if frame.inherited and (_leads(frame, reading) or _adjective(frame)):
        return True
    denied = frame.modality is Modality.DENY and not (frame.objs or frame.literals)
    file = secret or _of_a_file(frame, reading)
    return denied and bool(frame.acts & {"commit", "push"}) and file


def _of_a_file(frame: Frame, reading: Reading) -> bool:
    """```a.conf` is ignored - never committed``: the file is not, all else may be."""
    before = reading.frames[: reading.frames.index(frame)]
    return frame.verb.endswith("ed") or any(f.paths for f in before)


def _never_committed(frame: Frame, reading: Reading) -> tuple[str, ...]:
    """Give the paths that a frame keeps out of commits: its own, or those before it."""
    denied = frame.modality is Modality.DENY and "commit" in frame.acts
    strange = set(frame.unknown) - {"git", "version", "control"}
    plain = not (strange or frame.exception or frame.condition or frame.outside)
    if not (denied and plain) or frame.objs - {
        "code-hosts",
        "files",
        "logs",
        "workspace",
    }:
        return ()
    before = reading.frames[: reading.frames.index(frame)]
    told = (f.paths for f in reversed(before) if f.modality is Modality.NONE)
    paths = frame.paths or next(filter(None, told), ())
    return () if any(".env" in path for path in paths) else paths


def _of_paths(paths: tuple[str, ...]) -> Draft:
    """``Never commit `var/```: the commands of git that name it."""
    names = [path.removesuffix("**").rstrip("/") for path in paths]
    globs = "|".join(
        glob
        for name in names
        for glob in (name, f"*/{name}", f"{name}/*", f"*/{name}/*")
    )
    meaning = f"`git add` and `git commit` that name {quoted(paths)} are refused"
    where = Where(commands=(f"git add|stage|commit {globs}",))
    return Draft(DENY, Action.DENY, _RUN, meaning, where)


def _under_commands(reading: Reading) -> Iterator[Draft]:
    """An item of a list that is introduced as the commands that are allowed."""
    above = reading.clause.leads or reading.clause.headings
    lead = above[-1].lower() if above else ""
    if reading.above is not Modality.ALLOW or not wording(r"\bcommands?\b").search(
        lead
    ):
        return
    words = reading.frames[0].words if reading.frames else ()
    line = " ".join(until_prose(words)).replace("/", "|")
    quoted_alone = bool(re.fullmatch(r"`[a-z][\w.-]+`", reading.plain))
    if not quoted_alone and (reading.frames[0].acts if reading.frames else True):
        return
    if quoted_alone or re.fullmatch(r"[a-z][\w.-]+(?: [\w|.-]+){1,3}", line):
        meaning = f"starting {quoted([line])} is allowed"
        yield Draft(ALLOW, Action.ALLOW, _RUN, meaning, Where(commands=(line,)))


def _listed(reading: Reading) -> Iterator[Draft]:
    """An item that begins with a command line, where such are said to be allowed.

    Under any other heading it describes: ```npm run dev` - start the dev server``.
    """
    if reading.methods or not _permitting(reading):
        return  # "`GET /status` - how it goes" is no command line
    if reading.clause.kind != "list" or reading.above not in (
        Modality.NONE,
        Modality.MUST,
    ):
        return
    first = next((f for f in reading.frames if f.literals), None)
    if first is None or first.modality not in (Modality.NONE, Modality.MUST):
        return
    if _refusing(reading) or _ONCE.search(reading.low):
        return
    lead = first.literals[0] if first.literals else None
    plain = _LABEL.sub("", reading.plain)
    rest = plain[1:].partition("`")[2].lower()
    if _NOT.search(rest) or not _TOLD.match(rest):
        return  # "`make deploy` is not for you", "`make lint` still warns"
    if lead and lead.kind is Kind.COMMAND and plain.startswith("`"):
        named_here = (x for x in first.literals if x.kind is Kind.COMMAND)
        found = tuple(pattern(x.text) for x in named_here if x.text not in _TOOLS)
        if not found:
            return
        meaning = f"starting {quoted(found)} is allowed"
        yield Draft(ALLOW, Action.ALLOW, _RUN, meaning, Where(commands=found))


def _permitting(reading: Reading) -> bool:
    above = (*reading.clause.leads, *reading.clause.headings)
    return any(_PERMITTING.search(text.lower()) for text in above)


def _refusing(reading: Reading) -> bool:
    """Whether what stands above forbids or asks in words nobody took in."""
    above = (*reading.clause.leads, *reading.clause.headings[-1:])
    return any(_HARD.search(text.lower()) for text in above)


def _drafts(frame: Frame, world: World, *, alone: bool) -> Iterator[Draft]:
    permits = frame.modality is Modality.ALLOW and frame.commands
    outside = frame.outside and "destructive" not in frame.objs and not _but(frame)
    if (frame.counter and not permits) or outside:
        return
    if frame.modality in (Modality.ALLOW, Modality.ONLY):
        yield from _allowed(frame, world)
    if frame.modality not in (Modality.DENY, Modality.ASK):
        return
    denied = frame.modality is Modality.DENY
    if denied and (left := _but(frame)):
        yield left
        return
    if denied and (lacking := _lacking(frame)):
        yield lacking
        return
    if denied and (frame.exception or frame.condition or _narrowed(frame)):
        return
    if denied and (_on_files(frame) or _at_a_site(frame, world)):
        return
    meant = starting.meant(frame, world, alone=alone)
    if not meant.lines:
        return
    action, family = (Action.DENY, DENY) if denied else (Action.ASK, ASK)
    if denied and meant.database:
        family = DATABASE
    says = "is refused" if denied else "waits for a person"
    params = {"approval": frame.approval} if frame.approval else {}
    meaning, where = f"starting {meant.said} {says}", Where(commands=meant.lines)
    yield Draft(family, action, _RUN, meaning, where, params=params)


def _adjective(frame: Frame) -> bool:
    """``On any shared or pushed branch``: which branch, and no push."""
    return frame.verb.endswith("ed") and bool(frame.objs) and not frame.literals


def _leads(frame: Frame, reading: Reading) -> bool:
    """``DANGEROUS - never do this:``: what that is, is shown below."""
    return reading.low.rstrip("*_ ").endswith(":") and not (
        frame.acts or frame.literals
    )


def _at_a_site(frame: Frame, world: World) -> bool:
    """``Never use `curl` with the GitHub API``: with others it may be used."""
    site = any(map(world.service, frame.words)) and not frame.hosts
    return site and bool({"with", "for", "against"} & set(frame.words))


def _closed(reading: Reading) -> Iterator[Draft]:
    """``Only these may be started: `a`, `b```, ``run: `a`, `b`, nothing else``."""
    kinds = [x.kind for f in reading.frames for x in f.literals]
    modalities = {f.modality for f in reading.frames}
    free = not any(f.condition or f.exception or f.approval for f in reading.frames)
    only = Modality.ONLY in modalities and modalities <= {Modality.ONLY, Modality.NONE}
    if not (only and free and kinds) or set(kinds) - {Kind.COMMAND}:
        return
    lines = tuple(pattern(c) for f in reading.frames for c in f.commands)
    started = [f for f in reading.frames if f.acts & RUNNING and not f.literals]
    if any("sudo" in f.acts for f in reading.frames):
        yield _only_as_root(lines)
    elif len(reading.frames) > 1 and (started or _STARTS.match(reading.low)):
        yield _only(lines)


def _only_as_root(lines: tuple[str, ...]) -> Draft:
    """``Sudo is limited to `systemctl reload caddy```."""
    bare = tuple(line.removeprefix("sudo ") for line in lines if line != "sudo")
    meaning = f"starting `sudo` with anything but {quoted(bare)} is refused"
    given = tuple(f"sudo {line}" for line in bare)
    where = Where(commands=("sudo",), except_commands=given)
    return Draft(ALLOW, Action.DENY, _RUN, meaning, where, params={"allow_list": True})


def _left_alone(reading: Reading) -> Iterator[Draft]:
    """``Leave `crontab` alone``: no word forbids, and yet it is forbidden."""
    first = reading.frames[0] if reading.frames else None
    alone = first is not None and _ALONE.match(reading.low)
    if first is None or not alone or first.modality is Modality.ASK:
        return
    if first.commands and not first.paths:
        lines = tuple(map(pattern, first.commands))
        meaning = f"starting {quoted(lines)} is refused"
        yield Draft(DENY, Action.DENY, _RUN, meaning, Where(commands=lines))


def _on_files(frame: Frame) -> bool:
    """``Never run `rustfmt` on `mod.rs```: on other files it may be run."""
    told = [x.kind for x in frame.literals]
    ran = told and told[0] in (Kind.COMMAND, Kind.WORD) and Kind.PATH in told[1:]
    return bool(ran) and bool(
        {"on", "against", "over", "from", "in"} & set(frame.words)
    )


def _narrowed(frame: Frame) -> bool:
    """Whether it is the manner that is forbidden, and not the command."""
    said = frame.text.replace(",", " ").split()
    if "times" in frame.words:
        return True
    return bool(_MANNER & set(frame.words) or _MANNERS & set(said))


def _only(found: tuple[str, ...]) -> Draft:
    where = Where(commands=("*",), except_commands=found)
    meaning = f"starting anything but {quoted(found)} is refused"
    return Draft(ALLOW, Action.DENY, _RUN, meaning, where, params={"allow_list": True})


def _but(frame: Frame) -> Draft | None:
    """``No command except `make test```: all others are refused."""
    kinds = (Kind.COMMAND, Kind.WORD)
    left = tuple(pattern(x.text) for x in frame.except_literals if x.kind in kinds)
    every = not frame.literals and bool(SHELL.search(frame.text))
    return _only(left) if frame.outside and left and every else None


def _of_commands(frame: Frame) -> bool:
    """Whether *only* is said of what is started: ``use only the X tool`` is not."""
    started = frame.acts & RUNNING and frame.verb not in ("use", "using")
    return bool(started) or SHELL.search(frame.text)


def _exclusive(frame: Frame) -> bool:
    """Whether *only* leaves out other commands, not other occasions.

    ``Run `x` only for layer changes`` and ```session` only affects the run`` do not.
    """
    told = frame.literals[0].text.lower() if frame.literals else ""
    before, _, then = frame.text.lower().partition("only ")
    if told and told in before and then:
        return bool(_PERMITS.match(then))
    return not {"request", "requests", "demand", "asked"} & set(frame.words)


def _allowed(frame: Frame, world: World) -> Iterator[Draft]:
    allowed = frame.modality is Modality.ALLOW and frame.acts
    if allowed and frame.condition in _UNSAID:
        return  # "You may run commands when:" says it below
    if frame.condition.startswith(("if i ", "when i ")):
        return  # "If I learn it wrong, you can `git revert`": the person can
    if frame.exception.startswith("only"):
        return  # "You may deploy only when the goal says so"
    if "push" in frame.acts and any(x.kind is Kind.WORD for x in frame.literals):
        return  # "pushing to `agent_reports`" pushes no code
    lines = named(frame)
    spoke = spoken.patterns(frame, world) if allowed and not lines else ()
    found = lines or spoke
    if found and not (frame.condition and frame.modality is Modality.ONLY):
        if (
            frame.modality is Modality.ONLY
            and _of_commands(frame)
            and _exclusive(frame)
        ):
            yield _only(found)
            return
        meaning = f"starting {starting.said(lines, spoke, frame)} is allowed"
        yield Draft(ALLOW, Action.ALLOW, _RUN, meaning, Where(commands=found))


def _lacking(frame: Frame) -> Draft | None:
    """``Never run `apt install` without -y``: refused unless the flag is there."""
    flags = [x.text for x in frame.except_literals if x.kind is Kind.FLAG]
    found = named(frame)
    if not flags or not found or not frame.exception.startswith("without"):
        return None
    given = tuple(f"{command} {flags[0]}" for command in found)
    meaning = f"starting {quoted(found)} without `{flags[0]}` is refused"
    where = Where(commands=found, except_commands=given)
    return Draft(DENY, Action.DENY, _RUN, meaning, where)
