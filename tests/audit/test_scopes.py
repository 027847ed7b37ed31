import ast

from soulguard.audit.scopes import Binding, Block, Module, Scope, Site, called, written


def a_scope(tmp_path, kind="function", parent=None):
    module = Module(tmp_path / "a.py", "a.py", "a", "")
    return Scope(kind, "f", module, parent, ast.Module([], []))


def test_a_block_holds_what_lies_inside_it():
    outer = Block()
    inner = Block(Block(outer))
    assert outer.holds(inner)
    assert outer.holds(outer)
    assert not inner.holds(outer)


def test_a_global_name_is_bound_in_the_module(tmp_path):
    module = a_scope(tmp_path, "module")
    function = a_scope(tmp_path, parent=module)
    function.outer.add("x")
    function.bind("x", Binding("value", None, function, Block(), (1, 0)))
    assert "x" in module.bindings
    assert not function.bindings


def test_calls_are_filed_by_their_last_name(tmp_path):
    scope = a_scope(tmp_path)
    for source in ("a.save(1)", "load(2)", "save(3)"):
        scope.sites.append(Site(ast.parse(source, mode="eval").body, scope, Block()))
    assert [s.call.args[0].value for s in scope.calls_of(frozenset({"save"}))] == [1, 3]
    assert scope.sites[0].at == (1, 0)


def test_a_call_of_a_call_has_no_name():
    assert called(ast.parse("f()()", mode="eval").body) == ""


def test_what_is_nested_too_deeply_is_not_written_out():
    node = ast.Name("x")
    for _ in range(5000):
        node = ast.Attribute(node, "a")
    assert written(node) == "…"
    assert written(ast.parse("f(\n 1)", mode="eval").body) == "f(1)"
