from dataclasses import replace

import pytest

from soulguard.drill.judging import Measure, judge, repeated
from soulguard.drill.results import (
    Category,
    Difference,
    Held,
    Point,
    Request,
    Walk,
)

POINT = Point("before it", "write a", 1, "agent.py:3")
CHARGE = Request("charge", "call POST api.example.com/charges", 1, at="agent.py:9")
WHOLE = Walk(
    reached=False, statuses=(0,), seconds=1.0, requests=(CHARGE,),
    performed={"write a": 1, "write state": 5, "command git push": 1},
)  # fmt: skip
MEASURE = Measure(WHOLE, frozenset({"a", "state"}))
GOOD = replace(WHOLE, reached=True, statuses=(137, 0))


def judged(measure=MEASURE, **changes):
    verdict = judge(POINT, replace(GOOD, **changes), measure)
    return verdict.category, [f.words for f in verdict.findings]


def test_a_walk_that_leaves_what_the_whole_one_leaves_is_safe():
    assert judged() == (Category.SAFE, [])


def test_a_point_that_was_not_reached_is_never_taken_for_safe():
    assert judged(reached=False, statuses=(0,)) == (
        Category.NOT_REACHED, ["the agent did not come by here again"]
    )  # fmt: skip


def test_trouble_of_the_drill_itself_proves_nothing():
    category, words = judged(trouble="Traceback\nOSError: no room")
    assert (category, words) == (
        Category.NOT_REACHED, ["the drill itself: OSError: no room"]
    )  # fmt: skip


def test_a_request_that_reached_the_service_twice_is_unsafe():
    assert judged(requests=(CHARGE, replace(CHARGE, attempt=2))) == (
        Category.UNSAFE,
        [
            "agent.py:9: POST api.example.com/charges: sent twice, 1 is due; without a key"
        ],
    )


def test_a_key_that_nobody_is_known_to_honour_is_said():
    again = replace(CHARGE, key="k")
    _, (words,) = judged(requests=(again, again))
    assert words.endswith("its key is not known to be honoured there")


@pytest.mark.parametrize("how", ["recognised", "harmless"])
def test_a_repeat_that_changes_nothing_is_safe(how):
    again = replace(CHARGE, **{how: True})
    assert judged(requests=(CHARGE, again))[0] is Category.SAFE


def test_another_request_and_a_request_never_sent_are_unsafe():
    other = replace(CHARGE, identity="other")
    category, words = judged(requests=(other,))
    assert category is Category.UNSAFE
    assert "another request than the uninterrupted run's" in words[0]
    assert words[1].endswith("never sent")


def test_requests_that_always_differ_are_counted_by_their_place():
    unsteady = replace(CHARGE, match="place")
    measure = replace(MEASURE, whole=replace(WHOLE, requests=(unsteady,)))
    other = replace(CHARGE, identity="other")
    assert judged(measure, requests=(other,))[0] is Category.SAFE
    assert judged(measure, requests=(other, CHARGE))[0] is Category.UNSAFE


def test_an_output_written_twice_is_unsafe_and_the_agents_own_state_is_not():
    twice = {**WHOLE.performed, "write a": 2, "write state": 9}
    assert judged(performed=twice, places={"write a": "agent.py:3"}) == (
        Category.UNSAFE, ["agent.py:3: a: written twice in one run"]
    )  # fmt: skip


def test_a_command_that_ran_twice_is_unsafe_unless_it_is_declared_harmless():
    twice = {**WHOLE.performed, "command git push": 2}
    assert judged(performed=twice)[1] == ["`git push`: ran twice, 1 is due"]
    measure = replace(MEASURE, harmless=("git *",))
    assert judged(measure, performed=twice)[0] is Category.SAFE


def test_a_file_may_be_declared_harmless_as_well():
    twice = {**WHOLE.performed, "write a": 2}
    measure = replace(MEASURE, harmless=("a",))
    assert judged(measure, performed=twice)[0] is Category.SAFE


def test_a_command_that_never_ran_is_unsafe():
    assert judged(performed={"write a": 1})[1] == ["git push: never made"]


def test_half_a_file_that_a_reader_could_see_is_unsafe_only_for_an_output():
    assert judged(torn="a")[1] == [
        "agent.py:3: a: a reader saw half of it until the restart"
    ]
    assert judged(torn="spare.tmp")[0] is Category.SAFE


def test_a_file_that_differs_is_unsafe():
    difference = Difference("a", "twice", "has a line twice: `x`")
    assert judged(differs=(difference,)) == (
        Category.UNSAFE, ["a: has a line twice: `x`"]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("same_shape", "category"), [(True, Category.SAFE), (False, Category.UNSAFE)]
)
def test_a_file_that_differs_anyway_is_told_and_compared_by_its_shape(
    same_shape, category
):
    noise = Difference("a", "content", "line 1: `8:01` is `8:02`", same_shape=True)
    measure = replace(MEASURE, noise={"a": noise})
    found = Difference(
        "a", "content", "line 1: `8:01` is `8:03`", same_shape=same_shape
    )
    got, (words,) = judged(measure, differs=(found,))
    assert got is category
    assert ("as between two whole runs" in words) is same_shape


def test_what_is_appended_in_another_order_is_told_and_not_wrong():
    moved = Difference("log.jsonl", "order", "has its lines in another order")
    category, (words,) = judged(differs=(moved,), places={"append log.jsonl": ""})
    assert (category, "side by side" in words) == (Category.SAFE, True)
    assert judged(differs=(moved,))[0] is Category.UNSAFE


def test_the_temporary_file_of_a_killed_attempt_is_told_and_not_wrong():
    walk = {"places": {"write out/tmp*.md": "agent.py:3"}}
    left = Difference("out/tmpa1b2c3_d.md", "extra", "is left over")
    category, (words,) = judged(differs=(left,), **walk)
    assert category is Category.SAFE
    assert words.endswith("is left over: a temporary file of the killed attempt")
    for path in ("out/tmp/a.md", "out/tmpfile.md", "tmpa1b2c3_d.md"):
        other = replace(left, path=path)
        assert judged(differs=(other,), **walk)[0] is Category.UNSAFE


def test_an_effect_that_waits_for_a_person_is_held_with_the_way_to_settle_it():
    held = Held("call POST api.example.com/charges", 3, happened=True)
    category, (words,) = judged(held=(held,))
    assert category is Category.HELD
    assert "`soulguard resolve RUN 3`" in words
    assert "it happened: settled with `--happened`" in words


def test_what_follows_from_an_answer_that_nobody_knows_is_told_and_not_wrong():
    held = Held("call POST x", 3, happened=True)
    difference = Difference("a", "content", "line 1: `ch_1` is `None`")
    category, words = judged(
        held=(held,), differs=(difference,),
        requests=(CHARGE, replace(CHARGE, identity="other")),
    )  # fmt: skip
    assert category is Category.HELD
    told = "for a call settled with `--happened` has no answer any more"
    assert [told in w for w in words] == [False, True, True]
    twice = replace(difference, kind="twice")
    assert judged(held=(held,), differs=(twice,))[0] is Category.UNSAFE


def test_held_does_not_excuse_what_is_wrong():
    held = Held("call POST x", 3, happened=False)
    assert judged(held=(held,), requests=(CHARGE, CHARGE))[0] is Category.UNSAFE


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"statuses": (137, 1), "said": "a\nKeyError: 'id'"},
         "the agent: did not complete (status 1): KeyError: 'id'"),
        ({"statuses": (137, 137), "hung": True}, "the agent: it hung and was stopped"),
    ],
)  # fmt: skip
def test_a_run_that_does_not_complete_is_unsafe(changes, words):
    category, found = judged(**changes)
    assert category is Category.UNSAFE
    assert words in found


def test_what_the_drill_refused_makes_a_point_unsafe():
    assert judged(notes=(("unanswered", "POST https://x/", "agent.py:1"),))[0] is (
        Category.UNSAFE
    )


def test_harmless_repeats_are_counted():
    model = replace(CHARGE, harmless=True)
    whole = replace(WHOLE, requests=(model,))
    assert repeated(replace(GOOD, requests=(model, model, model)), whole) == 2
