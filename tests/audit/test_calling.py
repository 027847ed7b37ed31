import ast

import pytest

from soulguard.audit.calling import find, passed, spread
from soulguard.audit.scopes import Scope
from soulguard.model.signature import Argument
from tests.audit.sources import seen


def call(text):
    node = ast.parse(text, mode="eval").body
    assert isinstance(node, ast.Call)
    return node


FOUND = [
    ("f(1, 2)", Argument(1, ("b",)), "2"),
    ("f(1, b=2)", Argument(1, ("b",)), "2"),
    ("f(1)", Argument(1, ("b",)), None),
    ("f(*x, 2)", Argument(1, ("b",)), None),
    ("f(1, *x)", Argument(0), "1"),
    ("f(c=3)", Argument(-1, ("c",)), "3"),
]


@pytest.mark.parametrize(("text", "wanted", "node"), FOUND)
def test_an_argument_is_found_by_position_or_name(text, wanted, node):
    found = find(call(text), wanted)
    assert (ast.unparse(found) if found else None) == node


def test_unpacked_arguments_are_noticed():
    assert spread(call("f(*x)"))
    assert spread(call("f(**x)"))
    assert not spread(call("f(x)"))


def test_self_is_not_passed():
    node = ast.parse("class A:\n def f(self, x): pass").body[0]
    owner = Scope("class", "A", None, None, node)
    method = Scope("function", "f", None, owner, node.body[0])
    assert passed(call("a.f(1)"), method, "x").value == 1


def test_an_instance_that_is_called_runs_its_own_code(tmp_path):
    found, _ = seen(
        tmp_path,
        "import httpx\nclass A:\n def __call__(self): return httpx.Client()\nA()().post('u')",
    )
    assert [s.signature.id for s in found] == ["http.post"]


def test_an_object_remembers_what_it_was_made_with(tmp_path):
    found, _ = seen(
        tmp_path, "import httpx\nhttpx.Client(base_url='https://a.example').post('/x')"
    )
    assert found[0].receiver.text == "https://a.example"


def test_a_class_of_ours_may_enter_as_something_else(tmp_path):
    found, _ = seen(
        tmp_path,
        """\
        import httpx
        class A:
            def __enter__(self):
                return httpx.Client()
        with A() as c:
            c.post('u')
        """,
    )
    assert len(found) == 1
