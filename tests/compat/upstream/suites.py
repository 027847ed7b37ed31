"""The clients' own test suites, from their source archives, bare and guarded.

    python -m tests.compat.upstream.suites [httpx] [urllib3]

Each suite runs in an environment of its own, which is made for it and thrown away, twice:
bare, and under `soulguard run` with the Idempotency Rule. What may differ stands in
`differences.yaml` with its reason; anything else is printed, and the status is 1. Needs
a package index, and some minutes; the suite itself runs none of it.
"""

import os
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

import yaml

from tests.bench.pair import SOUL
from tests.compat.cpython import comparing

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SUITES = {
    "httpx": (
        "httpx==0.28.1", "tests",
        ["anyio[trio]", "chardet", "h2", "pytest", "trustme", "uvicorn", "socksio",
         "brotli", "zstandard", "click", "pygments", "rich"],
    ),
    "urllib3": (
        "urllib3==2.8.0", "test",
        ["anyio[trio]>=4.8", "h2>=4.1", "httpx", "hypercorn>=0.15", "pysocks",
         "pytest>=8.3.4", "pytest-socket", "pytest-timeout", "quart>=0.20",
         "quart-trio>=0.12", "trio", "trustme", "cryptography", "idna", "pyopenssl"],
    ),
}  # fmt: skip
PATIENCE = 1800


def main(names):
    """Compare the named suites, or all, and print a line for each."""
    wrong = []
    for name in names or SUITES:
        bare, guarded = outcomes(name)
        differing = [t for t in sorted(bare | guarded) if bare.get(t) != guarded.get(t)]
        print(
            f"{name}: {len(bare)} tests, {sum(v == 'ok' for v in bare.values())} ok bare,"
            f" {sum(v == 'ok' for v in guarded.values())} guarded,"
            f" {len(differing)} differ", flush=True,
        )  # fmt: skip
        wrong += verdict(name, bare, guarded, differing)
    for line in wrong:
        print(line)
    return bool(wrong)


def verdict(name, bare, guarded, differing):
    """Give what is wrong: differences that are not listed, and listed ones that are none."""
    known = [
        pattern
        for entry in yaml.safe_load((HERE / "differences.yaml").read_text())
        if entry["suite"] == name
        for pattern in entry["tests"]
    ]
    lines = comparing.wrong(differing, known, bare, guarded)
    return [f"{name} {line}" for line in lines]


def outcomes(name):
    """Run a suite bare and guarded; give both maps from test to outcome."""
    release, tests, needs = SUITES[name]
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top)
        python = folder / "env/bin/python"
        run([sys.executable, "-m", "venv", folder / "env"])
        run([python, "-m", "pip", "install", "-q", release, *needs])
        run([python, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:",
             "-d", folder, release])  # fmt: skip
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as packed:
            packed.extractall(folder / "source", filter="data")
        (source,) = (folder / "source").iterdir()
        (source / "SOUL.md").write_text(SOUL)
        command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", tests]
        tool = [sys.executable, "-m", "soulguard", "run", "--new", "--"]
        return (
            suite(command, source, folder / "bare.xml"),
            suite([*tool, *command], source, folder / "guarded.xml"),
        )


def suite(command, source, results):
    """Run the tests once; give each one's outcome."""
    run([*command, f"--junitxml={results}"], cwd=source, check=False)
    found = {}
    for case in ET.parse(results).iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "ok"
        outcome = "skipped" if "skipped" in kinds else outcome
        found[f"{case.get('classname')}.{case.get('name')}"] = outcome
    return found


def run(command, *, cwd=None, check=True):
    """Run a command; its words are shown where it fails."""
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, check=False, capture_output=True, text=True,
        errors="replace", timeout=PATIENCE, stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    if check and done.returncode:
        sys.exit(f"{command}: {done.stdout[-2000:]}{done.stderr[-2000:]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
