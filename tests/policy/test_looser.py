from typing import Any

import pytest
from hypothesis import assume, given, settings

from soulguard.model import (
    Action,
    EffectKind,
    OnDuplicate,
    Policy,
    Rule,
    Source,
    Span,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.policy.looser import loosened
from tests.policy.policies import EFFECTS, as_strict, edits, policies

WRITE = (EffectKind.FILE_WRITE,)
CALL = (EffectKind.HTTP_CALL,)


def rule(
    action: Action,
    *paths: str,
    effects: tuple[EffectKind, ...] = WRITE,
    on_duplicate: OnDuplicate = OnDuplicate.BLOCK,
    excepts: tuple[str, ...] = (),
    **params: Any,
) -> Rule:
    where = Where(paths, excepts)
    source = Source(Span("SOUL.md", 1), "words")
    return Rule("x", "t", action, effects, source, where, on_duplicate, params=params)


def looser(old: list[Rule], new: list[Rule]) -> bool:
    before, now = (Policy("/r", 1, tuple(rules)) for rules in (old, new))
    return bool(loosened(before, now))


BLOCK, ALLOW_ALL = rule(Action.ONCE, "out/**"), rule(Action.ALLOW, "**")
DENY, ASK = rule(Action.DENY, "a/**"), rule(Action.ASK, "a/**")


def test_the_same_rules_under_other_names_and_places_are_not_looser() -> None:
    moved = Rule(
        "y", "u", DENY.action, DENY.effects, Source(Span("B.md", 9), "other"),
        DENY.where,
    )  # fmt: skip
    assert not looser([DENY, BLOCK], [BLOCK, moved])


def test_a_rule_that_is_gone_is_looser_and_is_named() -> None:
    before, now = Policy("/r", 1, (DENY, BLOCK)), Policy("/r", 2, (BLOCK,))
    assert loosened(before, now) == (DENY,)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ASK, DENY),
        (DENY, rule(Action.DENY, "**")),
        (DENY, rule(Action.DENY)),
        (rule(Action.DENY, "a/b/*.txt"), DENY),
        (rule(Action.DENY, "**", excepts=("out/**", "tmp/**")),
         rule(Action.DENY, "**", excepts=("out/**",))),
        (rule(Action.DENY, "**", excepts=("out/**",)),
         rule(Action.DENY, "**", excepts=("out/a/**",))),
        (rule(Action.LIMIT, max=10, unit="calls", per=60.0),
         rule(Action.LIMIT, max=5, unit="calls", per=60.0)),
        (rule(Action.LIMIT, at_once=3.0, unit="calls"),
         rule(Action.LIMIT, at_once=2.0, unit="calls")),
        (rule(Action.LIMIT, gap=1.0, unit="calls"),
         rule(Action.LIMIT, gap=2.0, unit="calls")),
        (rule(Action.ONCE, "out/**", on_duplicate=OnDuplicate.WARN), BLOCK),
        (BLOCK, rule(Action.ONCE, "**")),
    ],
)  # fmt: skip
def test_a_stricter_rule_replaces_one_but_not_the_other_way_round(
    old: Rule, new: Rule
) -> None:
    assert not looser([old], [new])
    assert looser([new], [old])


def test_more_rules_are_not_looser() -> None:
    more = [DENY, ASK, BLOCK, rule(Action.LIMIT, max=3, unit="files", per="run")]
    assert not looser([DENY], more)


def test_permission_is_looser_only_where_it_goes_before_a_stricter_rule() -> None:
    assert not looser([DENY], [DENY, ALLOW_ALL])
    assert looser([DENY], [DENY, rule(Action.ALLOW, "**", precedence=1)])
    assert looser([DENY], [DENY, rule(Action.ASK, "**", precedence=1)])
    assert not looser([ASK], [ASK, rule(Action.ASK, "**", precedence=1)])


def test_a_limit_that_counts_anew_is_looser_however_little_it_allows() -> None:
    ten = rule(Action.LIMIT, "a/**", max=10, unit="files", per="run")
    wider = rule(Action.LIMIT, "**", max=5, unit="files", per="run")
    assert looser([ten], [wider])
    assert not looser([ten], [ten, wider])
    small = rule(Action.LIMIT, "a/**", max=10, unit="bytes", per="file")
    assert not looser(
        [small], [rule(Action.LIMIT, "**", max=5, unit="bytes", per="file")]
    )


def test_declaring_a_repetition_harmless_is_looser() -> None:
    assert looser([], [rule(Action.RESEND, effects=CALL)])


def test_a_weaker_rule_beside_the_old_one_is_looser() -> None:
    weak = rule(Action.ONCE, "out/a/**", on_duplicate=OnDuplicate.WARN)
    assert looser([BLOCK], [BLOCK, weak])
    five = rule(Action.LIMIT, max=5, unit="calls", per=60.0)
    nine = rule(Action.LIMIT, max=9, unit="calls", per=60.0)
    assert looser([five], [five, nine])


def test_widening_a_rule_so_that_a_weaker_one_answers_first_is_looser() -> None:
    weak = rule(Action.ONCE, "out/a/**", on_duplicate=OnDuplicate.WARN)
    narrow, wide = rule(Action.ONCE, "out/a/b/**"), rule(Action.ONCE, "out/**")
    assert looser([weak, narrow], [weak, wide])


def test_another_order_of_equally_specific_write_once_rules_is_looser() -> None:
    weak = rule(Action.ONCE, "out/**", on_duplicate=OnDuplicate.WARN)
    assert looser([BLOCK, weak], [weak, BLOCK])


@given(edits())
@settings(max_examples=300, deadline=None)
def test_a_policy_that_is_not_called_looser_lets_nothing_more_pass(
    pair: tuple[Policy, Policy],
) -> None:
    old, new = pair
    assume(not loosened(old, new))
    before, now = Engine(old), Engine(new)
    for effect in EFFECTS:
        assert as_strict(now.judge(effect), before.judge(effect)), effect


@given(policies())
def test_no_policy_is_looser_than_itself(policy: Policy) -> None:
    assert not loosened(policy, policy)
