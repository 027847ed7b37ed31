"""What a place is said to be: the words that close it, and those that do not."""

import pytest

from soulguard.soul import barred


@pytest.mark.parametrize(
    "said",
    ["`a/` is read-only", "`a/` is write-protected", "`a/` is strictly locked",
     "`a/` is frozen", "treat `a/` as read only"],
)  # fmt: skip
def test_a_place_may_be_there_for_reading_alone(said):
    assert barred.read_only(said)


@pytest.mark.parametrize(
    "said",
    ["`a/` is not read-only", "`a/` is no longer frozen", "read-only mode is on",
     "the protocol is frozen in `a.md`"],
)  # fmt: skip
def test_other_words_close_nothing(said):
    assert not barred.read_only(said)


def test_what_is_closed_for_writing_may_be_read():
    assert barred.closed("`a/` is off limits")
    assert barred.closed("`a/` is not for your eyes")
    assert not barred.closed("`a/` is off limits for writing")
    assert barred.off_limits("`a/` is off limits")
    assert not barred.off_limits("`a/` is not off limits")


def test_hands_may_be_kept_off():
    assert barred.hands_off("keep your fingers off `a/`")
    assert barred.alone("leave `a/` as it is")


def test_the_rest_is_what_comes_after_the_exception():
    low = "write in `a/`, everything else is read-only"
    assert barred.before_rest(low) == "write in `a/`, "
    assert not barred.before_rest("everything else in `a/` is read-only")
