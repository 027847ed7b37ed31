"""Programs to audit: written to disk, read by the audit, never run."""

import textwrap
from pathlib import Path

from soulguard.audit.answering import Answers
from soulguard.audit.auditing import Options, audit
from soulguard.audit.evaluating import Evaluator
from soulguard.audit.ignoring import Ignores
from soulguard.audit.project import Project
from soulguard.audit.sentences import Beside
from soulguard.audit.sighting import sightings
from soulguard.audit.table import Table
from soulguard.effects.catalogue_file import load
from soulguard.soul.shipped import folder, shipped
from soulguard.supervisor.facts import Facts

CATALOGUE = load(shipped("effects.yaml"))
TABLE = Table(CATALOGUE)
FACTS = Facts(folder())
RULES = (
    "# A\n\n## Idempotency Rule\n\n"
    "Never write twice to the same output path in a single run.\n"
)


def write(folder: Path, files: dict[str, str]) -> None:
    """Write files, dedented, into a folder that no rules of others reach."""
    (folder / ".git").mkdir(exist_ok=True)
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))


def project(folder: Path, files: dict[str, str]) -> Project:
    """Read files as a project."""
    write(folder, files)
    found = Project()
    for name in files:
        found.add(folder / name, name)
    return found


def seen(folder: Path, text: str, **more: str):
    """Give the effects of one module, and the evaluator that found them."""
    found = project(
        folder, {"agent.py": text, **{f"{k}.py": v for k, v in more.items()}}
    )
    assert not found.troubles
    evaluator = Evaluator(found, TABLE)
    return list(sightings(found.modules[0], evaluator)), evaluator


def audited(folder: Path, text: str, *, soul: str = "", **options):
    """Audit one program; `soul` is written beside it."""
    write(folder, {"agent.py": text})
    if soul:
        (folder / "SOUL.md").write_text(soul)
    return audit(Options((folder,), **options))


def only(folder: Path, text: str, *, soul: str = ""):
    """Give the one finding of a program."""
    (found,) = audited(folder, text, soul=soul).findings
    return found


def answered(folder: Path, *names: str):
    """Audit files that are there with what the shipped files say, read only once."""
    found = Project()
    for name in names:
        found.add(folder / name, name)
        Ignores((folder / name).read_bytes())
    evaluator = Evaluator(found, TABLE)
    facts = (FACTS.providers, FACTS.inference, Beside(), str(folder))
    answers = Answers(evaluator, *facts)
    return found.troubles, [
        answers.finding(each)
        for module in found.modules
        for each in sightings(module, evaluator)
    ]
