"""Owns the command lines a frame names: in backticks, as bare programs, as scripts.

What a line may be started for, and what English stands for one, is decided elsewhere
(`soulguard.soul.families.commands`, `soulguard.soul.spoken`). No verdicts here.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from soulguard.soul import lexicon, literals
from soulguard.soul.frames import Frame
from soulguard.soul.literals import Kind
from soulguard.soul.modality import Modality
from soulguard.soul.wording import wording

STARTING = (
    "run", "running", "execute", "executing", "invoke", "shell out to", "exec",
)  # fmt: skip
RUNNING = frozenset(("run", "call"))
SHELL = wording(r"\b(?:shell|terminal|commands?|command-line|cli)\b")
_MAIN = "main|master|*:main|*:master|+main|+master"
_SHELLS = "sh|bash|zsh|dash|ksh"
_PIPE = re.compile(r" ?\| ?(?:sudo )?(?:sh|bash|zsh)\b")
"""Into a shell: whichever, it does what it reads."""
_TASKS = frozenset(("apply", "destroy", "publish", "install", "prune", "upgrade"))
_SCRIPT = re.compile(r"\.(?:sh|py|js|ts|rb|pl)\Z")


def named(frame: Frame) -> tuple[str, ...]:
    """Give the command lines a frame names itself."""
    if _elsewise(frame):
        return ()
    lines = [c for c in frame.commands if _meant(c, frame)]
    found = [line for text in lines for line in _branched(pattern(text), frame)]
    found += _programs(frame)
    found += _scripts(frame)
    shell = frame.modality is Modality.ONLY and SHELL.search(frame.text)
    verb_quoted = any(x.text.lower() == frame.verb for x in frame.literals)
    if (frame.verb in STARTING and not verb_quoted) or shell:
        for literal in frame.literals:
            if literal.kind is Kind.WORD and re.fullmatch(
                r"[a-z][\w./ -]+", literal.text
            ):
                found.append(literal.text)
    flags = [x.text.split()[0] for x in frame.literals if x.kind is Kind.FLAG]
    if flags and not found and _part_of(frame):
        return ()  # "never pass tracker paths as `--ignored`"
    if found and any(f"or {flag}" in frame.text for flag in flags):
        found += [f"* {flag}" for flag in flags]  # "`x.py` or `--rollback`"
    elif flags:
        found = _flagged(found or ["*"], flags, frame.words)
    return tuple(dict.fromkeys(found))


def _flagged(found: list[str], flags: list[str], words: tuple[str, ...]) -> list[str]:
    """```curl` with `-X`, wget``: a flag is of the programs named before it."""
    spoken = " ".join(words).lower()
    at = spoken.find(flags[0].lower())
    bare = [n for n in found if -1 < at < spoken.find(n.lower())]
    return [f"{n} {flag}" for n in found if n not in bare for flag in flags] + bare


def _elsewise(frame: Frame) -> bool:
    """``Don't rely on `docker exec```: relied on, not run."""
    told = next((w for w in frame.words if w in frame.unknown), "")
    ahead = frame.words[:1] == (told,) and told in lexicon.imperatives()
    return frame.modality is Modality.DENY and not frame.acts and ahead


def _meant(line: str, frame: Frame) -> bool:
    """``Avoid animating `top```: a word that is a program as well, and not run here."""
    hard = frame.modality is Modality.DENY and not frame.acts & RUNNING
    strange = hard and bool(frame.unknown) and " " not in line
    return not (strange and not literals.is_program(line))


def _scripts(frame: Frame) -> Iterator[str]:
    """``Never call `migrate.py```: the script itself, and what is given it to run."""
    told = frame.modality in (Modality.DENY, Modality.ASK)
    told = told or (frame.modality is Modality.ALLOW and frame.verb in STARTING)
    if told and frame.acts & RUNNING:
        library = frame.verb in ("use", "using")  # "don't use `postgres.js`"
        for path in filter(_SCRIPT.search, frame.paths):
            if library and path.endswith(".js"):
                continue
            name = path.rpartition("/")[2]
            yield from (name, f"* *{name}")


def _branched(line: str, frame: Frame) -> tuple[str, ...]:
    """``No `git push --force` to main``: the branch may stand before and after."""
    if "branch-main" not in frame.objs or not line.startswith("git push"):
        return (line,)
    flags = line.removeprefix("git push").strip()
    if not flags:
        return (f"git push {_MAIN}",)
    return (f"git push {flags} {_MAIN}", f"git push {_MAIN} {flags}")


def _programs(frame: Frame) -> Iterator[str]:
    """Bare words that are programs: in a list of such, or with all that follows."""
    if frame.modality in (Modality.DENY, Modality.ASK) and not _edited(frame):
        yield from _in_aside(frame)
    words = frame.words
    quoted_first = bool(frame.literals) and words[:1] == (
        frame.literals[0].text.lower(),
    )
    sure = literals.is_program(words[0]) if words and not quoted_first else False
    if (
        frame.inherited
        and frame.modality is Modality.ALLOW
        and words
        and not quoted_first
    ):
        sure = literals.is_any_program(words[0])
    if sure and not frame.acts and frame.objs and not frame.inherited:
        return  # "no Docker sandbox" is a kind of sandbox
    if sure and not frame.acts and len(words) > 1:
        yield " ".join(until_prose(words))
        if len(frame.unknown) > 1 and all(map(literals.is_program, frame.unknown)):
            yield from frame.unknown[1:]
        return
    listed = bool(frame.acts & RUNNING)
    is_one = literals.is_any_program if listed else literals.is_program
    if "destructive" in frame.objs:
        return  # "destructive git commands" are not all of git
    yield from _of_program(words)
    if not listed and frame.objs | frame.acts - {"deploy"}:
        return
    known = list(itertools.takewhile(is_one, frame.unknown))
    if known and _of_something(known[-1], frame):
        return  # "any git mutation" is not all of git
    # "top, htop or any interactive monitor": the programs stand before the prose
    if len(known) in (len(frame.unknown), *range(2, 20)) or {"any", "other"} & set(
        frame.words
    ):
        yield from (" ".join(_with_task(word, words)) for word in known)


def _part_of(frame: Frame) -> bool:
    """Whether a flag alone is forbidden with something, and not at all."""
    strange = frame.modality is Modality.DENY and frame.unknown
    return bool(strange) and bool(frame.objs or len(frame.unknown) > 1)


def _edited(frame: Frame) -> bool:
    """``Never edit `node_modules` (npm installs too)``: of files, and no command."""
    started = frame.acts & RUNNING or "destructive" in frame.objs
    return not started and (bool(frame.literals) or "write" in frame.acts)


def _of_something(program: str, frame: Frame) -> bool:
    """Whether a noun nobody knows says what of a program is meant."""
    words = frame.words
    at = words.index(program) if program in words else len(words)
    then = words[at + 1] if at + 1 < len(words) else ""
    return (
        then in frame.unknown
        and not literals.is_any_program(then)
        and "any" in words[:at]
    )


def _with_task(program: str, words: tuple[str, ...]) -> Iterator[str]:
    """``terraform apply``: a program and the one task of it that is meant."""
    yield program
    if program in words:
        after = words[words.index(program) + 1 :][:1]
        yield from (word for word in after if word in _TASKS)


def _of_program(words: tuple[str, ...]) -> Iterator[str]:
    """``git commands``: all that the program does."""
    for word, then in itertools.pairwise(words):
        if then in ("command", "commands") and literals.is_any_program(word):
            yield word


def _in_aside(frame: Frame) -> Iterator[str]:
    """The command lines between parentheses: ``(rm -rf, service restarts)``."""
    for part in re.split(r",|;|\bor\b|\band\b|/", frame.aside):
        words = part.split()
        told = {"is", "are", "be", "was", "were", "has", "have"} & set(words)
        lone = len(words) == 1 and bool(frame.unknown)  # "(OpenRouter, OpenClaw)"
        named = lone and "commands" not in frame.objs
        if words and not (told or named) and literals.is_any_program(words[0]):
            yield " ".join(until_prose(tuple(words)))


def until_prose(words: tuple[str, ...]) -> Iterator[str]:
    """Give the words of a command line up to those that say what it is for."""
    for word in words:
        if word in (
            "command",
            "commands",
            "operation",
            "operations",
            "for",
            "to",
            "into",
            "on",
            "in",
            "with",
            "and",
            "or",
            "when",
            "if",
        ):
            return
        yield word


def pattern(text: str) -> str:
    """Turn a command line as written into a pattern: placeholders stand for anything."""
    words = [
        w for w in text.split() if not re.fullmatch(r"[<{\[].*[>}\]]|\.\.\.|\u2026", w)
    ]
    if words and words[0] in literals.GIT_WORDS:
        words.insert(0, "git")
    line = " ".join(words)
    if _PIPE.search(line):
        line = _PIPE.sub(
            f" | {_SHELLS}", re.sub(r"\A(?:curl|wget)\b", "curl|wget", line)
        )
    return line
