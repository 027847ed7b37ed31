"""Owns what a call gives: an object of a library, a text, what our own function returns.

The standard library's makers of texts and paths are `makers`'s; all else about libraries
is data.
"""

from __future__ import annotations

import ast
import os.path
from typing import TYPE_CHECKING

from soulguard.audit.makers import Makers
from soulguard.audit.scopes import Block, Scope, Site
from soulguard.audit.values import (
    CLASS,
    CONSTANT,
    FUNCTION,
    HOLE,
    INSTANCE,
    METHOD,
    PATH,
    TEXT,
    UNKNOWN,
    Value,
    Values,
    dotted,
    said,
    text,
    united,
)
from soulguard.model.signature import Argument

if TYPE_CHECKING:
    from soulguard.audit.evaluating import Evaluator


class Calling:
    """Answers about calls; the evaluator answers about expressions."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.makers = Makers(evaluator)
        self._returned: dict[int, Values] = {}

    def callees(self, site: Site) -> Values:
        """Give what a call may call."""
        return self.evaluator.values(site.call.func, site.scope, site.block)

    def result(self, call: ast.Call, scope: Scope, block: Block) -> Values:
        """Give what a call may give."""
        callees = self.evaluator.values(call.func, scope, block)
        return united(self._result(call, each, scope, block) for each in callees)

    def argument(
        self, call: ast.Call, wanted: Argument, scope: Scope, block: Block
    ) -> Values:
        """Give what is passed for an argument, empty where nothing is."""
        node = find(call, wanted)
        return self.evaluator.values(node, scope, block) if node is not None else ()

    def returned(self, function: Scope) -> Values:
        """Give what a function of ours may return, or yield as a context."""
        known = self._returned.get(id(function))
        if known is not None:
            return known
        self._returned[id(function)] = (UNKNOWN,)
        values = self.evaluator.values
        found = united(
            values(each.node, each.scope, each.block)  # type: ignore[arg-type]
            for each in function.returns
        )
        something = tuple(v for v in found if v != Value(CONSTANT, "None"))
        if not something or all(v.path[:1] == "?" for v in something):
            annotation = getattr(function.node, "returns", None)
            said_so = self.evaluator.names.annotated(annotation, function, Block())
            something = said_so or something
        self._returned[id(function)] = something or (UNKNOWN,)
        return self._returned[id(function)]

    def entered(self, value: Value) -> Values:
        """Give what ``with value as name`` gives."""
        if value.path == INSTANCE:
            for name in ("__enter__", "__aenter__"):
                if value.of.bindings.get(name):
                    found = self.returned(value.of.bindings[name][-1].scope)
                    return found if found != (UNKNOWN,) else (value,)
        return (value,)

    def of_path(self, base: Value, name: str) -> Values:
        """Give an attribute of a path; the methods keep the path they were asked of."""
        said_so = said(base)
        if name == "parent":
            folder = os.path.dirname(said_so)
            return (Value(PATH, folder or (HOLE if said_so == HOLE else ".")),)
        if name in ("name", "stem", "suffix"):
            return (text(os.path.basename(said_so) if name == "name" else HOLE),)
        if name == "parents":
            return (Value(f"{PATH}.parents", HOLE),)
        return (Value(f"{PATH}.{name}", base.text),)

    # -- results --------------------------------------------------------------------------

    def _result(
        self, call: ast.Call, callee: Value, scope: Scope, block: Block
    ) -> Values:
        if callee.path in (FUNCTION, METHOD):
            return self.returned(callee.of)
        if callee.path == CLASS:
            return (Value(INSTANCE, of=callee.of),)
        if callee.path == INSTANCE:
            bound = self.evaluator.names.member(callee, "__call__")
            return united(
                self.returned(v.of) if v.path == METHOD else (UNKNOWN,) for v in bound
            )
        special = self.makers.make(call, callee, scope, block)
        if special is not None:
            return special
        return (self._made(call, callee, scope, block),)

    def _made(self, call: ast.Call, callee: Value, scope: Scope, block: Block) -> Value:
        """Give the object a library makes."""
        table = self.evaluator.table
        wanted = table.catalogue.named.get(callee.path)
        if wanted is not None:
            name = self._text(call, wanted, scope, block)
            return Value(f"{callee.path}({'?' if HOLE in name else name})")
        path = table.same(f"{callee.path}()")
        if path in table.catalogue.texts:
            return Value(TEXT, table.catalogue.texts[path].replace("{}", HOLE))
        statement = table.statement(path)
        if statement is not None:
            return dotted(path, statement.replace("{}", HOLE))
        held = table.holds(path)
        if held is not None:
            given = self.argument(call, held, scope, block)
            if given:
                return Value(path, said(given[0]) if len(given) == 1 else HOLE)
        return dotted(path, callee.text)

    def _text(
        self, call: ast.Call, wanted: Argument, scope: Scope, block: Block
    ) -> str:
        found = self.argument(call, wanted, scope, block)
        return said(found[0]) if len(found) == 1 else HOLE


def find(call: ast.Call, wanted: Argument) -> ast.expr | None:
    """Give the expression that is passed for an argument, by name or by position."""
    for keyword in call.keywords:
        if keyword.arg in wanted.names:
            return keyword.value
    if 0 <= wanted.position < len(call.args):
        before = call.args[: wanted.position + 1]
        if not any(isinstance(each, ast.Starred) for each in before):
            return before[-1]
    return None


def spread(call: ast.Call) -> bool:
    """Whether arguments are unpacked into a call, so that nobody knows which."""
    return any(k.arg is None for k in call.keywords) or any(
        isinstance(each, ast.Starred) for each in call.args
    )


def passed(call: ast.Call, function: Scope, name: str) -> ast.expr | None:
    """Give the expression a call passes for a parameter of a function of ours."""
    arguments = getattr(function.node, "args", None)
    if arguments is None:
        return None
    plain = [each.arg for each in (*arguments.posonlyargs, *arguments.args)]
    owner = function.parent
    if owner is not None and owner.kind == "class" and plain:
        plain = plain[1:]  # self is not passed
    at = plain.index(name) if name in plain else -1
    return find(call, Argument(at, (name,)))
