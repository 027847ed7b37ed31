"""Owns what the standard library's makers of texts and paths give: joins, formats, parts.

All else about libraries is data, in the catalogue.
"""

from __future__ import annotations

import ast
import os.path
import re
from typing import TYPE_CHECKING

from soulguard.audit.scopes import Block, Scope
from soulguard.audit.values import (
    CLASS,
    HOLE,
    INSTANCE,
    LIST,
    PATH,
    TEXT,
    UNKNOWN,
    Value,
    Values,
    joined,
    listed,
    said,
    text,
    united,
)

if TYPE_CHECKING:
    from soulguard.audit.evaluating import Evaluator

_FIELD = re.compile(r"\{[^{}]*\}")
_JOINS = frozenset(("os.path.join", "posixpath.join", "pathlib.Path().joinpath"))
_FIXED = {"pathlib.Path": ".", "pathlib.Path.cwd": ".", "pathlib.Path.home": "~"}
_SAME = frozenset(
    ("os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.expanduser",
     "os.path.expandvars", "os.fspath", "sqlalchemy.text",
     "textwrap.dedent", "inspect.cleandoc", "shlex.split", "copy.copy", "copy.deepcopy",
     "contextlib.closing", "contextlib.nullcontext", "contextlib.aclosing", "dict",
     "list", "set", "tuple", "sorted", "reversed", "iter", "functools.partial",
     "functools.partialmethod")
)  # fmt: skip
_LAST = frozenset(("typing.cast", "typing_extensions.cast"))
_DEFAULTS = frozenset(("os.getenv", "os.environ.get"))
_KEPT = frozenset(("strip", "rstrip", "lstrip", "lower", "encode", "decode", "split"))
_PATH_SAME = frozenset(("absolute", "resolve", "expanduser", "as_posix", "__str__"))
_ENTERS = frozenset(("enter_context", "enter_async_context"))


class Makers:
    """Answers about the standard library's makers."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def make(
        self, call: ast.Call, callee: Value, scope: Scope, block: Block
    ) -> Values | None:
        """Give what a call makes, None where it is none of the standard library's."""
        path = callee.path
        if path.startswith(f"{TEXT}."):
            return self._text_method(call, callee, scope, block)
        if path == "super":
            return self._above(scope.parent) if scope.parent is not None else None
        if path in _FIXED and not call.args:
            return (Value(PATH, _FIXED[path]),)
        if path == f"{PATH}.{path.rpartition('.')[2]}" and path not in _JOINS:
            return self._path_method(call, callee, scope, block)
        if not call.args:
            return None
        if path in _JOINS or path == "pathlib.Path":
            return (self._joined(call, callee, scope, block),)
        return self._of_arguments(call, callee, scope, block)

    def _joined(
        self, call: ast.Call, callee: Value, scope: Scope, block: Block
    ) -> Value:
        start = [said(callee)] if callee.path.endswith("joinpath") else []
        parts = [*start, *(self.one(a, scope, block) for a in call.args)]
        whole = parts[0]
        for part in parts[1:]:
            whole = joined(whole, part)
        return Value(TEXT if callee.path.endswith("path.join") else PATH, whole)

    def _of_arguments(
        self, call: ast.Call, callee: Value, scope: Scope, block: Block
    ) -> Values | None:
        """Give what is made of the arguments and is nearly one of them."""
        path, last = callee.path, callee.path.rpartition(".")[2]
        values = self.evaluator.values
        if path == "str":
            found = values(call.args[0], scope, block)
            return tuple(Value(TEXT, v.text) if v.path == PATH else v for v in found)
        if path in _SAME or last in _ENTERS:
            return values(call.args[0], scope, block)
        if path in _LAST:
            return values(call.args[-1], scope, block)
        if path == "next":
            found = values(call.args[0], scope, block)
            return united(self.evaluator.element(each) for each in found)
        if path in _DEFAULTS and len(call.args) > 1:
            return values(call.args[1], scope, block)
        if path == "os.path.dirname":
            return (text(os.path.dirname(self.one(call.args[0], scope, block))),)
        return self._named(call, path, scope, block)

    def _named(
        self, call: ast.Call, path: str, scope: Scope, block: Block
    ) -> Values | None:
        """Give what is asked for by a name in a text."""
        if path == "getattr" and len(call.args) > 1:
            name = self.one(call.args[1], scope, block)
            if HOLE in name:
                return (UNKNOWN,)
            owners = self.evaluator.values(call.args[0], scope, block)
            return united(self.evaluator.attribute(v, name) for v in owners)
        if path in ("importlib.import_module", "__import__"):
            name = self.one(call.args[0], scope, block)
            if HOLE not in name:
                return (Value(self.evaluator.table.same(name)),)
        return None

    def _above(self, scope: Scope) -> Values:
        found = []
        for base in self.evaluator.names.bases(scope):
            if base.path == CLASS:
                found.append(Value(INSTANCE, of=base.of))
            elif base.path[:1] not in "@?":
                found.append(Value(self.evaluator.table.same(f"{base.path}()")))
        return tuple(found)

    def _text_method(
        self, call: ast.Call, callee: Value, scope: Scope, block: Block
    ) -> Values:
        last = callee.path.rpartition(".")[2]
        if last == "format":
            return (text(_FIELD.sub(HOLE, said(callee))),)
        if last in _KEPT:
            return (text(said(callee)),)
        if last == "join" and call.args:
            found = self.evaluator.values(call.args[0], scope, block)
            if len(found) == 1 and found[0].path == LIST:
                return (text(said(callee).join(map(said, found[0].items))),)
        return (text(HOLE),)

    def _path_method(
        self, call: ast.Call, callee: Value, scope: Scope, block: Block
    ) -> Values | None:
        last, here = callee.path.rpartition(".")[2], said(callee)
        if last in ("read_text", "read_bytes"):
            return (text(HOLE),)
        if last in _PATH_SAME:
            return (Value(PATH, here),)
        if last in ("with_suffix", "with_name", "with_stem") and call.args:
            end = self.one(call.args[0], scope, block)
            if last == "with_suffix":
                return (Value(PATH, os.path.splitext(here)[0] + end),)
            return (Value(PATH, joined(os.path.dirname(here), end)),)
        if last in ("glob", "rglob", "iterdir"):
            return (listed([Value(PATH, joined(here, HOLE))]),)
        if last in ("rename", "replace"):
            return (Value(PATH, HOLE),)
        return None

    def one(self, node: ast.expr, scope: Scope, block: Block) -> str:
        """Give the one text an expression is known to be, a hole otherwise."""
        found = self.evaluator.values(node, scope, block)
        return said(found[0]) if len(found) == 1 and found[0].path in (TEXT, PATH) else HOLE  # fmt: skip
