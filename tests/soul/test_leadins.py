"""Lead-ins and the items below them, said as one sentence."""

import pytest

from soulguard.soul.leadins import complete, template


@pytest.mark.parametrize(
    ("lead", "begins"),
    [
        ("Do not edit:", "do not edit {}"),
        ("Do not touch the following files:", "do not touch {}"),
        ("Files you must never edit:", "you must never edit {}"),
        ("Protected files:", "never edit {}"),
        ("Protected files (by law):", "never edit {}"),
        ("Blocked hosts:", "never call {}"),
        ("Read-only", "{} is read-only"),
        ("NEVER run without my approval:", "never run {} without my approval"),
    ],
)
def test_a_lead_in_that_waits_for_its_object_is_a_sentence(lead, begins) -> None:
    assert template(lead) == begins


@pytest.mark.parametrize(
    "lead",
    ["Never:", "Ask first", "Boundaries", "Delete:", "Never edit `a.md`:",
     "Never edit reports:", "", "x" * 500],
)  # fmt: skip
def test_every_other_lead_in_waits_for_nothing(lead: str) -> None:
    assert template(lead) == ""


def test_an_exclusive_lead_in_is_said_of_all_its_items() -> None:
    items = ("`out/`", "`logs/`")
    assert complete("Only write to:", items[0], items) == (
        "only write to `out/` and `logs/`"
    )
    assert complete("Never edit:", items[0], items) == "never edit `out/`"


def test_an_item_that_speaks_for_itself_is_left_alone() -> None:
    assert complete("Never edit:", "Ask before reading `b.md`.") == ""


@pytest.mark.parametrize(
    ("text", "action", "named"),
    [
        ("Never write to:\n\n- `src/`", "deny", "src/"),
        ("## Protected files\n\n- `a.json`", "deny", "a.json"),
        ("Do not run these without asking:\n\n- `rm -rf`", "ask", "rm -rf"),
        ("**NEVER execute without explicit approval:**\n- `git push`", "ask", "git push"),
        ("Allowed hosts:\n- api.example.com\n- b.example.com", "deny", "b.example.com"),
        ("Protected files: `a.md`", "deny", "a.md"),
    ],
)  # fmt: skip
def test_a_list_holds_what_its_lead_in_says(compile_text, text, action, named) -> None:
    found = compile_text(f"{text}\n")
    rules = found.policy.rules[: found.own]
    assert {rule.action.value for rule in rules} == {action}
    places = [str(v) for rule in rules for v in rule.where.to_json().values()]
    assert any(named in place for place in places)


def test_an_exclusive_list_is_one_rule(compile_text) -> None:
    found = compile_text("You may only write to:\n\n- `out/`\n- `logs/`\n")
    [rule] = found.policy.rules[: found.own]
    assert rule.where.except_paths[:2] == ("out/", "logs/")
    assert [s.rules for s in found.sentences] == [(rule.id,)] * 2
