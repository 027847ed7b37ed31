"""Owns temp-then-rename: what is written aside and gets its name in one step.

Says what is there; whether that is enough is `answering`'s.
"""

from __future__ import annotations

import ast

from soulguard.audit.evaluating import Evaluator
from soulguard.audit.priors import Prior, plain
from soulguard.audit.scopes import Site, called
from soulguard.audit.sighting import Sighting
from soulguard.audit.values import PATH, Values

_RENAMES = frozenset(("rename", "replace", "renames", "move"))
_OPENS = frozenset(("open", "fdopen"))
_WRITES = ("write", "save", "dump", "copy", "to_", "open", "fdopen")
_NEAREST = 200
"""Calls of one function that are compared with a rename."""


def renamed(seen: Sighting, evaluator: Evaluator) -> Prior | None:
    """Give the rename by which what is written here gets its name."""
    if seen.does != "file.write" or seen.node is None:
        return None
    mine = plain(seen.node)
    for other in seen.site.scope.calls_of(_RENAMES)[:_NEAREST]:
        if other.at > seen.site.at and _source(other, evaluator) == mine:
            line = other.call.lineno
            return Prior(f"written aside, renamed in line {line}", sure=True)
    return None


def puts_in_place(seen: Sighting, evaluator: Evaluator) -> bool:
    """Whether a rename gives its name to what the same function has just written."""
    if seen.does != "file.rename":
        return False
    node = _source_node(seen.call, evaluator.calls.callees(seen.site))
    if node is None:
        return False
    found = evaluator.values(node, seen.site.scope, seen.site.block)
    if any((value.text or "").startswith("/tmp/") for value in found):
        return True
    scope, mine = seen.site.scope, plain(node)
    names = {called(site.call) for site in scope.sites}
    writing = frozenset(name for name in names if name.startswith(_WRITES))
    before = [s for s in scope.calls_of(writing) if s.at < seen.site.at]
    return any(mine in _subjects(site.call) for site in before[-_NEAREST:])


def _source(site: Site, evaluator: Evaluator) -> str:
    """Give what a rename takes away, empty where the call is none."""
    found = evaluator.calls.callees(site)
    table = evaluator.table
    renames = (s.does == "file.rename" for v in found for s in table.matches(v.path))
    node = _source_node(site.call, found) if any(renames) else None
    return plain(node) if node is not None else ""


def _source_node(call: ast.Call, callees: Values) -> ast.expr | None:
    """Give the receiver where a path renames itself, else the first argument."""
    if isinstance(call.func, ast.Attribute) and any(
        value.path.startswith(f"{PATH}.") for value in callees
    ):
        return call.func.value
    return call.args[0] if len(call.args) > 1 else None


def _subjects(call: ast.Call) -> list[str]:
    """Give what a writing call may write to: its receiver, its first arguments."""
    if called(call) in _OPENS and not _for_writing(call):
        return []
    parts = [*call.args[:2]]
    if isinstance(call.func, ast.Attribute):
        parts.append(call.func.value)
    return [plain(part) for part in parts]


def _for_writing(call: ast.Call) -> bool:
    given = (*call.args, *(keyword.value for keyword in call.keywords))
    modes = [a.value for a in given if isinstance(a, ast.Constant)]
    return any(isinstance(m, str) and set(m) & set("wxa") for m in modes)
