import pytest

from soulguard.drill.results import (
    Category,
    Difference,
    Finding,
    Held,
    Point,
    Report,
    Request,
    Verdict,
    Walk,
)

POINT = Point("before it", "write a", 1, "agent.py:3", 7)


@pytest.mark.parametrize(
    "noun",
    [
        POINT,
        Walk(
            reached=True, statuses=(137, 0), seconds=1.5, points=(POINT,),
            requests=(Request("x", "call POST a", 1, "key"),), performed={"write a": 1},
            differs=(Difference("a", "torn", "is cut off"),),
            held=(Held("call POST a", 3, happened=True),),
            notes=(("refused", "x:1", ""),),
        ),
        Report(
            ("python", "agent.py"), True, 9,
            (Verdict(POINT, Category.UNSAFE, (Finding("twice", "a"),)),), "from run 1",
        ),
    ],
    ids=lambda noun: type(noun).__name__,
)  # fmt: skip
def test_nouns_are_json_both_ways(noun):
    assert type(noun).from_json(noun.to_json()) == noun


@pytest.mark.parametrize(
    ("nth", "words"),
    [
        (1, "write a, killed before it"),
        (2, "write a (2nd time), killed before it"),
        (13, "write a (13th time), killed before it"),
        (23, "write a (23rd time), killed before it"),
    ],
)
def test_a_point_says_which_time_it_is(nth, words):
    assert Point("before it", "write a", nth).words == words


def test_a_finding_begins_with_the_line_of_the_agents_code():
    assert Finding("sent twice", "POST a", "agent.py:3").words == (
        "agent.py:3: POST a: sent twice"
    )
    assert Finding("it hung", "").words == "it hung"


@pytest.mark.parametrize(
    ("category", "holds", "strictly"),
    [
        (Category.SAFE, True, True),
        (Category.HELD, True, False),
        (Category.UNSAFE, False, False),
        (Category.NOT_REACHED, False, False),
    ],
)
def test_a_report_holds_where_all_is_safe_or_held(category, holds, strictly):
    report = Report(("x",), True, 1, (Verdict(POINT, category),), "")
    assert report.holds() is holds
    assert report.holds(strict=True) is strictly
