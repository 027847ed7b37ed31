import pytest

from tests.audit.sources import project, seen

FINDS = {
    "a variable": "import requests\ns = requests.Session()\ns.post('u')",
    "an attribute": """\
        import requests
        class A:
            def __init__(self):
                self.s = requests.Session()
            def f(self):
                self.s.post('u')
        """,
    "a class attribute": "import requests\nclass A:\n s = requests.Session()\n def f(self):\n  self.s.post('u')",
    "an annotated attribute": "import httpx\nclass A:\n c: httpx.Client\n def f(self):\n  self.c.post('u')",
    "a parameter's annotation": "import httpx\ndef f(c: httpx.Client): c.post('u')",
    "an optional parameter": "import httpx\nfrom typing import Optional\ndef f(c: Optional['httpx.Client'] = None): c.post('u')",
    "a union": "import httpx\ndef f(c: 'httpx.Client | None'): c.post('u')",
    "a list of clients": "import httpx\ndef f(cs: list[httpx.Client]):\n for c in cs:\n  c.post('u')",
    "a factory": "import requests\ndef make():\n s = requests.Session()\n return s\nmake().post('u')",
    "a factory's annotation": "import httpx\ndef make() -> httpx.Client: ...\nmake().post('u')",
    "a property": "import httpx\nclass A:\n @property\n def c(self): return httpx.Client()\n def f(self): self.c.post('u')",
    "a caller": "import httpx\ndef f(c): c.post('u')\nf(httpx.Client())",
    "a keyword of a caller": "import httpx\ndef f(*, c=None): c.post('u')\nf(c=httpx.Client())",
    "a constructor's argument": "import httpx\nclass A:\n def __init__(self, c): self.c = c\n def f(self): self.c.post('u')\nA(httpx.Client())",
    "a context": "import httpx\nwith httpx.Client() as c: c.post('u')",
    "a context of ours": "import httpx\nfrom contextlib import contextmanager\n@contextmanager\ndef client():\n yield httpx.Client()\nwith client() as c: c.post('u')",
    "an inherited client": "import requests\nclass A(requests.Session): pass\nA().post('u')",
    "a base class's attribute": "import httpx\nclass B:\n def __init__(self): self.c = httpx.Client()\nclass A(B):\n def f(self): self.c.post('u')",
    "super": "import requests\nclass A(requests.Session):\n def send_it(self): super().post('u')",
    "a global": "import httpx\nc = None\ndef start():\n global c\n c = httpx.Client()\ndef f(): c.post('u')",
    "a lazy module": """\
        import importlib
        class Lazy:
            _inner = None
            def __getattr__(self, name):
                self._inner = importlib.import_module('requests')
                return getattr(self._inner, name)
        requests_ = Lazy()
        requests_.post('u')
        """,
    "a branch": "import httpx\nif x:\n c = None\nelse:\n c = httpx.Client()\nc.post('u')",
    "a loop that comes round": "import httpx\nc = None\nwhile x:\n if c: c.post('u')\n c = httpx.Client()",
}


@pytest.mark.parametrize("text", FINDS.values(), ids=FINDS)
def test_a_client_is_followed_through(text, tmp_path):
    found, _ = seen(tmp_path, text)
    if text == FINDS["a loop that comes round"]:
        # a name holds what was bound before; what comes round the loop is not followed
        assert found == []
    else:
        assert [s.signature.id for s in found] == ["http.post"]


def test_a_name_that_was_bound_anew_is_no_client(tmp_path):
    found, _ = seen(tmp_path, "import httpx\nc = httpx.Client()\nc = {}\nc.post('u')")
    assert found == []


def test_a_module_of_ours_is_followed(tmp_path):
    found = project(
        tmp_path,
        {
            "p/__init__.py": "",
            "p/clients.py": "import httpx\nclient = httpx.Client(base_url='https://a.example')\nURL = 'https://b.example/x'\n",
            "p/agent.py": "from .clients import client, URL\nfrom . import clients\ndef f():\n client.post('/x')\n clients.client.post(URL)\n",
        },
    )  # fmt: skip
    from soulguard.audit.evaluating import Evaluator
    from soulguard.audit.sighting import sightings
    from tests.audit.sources import TABLE

    evaluator = Evaluator(found, TABLE)
    effects = list(sightings(found.modules[2], evaluator))
    assert [(s.receiver.text, s.target) for s in effects] == [
        ("https://a.example", "/x"),
        ("https://a.example", "https://b.example/x"),
    ]


def test_what_callers_pass_is_what_a_wrapper_writes(tmp_path):
    found, _ = seen(
        tmp_path,
        "def save(path, text):\n open(path, 'w').write(text)\nsave('out/a.md', 'x')",
    )
    assert [s.target for s in found] == ["out/a.md"]
