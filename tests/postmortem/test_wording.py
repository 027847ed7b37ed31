import pytest

from soulguard.model import EventType, Grade
from soulguard.postmortem.wording import GRADES, STANDINGS, mark, plain, shorten, what
from tests.ledger.samples import an_event


@pytest.mark.parametrize("type_", EventType)
def test_every_event_has_glyph_and_word_that_say_it_without_colour(type_):
    found = mark(an_event(type_))
    assert len(found.glyph) == 1
    assert found.word
    if an_event(type_).violation:
        assert (found.glyph, found.weight) == ("✗", "deny")


def test_two_violations_differ_by_word():
    words = [mark(an_event(t)).word for t in EventType if an_event(t).violation]
    assert len(set(words)) == len(words)


def test_what_was_only_observed_says_so():
    found = mark(an_event(EventType.DENIED, data={"observed": True}))
    assert (found.word, found.weight) == ("would deny", "advise")


def test_every_grade_and_standing_is_marked():
    assert set(GRADES) == set(Grade)
    assert {"running", "cut off", "completed"} <= set(STANDINGS)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (an_event(target="/home/a/out/x.md"), "out/x.md"),
        (an_event(target="/home/ab/x.md"), "/home/ab/x.md"),
        (an_event(target="/home/a/x", data={"tried": "write"}), "write x"),
        (an_event(target="/home/a/\x1b[2J"), "\\x1b[2J"),
        (an_event(), ""),
    ],
)
def test_what_happened_is_short_and_cannot_drive_a_terminal(event, said):
    assert what(event, "/home/a") == said


def test_names_that_are_no_unicode_can_be_shown():
    assert plain("a\udce9") == "a\\udce9"
    assert shorten("/x", "") == "/x"
