"""Sentences about what is at work at once: what each becomes, and which are none."""

import pytest

from soulguard.model import Action, EffectKind
from soulguard.soul.families import at_once


@pytest.mark.parametrize(
    ("sentence", "number", "unit"),
    [
        ("Never spawn >3 concurrent.", 3, "commands"),
        ("Never spawn more than 3 concurrent sub-agents.", 3, "commands"),
        ("Run no more than 4 commands at once.", 4, "commands"),
        ("Maximum concurrent subprocesses: 2", 2, "commands"),
        ("Only one command at a time.", 1, "commands"),
        ("Never run more than 2 sub-agents in parallel.", 2, "commands"),
        ("You may run up to 5 subprocesses in parallel.", 5, "commands"),
        ("Never have more than 2 background processes running at once.", 2, "commands"),
        ("Limit yourself to 3 parallel requests.", 3, "calls"),
        ("Only 1 concurrent request per host.", 1, "calls"),
        ("Limit concurrent API requests to 3.", 3, "calls"),
        ("At most 2 parallel requests.", 2, "calls"),
        ("Max 5 concurrent API calls.", 5, "calls"),
        ("Do not make more than two simultaneous requests.", 2, "calls"),
        ("Concurrent requests: max 5", 5, "calls"),
    ],
)
def test_so_many_may_be_at_work(ruled, sentence, number, unit):
    [rule] = ruled(sentence)
    assert (rule.family, rule.action) == ("resource-limit", Action.LIMIT)
    assert dict(rule.params) == {"at_once": number, "unit": unit}
    kind = EffectKind.HTTP_CALL if unit == "calls" else EffectKind.COMMAND_RUN
    assert rule.effects == (kind,)


def test_a_heading_that_forbids_lends_its_never(ruled):
    [rule] = ruled("Spawn more than 3 concurrent sub-agents", "## Never")
    assert rule.params["at_once"] == 3


@pytest.mark.parametrize(
    "sentence",
    [
        "ONE TAB PER DOMAIN.",
        "Never have more than 3 concurrent conversations.",
        "The server handles 100 concurrent users.",
        "Run independent steps in parallel.",
        "Work on at most 2 tasks at once.",
        "Ask one question at a time.",
        "Process requests one at a time.",
        "Never read more than 3 files at once.",
        "Limit to 3 parallel workstreams.",
        "Never spawn more than 3 concurrent sub-agents unless asked.",
    ],
)
def test_what_no_guard_sees_begin_and_end_makes_no_rule(drafts_of, sentence):
    assert drafts_of(at_once, sentence) == []


@pytest.mark.parametrize(
    "sentence", ["No parallel API calls.", "Don't run commands in parallel."]
)
def test_nothing_at_once_leaves_one(ruled, sentence):
    [rule] = ruled(sentence)
    assert rule.params["at_once"] == 1


def test_a_program_may_be_named(ruled):
    [rule] = ruled("Don't run more than one Codex session at a time.")
    assert rule.where.commands == ("codex",)
    assert rule.params["at_once"] == 1


def test_downloads_are_calls_that_get(ruled):
    (rule,) = ruled("Never have more than two downloads running at the same time.")
    assert (rule.where.methods, rule.params["at_once"]) == (("GET",), 2)
