"""The shape of the package: what a reader may rely on without looking."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "soulguard"
MODULES = sorted(PACKAGE.rglob("*.py"))
WALL = 400
FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)


def by_path(path):
    return str(path.relative_to(PACKAGE))


every_module = pytest.mark.parametrize("path", MODULES, ids=by_path)


def parse(path):
    return ast.parse(path.read_text())


def acts(tree):
    """Whether a module does anything: a function with more than a docstring in it."""
    functions = (n for n in ast.walk(tree) if isinstance(n, FUNCTION))
    return any(not all(map(is_words, function.body)) for function in functions)


def is_words(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def own_test_of(path):
    folder = ROOT / "tests" / path.parent.relative_to(PACKAGE)
    return folder / f"test_{path.stem.strip('_')}.py"


@every_module
def test_every_module_that_acts_has_a_own_test_of_its_own(path):
    if acts(parse(path)):
        assert own_test_of(path).is_file()


@every_module
def test_no_module_runs_into_the_wall(path):
    assert len(path.read_text().splitlines()) <= WALL


@every_module
def test_every_module_opens_with_a_sentence(path):
    first = (ast.get_docstring(parse(path)) or "").split("\n\n")[0]
    assert first.rstrip().endswith((".", ":", "?"))


@every_module
def test_every_public_function_and_class_is_documented(path):
    silent = [name for name, doc in public(parse(path).body) if not doc]
    assert silent == []


def public(body, prefix=""):
    for node in body:
        if isinstance(node, (*FUNCTION, ast.ClassDef)) and is_public(node):
            yield prefix + node.name, ast.get_docstring(node)
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{node.name}.")


def is_public(node):
    setter = any(ast.unparse(d).endswith(".setter") for d in node.decorator_list)
    return not node.name.startswith("_") and not setter


@pytest.mark.parametrize("path", sorted((PACKAGE / "guard").rglob("*.py")), ids=by_path)
def test_the_guard_never_calls_the_builtin_open(path):
    if path.name in {"originals.py", "canary.py"}:  # the canary tries the patched one
        return
    lines = [
        node.lineno
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Name) and node.id == "open"
    ]
    assert lines == [], "it may be our own patch or the agent's: use guard/originals.py"


@pytest.mark.parametrize("name", ["utils", "helpers", "common", "manager"])
def test_no_module_is_named_for_nothing_in_particular(name):
    assert not list(PACKAGE.rglob(f"*{name}*"))


def test_the_test_files_stand_where_their_sources_stand():
    mirrored = {own_test_of(path) for path in MODULES}
    folders = {path.parent for path in MODULES} - {PACKAGE}
    found = {
        test
        for folder in folders
        for test in (ROOT / "tests" / folder.relative_to(PACKAGE)).glob("test_*.py")
    }
    assert found <= mirrored
