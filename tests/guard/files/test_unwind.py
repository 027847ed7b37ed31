import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.guard.files import unwind


class Watched:
    """A context manager that looks while it is left, as closing a file does."""

    def __init__(self, said):
        self.said = said
        self.under = unwind.in_flight()

    def close(self):
        self.said.append((unwind.leaving(self.under), unwind.unsure(self.under)))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def test_an_exception_that_leaves_the_block_is_seen():
    said = []
    with pytest.raises(KeyError), Watched(said):
        raise KeyError
    assert said == [(True, True)]


def test_leaving_without_one_is_clean():
    said = []

    def returns():
        with Watched(said):
            return 1

    returns()
    for _ in range(2):
        with Watched(said):
            break
    with pytest.raises(SystemExit), Watched(said):
        raise SystemExit(0)
    assert said == [(False, False)] * 3


def test_a_failing_exit_is_an_exception_like_any_other():
    said = []
    with pytest.raises(SystemExit), Watched(said):
        raise SystemExit(1)
    assert said == [(True, True)]


def test_a_file_opened_and_closed_by_an_error_handler_is_whole():
    said = []
    try:
        raise KeyError
    except KeyError:
        with Watched(said):
            pass
    assert said == [(False, False)]


def test_closing_by_hand_during_an_exception_is_unsure():
    said = []
    watched = Watched(said)
    try:
        raise KeyError
    except KeyError:
        watched.close()
    assert said == [(False, True)]


@pytest.mark.parametrize("failing", [False, True])
def test_a_generator_that_nobody_reads_further_has_written_what_it_has(
    failing, monkeypatch
):
    said = []
    monkeypatch.setattr(unwind, "failing", failing)

    def rows():
        with Watched(said):
            yield 1
            yield 2

    for _ in rows():
        break
    assert said == [(failing, True)]


def test_an_exit_stack_unwinds_too():
    said = []
    with contextlib.suppress(KeyError), contextlib.ExitStack() as stack:
        stack.enter_context(Watched(said))
        raise KeyError
    assert said == [(True, True)]


@given(st.lists(st.booleans(), min_size=1, max_size=6))
def test_blocks_nested_in_any_way_agree_with_what_left_them(raises):
    """The innermost block that raises is left by it, and so is every one around it
    up to the one that catches.
    """
    said = []

    def enter(depth):
        with Watched(said):
            if depth + 1 < len(raises):
                with contextlib.suppress(KeyError):
                    enter(depth + 1)
            if raises[depth]:
                raise KeyError

    with contextlib.suppress(KeyError):
        enter(0)
    assert [gone for gone, _ in said] == raises[::-1]


@pytest.mark.parametrize(
    ("error", "trouble"),
    [(KeyError(), True), (SystemExit(1), True), (SystemExit(0), False),
     (GeneratorExit(), False)],
)  # fmt: skip
def test_trouble_is_an_error_that_nobody_has_caught_yet(error, trouble, monkeypatch):
    assert not unwind.in_trouble()
    try:
        raise error
    except type(error):
        assert unwind.in_trouble() is trouble
    monkeypatch.setattr(unwind, "failing", True)
    assert unwind.in_trouble()
