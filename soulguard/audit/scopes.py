"""Owns the parts of a module that matter: scopes, bindings, blocks and calls.

Nouns only; `indexing` fills them in, `evaluating` asks them.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import Path

Position = tuple[int, int]


@dataclass(eq=False, slots=True)
class Block:
    """A list of statements: what had to be true to come here, and what left it.

    `facts` are tests with the truth they have inside; `exits` tests after which, at a
    position, the block goes on only if they were false.
    """

    parent: Block | None = None
    facts: tuple[tuple[ast.expr, bool], ...] = ()
    exits: list[tuple[Position, ast.expr]] = field(default_factory=list)

    def holds(self, other: Block) -> bool:
        """Whether `other` is this block or lies inside."""
        block: Block | None = other
        while block is not None:
            if block is self:
                return True
            block = block.parent
        return False


@dataclass(eq=False, slots=True)
class Binding:
    """One way a name comes to a value.

    `kind` is ``value``, ``item`` (an element of it), ``with`` (what it enters as),
    ``unpack`` (the element `index`), ``annotation``, ``import``, ``function``,
    ``class`` or ``parameter``. `at` is the position after which it holds.
    """

    kind: str
    node: ast.AST | None
    scope: Scope
    block: Block
    at: Position
    index: int = 0
    name: str = ""
    module: str = ""
    level: int = 0


@dataclass(eq=False, slots=True)
class Scope:
    """A module, a class or a function: its names, and what it may call itself."""

    kind: str
    name: str
    module: Module
    parent: Scope | None
    node: ast.AST
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    attributes: dict[str, list[Binding]] = field(default_factory=dict)
    outer: set[str] = field(default_factory=set)
    returns: list[Binding] = field(default_factory=list)
    sites: list[Site] = field(default_factory=list)
    named: dict[str, list[Site]] = field(default_factory=dict)
    stars: list[Binding] = field(default_factory=list)

    def calls_of(self, names: frozenset[str]) -> list[Site]:
        """Give the calls in this scope of anything with one of these names, in order."""
        if not self.named:
            for site in self.sites:
                self.named.setdefault(called(site.call), []).append(site)
        return [site for name in names for site in self.named.get(name, ())]

    def bind(self, name: str, binding: Binding) -> None:
        """Note one more way `name` comes to a value here."""
        home = self
        if name in self.outer:
            while home.parent is not None:
                home = home.parent
        home.bindings.setdefault(name, []).append(binding)


@dataclass(eq=False, slots=True)
class Site:
    """A call, and where it stands."""

    call: ast.Call
    scope: Scope
    block: Block

    @property
    def at(self) -> Position:
        """Give line and column, both as `ast` counts them."""
        return self.call.lineno, self.call.col_offset


@dataclass(eq=False, slots=True)
class Module:
    """One file that was read: its names, and all calls in it."""

    file: Path
    shown: str
    name: str
    package: str
    scope: Scope = field(init=False)
    sites: list[Site] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=list)
    methods: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    """Names that were given to something: any of them may be called as an effect."""

    places: dict[int, tuple[Scope, Block]] = field(default_factory=dict)
    """Where a lambda's or comprehension's body is evaluated, by node."""


def called(call: ast.Call) -> str:
    """Give the last name of what is called, empty where it has none."""
    function = call.func
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def written(node: ast.expr) -> str:
    """Give an expression as source in one line, ``…`` where it is nested too deeply."""
    try:
        return " ".join(ast.unparse(node).split())
    except RecursionError:
        return "…"
