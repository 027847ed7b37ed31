"""Which process gets which seed, over restarts."""

from soulguard.supervisor.seeds import Seeds
from tests.guard.conftest import hello as full

RULE = """# A

```soulguard
rules:
  - id: same-path
    determinism: uuid, random
```
"""


def hello(pid, *argv, parent=0):
    return {"pid": pid, "parent": parent, "argv": list(argv)}


def test_without_a_rule_there_are_no_seeds(office):
    assert Seeds(office.session).of(hello(1, "python")) == {}


def test_a_process_gets_the_same_seeds_at_the_next_attempt(office):
    office.soul.write_text(RULE)
    office.again()
    said = [
        hello(1, "python", "a.py"),
        hello(2, "python", "w.py", parent=1),
        hello(3, "python", "w.py", parent=1),
        hello(4, "python", "w.py", parent=3),
        hello(5, "python", "w.py", "-v", parent=1),
    ]
    first = Seeds(office.session)
    given = [first.of(h) for h in said]
    office.again()
    again = Seeds(office.session)
    moved = [{**h, "pid": h["pid"] + 9, "parent": h["parent"] + 9} for h in said]
    moved[0]["parent"] = 0
    assert [again.of(h) for h in moved] == given
    assert {frozenset(g) for g in given} == {frozenset(("uuid", "random"))}
    assert len({seed for g in given for seed in g.values()}) == 10


def test_the_seeds_are_told_at_the_hello(office):
    office.soul.write_text(RULE)
    office.again()
    assert sorted(office.ask("hello", **full()).data["seeds"]) == ["random", "uuid"]
