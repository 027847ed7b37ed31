import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from soulguard.policy.scope import scope

SOURCE = Source(Span("SOUL.md", 1), "x")
WRITE = (EffectKind.FILE_WRITE,)


def rule(
    action: Action = Action.DENY,
    effects: tuple[EffectKind, ...] = WRITE,
    **where: tuple[str, ...],
) -> Rule:
    return Rule("r", "test", action, effects, SOURCE, Where(**where))


def policy(*rules: Rule) -> Policy:
    return Policy("/r", 3, rules)


def test_a_policy_about_no_files_asks_about_no_paths() -> None:
    found = scope(policy(rule(effects=(EffectKind.HTTP_CALL,))))
    assert found.generation == 3
    assert re.match(found.paths, "/r/a") is None
    assert found.reads == ""
    assert found.calls
    assert (found.commands, found.lines) == (False, True), "a line may name the host"
    once = rule(effects=(EffectKind.HTTP_CALL,), action=Action.ONCE)
    assert not scope(policy(once)).lines


def test_rules_that_only_allow_are_never_asked_about() -> None:
    found = scope(policy(rule(Action.ALLOW, paths=("**",))))
    assert re.match(found.paths, "/r/a") is None


def test_reads_and_commands_are_asked_about_where_a_rule_speaks_of_them() -> None:
    found = scope(
        policy(
            rule(effects=(EffectKind.FILE_READ,), paths=("**/.env",)),
            rule(effects=(EffectKind.COMMAND_RUN,), commands=("rm",)),
        )
    )
    assert re.match(found.reads, "/r/a/.env")
    assert not re.match(found.reads, "/r/a/env")
    assert not re.match(found.paths, "/r/a/.env")
    assert found.commands


PARTS = st.sampled_from(["a", "b", "a.csv", "*.csv", "**", "*"])
GLOBS = st.lists(PARTS, min_size=1, max_size=3).map("/".join)
NAMES = st.sampled_from(["a", "b", "a.csv", "b.csv", "c"])
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(lambda p: "/r/" + "/".join(p))


@given(
    st.lists(
        st.tuples(st.lists(GLOBS, max_size=3), st.lists(GLOBS, max_size=2)), max_size=4
    ),
    PATHS,
)
def test_the_scope_matches_exactly_what_the_engine_would_refuse(
    shapes: list[tuple[list[str], list[str]]], path: str
) -> None:
    found = policy(
        *(
            rule(paths=tuple(paths), except_paths=tuple(excepts))
            for paths, excepts in shapes
        )
    )
    engine = Engine(found)
    refused = engine.judge(Effect(EffectKind.FILE_WRITE, path)).verdict is Verdict.DENY
    assert bool(re.match(engine.scope().paths, path)) is refused


@pytest.mark.parametrize(
    ("action", "where", "params", "asked"),
    [
        (Action.DENY, {"hosts": ("x.com",)}, {}, True),
        (Action.LIMIT, {}, {"unit": "calls", "max": 1.0}, True),
        (Action.SECRET, {}, {}, True),
        (Action.DENY, {"methods": ("get", "post")}, {}, True),
        (Action.DENY, {"methods": ("POST",)}, {}, False),
        (Action.LIMIT, {}, {"unit": "usd", "max": 1.0}, False),
        (Action.ONCE, {}, {}, False),
        (Action.KEY, {}, {}, False),
        (Action.ALLOW, {}, {}, False),
        (Action.DENY, {"paths": ("a",)}, {}, False),
    ],
)
def test_calls_that_change_nothing_are_asked_about_where_a_rule_minds(
    action, where, params, asked
) -> None:
    one = replace(rule(action, (EffectKind.HTTP_CALL,), **where), params=params)
    assert scope(policy(one)).gets is asked
    assert not scope(policy(replace(one, effects=WRITE))).gets


def test_variables_that_a_rule_names_are_told() -> None:
    mode = replace(
        rule(Action.REQUIRE, (EffectKind.COMMAND_RUN,), commands=("apt",)),
        params={"variables": {"MODE": "on"}},
    )
    assert scope(policy(mode, mode)).variables == ("MODE",)
    assert scope(policy(rule())).variables == ()
