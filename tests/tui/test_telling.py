import pytest

from soulguard.model import EventType
from soulguard.tui import telling
from soulguard.tui.reading import Reader
from tests.tui.stories import BROKEN, FIRST, NOW, SECOND, SENTENCES, policy_data


@pytest.fixture
def reader(story, path):
    found = Reader(str(path), clock=lambda: NOW)
    found.look()
    yield found
    found.close()


def said(lines):
    return ["".join(part for part, _ in line) for line in lines]


def newest(reader, type_):
    return next(reader.open().events(types=[type_.value], newest_first=True))


def test_a_violation_is_told_with_its_sentence_fact_and_difference(reader):
    lines = said(telling.event_lines(reader, newest(reader, EventType.DUPLICATE)))
    assert lines[0] == "✗ twice  out/config.toml"
    assert lines[1].startswith("because  SOUL.md:4  “Never write twice")
    assert '+api_key = "sk-test"' in lines
    assert lines[-1] == (
        f"when     2025-12-31 12:00:21  run {SECOND}, attempt 2, policy generation 1"
    )


def test_an_effect_is_told_with_its_protection(reader):
    lines = said(telling.event_lines(reader, newest(reader, EventType.EFFECT_IN_DOUBT)))
    assert "effect   #1 http.call, in doubt, attempt 2" in lines
    assert any(
        line.startswith("protects key sent, unknown  key 7d0e") for line in lines
    )


def test_what_else_an_event_knows_is_told(reader):
    lines = said(telling.event_lines(reader, newest(reader, EventType.EFFECT_REPLAYED)))
    assert "saved    {'tokens': 400, 'usd': 0.25}" in lines


def test_a_reload_is_told_by_the_sentences_that_came_and_went(story, reader):
    story.event(
        EventType.POLICY_LOADED,
        data=policy_data(
            added=[{"source": "SOUL.md:12", "text": "Never pay."}],
            removed=[{"source": "SOUL.md:7", "text": "Ask before sending mail."}],
            pending={"approval": 31},
        ),
    )
    lines = said(telling.event_lines(reader, newest(reader, EventType.POLICY_LOADED)))
    assert "+ SOUL.md:12  Never pay." in lines
    assert "- SOUL.md:7  Ask before sending mail." in lines
    assert "question 31 asks whether the looser rules may hold" in lines
    assert not any("sentences" in line for line in lines)


def test_an_edit_that_was_not_taken_over_is_told_by_its_error(story, reader):
    story.event(EventType.POLICY_REJECTED, data={"diagnostics": [BROKEN.to_json()]})
    lines = said(telling.event_lines(reader, newest(reader, EventType.POLICY_REJECTED)))
    assert "✗ no effect named `mailman`" in lines


def test_a_question_is_told_line_by_line_with_its_end(story, reader):
    story.ask(expires=NOW, digest="abc", approval=9)
    lines = said(telling.event_lines(reader, newest(reader, EventType.APPROVAL_ASKED)))
    assert "text     Subject: Invoices" in lines
    assert "         All sent." in lines
    assert "expires  12:01:00, then it is no" in lines
    assert not any("abc" in line for line in lines)


def test_a_rule_without_its_policy_is_told_by_its_place(story, reader):
    story.event(EventType.DENIED, "out/x", source="OTHER.md:3", rule="gone")
    lines = said(telling.event_lines(reader, newest(reader, EventType.DENIED)))
    assert "because  OTHER.md:3" in lines


def test_long_differences_are_cut_and_say_so(story, reader):
    told = [f"line {i}" for i in range(telling.CUT + 7)]
    story.event(EventType.DIVERGENCE, "out/x", data={"difference": told})
    lines = said(telling.event_lines(reader, newest(reader, EventType.DIVERGENCE)))
    assert "… 7 more lines, enter shows all" in lines


def test_a_run_is_told_with_attempts_counts_and_what_was_saved(reader):
    lines = said(telling.run_lines(reader, reader.run(SECOND)))
    assert lines[0] == f"○ resumable  {SECOND}"
    assert "attempt  1 at 12:00:09 ended with 1 after 4.0 s" in lines
    assert "saved    2 calls, 1,200 tokens, $0.50" in lines
    assert "2 blocked" in lines[-1]
    assert not any("saved" in line for line in said(telling.run_lines(
        reader, reader.run(FIRST)
    )))  # fmt: skip


def test_the_effects_of_a_large_run_are_not_counted_one_by_one(reader, monkeypatch):
    monkeypatch.setattr(telling, "_LARGE", 1)
    assert (
        said(telling.run_lines(reader, reader.run(SECOND)))[-1] == "counts   13 events"
    )


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        (SENTENCES[0], "means    each output is written at most once per run"),
        (SENTENCES[0], "decided  2 times; enter shows them"),
        (SENTENCES[3], "not held it names no effect that could be refused"),
        (SENTENCES[4], "wrong    no effect named `mailman`"),
        (SENTENCES[4], "would be Never send mail."),
    ],
)
def test_a_sentence_is_told_with_what_it_became(reader, sentence, line):
    assert line in said(telling.sentence_lines(reader, SECOND, sentence))


def test_an_error_is_told_with_the_way_out():
    assert said(telling.diagnostic_lines(BROKEN))[-1] == (
        "hint     did you mean `mail.send`?"
    )
