"""Owns the one walk over a module's tree: which names are bound where, what is called.

Every node is visited once. Nothing is evaluated here.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from soulguard.audit.scopes import (
    Binding,
    Block,
    Module,
    Position,
    Scope,
    Site,
    called,
)

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LEAVES = (ast.Return, ast.Continue, ast.Break, ast.Raise)
_EXITS = frozenset(("exit", "_exit", "quit", "abort", "skip"))
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_PLAIN = (ast.Constant, ast.Name, ast.Pass, ast.expr_context, ast.operator)


def index(tree: ast.Module, file: Path, shown: str, name: str, package: str) -> Module:
    """Give a module's scopes and calls. `package` is what relative imports start from."""
    module = Module(file, shown, name, package)
    module.scope = Scope("module", name, module, None, tree)
    module.scopes.append(module.scope)
    _Indexer(module).body(tree.body, module.scope, Block())
    for scope in module.scopes:
        for bindings in scope.bindings.values():
            bindings.sort(key=lambda each: each.at)
    return module


class _Indexer:
    """One walk."""

    def __init__(self, module: Module) -> None:
        self.module = module

    def body(self, body: Sequence[ast.stmt], scope: Scope, block: Block) -> None:
        """Visit a list of statements."""
        for statement in body:
            handler = _HANDLERS.get(type(statement))
            if handler:
                handler(self, statement, scope, block)
            else:
                self.generic(statement, scope, block)

    # -- statements -----------------------------------------------------------------

    def generic(self, node: ast.AST, scope: Scope, block: Block) -> None:
        """Visit whatever has no meaning of its own."""
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self.expression(child, scope, block)
            elif isinstance(child, ast.stmt):
                self.body([child], scope, block)
            elif not isinstance(child, _PLAIN):
                self.generic(child, scope, Block(block))

    def function(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, _FUNCTIONS)
        for each in (*node.decorator_list, *_defaults(node.args)):
            self.expression(each, scope, block)
        inner = self._scope("function", node.name, scope, node)
        if scope.kind == "class":
            self.module.methods.add(node.name)
        scope.bind(
            node.name,
            Binding("function", node, inner, block, (node.lineno, node.col_offset)),
        )
        own = Block()
        self._parameters(node.args, inner, own)
        self.body(node.body, inner, own)

    def klass(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.ClassDef)
        for each in (*node.decorator_list, *node.bases):
            self.expression(each, scope, block)
        for keyword in node.keywords:
            self.expression(keyword.value, scope, block)
        inner = self._scope("class", node.name, scope, node)
        at = (node.lineno, node.col_offset)
        scope.bind(node.name, Binding("class", node, inner, block, at))
        self.body(node.body, inner, Block(block))

    def assign(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.Assign)
        self.expression(node.value, scope, block)
        for target in node.targets:
            self._target(target, Binding("value", node.value, scope, block, _end(node)))

    def annotated(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.AnnAssign)
        at = _end(node)
        plain = isinstance(node.value, ast.Constant) and node.value.value is None
        if node.value is not None:
            self.expression(node.value, scope, block)
            self._target(node.target, Binding("value", node.value, scope, block, at))
        if node.value is None or plain or scope.kind == "class":
            made = Binding("annotation", node.annotation, scope, block, at)
            self._target(node.target, made)

    def augmented(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.AugAssign)
        self.expression(node.value, scope, block)
        if not isinstance(node.target, ast.Name):
            self.expression(node.target, scope, block)

    def imports(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.Import)
        for alias in node.names:
            top = alias.name.partition(".")[0]
            module = alias.name if alias.asname else top
            binding = Binding(
                "import", node, scope, block, _end(node), module=module
            )  # fmt: skip
            scope.bind(alias.asname or top, binding)

    def imports_from(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            binding = Binding(
                "import", node, scope, block, _end(node), name=alias.name,
                module=node.module or "", level=node.level,
            )  # fmt: skip
            if alias.name == "*":
                scope.stars.append(binding)
            else:
                if alias.asname:
                    self.module.given.add(alias.asname)
                scope.bind(alias.asname or alias.name, binding)

    def loop(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, (ast.For, ast.AsyncFor))
        self.expression(node.iter, scope, block)
        inside = Block(block)
        at = _start(node.target)
        self._target(node.target, Binding("item", node.iter, scope, inside, at))
        self.body(node.body, scope, inside)
        self.body(node.orelse, scope, Block(block))

    def condition(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, (ast.If, ast.While))
        alone = isinstance(node, ast.If) and not node.orelse
        if alone and _leaves(node.body):
            block.exits.append((_end(node), node.test))
        while True:  # a chain of `elif` may be longer than the stack is deep
            self.expression(node.test, scope, block)
            self.body(node.body, scope, Block(block, ((node.test, True),)))
            block = Block(block, ((node.test, False),))
            rest = node.orelse
            if len(rest) != 1 or not isinstance(rest[0], ast.If):
                break
            node = rest[0]
        self.body(rest, scope, block)

    def attempt(self, node: ast.AST, scope: Scope, block: Block) -> None:
        for part in ("body", "orelse"):
            self.body(getattr(node, part), scope, Block(block))
        for handler in getattr(node, "handlers", ()):
            if handler.type:
                self.expression(handler.type, scope, block)
            self.body(handler.body, scope, Block(block))
        self.body(getattr(node, "finalbody", ()), scope, block)

    def context(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, (ast.With, ast.AsyncWith))
        for item in node.items:
            self.expression(item.context_expr, scope, block)
            if item.optional_vars is not None:
                at = _end(item.optional_vars)
                made = Binding("with", item.context_expr, scope, block, at)
                self._target(item.optional_vars, made)
        self.body(node.body, scope, block)

    def outer(self, node: ast.AST, scope: Scope, _block: Block) -> None:
        assert isinstance(node, ast.Global)
        scope.outer.update(node.names)

    def result(self, node: ast.AST, scope: Scope, block: Block) -> None:
        assert isinstance(node, ast.Return)
        if node.value is not None:
            self.expression(node.value, scope, block)
            scope.returns.append(
                Binding("value", node.value, scope, block, _start(node))
            )

    # -- expressions ----------------------------------------------------------------

    def expression(self, node: ast.expr, scope: Scope, block: Block) -> None:
        """Note the calls in an expression and what it binds."""
        stack: list[ast.AST] = [node]
        while stack:
            each = stack.pop()
            if isinstance(each, _PLAIN):
                continue
            if self._meaning(each, scope, block):
                continue
            for name in each._fields:
                child = getattr(each, name, None)
                if isinstance(child, list):
                    stack.extend(c for c in child if isinstance(c, ast.AST))
                elif isinstance(child, ast.AST):
                    stack.append(child)

    def _meaning(self, node: ast.AST, scope: Scope, block: Block) -> bool:
        """Note what an expression calls or binds; say whether its parts are done."""
        if isinstance(node, ast.Call):
            site = Site(node, scope, block)
            scope.sites.append(site)
            self.module.sites.append(site)
        elif isinstance(node, ast.Lambda):
            self._lambda(node, scope, block)
            return True
        elif isinstance(node, ast.IfExp):
            self.expression(node.test, scope, block)
            for part, truth in ((node.body, True), (node.orelse, False)):
                self.expression(part, scope, Block(block, ((node.test, truth),)))
            return True
        elif isinstance(node, _COMPREHENSIONS):
            for loop in node.generators:
                made = Binding("item", loop.iter, scope, block, _start(node))
                self._target(loop.target, made)
        elif isinstance(node, ast.NamedExpr):
            made = Binding("value", node.value, scope, block, _end(node))
            self._target(node.target, made)
        elif isinstance(node, (ast.Yield, ast.YieldFrom)) and node.value:
            made = Binding("value", node.value, scope, block, _start(node))
            scope.returns.append(made)
        return False

    def _lambda(self, node: ast.Lambda, scope: Scope, block: Block) -> None:
        for each in _defaults(node.args):
            self.expression(each, scope, block)
        inner = self._scope("function", "<lambda>", scope, node)
        own = Block()
        self._parameters(node.args, inner, own)
        self.module.places[id(node)] = (inner, own)
        inner.returns.append(Binding("value", node.body, inner, own, _start(node.body)))
        self.expression(node.body, inner, own)

    def _scope(self, kind: str, name: str, parent: Scope, node: ast.AST) -> Scope:
        scope = Scope(kind, name, self.module, parent, node)
        self.module.scopes.append(scope)
        return scope

    # -- bindings -------------------------------------------------------------------

    def _parameters(self, args: ast.arguments, scope: Scope, block: Block) -> None:
        every = (*args.posonlyargs, *args.args, *args.kwonlyargs)
        for at, each in enumerate(every):
            scope.bind(
                each.arg, Binding("parameter", each, scope, block, (0, 0), index=at)
            )
        for rest in (args.vararg, args.kwarg):
            if rest is not None:
                scope.bind(
                    rest.arg, Binding("parameter", None, scope, block, (0, 0), -1)
                )

    def _target(self, target: ast.expr, binding: Binding) -> None:
        """Bind whatever is assigned to; the parts of a tuple by their number."""
        scope, kind = binding.scope, binding.kind
        if kind in ("value", "unpack") and isinstance(
            target, (ast.Name, ast.Attribute)
        ):
            name = target.id if isinstance(target, ast.Name) else target.attr
            self.module.given.add(name)
        if isinstance(target, ast.Name):
            scope.bind(target.id, binding)
        elif isinstance(target, ast.Attribute):
            self._attribute(target, binding)
        elif isinstance(target, (ast.Tuple, ast.List)) and kind != "annotation":
            inner = "unpack" if kind == "value" else f"{kind.split()[0]} unpack"
            for number, each in enumerate(target.elts):
                self._target(each, replace(binding, kind=inner, index=number))
        elif isinstance(target, ast.Subscript):
            self.expression(target, scope, binding.block)

    def _attribute(self, target: ast.Attribute, binding: Binding) -> None:
        """Note ``self.name = value`` with the class it is said in."""
        scope = binding.scope
        owner = scope.parent
        if owner is None or owner.kind != "class" or scope.kind != "function":
            return
        node = scope.node
        if isinstance(node, _FUNCTIONS) and isinstance(target.value, ast.Name):
            arguments = (*node.args.posonlyargs, *node.args.args)
            if arguments and arguments[0].arg == target.value.id:
                owner.attributes.setdefault(target.attr, []).append(binding)


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [d for d in (*args.defaults, *args.kw_defaults) if d is not None]


def _start(node: ast.AST) -> Position:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _end(node: ast.AST) -> Position:
    start = _start(node)
    line = getattr(node, "end_lineno", start[0])
    return line, getattr(node, "end_col_offset", start[1])


def _leaves(body: list[ast.stmt]) -> bool:
    """Whether a block never comes to its end."""
    last = body[-1]
    if isinstance(last, ast.Expr) and isinstance(last.value, ast.Call):
        return called(last.value) in _EXITS
    return isinstance(last, _LEAVES)


_HANDLERS = {
    ast.FunctionDef: _Indexer.function,
    ast.AsyncFunctionDef: _Indexer.function,
    ast.ClassDef: _Indexer.klass,
    ast.Assign: _Indexer.assign,
    ast.AnnAssign: _Indexer.annotated,
    ast.AugAssign: _Indexer.augmented,
    ast.Import: _Indexer.imports,
    ast.ImportFrom: _Indexer.imports_from,
    ast.For: _Indexer.loop,
    ast.AsyncFor: _Indexer.loop,
    ast.If: _Indexer.condition,
    ast.While: _Indexer.condition,
    ast.Try: _Indexer.attempt,
    ast.With: _Indexer.context,
    ast.AsyncWith: _Indexer.context,
    ast.Global: _Indexer.outer,
    ast.Return: _Indexer.result,
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = _Indexer.attempt
