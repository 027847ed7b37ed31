import re

from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.model import EffectKind, Policy
from soulguard.policy.engine import Engine
from soulguard.policy.stricter import Stricter
from tests.policy.policies import EFFECTS, as_strict, edits, policies

WRITES = (EffectKind.FILE_WRITE, EffectKind.FILE_DELETE)


@given(edits())
@settings(max_examples=300, deadline=None)
def test_old_and_new_together_are_looser_than_neither_for_any_effect(
    pair: tuple[Policy, Policy],
) -> None:
    old, new = (Engine(policy) for policy in pair)
    both = Stricter([old, new], 3)
    for effect in EFFECTS:
        judged = both.judge(effect)
        assert as_strict(judged, old.judge(effect)), effect
        assert as_strict(judged, new.judge(effect)), effect


@given(st.lists(policies(), min_size=1, max_size=4))
@settings(max_examples=100, deadline=None)
def test_the_prefilter_asks_about_whatever_one_of_them_asks_about(
    found: list[Policy],
) -> None:
    engines = [Engine(policy) for policy in found]
    scope = Stricter(engines, 9).scope()
    assert scope.generation == 9
    for effect in EFFECTS:
        if effect.kind in WRITES:
            asked = [re.compile(e.scope().paths).match(effect.target) for e in engines]
            joined = re.compile(scope.paths, re.DOTALL).match(effect.target)
        elif effect.kind is EffectKind.FILE_READ:
            asked = [
                bool(e.scope().reads) and re.match(e.scope().reads, effect.target)
                for e in engines
            ]
            joined = scope.reads and re.match(scope.reads, effect.target)
        else:
            continue
        assert bool(joined) == any(asked)
    assert scope.calls == any(e.scope().calls for e in engines)
    assert scope.commands == any(e.scope().commands for e in engines)


@given(policies())
def test_the_same_policy_twice_says_what_it_says_once(policy: Policy) -> None:
    engine = Engine(policy)
    twice = Stricter([engine, engine], 1)
    for effect in EFFECTS:
        once, both = engine.judge(effect), twice.judge(effect)
        assert both.verdict is once.verdict
        assert both.rule == once.rule


@given(edits())
def test_the_rules_of_all_are_to_be_seen_under_the_new_generation(
    pair: tuple[Policy, Policy],
) -> None:
    both = Stricter([Engine(policy) for policy in pair], 7)
    assert both.policy.generation == 7
    said = {(r.action, r.where) for policy in pair for r in policy.rules}
    assert {(r.action, r.where) for r in both.policy.rules} == said
