"""Owns which files are rule files: found beside SOUL.md, or named by the user.

Looks at names only; reading is `soulguard.soul.text`'s.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from soulguard.errors import SourceMissingError

SOUL = "SOUL.md"
AGENTS = "AGENTS.md"
_POLICY_ENDS = (".soulguard.yaml", ".soulguard.yml")
_POLICY_NAMES = ("soulguard.yaml", "soulguard.yml")
_ALIKE_STEMS = frozenset(
    ("soul", "agents", "agent", "claude", "gemini", "identity", "rules", "system",
     "prompt", "copilot-instructions", "persona", "constitution")
)  # fmt: skip
_ALIKE_ENDS = frozenset(("", ".md", ".txt", ".markdown", ".mdx", ".rst"))


def discover_sources(start: Path, explicit: Sequence[Path] = ()) -> list[Path]:
    """Give the rule files that hold for a folder, as absolute paths.

    SOUL.md of the folder itself, else of the nearest folder above it up to the root of
    the git repository; AGENTS.md and policy files that stand beside it. `explicit`
    files (or folders that hold a SOUL.md) are taken instead of all that.

    Raises:
        SourceMissingError: there is none; the hint says how to make one.
    """
    if explicit:
        named = [p for path in explicit for p in _named(Path(path))]
        return list(dict.fromkeys(named))
    home = _nearest(Path(start).resolve())
    if home is None:
        raise SourceMissingError(
            "no SOUL.md here or above",
            where=str(start),
            hint="write one with `soulguard init`, or name it with `--soul FILE`",
        )
    return _beside(home)


def rediscover(
    folder: Path, explicit: Sequence[Path], known: Sequence[Path]
) -> list[Path]:
    """Give the rule files of a run that goes on: new ones appear, none is let go.

    `folder` is where its SOUL.md stood and `explicit` what the user named, absolute;
    `known` are the files in force. Another folder's SOUL.md never takes over.
    """
    found = discover_sources(folder, explicit) if explicit else _beside(folder)
    return list(dict.fromkeys((*found, *known)))


def is_rule_name(name: str) -> bool:
    """Whether a file of this name beside SOUL.md is a rule file."""
    return name in (SOUL, AGENTS, *_POLICY_NAMES) or name.endswith(_POLICY_ENDS)


def lookalikes(sources: Sequence[Path]) -> list[Path]:
    """Give files beside the sources that look like rules and are not among them."""
    read = set(sources)
    found = []
    for folder in dict.fromkeys(path.parent for path in sources):
        for entry in _entries(folder):
            stem, end = os.path.splitext(entry.lower())
            alike = stem in _ALIKE_STEMS and end in _ALIKE_ENDS
            path = folder / entry
            if (
                (alike or entry == ".cursorrules")
                and path not in read
                and path.is_file()
            ):
                found.append(path)
    return found


def is_policy_file(path: Path) -> bool:
    """Whether a file holds rules in the YAML form rather than prose."""
    return path.suffix.lower() in (".yaml", ".yml")


def _named(path: Path) -> Iterable[Path]:
    path = path.absolute()
    return _beside(path) if path.is_dir() else [path]


def _nearest(start: Path) -> Path | None:
    for folder in (start, *start.parents):
        if SOUL in _entries(folder):
            return folder
        if (folder / ".git").exists():
            return None
    return None


def _beside(folder: Path) -> list[Path]:
    names = _entries(folder)
    found = [folder / SOUL]
    if AGENTS in names:
        found.append(folder / AGENTS)
    found += [
        folder / name
        for name in names
        if is_rule_name(name) and name not in (SOUL, AGENTS)
    ]
    return found


def _entries(folder: Path) -> list[str]:
    # The listing tells SOUL.md from soul.md even where the file system does not
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
