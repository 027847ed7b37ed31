import ast
from pathlib import Path

import pytest

from soulguard.audit.indexing import index


def indexed(text):
    return index(ast.parse(text), Path("a.py"), "a.py", "a", "")


BOUND = [
    ("x = 1", "x", "value"),
    ("x: int", "x", "annotation"),
    ("import x", "x", "import"),
    ("import y as x", "x", "import"),
    ("from y import x", "x", "import"),
    ("for x in y: pass", "x", "item"),
    ("with y as x: pass", "x", "with"),
    ("x, z = y", "x", "unpack"),
    ("for z, x in y: pass", "x", "item unpack"),
    ("def x(): pass", "x", "function"),
    ("class x: pass", "x", "class"),
    ("if (x := 1): pass", "x", "value"),
    ("[0 for x in y]", "x", "item"),
]


@pytest.mark.parametrize(("text", "name", "kind"), BOUND)
def test_every_way_to_bind_a_name_is_noted(text, name, kind):
    assert [b.kind for b in indexed(text).scope.bindings[name]] == [kind]


@pytest.mark.parametrize(
    "text",
    ["f()", "x = f()", "x += f()", "if f(): pass", "for i in f(): pass", "return_ = [f() for i in y]",
     "with f(): pass", "try:\n f()\nfinally: pass", "try: pass\nexcept f(): pass", "lambda: f()", "x[f()] = 1",
     "def g(a=f()): pass", "@f()\ndef g(): pass", "class A(f()): pass", "assert f()", "raise f()", "del x[f()]",
     "x = 1 if f() else 2", "f'{f()}'", "match y:\n case 1:\n  f()", "async def g():\n await f()", "while f(): pass", "y if z else f()"],
)  # fmt: skip
def test_every_call_is_noted_once(text):
    assert len(indexed(text).sites) == 1


def test_a_check_that_leaves_the_block_holds_for_what_follows():
    module = indexed("def f():\n if a(): return\n b()\n")
    site = next(s for s in module.sites if s.call.func.id == "b")
    assert [ast.unparse(test) for _, test in site.block.exits] == ["a()"]


def test_what_a_method_gives_to_self_belongs_to_its_class():
    module = indexed("class A:\n def f(me, x):\n  me.y = x\n  x.z = 1\n")
    attributes = module.scope.bindings["A"][0].scope.attributes
    assert list(attributes) == ["y"]


def test_a_chain_of_elif_may_be_longer_than_the_stack_is_deep():
    chain = "if a0():\n pass\n" + "".join(
        f"elif a{n}():\n pass\n" for n in range(1, 900)
    )
    assert len(indexed(chain).sites) == 900
