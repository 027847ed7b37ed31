import pytest

from soulguard.drill.probe import steps
from soulguard.drill.probe.asked import call_name, name_of, short
from soulguard.drill.probe.steps import (
    ACTED,
    BEFORE,
    HALF,
    INTENT,
    MADE,
    PARTLY,
    RECORDED,
)

CALL = "call POST api.example.com/v1/x"


def moments(walked, effect, nth=1):
    return [p.moment for p in walked.walk.points if (p.effect, p.nth) == (effect, nth)]


def test_a_call_has_every_boundary(guarded_walk):
    expected = [BEFORE, INTENT, ACTED, MADE, RECORDED]
    assert moments(guarded_walk, CALL, 2) == expected
    assert moments(guarded_walk, "call mail to b@x.example") == expected


def test_a_streamed_answer_has_one_in_its_middle(guarded_walk):
    stream = [p for p in guarded_walk.walk.points if p.moment == PARTLY]
    assert len(stream) == 1


def test_a_file_that_is_written_has_every_boundary(guarded_walk):
    found = moments(guarded_walk, "write report.md")
    assert found[:4] == [HALF, BEFORE, INTENT, MADE]


def test_an_append_has_every_boundary(guarded_walk):
    expected = [BEFORE, INTENT, HALF, MADE, RECORDED]
    assert moments(guarded_walk, "append journal.jsonl") == expected


def test_a_move_has_every_boundary(guarded_walk):
    expected = [BEFORE, INTENT, MADE, RECORDED]
    assert moments(guarded_walk, "rename spare to final.md") == expected


def test_each_names_the_line_of_the_agents_own_code(guarded_walk):
    point = next(p for p in guarded_walk.walk.points if p.effect == CALL)
    assert point.at.startswith("agent.py:")


@pytest.mark.parametrize(
    ("op", "message", "name"),
    [
        ("file.publish", {"path": "/w/out/a"}, "write out/a"),
        ("file.append", {"path": "/w/a"}, "append a"),
        ("file.remove", {"path": "/w/a"}, "delete a"),
        ("file.move", {"how": "link", "source": "/w/a", "path": "/w/b"}, "link a to b"),
        ("call.begin", {"method": "GET", "url": "https://x.example/"}, ""),
        ("call.begin", {"method": "post", "url": "https://x.example/a?b=1"},
         "call POST x.example/a"),
        ("command.begin", {"argv": ["git", "push"]}, "command git push"),
        ("effect.begin", {"name": "second instalment"}, "effect second instalment"),
    ],
)  # fmt: skip
def test_effects_are_named_as_a_person_names_them(monkeypatch, op, message, name):
    monkeypatch.setitem(steps.settings, "root", "/w")
    assert name_of(op, message) == name


def test_a_mail_is_named_by_its_recipients():
    assert call_name("MAIL", "mailto:a@x,b@x") == "call mail to a@x,b@x"


def test_a_path_elsewhere_keeps_its_full_name(monkeypatch):
    monkeypatch.setitem(steps.settings, "root", "/d/w")
    assert short("/other/a") == "/other/a"


def test_a_temporary_file_has_the_same_name_in_every_walk(monkeypatch):
    for drill in ("/d1", "/d2"):
        monkeypatch.setitem(steps.settings, "root", f"{drill}/workspace")
        assert short(f"{drill}/tmp/build/a") == "$TMPDIR/build/a"
