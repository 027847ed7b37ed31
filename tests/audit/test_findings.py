from dataclasses import replace

from soulguard.audit.findings import Audit, Finding, Status, Trouble

FINDING = Finding(
    file="a.py", line=1, column=1, end_line=1, call="open", signature="open", what="write a file",
    does="file.write", target="a", status=Status.DEBT, twice="it is overwritten", prior="nothing",
    key="", rule="none",
)  # fmt: skip


def test_what_the_author_left_out_is_no_debt():
    audit = Audit((FINDING, replace(FINDING, ignored="a cache")))
    assert audit.debt == 1
    assert audit.ignored == (audit.findings[1],)
    assert audit.of(Status.SAFE) == ()


def test_an_audit_is_json_both_ways():
    audit = Audit((FINDING,), (Trouble("b.py", 3, "not Python"),), 2, 1, ("SOUL.md",))
    assert Audit.from_json(audit.to_json()) == audit


def test_a_trouble_names_its_place():
    assert str(Trouble("b.py", 3, "not Python")) == "b.py:3: not Python"
    assert str(Trouble("b.py", 0, "too large")) == "b.py: too large"
