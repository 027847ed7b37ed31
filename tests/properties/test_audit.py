"""What an audit finds depends on what a program does, not on how it spells it."""

import tempfile
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.audit.sources import answered, write

# (imports, expression) pairs that stand for the same function
POST = [
    ("import requests", "requests.post"),
    ("import requests as r", "r.post"),
    ("from requests import post", "post"),
    ("from requests import post as send", "send"),
    ("import requests.api", "requests.api.post"),
    ("from requests import *", "post"),
    ("import requests", "getattr(requests, 'post')"),
    ("import importlib", "importlib.import_module('requests').post"),
    ("import requests", "(requests if True else None).post"),
]
REMOVE = [
    ("import os", "os.remove"),
    ("from os import remove", "remove"),
    ("from os import remove as rm", "rm"),
    ("import os as system", "system.remove"),
]
# ways to come from an expression to a call of it
WAYS = [
    "{f}({a})",
    "g = {f}\ng({a})",
    "g = h = {f}\nh({a})",
    "g, h = {f}, 1\ng({a})",
    "(g := {f})({a})",
    "for g in [{f}]:\n    g({a})",
    "table = {{'x': {f}}}\ntable['x']({a})",
    "def w():\n    return {f}\nw()({a})",
    "def w(g={f}):\n    return g({a})\nw()",
    "def w(g):\n    return g({a})\nw({f})",
    "class A:\n    g = {f}\n    def w(self):\n        return A.g({a})",
    "class A:\n    def __init__(self):\n        self.g = {f}\n    def w(self):\n        return self.g({a})",
    "w = lambda: {f}({a})",
    "def outer():\n    g = {f}\n    def inner():\n        return g({a})\n    return inner",
    "import functools\ng = functools.partial({f}, {a})\ng()",
    "try:\n    g = {f}\nexcept ImportError:\n    g = None\ng({a})",
    "async def w():\n    return await {f}({a})",
    "with x as y:\n    {f}({a})",
    "import threading\nthreading.Thread(target={f}, args=({a},))",
]  # fmt: skip


def found(text):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), {"agent.py": text})
        troubles, findings = answered(Path(folder), "agent.py")
    assert not troubles
    return [(f.signature, f.status, f.twice, f.prior) for f in findings]


@given(
    st.sampled_from([(POST, "'https://a.example/x'"), (REMOVE, "'a.txt'")]),
    st.integers(0, 8),
    st.sampled_from(WAYS),
)
@settings(max_examples=60)
def test_every_spelling_of_one_effect_is_the_same_finding(effect, number, way):
    spellings, argument = effect
    imports, function = spellings[number % len(spellings)]
    plain = f"{spellings[0][0]}\n{spellings[0][1]}({argument})"
    if "Thread" in way and "(" in function:
        function = spellings[0][1]  # only a name is handed on
        imports = spellings[0][0]
    text = f"{imports}\n{way.format(f=function, a=argument)}\n"
    assert found(text) == found(plain), text


WORDS = st.sampled_from(
    ["open", "requests", ".post", "(", ")", "'w'", "x", "=", "\n", " ", "    ", "def f():", "class A:", "import os", "lambda:",
     "if", "else", ":", "[", "]", "{", "}", "f'{x}'", "*", "**", ",", "self.x", "return", "with", "as", "@", "\0", "\\", "async ",
     "for x in y:", "match x:", "case {'a': b}:", "# soulguard: ignore[", "]", "ü", "%", "'%s' % x", "global x", "from . import *", "try:", "except*:"]
)  # fmt: skip


@given(
    st.one_of(st.text(), st.lists(WORDS, max_size=40).map("".join)).map(str.encode)
    | st.binary()
)
@settings(max_examples=150)
@example(b"x = " + b"(" * 1000)
@example(b"x = " + b"-" * 100_000 + b"1")
@example(b"# coding: utf-7\nx")
def test_no_source_makes_an_audit_fail(data):
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), {"agent.py": "open('a', 'w')"})
        (Path(folder) / "more.py").write_bytes(data)
        _, findings = answered(Path(folder), "agent.py", "more.py")
    assert findings[0].target == "a"
