"""Owns what a name, a parameter or a member of our own classes may stand for.

Bindings that a later one in the same block replaced do not count; everything else may.
"""

from __future__ import annotations

import ast
import bisect
import builtins
from typing import TYPE_CHECKING

from soulguard.audit.scopes import Binding, Block, Module, Position, Scope
from soulguard.audit.values import (
    CLASS,
    CONSTANT,
    FUNCTION,
    INSTANCE,
    METHOD,
    MODULE,
    TEXT,
    UNKNOWN,
    Value,
    Values,
    listed,
    text,
    united,
)

if TYPE_CHECKING:
    from soulguard.audit.evaluating import Evaluator

_BUILTINS = frozenset(dir(builtins))
_CALLERS = 24
"""Calls of a function that are looked at for what its parameters may be."""

_BINDINGS = 48
"""Ways to come to a value that are followed for one name."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_WRAPPERS = frozenset(("Optional", "Annotated", "Final", "ClassVar", "Awaitable"))
_LISTS = frozenset(
    ("list", "List", "Sequence", "Iterable", "Iterator", "tuple", "Tuple", "set",
     "Generator", "AsyncIterator", "AsyncGenerator", "Collection")
)  # fmt: skip


class Names:
    """Answers about names; the evaluator answers about expressions."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self._members: dict[tuple[int, str], Values] = {}

    def lookup(self, name: str, scope: Scope, block: Block, at: Position) -> Values:
        """Give what a name may stand for at a place."""
        here: Scope | None = scope
        while here is not None:
            bindings = here.bindings.get(name)
            if bindings and (here is scope or here.kind != "class"):
                if here is scope:
                    bindings = _standing(bindings, block, at)
                return united(self.bound(each) for each in bindings[-_BINDINGS:])
            here = here.parent
        if name == "__file__":
            return (text(str(scope.module.file)),)
        starred = self._starred(name, scope)
        if starred:
            return starred
        table = self.evaluator.table
        if name in _BUILTINS or name in table.roots:
            # bound nowhere: put there by whoever runs the file
            return (Value(table.same(name)),)
        return (UNKNOWN,)

    def bound(self, binding: Binding) -> Values:
        """Give what one binding may give."""
        kind = binding.kind
        if kind == "function":
            return (Value(FUNCTION, of=binding.scope),)
        if kind == "class":
            return (Value(CLASS, of=binding.scope),)
        if kind == "import":
            return self._imported(binding)
        if kind == "parameter":
            return self._parameter(binding)
        assert isinstance(binding.node, ast.expr)
        if kind == "annotation":
            return self.annotated(binding.node, binding.scope, binding.block)
        found = self.evaluator.values(
            binding.node, binding.scope, binding.block, binding.at
        )
        return self._taken(binding, found)

    def member(self, owner: Value, name: str) -> Values:
        """Give a member of a module, class, instance or function of the audited code."""
        if owner.path == MODULE:
            module: Module = owner.of
            bindings = module.scope.bindings.get(name, [])
            inner = self.evaluator.module(f"{module.package}.{name}", module)
            if not bindings and inner:
                return (inner,)
            found = united(self.bound(each) for each in bindings)
            return found or self._starred(name, module.scope) or (UNKNOWN,)
        if owner.path in (CLASS, INSTANCE):
            key = (id(owner.of), name)
            known = self._members.get(key)
            if known is None:
                self._members[key] = (UNKNOWN,)
                self._members[key] = known = self._inherited(owner.of, name, 0)
            return known
        return (Value(f"?.{name}"),)

    def annotated(self, node: ast.expr | None, scope: Scope, block: Block) -> Values:
        """Give what an annotation says: an instance of the class it names."""
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node = _parsed(node)
        if isinstance(node, ast.BinOp):
            sides = (node.left, node.right)
            return _something(
                united(self.annotated(side, scope, block) for side in sides)
            )
        if isinstance(node, ast.Subscript):
            return self._generic(node, scope, block)
        if not isinstance(node, (ast.Name, ast.Attribute)):
            return ()
        classes = self.evaluator.values(node, scope, block)
        return tuple(filter(None, map(self._instance, classes)))

    def bases(self, scope: Scope) -> list[Value]:
        """Give the classes a class of ours is made of."""
        node = scope.node
        if not isinstance(node, ast.ClassDef) or scope.parent is None:
            return []
        block = scope.parent.bindings[scope.name][-1].block
        found: list[Value] = []
        for base in node.bases:
            found += self.evaluator.values(base, scope.parent, block)
        return found

    # -- the kinds of bindings ----------------------------------------------------------

    def _imported(self, binding: Binding) -> Values:
        module = binding.module
        if binding.level:
            package = binding.scope.module.package.split(".")
            kept = package[: len(package) - binding.level + 1]
            module = ".".join([*kept, module] if module else kept)
        if not binding.name:
            ours = self.evaluator.module(module, binding.scope.module)
            return (ours or Value(self.evaluator.table.same(module)),)
        ours = self.evaluator.module(module, binding.scope.module)
        if ours and ours.of is not binding.scope.module:
            return self.member(ours, binding.name)
        inner = self.evaluator.module(f"{module}.{binding.name}", binding.scope.module)
        if inner:
            return (inner,)
        if binding.level:
            return (UNKNOWN,)
        whole = self.evaluator.table.same(module)
        return self.evaluator.attribute(Value(whole), binding.name)

    def _parameter(self, binding: Binding) -> Values:
        scope, arg = binding.scope, binding.node
        if not isinstance(arg, ast.arg):
            return (UNKNOWN,)
        owner = scope.parent
        if binding.index == 0 and owner is not None and owner.kind == "class":
            decorators = _decorators(scope.node)
            if "classmethod" in decorators:
                return (Value(CLASS, of=owner),)
            if "staticmethod" not in decorators:
                return (Value(INSTANCE, of=owner),)
        declared = self.annotated(arg.annotation, scope, binding.block)
        given = self._given(scope, arg.arg)
        plain = all(v.path in (TEXT, CONSTANT) for v in declared)
        if declared and not plain:
            alike = tuple(v for v in given if v.path == declared[0].path)
            return alike or declared
        return given or (UNKNOWN,)

    def _given(self, scope: Scope, name: str) -> Values:
        """Give what the callers pass for a parameter, and its default."""
        from soulguard.audit.calling import passed

        groups: list[Values] = []
        default = _default(scope.node, name)
        if default is not None and scope.parent is not None:
            groups.append(self.evaluator.values(default, scope.parent, Block()))
        owner = scope.parent if scope.parent and scope.parent.kind == "class" else None
        known = owner.name if owner and scope.name == "__init__" else scope.name
        sites = self.evaluator.project.callers(known)
        for site in sites[:_CALLERS]:
            node = passed(site.call, scope, name)
            if node is None or not self._calls(site, scope, owner):
                continue
            groups.append(self.evaluator.values(node, site.scope, site.block))
        if len(sites) > _CALLERS:
            groups.append((UNKNOWN,))
        found = united(groups)
        return _something(found) if len(found) > 1 else found

    def _calls(self, site: object, scope: Scope, owner: Scope | None) -> bool:
        """Whether a call is one of this very function."""
        called = self.evaluator.calls.callees(site)  # type: ignore[arg-type]
        if any(v.of is scope or (owner and v.of is owner) for v in called):
            return True
        # `x.name(...)` on something unknown: likely, where no other has the name
        return (
            owner is not None
            and all(v.path.startswith("?.") for v in called)
            and len(scope.name) > 6
        )

    def _taken(self, binding: Binding, found: Values) -> Values:
        kind = binding.kind
        evaluator = self.evaluator
        if kind == "with":
            return united(evaluator.calls.entered(each) for each in found)
        if kind == "item":
            return united(evaluator.element(each) for each in found)
        if kind == "unpack":
            return united(evaluator.element(each, binding.index) for each in found)
        if kind in ("item unpack", "with unpack"):
            inner = united(evaluator.element(each) for each in found)
            return united(evaluator.element(each, binding.index) for each in inner)
        return found

    def _starred(self, name: str, scope: Scope) -> Values:
        for star in scope.module.scope.stars:
            whole = Binding(
                "import", star.node, star.scope, star.block, star.at, 0, name,
                star.module, star.level,
            )  # fmt: skip
            found = self._imported(whole)
            table = self.evaluator.table
            if any(v.path.startswith("@") or table.matches(v.path) for v in found):
                return found
        return ()

    # -- classes --------------------------------------------------------------------------

    def _inherited(self, scope: Scope, name: str, depth: int) -> Values:
        own = [*scope.attributes.get(name, ()), *scope.bindings.get(name, ())]
        if own:
            return _something(united(self._owned(each) for each in own))
        if depth > 8:
            return (UNKNOWN,)
        if not name.startswith("__") and (found := self._delegated(scope, name)):
            return found
        for base in self.bases(scope):
            if base.path == CLASS and base.of is not scope:
                found = self._inherited(base.of, name, depth + 1)
                if found != (Value(f"?.{name}"),):
                    return found
            elif base.path[:1] not in ("@", "?"):
                made = Value(self.evaluator.table.same(f"{base.path}()"))
                return self.evaluator.attribute(made, name)
        return (Value(f"?.{name}"),)

    def _delegated(self, scope: Scope, name: str) -> Values:
        """Give what ``__getattr__`` hands on to: ``return getattr(self.inner, name)``."""
        for method in scope.bindings.get("__getattr__", ()):
            for result in method.scope.returns:
                call = result.node
                if (
                    isinstance(call, ast.Call)
                    and isinstance(call.func, ast.Name)
                    and call.func.id == "getattr"
                    and call.args
                ):
                    inner = self.evaluator.values(
                        call.args[0], result.scope, result.block
                    )
                    return united(self.evaluator.attribute(v, name) for v in inner)
        return ()

    def _owned(self, binding: Binding) -> Values:
        if binding.kind == "function":
            method = binding.scope
            if _decorators(method.node) & {"property", "cached_property"}:
                return self.evaluator.calls.returned(method)
            return (Value(METHOD, of=method),)
        return self.bound(binding)

    def _instance(self, cls: Value) -> Value | None:
        if cls.path == CLASS:
            return Value(INSTANCE, of=cls.of)
        if cls.path == TEXT or cls.path[:1] in ("@", "?"):
            return None
        if cls.path == "str":
            return text("\0")
        if cls.path in _BUILTINS:
            return None
        path = self.evaluator.table.same(f"{cls.path}()")
        return Value(path)

    def _generic(self, node: ast.Subscript, scope: Scope, block: Block) -> Values:
        head = node.value
        name = head.attr if isinstance(head, ast.Attribute) else getattr(head, "id", "")
        inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name in _WRAPPERS:
            return self.annotated(inside[0], scope, block)
        if name == "Union":
            return _something(
                united(self.annotated(each, scope, block) for each in inside)
            )
        if name in _LISTS:
            return (listed(self.annotated(inside[0], scope, block)),)
        return self.annotated(head, scope, block)


def _standing(bindings: list[Binding], block: Block, at: Position) -> list[Binding]:
    """Give the bindings that may hold at a place of their own scope, sorted by place."""
    before = bisect.bisect_right(bindings, at, key=lambda each: each.at)
    if not before:
        return bindings
    first = before - 1
    while first > max(before - _BINDINGS, 0) and not bindings[first].block.holds(block):
        first -= 1
    return bindings[first:before]


def _something(found: Values) -> Values:
    """Leave None out where there is something else."""
    rest = tuple(v for v in found if v != Value(CONSTANT, "None"))
    return rest or found


def _parsed(node: ast.Constant) -> ast.expr | None:
    try:
        parsed = ast.parse(str(node.value), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    ast.copy_location(parsed, node)
    for each in ast.walk(parsed):
        if isinstance(each, ast.expr):
            ast.copy_location(each, node)
    # kept with the node: what is known is filed by identity
    node.parsed = parsed  # type: ignore[attr-defined]
    return parsed


def _decorators(node: ast.AST) -> set[str]:
    found = set()
    for each in getattr(node, "decorator_list", ()):
        plain = each.func if isinstance(each, ast.Call) else each
        if isinstance(plain, ast.Attribute):
            found.add(plain.attr)
        elif isinstance(plain, ast.Name):
            found.add(plain.id)
    return found


def _default(node: ast.AST, name: str) -> ast.expr | None:
    if not isinstance(node, (*_FUNCTIONS, ast.Lambda)):
        return None
    arguments = node.args
    plain = (*arguments.posonlyargs, *arguments.args)
    offset = len(plain) - len(arguments.defaults)
    for at, each in enumerate(plain):
        if each.arg == name:
            return arguments.defaults[at - offset] if at >= offset else None
    for each, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if each.arg == name:
            return value
    return None
