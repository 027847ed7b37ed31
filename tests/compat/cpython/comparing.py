"""CPython's own tests, bare and guarded, compared test by test.

What may differ stands in `differences.yaml` with its reason. A difference that is not
on the list is wrong, and so is a listed one that does not occur any more.
"""

import fnmatch
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import yaml

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PATIENCE = 900
SOUL = """\
# The tester

```soulguard
rules:
  - id: whole
    effect: file.write
    where: {path: "**"}
    atomic: true
```
"""


@dataclass
class Comparison:
    """How one module went on one Python."""

    version: str
    module: str
    bare: dict = field(default_factory=dict)
    guarded: dict = field(default_factory=dict)

    def differing(self):
        """Give the ids whose outcome differs."""
        names = self.bare.keys() | self.guarded.keys()
        return sorted(
            name for name in names
            if self.bare.get(name, [""])[0] != self.guarded.get(name, [""])[0]
        )  # fmt: skip

    def counts(self):
        """Give how many tests there are, ended well, were skipped, and differ."""
        outcomes = [outcome for outcome, _ in self.guarded.values()]
        return (
            len(self.bare.keys() | self.guarded.keys()), outcomes.count("ok"),
            outcomes.count("skipped"), len(self.differing()),
        )  # fmt: skip


def version_of(python):
    """Give the major and minor version of an interpreter, as text."""
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    done = subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def missing(python, module):
    """Say why a module cannot be run by a Python; empty where it can."""
    code = f"import importlib.util as u; exit(not u.find_spec('test.{module}'))"
    done = subprocess.run([python, "-c", code], check=False)
    return f"{python} comes without `test.{module}`" if done.returncode else ""


def compare(python, module):
    """Run a module of the tests bare and guarded."""
    found = Comparison(version_of(python), module)
    found.bare = outcomes(python, module, guarded=False)
    found.guarded = outcomes(python, module, guarded=True)
    return found


def outcomes(python, module, *, guarded):
    """Run a module once; give (outcome, what was said) by the tests' ids."""
    # short, since sockets are made in it
    top = Path(tempfile.mkdtemp(prefix="sg", dir="/tmp")).resolve()
    try:
        for name in ("s/t", "s/w"):
            (top / name).mkdir(parents=True)
        (top / "s/SOUL.md").write_text(SOUL)
        results = top / "results"
        command = [python, HERE / "inside.py", results, top / "s", module]
        if guarded:
            tool = [sys.executable, "-m", "soulguard", "run", "--durability", "crash"]
            command = [*tool, "--", *command]
        said = run(list(map(str, command)), top / "s")
        found = read(results)
        if not found:
            raise RuntimeError(f"{module} did not begin: {said}")
        return found
    finally:
        shutil.rmtree(top, ignore_errors=True)


def run(command, folder):
    """Run a command to its end; give the last of what it said."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST")}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=folder, env=env, stdin=subprocess.DEVNULL, capture_output=True,
        text=True, errors="replace", timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.stderr[-2000:]


def read(results):
    """Give each test's outcome, the worst where there are several."""
    order = ("begun", "ok", "skipped", "failed")
    found = {}
    lines = results.read_text().splitlines() if results.exists() else []
    for full, outcome, said in map(json.loads, lines):
        name = full.removeprefix("test.")
        worse = order.index(outcome) >= order.index(found.get(name, ["begun"])[0])
        if worse:
            found[name] = (outcome, said)
    return found


def listed():
    """Give the patterns of the tests that may differ, with versions and reason."""
    entries = yaml.safe_load((HERE / "differences.yaml").read_text()) or []
    return [
        (pattern, [str(v) for v in entry.get("versions", [])], entry["why"])
        for entry in entries
        for pattern in entry["tests"]
    ]  # fmt: skip


def verdict(found, known=None):
    """Give what is wrong with a comparison: a line for each."""
    known = listed() if known is None else known
    here = [
        pattern for pattern, versions, _ in known
        if pattern.startswith(f"{found.module}.")
        and (not versions or found.version in versions)
    ]  # fmt: skip
    return wrong(found.differing(), here, found.bare, found.guarded)


def wrong(differing, known, bare, guarded):
    """Give what differs and is not on a list of patterns, and what is there for nothing."""
    unlisted = [
        f"{name}: bare {bare.get(name)}, guarded {guarded.get(name)}"
        for name in differing
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in known)
    ]
    return unlisted + [
        f"{pattern}: on the list of differences, and there is none"
        for pattern in known
        if not fnmatch.filter(differing, pattern)
    ]
