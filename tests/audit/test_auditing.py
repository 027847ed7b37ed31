import gc
from pathlib import Path

import pytest

from soulguard.audit.auditing import Options, audit
from soulguard.audit.findings import Status
from soulguard.errors import PolicySyntaxError
from tests.audit.sources import RULES, audited, write


def test_every_agent_has_the_rules_beside_it(tmp_path):
    write(
        tmp_path,
        {"one/SOUL.md": RULES, "one/agent.py": "open('a', 'w')", "two/agent.py": "open('a', 'w')"},
    )  # fmt: skip
    found = audit(Options((tmp_path,)))
    assert [f.status for f in found.findings] == [Status.GUARDED, Status.DEBT]
    assert found.findings[0].rule_at == "SOUL.md:5"


def test_named_rules_hold_for_all(tmp_path):
    write(tmp_path, {"rules/SOUL.md": RULES, "agent.py": "open('rules/a', 'w')"})
    found = audit(Options((tmp_path,), soul=(tmp_path / "rules/SOUL.md",)))
    assert found.findings[0].rule_at.endswith("SOUL.md:5")


def test_broken_files_do_not_stop_the_rest(tmp_path):
    write(tmp_path, {"a.py": "def f(:\n", "b.py": "open('a', 'w')"})
    found = audit(Options((tmp_path,)))
    assert found.debt == 1
    assert [t.line for t in found.troubles] == [1]
    assert found.files == 2


def test_what_an_author_leaves_out_is_listed_with_the_reason(tmp_path):
    text = "open('a', 'w')  # soulguard: ignore[a cache]\nopen('b', 'w')  # soulguard: ignore[]\n"
    found = audited(tmp_path, text)
    assert [f.ignored for f in found.findings] == ["a cache", ""]
    (trouble,) = found.troubles
    assert (trouble.line, trouble.message.partition(":")[0]) == (
        2,
        "no reason is given",
    )


def test_users_add_and_replace_signatures(tmp_path):
    own = """\
        effects:
          - {id: mine, calls: [mylib.launch], does: http.call, what: launch a rocket, twice: created,
             method: POST, url: "https://api.stripe.com/v1/charges"}
          - {id: http.post, calls: [nobody.posts], does: http.call, what: x, twice: request}
        """
    write(tmp_path, {"soulguard.effects.yaml": own})
    found = audited(
        tmp_path, "import mylib, requests\nmylib.launch()\nrequests.post('u')"
    )
    assert [(f.what, f.key[:16]) for f in found.findings] == [
        ("launch a rocket", "Stripe takes one")
    ]


def test_a_broken_catalogue_is_a_mistake_with_its_line(tmp_path):
    write(tmp_path, {"soulguard.effects.yaml": "effects:\n  - {id: x}\n"})
    with pytest.raises(PolicySyntaxError) as caught:
        audited(tmp_path, "")
    assert caught.value.where.endswith("soulguard.effects.yaml:2")


def test_progress_is_told_and_the_collector_is_left_as_it_was(tmp_path):
    write(tmp_path, {"a.py": "", "b.py": ""})
    told = []
    audit(Options((tmp_path,)), lambda done, total, name: told.append((done, total)))
    assert told == [(0, 2), (0, 2), (1, 2), (1, 2)]
    assert gc.isenabled()


def test_nothing_that_is_audited_is_executed(tmp_path):
    marker = tmp_path / "ran"
    audited(tmp_path, f"open({str(marker)!r}, 'w')\nimport agent\n")
    assert not marker.exists()


def test_the_examples_owe_nothing_but_what_starts_them():
    root = Path(__file__).parents[2] / "examples"
    found = audit(Options((root,)))
    owing = {f.file.rpartition("/")[2] for f in found.of(Status.DEBT)}
    assert owing <= {"demo.py", "compare.py", "mail.py", "service.py"}
    assert not found.troubles
    agents = [f for f in found.findings if f.file.endswith("agent.py")]
    assert len(agents) >= 25


HOSTILE = [
    "x = " + "[" * 90 + "]" * 90,
    "x = " + "+".join(["a"] * 3000),
    "x = " + ".a" .join(["b"] * 900),
    "x0 = open\n" + "".join(f"x{n + 1} = x{n} or x{n}\n" for n in range(300)) + "x300('a', 'w')",
    "def f(a):\n" + "".join(f" if a == {n}:\n  return\n" for n in range(2000)) + " open('a', 'w')",
    "f = lambda: " * 50 + "1",
    "".join(f"open('a{n}', 'w')\n" for n in range(2000)),
    "x = 1\n" * 5000 + "open(x, 'w')",
    "def f(x: " + " | ".join(["A"] * 500) + "): x.post()",
    "class A:\n def __getattr__(self, n): return getattr(self, n)\nA().post('x')",
    "class A(B): pass\nclass B(A): pass\nA().post('x')",
    "import a.b.c as d\nfrom . import x\nfrom .... import y\nfrom .z import *\nd.post(); x(); y.open('w')",
    "x = 1 if " * 300 + "a" + " else 2" * 300,
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_sources_end_quickly(text, tmp_path):
    found = audited(tmp_path, text)
    assert all(
        "too deeply" in t.message or "not Python" in t.message for t in found.troubles
    )
