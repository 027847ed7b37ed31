"""Owns English for commands: which class of command lines a statement stands for.

*Force push*, *deploy*, *install software*, *restart a service*: each row of the table is
a verb with an object and the class in policies/classes.yaml it means. No verdicts here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from soulguard.soul import lexicon, literals
from soulguard.soul.drafts import World
from soulguard.soul.frames import Frame
from soulguard.soul.modality import Modality


class _Row(NamedTuple):
    """`acts` and `objs` are alternatives; empty `objs` is any object but `not_objs`."""

    name: str
    acts: frozenset[str]
    objs: frozenset[str] = frozenset()
    not_objs: frozenset[str] = frozenset()


def _row(name: str, acts: str, objs: str = "", not_objs: str = "") -> _Row:
    return _Row(name, *(frozenset(words.split()) for words in (acts, objs, not_objs)))


_TABLE = (
    # A commit does not show its branch on the command line, the push does
    _row("push-main", "commit push", "branch-main"),
    _row("push-main", "write", "main-branch"),
    _row("checkout-main", "checkout", "branch-main"),
    _row("sudo", "sudo"),
    _row("deploy", "deploy", "production"),
    _row("deploy", "deploy", not_objs="code"),
    _row("deploy", "promote", "production"),
    _row("install-global", "install-global"),
    _row("install", "install"),
    _row("tag", "tag"),
    _row("ssh", "ssh"),
    _row("cherry-pick", "cherry-pick", not_objs="files outputs people money"),
    _row(
        "revert-changes", "revert-changes", not_objs="money messages people mail posts"
    ),
    _row("pipe-to-shell", "pipe-to-shell"),
    _row("scale", "scale", "infrastructure services production"),
    _row("rollback", "rollback", not_objs="code files config messages"),
    _row("migrate", "migrate"),
    _row("skip-hooks", "skip-hooks"),
    _row("force-push", "force-push"),
    _row("rewrite-history", "rewrite-history"),
    _row("delete-branch", "delete-branch"),
    _row("delete-branch", "delete", "branches"),
    _row("create-branch", "create-branch"),
    _row("open-pr", "open-pr"),
    _row(
        "commit",
        "commit",
        not_objs="secrets code files money outputs memory-files config logs software",
    ),
    _row("push", "push", "code-hosts", not_objs="secrets people messages"),
    _row("push", "push", not_objs="secrets people messages service"),
    _row("checkout", "checkout", "branches"),
    _row("checkout", "checkout-line"),
    _row("merge", "merge-pr"),
    _row("merge", "merge", "prs branch-main branches files code"),
    _row("shells", "run-line", "commands", not_objs="production database"),
    _row("background", "run-line create", "background"),
    _row("service-restart", "restart", "services background containers"),
    _row("service-restart", "restart", "database"),
    _row("containers", "run-line create", "containers"),
    _row("database", "write create run-line restart submit", "database"),
    _row("deploy", "write create run-line restart", "production", "code"),
    _row("infrastructure", "write create run-line restart", "infrastructure"),
    _row("service-restart", "reboot"),
    _row("rewrite-history", "write overwrite", "git-history"),
    _row("install", "create write restart", "software"),
)
_MIGRATING = ("migration", "database migration", "schema migration")
_OTHER_HISTORY = frozenset(
    ("file", "files", "log", "logs", "price", "chat", "browser", "order")
)
"""Histories that are not of a repository."""
_OWN_NAME = frozenset(
    ("rewrite-history", "force-push", "delete-branch", "install-global", "skip-hooks",
     "pipe-to-shell", "tag", "ssh")
)  # fmt: skip
_ALL_COMMANDS = frozenset(
    (
        "run commands",
        "at",
        "all",
        "any",
        "ever",
        "in",
        "on",
        "the",
        "a",
        "shell",
        "here",
    )
)
_MERGED = frozenset(
    ("prs", "branch-main", "main-branch", "branches", "files", "code", "code-hosts",
     "git-history", "production")
)  # fmt: skip
_ROWS = frozenset(
    ("records", "items", "data", "documents", "entries", "duplicate", "duplicates")
)
"""What else is merged, and by no program of git."""
_RESTARTS = frozenset(
    ("service restarts", "restarts", "restart", "service", "services", "process",
     "processes", "containers", "daemons", "systemd services")
)  # fmt: skip
_FORBIDDEN = re.compile(r"(?:never|do not|don't) [a-z]")
"""Before a verb: what is never done is asked for, and it may be a verb nobody knows."""
_NOUNS = (
    ("production", "deploy"),
    ("services", "service-restart"),
    ("infrastructure", "infrastructure"),
    ("database", "database"),
    ("software", "install"),
)
"""What a noun alone stands for under an ask header (``Production deploys``)."""


def patterns(frame: Frame, world: World) -> tuple[str, ...]:
    """Give the command patterns a statement means, nothing where it means none."""
    name = class_of(frame)
    if name == "install" and (packages := _packages(frame)):
        return packages
    return world.commands(name) if name else ()


def class_of(frame: Frame) -> str:
    """Give the name of the class a statement means, empty where it means none."""
    soft = frame.modality is Modality.ASK
    if frame.acts & _OWN_NAME or any(w.startswith("git ") for w in frame.words):
        return _in_table(frame)  # "destructive history rewrites" are rewrites
    bare = frame.objs == {"destructive"} and not (frame.acts or frame.unknown)
    if "destructive" in frame.objs and (soft or bare or "run" in frame.acts):
        return "destructive"
    strange = [
        w for w in frame.unknown if not literals.is_any_program(w) and w != "exec"
    ]
    if strange and not frame.acts and _done(strange, frame):
        return ""
    pushed = "push" in frame.acts and "branch-main" in frame.objs
    if strange and not (soft or pushed):
        return ""
    if "following" in frame.words:
        return ""  # the command below, and no other
    hard = frame.modality in (Modality.DENY, Modality.ASK)
    if hard and "run commands" in frame.words and set(frame.words) <= _ALL_COMMANDS:
        return "shells"
    name = _in_table(frame) or (_noun(frame) if not frame.acts else "")
    if name == "shells" and frame.unknown and soft:
        return ""  # "help commands" are not all commands
    if not name and _any_code(frame):
        name = "shells"
    return name


def _done(strange: list[str], frame: Frame) -> bool:
    """``before designing schemas``, ``treat skills as a risk``: done, and nobody knows what."""
    began = frame.words[:1] == (strange[0],) and (
        strange[0] in lexicon.imperatives() or bool(_FORBIDDEN.match(frame.text))
    )
    return began or (strange[0].endswith("ing") and not frame.inherited)


def _packages(frame: Frame) -> tuple[str, ...]:
    """``Do not install `react@canary```: that one, by whatever program."""
    words = (x.text for x in frame.literals if x.kind is literals.Kind.WORD)
    return tuple(f"* install|add|i|get {name}" for name in words if " " not in name)


def own_name(frame: Frame) -> bool:
    """Whether its verb is the name of a class (``no force push, no `reset --hard```)."""
    return bool(frame.acts & _OWN_NAME)


def _in_table(frame: Frame) -> str:
    acts = frame.acts
    if "run" in acts and frame.verb not in ("use", "using"):
        acts |= {"run-line"}
    if "checkout" in acts and frame.verb not in ("switch to", "check out"):
        acts |= {"checkout-line"}  # "switch to another tool" is no checkout
    if "delete" in acts:
        acts -= {"write", "create"}
    if acts >= {"commit"} and frame.objs == {"code"} and not frame.unknown:
        return "commit"
    if frame.acts & {"commit"} and "to" in frame.words and frame.unknown:
        return ""  # "never commit Dave to a deadline"
    if frame.paths and acts & {"commit", "push"}:
        return ""  # what is not committed is the file, not everything else
    if frame.verb.startswith("amend") and (frame.unknown or frame.objs or frame.paths):
        return ""  # a charter is amended, and so is a contract
    if acts == {"merge"} and _of_branches(frame):
        return "merge"
    if "write" in acts and frame.objs >= {"branch-main", "branches"}:
        return "push-main"
    return _row_of(acts, frame)


def _of_branches(frame: Frame) -> bool:
    """Whether what is merged may be a branch: skills, records and contacts are none."""
    if frame.modality is not Modality.ASK:
        return len(set(frame.words) - {"them", "it"}) == 1
    several = any(w.endswith("s") for w in frame.unknown)
    return not (several or _ROWS & set(frame.words) or frame.objs - _MERGED)


def _row_of(acts: frozenset[str], frame: Frame) -> str:
    for row in _TABLE:
        if not acts & row.acts or frame.objs & row.not_objs:
            continue
        if row.objs == {"git-history"} and _OTHER_HISTORY & set(frame.words):
            continue
        if not row.objs or frame.objs & row.objs:
            return row.name
    return ""


def _noun(frame: Frame) -> str:
    if "database" in frame.objs and any(w.startswith(_MIGRATING) for w in frame.words):
        none = frame.text.startswith("no ") and not frame.unknown
        return "migrate" if none or frame.modality is Modality.ASK else ""
    for noun, name in _NOUNS:
        if noun not in frame.objs:
            continue
        if noun == "services" and not _RESTARTS & set(frame.words):
            continue  # "a firewall of the server asks": nothing is restarted
        if frame.modality is Modality.ASK or noun == "services":
            return name
    return ""


def _any_code(frame: Frame) -> bool:
    """``NEVER execute code``: nothing at all is to be started."""
    denied = frame.modality is Modality.DENY
    short = len(frame.words) <= 3
    return denied and short and "run" in frame.acts and "code" in frame.objs
