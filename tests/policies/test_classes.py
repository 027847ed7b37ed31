"""The shipped classes against the cases that stand beside them."""

import json
from typing import Any

import pytest
import yaml

from soulguard.model import (
    Action,
    Effect,
    EffectKind,
    Policy,
    Rule,
    Source,
    Span,
    Verdict,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.soul import form, lexicon
from soulguard.soul.shipped import shipped

CASES: dict[str, dict[str, Any]] = yaml.safe_load(
    shipped("classes.cases.yaml").read_text()
)
EACH = [(kind, name) for kind, groups in CASES.items() for name in groups]


def judge(kind: str, members: tuple[str, ...], said: str) -> bool:
    where, effect = {
        "paths": (Where(paths=members), Effect(EffectKind.FILE_WRITE, "/r/" + said)),
        "commands": (Where(commands=members), Effect(EffectKind.COMMAND_RUN, said)),
        "hosts": (Where(hosts=members), Effect(EffectKind.HTTP_CALL, "x", host=said)),
    }[kind]
    if kind == "paths" and said.startswith("/"):
        effect = Effect(EffectKind.FILE_WRITE, said)
    source = Source(Span("x", 1), "x")
    rule = Rule("x", "x", Action.DENY, (effect.kind,), source, where)
    return Engine(Policy("/r", 1, (rule,))).judge(effect).verdict is Verdict.DENY


def test_every_class_has_cases() -> None:
    classes = lexicon.classes()
    for kind in ("paths", "commands", "hosts"):
        assert set(classes[kind]) == set(CASES[kind]), kind


@pytest.mark.parametrize(("kind", "name"), EACH)
def test_a_class_matches_what_it_must_and_nothing_else(kind: str, name: str) -> None:
    members = lexicon.classes()[kind][name]
    cases = CASES[kind][name]
    assert [c for c in cases["match"] if not judge(kind, members, c)] == []
    assert [c for c in cases["miss"] if judge(kind, members, c)] == []


def test_the_schema_knows_the_keys_the_reader_knows() -> None:
    schema = json.loads(shipped("schema.json").read_text())
    rule = schema["$defs"]["rule"]["properties"]
    assert set(rule) == set(form.RULE_KEYS)
    assert set(schema["$defs"]["where"]["properties"]) == set(form.WHERE_KEYS)
    assert set(schema["$defs"]["limit"]["properties"]) == set(form.LIMIT_KEYS)
    excepts = schema["$defs"]["except"]["oneOf"][1]["properties"]
    assert set(excepts) == set(form.EXCEPT_KEYS)
    assert set(schema["properties"]) == set(form.FILE_KEYS)
    assert schema["$defs"]["effect"]["enum"] == [k.value for k in (
        EffectKind.FILE_WRITE, EffectKind.FILE_APPEND, EffectKind.FILE_RENAME,
        EffectKind.FILE_DELETE, EffectKind.FILE_READ, EffectKind.HTTP_CALL,
        EffectKind.MAIL_SEND, EffectKind.COMMAND_RUN,
    )]  # fmt: skip
