"""Owns what an expression of the audited code may stand for, as far as it can be told.

Asked on demand and remembered by node; nothing is executed. Calls are `calling`'s.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from soulguard.audit.calling import Calling
from soulguard.audit.names import Names
from soulguard.audit.scopes import Block, Module, Position, Scope, written
from soulguard.audit.values import (
    CONSTANT,
    DICT,
    FUNCTION,
    HOLE,
    LIST,
    MODULE,
    PATH,
    TEXT,
    UNKNOWN,
    Value,
    Values,
    dotted,
    joined,
    listed,
    said,
    text,
    united,
)

if TYPE_CHECKING:
    from soulguard.audit.project import Project
    from soulguard.audit.table import Table

_DEEPEST = 60
"""Steps that are followed from one expression to the next."""


class Evaluator:
    """Answers for one project."""

    def __init__(self, project: Project, table: Table) -> None:
        self.project = project
        self.table = table
        self.names = Names(self)
        self.calls = Calling(self)
        self._known: dict[int, Values] = {}
        self._depth = 0

    def values(
        self, node: ast.expr | None, scope: Scope, block: Block, at: Position | None = None
    ) -> Values:  # fmt: skip
        """Give what an expression may stand for there; `UNKNOWN` for what nobody knows."""
        if node is None:
            return (UNKNOWN,)
        found = self._known.get(id(node))
        if found is not None:
            return found
        if self._depth > _DEEPEST:
            return (UNKNOWN,)
        self._known[id(node)] = (UNKNOWN,)  # what asks for itself learns nothing
        self._depth += 1
        try:
            found = self._values(node, scope, block, at) or (UNKNOWN,)
        finally:
            self._depth -= 1
        self._known[id(node)] = found
        return found

    def attribute(self, base: Value, name: str) -> Values:
        """Give an attribute of a value."""
        if base.path.startswith("@"):
            return self.names.member(base, name)
        if base.path == PATH:
            return self.calls.of_path(base, name)
        if base.path == CONSTANT:
            return (UNKNOWN,)
        if base.path in (TEXT, LIST, DICT):
            return (Value(f"{base.path}.{name}", base.text, base.of, base.items),)
        path = self.table.same(f"{base.path}.{name}")
        fixed = self.table.catalogue.texts.get(path)
        if fixed is not None:
            return (Value(path, fixed.replace("{}", HOLE)),)
        return (dotted(path, base.text),)

    def element(self, base: Value, index: int | None = None) -> Values:
        """Give an element of a value: of a list, a client's item, a path's child."""
        if base.path == LIST:
            if index is not None and index < len(base.items):
                return (base.items[index],)
            return united([(item,) for item in base.items]) or (UNKNOWN,)
        if base.path == TEXT:  # of what a temporary file is known by
            return (base,)
        if base.path.startswith("@") or base.path == CONSTANT:
            return (UNKNOWN,)
        return self.attribute(base, "[]")

    # -- by kind of expression --------------------------------------------------------

    def _values(
        self, node: ast.expr, scope: Scope, block: Block, at: Position | None
    ) -> Values:
        at = at or (node.lineno, node.col_offset)
        if isinstance(node, ast.Name):
            return self.names.lookup(node.id, scope, block, at)
        if isinstance(node, ast.Attribute):
            bases = self.values(node.value, scope, block, at)
            return united(self.attribute(base, node.attr) for base in bases)
        if isinstance(node, ast.Call):
            return self.calls.result(node, scope, block)
        if isinstance(node, ast.Constant):
            return (_constant(node),)
        if isinstance(node, ast.JoinedStr):
            return (self._interpolated(node, scope, block),)
        if isinstance(node, ast.BinOp):
            return self._operation(node, scope, block)
        return self._compound(node, scope, block)

    def _compound(self, node: ast.expr, scope: Scope, block: Block) -> Values:
        if isinstance(node, ast.IfExp):
            return self._any((node.body, node.orelse), scope, block)
        if isinstance(node, ast.BoolOp):
            return self._any(node.values, scope, block)
        if isinstance(node, (ast.Await, ast.NamedExpr, ast.Starred)):
            return self.values(node.value, scope, block)
        if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
            return (listed(self.values(e, scope, block)[0] for e in node.elts),)
        if isinstance(node, ast.Dict):
            return (Value(DICT, of=_Literal(node, scope, block)),)
        if isinstance(node, ast.Subscript):
            return self._subscript(node, scope, block)
        if isinstance(node, (ast.ListComp, ast.GeneratorExp, ast.SetComp)):
            return (listed(self.values(node.elt, scope, block)),)
        if isinstance(node, ast.Lambda):
            inner, _ = scope.module.places[id(node)]
            return (Value(FUNCTION, of=inner),)
        return ()

    def _any(self, nodes: Iterable[ast.expr], scope: Scope, block: Block) -> Values:
        found = united(self.values(each, scope, block) for each in nodes)
        something = tuple(v for v in found if v.path != CONSTANT or v.text != "None")
        return something or found

    def _interpolated(self, node: ast.JoinedStr, scope: Scope, block: Block) -> Value:
        parts = []
        for each in node.values:
            if isinstance(each, ast.Constant):
                parts.append(str(each.value))
            elif isinstance(each, ast.FormattedValue):
                parts.append(self._single(each.value, scope, block))
        return text("".join(parts))

    def _single(self, node: ast.expr, scope: Scope, block: Block) -> str:
        """Give the one text an expression is known to be, a hole otherwise."""
        found = self.values(node, scope, block)
        if len(found) == 1 and found[0].path in (TEXT, PATH):
            return said(found[0])
        return HOLE

    def _operation(self, node: ast.BinOp, scope: Scope, block: Block) -> Values:
        left = self.values(node.left, scope, block)
        if isinstance(node.op, ast.Div):
            right = self._single(node.right, scope, block)
            paths = [v for v in left if v.path == PATH]
            return tuple(Value(PATH, joined(said(v), right)) for v in paths)
        if isinstance(node.op, ast.Add):
            ends = self.values(node.right, scope, block)
            if all(v.path == LIST for v in left) and ends[0].path == LIST:
                return (listed((*left[0].items, *ends[0].items)),)
            right = self._single(node.right, scope, block)
            return united((text(_text(v) + right),) for v in left)
        if isinstance(node.op, ast.Mod) and left[0].path == TEXT:
            return tuple(text(_filled(said(v))) for v in left)
        if isinstance(node.op, ast.BitOr):  # flags: what matters is their names
            return (text(written(node)),)
        return ()

    def _subscript(self, node: ast.Subscript, scope: Scope, block: Block) -> Values:
        bases = self.values(node.value, scope, block)
        index = node.slice.value if isinstance(node.slice, ast.Constant) else None
        number = index if isinstance(index, int) else None
        groups = []
        for base in bases:
            if base.path == DICT and base.of is not None:
                groups.append(self._entry(base.of, index))
            elif base.path == LIST and isinstance(node.slice, ast.Slice):
                groups.append((base,))
            elif base.path == TEXT:
                groups.append((text(HOLE),))
            else:
                groups.append(self.element(base, number))
        return united(groups)

    def _entry(self, literal: _Literal, key: object) -> Values:
        for name, value in literal.entries():
            if isinstance(name, ast.Constant) and name.value == key:
                return self.values(value, literal.scope, literal.block)
        return (UNKNOWN,)

    def module(self, name: str, asker: Module) -> Value | None:
        """Give a module of the audited tree as a value, as `asker` would import it."""
        module = self.project.find(name, asker.file) if name else None
        return Value(MODULE, of=module) if module else None


class _Literal:
    """A dict as it stands in the source, and where."""

    def __init__(self, node: ast.Dict, scope: Scope, block: Block) -> None:
        self.node, self.scope, self.block = node, scope, block

    def entries(self) -> Iterable[tuple[ast.expr | None, ast.expr]]:
        """Give keys with values; None for what is unpacked into it."""
        return zip(self.node.keys, self.node.values, strict=True)


def _constant(node: ast.Constant) -> Value:
    if isinstance(node.value, str):
        return text(node.value)
    if isinstance(node.value, bytes):
        return text(node.value.decode("latin-1"))
    return Value(CONSTANT, str(node.value))


def _text(value: Value) -> str:
    return said(value) if value.path in (TEXT, PATH) else HOLE


def _filled(pattern: str) -> str:
    """Put holes where ``%`` fills something in."""
    parts = pattern.split("%")
    return parts[0] + "".join(
        HOLE + part.lstrip("0123456789.-+# ")[1:] for part in parts[1:]
    )
