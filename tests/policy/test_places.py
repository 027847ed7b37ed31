"""The folder of a policy is no scratch place, wherever it lies."""

import re
from dataclasses import replace

import pytest

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
from soulguard.policy.places import left, wheres

ONLY = Rule(
    "only", "path-write-allow", Action.DENY, (EffectKind.FILE_WRITE,),
    Source(Span("SOUL.md", 1), "Only write to `out/`."),
    Where(paths=("/**",), except_paths=("out/**", "/tmp/**", "/**/__pycache__/**")),
    params={"allow_list": True, "scratch": ["/tmp/**", "/**/__pycache__/**"]},
)  # fmt: skip


@pytest.mark.parametrize("root", ["/tmp/shop", "/home/ada/shop"])
@pytest.mark.parametrize(
    ("path", "denied"),
    [
        ("{root}/b", True), ("{root}/out/b", False), ("{root}/__pycache__/b", False),
        ("/tmp/b", False), ("/etc/b", True),
    ],
)  # fmt: skip
def test_a_policy_under_a_scratch_place_holds_as_anywhere(root, path, denied):
    engine = Engine(Policy(root, 1, (ONLY,)))
    effect = Effect(EffectKind.FILE_WRITE, path.format(root=root))
    assert (engine.judge(effect).verdict is Verdict.DENY) is denied
    asked = re.match(engine.scope().paths, effect.target) is not None
    assert asked is denied


def test_a_rule_without_scratch_places_is_taken_as_it_stands():
    rule = Rule(
        "r", "f", Action.DENY, (), ONLY.source, Where(except_paths=("/tmp/**",))
    )
    assert wheres(rule, "/tmp/shop") == (rule.where,)
    assert wheres(ONLY, "/home/shop") == (ONLY.where,)


def test_what_a_rule_leaves_is_told_without_scratch_places():
    twice = Where(paths=("/**",), except_paths=("out/**", "out/**", "/tmp/**"))
    assert left(ONLY) == left(replace(ONLY, where=twice)) == ("out/**",)
