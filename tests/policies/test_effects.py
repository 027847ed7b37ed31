"""The shipped catalogue of effects against the cases that stand beside it."""

import ast
from typing import Any

import pytest
import yaml

from soulguard.soul.shipped import shipped
from tests.audit.sources import CATALOGUE, seen

CASES: dict[str, Any] = yaml.safe_load(shipped("effects.cases.yaml").read_text())[
    "effects"
]
FOUND = [line for group in CASES.values() for line in group["found"]]
MISSED = [line for group in CASES.values() for line in group["missed"]]
OURS = {"self", "thing", "app", "router", "client", "factory", "session", "chat", "cmd", "runner", "cursor", "statement", "tool", "executor", "task",
        "parser", "model", "handle", "logger", "x", "queue", "method", "name", "m"}  # fmt: skip


def program(line: str) -> str:
    names = {n.id for n in ast.walk(ast.parse(line)) if isinstance(n, ast.Name)}
    dotted = {
        ast.unparse(n)
        for n in ast.walk(ast.parse(line))
        if isinstance(n, ast.Attribute)
    }
    modules = [n for n in names - OURS if n not in {"open", "set", "print"}]
    modules += [
        d
        for d in dotted
        if d
        in {
            "http.client",
            "urllib.request",
            "sqlalchemy.orm",
            "twilio.rest",
            "google.genai",
            "PIL.Image",
            "stripe.checkout",
        }
    ]
    imports = "".join(f"import {module}\n" for module in sorted(modules))
    arguments = ", ".join(sorted(names & OURS))
    return f"{imports}\ndef f({arguments}):\n    {line}\n"


@pytest.mark.parametrize("line", FOUND)
def test_what_is_an_effect_is_found(line, tmp_path):
    found, _ = seen(tmp_path, program(line))
    assert len(found) == 1


@pytest.mark.parametrize("line", MISSED)
def test_what_is_none_is_not(line, tmp_path):
    found, _ = seen(tmp_path, program(line))
    assert [s.signature.id for s in found] == []


def test_every_outcome_is_used():
    used = {s.twice for s in CATALOGUE.signatures}
    used |= {c.twice for s in CATALOGUE.signatures for c in s.cases}
    used |= {"scratch", "replaced", "answer"}  # given by what stands around a call
    assert set(CATALOGUE.outcomes) <= used


def test_ids_and_calls_are_said_once():
    ids = [s.id for s in CATALOGUE.signatures]
    assert len(set(ids)) == len(ids)
    calls = [call for s in CATALOGUE.signatures for call in s.calls]
    assert sorted({c for c in calls if calls.count(c) > 1}) == []
