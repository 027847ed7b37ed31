import pytest

from soulguard.drill.results import Point
from soulguard.drill.sampling import choose
from soulguard.errors import UsageError

POINTS = [
    Point(moment, f"{kind} {n}", 1, "", number)
    for number, (kind, n, moment) in enumerate(
        (
            (kind, n, moment)
            for n in range(10)
            for kind in ("write", "append")
            for moment in ("before it", "in its middle")
        ),
        1,
    )
]


def test_all_points_are_drilled_unless_asked_otherwise():
    assert choose(POINTS) == tuple(POINTS)
    assert choose(POINTS, sample=400) == tuple(POINTS)


@pytest.mark.parametrize("size", [1, 4, 7, 39])
def test_a_sample_has_its_size_no_point_twice_and_the_order_of_the_run(size):
    numbers = [p.number for p in choose(POINTS, sample=size)]
    assert len(numbers) == size
    assert numbers == sorted(set(numbers))


def test_a_sample_takes_every_moment_of_every_kind_first():
    chosen = choose(POINTS, sample=4)
    assert {(p.moment, p.effect.split()[0]) for p in chosen} == {
        (moment, kind)
        for moment in ("before it", "in its middle")
        for kind in ("write", "append")
    }


def test_points_are_chosen_by_number_once_each():
    assert [p.number for p in choose(POINTS, only=(3, 1, 3))] == [3, 1]


def test_a_number_that_is_none_is_refused():
    with pytest.raises(UsageError, match="there is no crash point 99"):
        choose(POINTS, only=(99,))
