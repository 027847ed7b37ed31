import ast

import pytest

from soulguard.audit.evaluating import Evaluator
from soulguard.audit.scopes import Block
from soulguard.audit.values import HOLE, readable
from tests.audit.sources import TABLE, project


def last(tmp_path, text, **more):
    """Give what the expression of the last line may stand for."""
    found = project(tmp_path, {"a.py": text, **{f"{k}.py": v for k, v in more.items()}})
    module = found.modules[0]
    node = module.scope.node.body[-1].value
    assert isinstance(node, ast.expr)
    return Evaluator(found, TABLE).values(node, module.scope, Block())


TEXTS = [
    ("'a' + 'b'", "ab"),
    ("x = 'a'\nf'{x}/{y}.md'", "a/….md"),
    ("'%s/%d.md' % (a, 1)", "…/….md"),
    ("'{}-{x}'.format(1)", "…-…"),
    ("from pathlib import Path\nPath('a') / 'b' / c", "a/b/…"),
    ("import os\nos.path.join('a', 'b', 'c')", "a/b/c"),
    ("x = {'k': 'v'}\nx['k']", "v"),
    ("x = ('a', 'b')\nx[1]", "b"),
    ("'a' if z else 'a'", "a"),
    ("x = y or 'a'\nx.strip()", None),
    ("import os\nos.environ.get('A', 'https://a.example')", "https://a.example"),
    ("', '.join(['a', 'b'])", "a, b"),
]


@pytest.mark.parametrize(("text", "wanted"), TEXTS)
def test_a_text_is_known_as_far_as_the_source_says(text, wanted, tmp_path):
    found = [readable(v.text or "") for v in last(tmp_path, text)]
    assert wanted in found if wanted else len(found) == 2


THINGS = [
    ("import requests\nrequests.post", "requests.post"),
    ("import requests as r\np = r\np.post", "requests.post"),
    ("from requests import Session as S\nS().post", "requests.Session().post"),
    ("from requests import *\npost", "requests.post"),
    ("import boto3\nboto3.client('s3').put_object", "boto3.client(s3).put_object"),
    ("import pymongo\npymongo.MongoClient()['d']['c']", "pymongo.MongoClient().[].[]"),
    ("import requests\n(lambda: requests)().post", "requests.post"),
    ("import requests\n[requests.Session()][0].post", "requests.Session().post"),
    ("open", "open"),
    ("nobody.knows", "?.knows"),
    ("requests.post", "requests.post"),  # put there by whoever runs the file
]


@pytest.mark.parametrize(("text", "path"), THINGS)
def test_a_thing_of_a_library_is_known_by_one_name(text, path, tmp_path):
    assert [v.path for v in last(tmp_path, text)] == [path]


def test_what_refers_to_itself_ends(tmp_path):
    assert last(tmp_path, "x = x + x\nx")
    assert last(tmp_path, "def f():\n return f()\nf()")
    assert last(tmp_path, "class A(A): pass\nA().x")


def test_what_doubles_does_not_grow_without_end(tmp_path):
    lines = "x0 = 'ab'\n" + "".join(f"x{n + 1} = x{n} + x{n}\n" for n in range(50))
    assert len(last(tmp_path, lines + "x50")[0].text) <= 4096
    lists = "x0 = [1]\n" + "".join(f"x{n + 1} = [x{n}, x{n}]\n" for n in range(50))
    assert last(tmp_path, lists + "x50")


def test_flags_are_known_by_their_names(tmp_path):
    (found,) = last(tmp_path, "import os\nos.O_WRONLY | os.O_EXCL")
    assert found.text == "os.O_WRONLY | os.O_EXCL"
    assert HOLE not in found.text
