"""What is loaded at run time, seen from a fresh interpreter: static graphs cannot see it."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUARD = ROOT / "soulguard" / "guard"
COSTLY = {
    "socket", "threading", "logging", "http.client", "typing", "dataclasses",
    "asyncio", "subprocess", "inspect",
}  # fmt: skip


def loaded_by(module):
    """Import a module in a bare interpreter and give the names that came with it."""
    code = (
        "import json, sys\n"
        f"sys.path[:0] = {[p for p in sys.path if p] + [str(ROOT)]!r}\n"
        "before = set(sys.modules)\n"
        f"import {module}\n"
        "print(json.dumps(sorted(set(sys.modules) - before)))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
    )
    return set(json.loads(done.stdout))


def guard_modules():
    for path in sorted(GUARD.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        if "inject" not in parts:  # scripts that run on being imported
            yield ".".join(parts).removesuffix(".__init__")


@pytest.mark.parametrize("module", list(guard_modules()))
def test_the_guard_loads_the_standard_library_and_nothing_costly(module):
    loaded = loaded_by(module)
    foreign = {name for name in loaded if name.partition(".")[0] not in STANDARD}
    assert {name for name in foreign if not ours(name)} == set()
    assert loaded & COSTLY == set()


STANDARD = set(sys.stdlib_module_names) | {"_sha2", "_sha256"}  # since, and until 3.12


def ours(name):
    return name in {"soulguard", "soulguard.errors"} or name.startswith(
        "soulguard.guard"
    )


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize(
    "path", sorted(GUARD.rglob("*.py")), ids=lambda p: str(p.relative_to(GUARD))
)
def test_the_guard_imports_no_third_party_even_later(path):
    tops = {name.partition(".")[0] for name in imports_of(path)}
    assert tops <= STANDARD | {"soulguard"}


def test_the_public_package_loads_nothing():
    assert loaded_by("soulguard") <= {"soulguard", "__future__"}


def test_the_errors_load_no_typing():
    assert loaded_by("soulguard.errors") <= {
        "soulguard",
        "soulguard.errors",
        "__future__",
    }


def test_the_command_line_loads_no_command_and_nothing_heavy():
    loaded = loaded_by("soulguard.cli.main")
    heavy = {"yaml", "markdown_it", "sqlite3", "textual", "watchdog", "asyncio", "rich"}
    assert loaded & heavy == set()
    inner = {name for name in loaded if name.startswith("soulguard.")}
    assert inner <= {
        "soulguard.cli",
        "soulguard.cli.exits",
        "soulguard.cli.lazy",
        "soulguard.cli.main",
        "soulguard.cli.output",
        "soulguard.errors",
    }
