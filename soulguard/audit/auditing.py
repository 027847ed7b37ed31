"""Owns one audit from paths to findings.

Reads source and rule files; executes, imports and writes nothing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from soulguard.audit.answering import Answers
from soulguard.audit.evaluating import Evaluator
from soulguard.audit.files import Files, files
from soulguard.audit.findings import Audit, Finding, Trouble
from soulguard.audit.ignoring import FORM, Ignores
from soulguard.audit.project import Project
from soulguard.audit.scopes import Module
from soulguard.audit.sentences import Beside
from soulguard.audit.sighting import sightings
from soulguard.audit.table import Table
from soulguard.effects.catalogue_file import load
from soulguard.soul.shipped import folder, shipped
from soulguard.supervisor.facts import beside

OWN = ("soulguard.effects.yaml", "soulguard.effects.yml")
"""The user's own catalogue beside SOUL.md."""

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """What to audit. `soul` names rule files instead of those beside the first path."""

    paths: tuple[Path, ...]
    soul: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    tests: bool = False


def audit(options: Options, progress: Progress = lambda *_: None) -> Audit:
    """Audit the files below some paths.

    `progress` is called with files done, files in all, and the file at hand.

    Raises:
        UsageError: a path does not exist.
        PolicyError: a rule file or a catalogue cannot be used.
    """
    found = files(options.paths, options.exclude, tests=options.tests)
    rules = Beside(options.soul)
    home = _home(options.paths)
    there = rules.of(home)
    root = Path(there.root) if there else home
    own = [root / name for name in OWN if (root / name).is_file()]
    table = Table(load(shipped("effects.yaml"), *own))
    collecting = gc.isenabled()
    gc.disable()  # trees are kept to the end: looking for garbage only costs
    try:
        return _audit(found, table, root, rules, progress)
    finally:
        if collecting:
            gc.enable()


def _audit(
    files: Files, table: Table, root: Path, rules: Beside, progress: Progress
) -> Audit:
    project = Project()
    total = len(files.found)
    for done, (file, shown) in enumerate(files.found):
        progress(done // 2, total, shown)
        project.add(file, shown)
    facts = beside(root, folder())
    evaluator = Evaluator(project, table)
    answers = Answers(evaluator, facts.providers, facts.inference, rules, str(root))
    findings: list[Finding] = []
    troubles = list(project.troubles)
    for done, module in enumerate(project.modules):
        progress((total + done) // 2, total, module.shown)
        try:
            here = [answers.finding(seen) for seen in sightings(module, evaluator)]
        except RecursionError:
            troubles.append(Trouble(module.shown, 1, "nested too deeply to be read"))
            continue
        findings += _ignored(module, here, troubles)
    return Audit(
        tuple(findings), tuple(troubles), total, files.left_out, rules.files
    )  # fmt: skip


def _ignored(
    module: Module, found: list[Finding], troubles: list[Trouble]
) -> list[Finding]:
    """Mark what the author left out, and name comments that give no reason."""
    try:
        ignores = Ignores(module.file.read_bytes())
    except OSError:
        return found
    troubles += [
        Trouble(module.shown, line, f"no reason is given: {FORM}")
        for line in ignores.wrong
    ]
    if not ignores.reasons:
        return found
    return [replace(f, ignored=ignores.reason(f.line, f.end_line)) for f in found]


def _home(paths: Sequence[Path]) -> Path:
    first = paths[0].absolute()
    return first if first.is_dir() else first.parent
