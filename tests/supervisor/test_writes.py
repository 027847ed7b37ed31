import os

import pytest

ONCE = """\
# A

```soulguard
rules:
  - id: once
    effect: file.write
    once: run
    on_duplicate: {action}
```
"""


def test_the_first_time_it_is_allowed_and_on_record_before_it_happens(office):
    assert office.open("a.txt").verdict.value == "allow"
    decision = office.publish("a.txt", done=False)
    assert decision.verdict.value == "allow"
    assert office.states() == [("a.txt", "begun")]
    assert office.events("effect.intent") == [("effect.intent", "a.txt")]
    office.done(decision)
    assert office.states() == [("a.txt", "done")]


def test_done_earlier_in_this_attempt_it_is_refused_at_opening(office):
    office.publish("a.txt")
    decision = office.open("a.txt")
    assert decision.verdict.value == "deny"
    assert decision.data["error"] == "duplicate-write"
    assert decision.source == "SOUL.md:4"
    assert "write a new path such as a-2.txt" in decision.message


def test_two_that_race_are_told_apart_at_publishing(office):
    assert office.open("a.txt").verdict.value == "allow"
    assert office.open("a.txt").verdict.value == "allow"
    office.publish("a.txt", "one")
    assert office.publish("a.txt", "two").data["error"] == "duplicate-write"
    assert (office / "a.txt").read_text() == "one"


def test_a_second_handle_of_one_process_is_refused_while_the_first_writes(office):
    assert office.open("a.txt", pending=True).verdict.value == "deny"


def test_done_by_an_earlier_attempt_it_is_skipped_once(office):
    office.publish("a.txt")
    office.again()
    decision = office.open("a.txt")
    assert decision.verdict.value == "skip"
    assert decision.reason == "attempt 1 of this run wrote it"
    assert office.open("a.txt").verdict.value == "deny"


def test_a_missing_output_is_written_again(office):
    office.publish("a.txt")
    office.again()
    (office / "a.txt").unlink()
    assert office.open("a.txt").verdict.value == "allow"
    office.publish("a.txt")
    assert office.states() == [("a.txt", "done")]


def test_a_changed_output_is_kept_and_reported(office):
    office.publish("a.txt")
    office.again()
    (office / "a.txt").write_text("changed")
    assert office.open("a.txt").verdict.value == "skip"
    assert office.events("drift") == [("drift", "a.txt")]


def test_discarded_content_is_compared(office):
    office.publish("a.txt")
    office.again()
    office.open("a.txt")
    path = str(office / "a.txt")
    row = office.rows()[0]
    office.ask("file.discarded", path=path, digest=row.fingerprint, size=4)
    assert office.events("content_differs") == []
    office.ask("file.discarded", path=path, digest="other", size=4)
    assert office.events("content_differs") == [("content_differs", "a.txt")]


def test_a_failure_may_be_tried_again(office):
    decision = office.publish("a.txt", done=False)
    office.done(decision, error="No space left on device")
    assert office.states() == [("a.txt", "failed")]
    assert office.publish("a.txt").verdict.value == "allow"


def test_a_file_closed_while_an_exception_was_in_flight_may_be_written_again(office):
    office.publish("a.txt", "half", unsure=True)
    assert office.open("a.txt").verdict.value == "allow"
    office.publish("a.txt", "whole")
    assert office.open("a.txt").verdict.value == "deny"


def test_a_file_written_on_after_it_was_published_early_is_taken_over(office):
    decision = office.publish("a.txt", "early")
    office.done(decision, digest="later", size=9)
    [row] = office.rows()
    assert (row.fingerprint, row.intent["size"], row.state.value) == (
        "later",
        9,
        "done",
    )


def test_truncating_what_this_attempt_appended_is_a_duplicate(office):
    office.append("log.jsonl", "line\n")
    assert office.open("log.jsonl").verdict.value == "deny"


@pytest.mark.parametrize(
    ("action", "verdict", "observed"),
    [("skip", "skip", False), ("warn", "allow", True)],
)
def test_a_rule_says_what_a_duplicate_becomes(office, action, verdict, observed):
    office.soul.write_text(ONCE.format(action=action))
    office.again()
    office.publish("a.txt")
    assert office.open("a.txt").verdict.value == verdict
    if verdict == "allow":
        assert office.publish("a.txt", "two").verdict.value == "allow"
    [event] = office.ledger.events("run-1", types=("violation.duplicate",))
    assert event.data["observed"] is observed


def test_what_may_be_rewritten_moves_on_after_a_restart(office):
    office.soul.write_text(ONCE.format(action="warn"))
    office.again()
    office.publish("a.txt", "one")
    for text, verdict in (("one", "skip"), ("two", "allow")):
        office.again()
        assert office.open("a.txt", "x").verdict.value == "skip"
        office.again()
        assert office.open("a.txt").verdict.value == "allow"
        assert office.publish("a.txt", text).verdict.value == verdict
    office.again()
    (office / "new.txt").write_text("two")
    assert office.move("new.txt", "a.txt").verdict.value == "skip"
    office.again()
    (office / "new.txt").write_text("three")
    assert office.move("new.txt", "a.txt").verdict.value == "allow"
    assert (office / "a.txt").read_text() == "three"


def test_observing_refuses_nothing_and_counts_it(office):
    office.again(observe=True)
    office.publish("a.txt")
    assert office.open("a.txt").verdict.value == "allow"
    assert office.session.counts["observed"] == 1
    assert office.session.counts["violation.duplicate"] == 0


def test_observing_lets_a_restart_write_again_and_notes_what_was_there(office):
    office.again(observe=True)
    office.publish("a.txt", "one")
    office.append("log.jsonl", "line\n")
    office.again(observe=True)
    assert office.open("a.txt").verdict.value == "allow"
    assert office.publish("a.txt", "two").verdict.value == "allow"
    assert office.open("log.jsonl", "a").data == {}
    assert office.append("log.jsonl", "line\n").verdict.value == "allow"
    assert (office / "log.jsonl").read_text() == "line\n" * 2
    assert [e[1] for e in office.events("effect.passed")] == ["a.txt", "log.jsonl"]
    office.again(observe=True)
    (office / "new.txt").write_text("three")
    assert office.move("new.txt", "a.txt").verdict.value == "allow"
    assert (office / "a.txt").read_text() == "three"
    assert not office.events("effect.skipped")


def test_opening_for_append_shows_the_file_as_the_earlier_attempt_saw_it(office):
    (office / "log.jsonl").write_text("before\n")
    office.append("log.jsonl", "one\n")
    office.append("log.jsonl", "two\n")
    assert office.open("log.jsonl", "a").data == {}
    office.again()
    assert office.open("log.jsonl", "a").data == {"offset": 7}
    office.append("log.jsonl", "one\n")
    assert office.open("log.jsonl", "a").data == {"offset": 11}
    office.append("log.jsonl", "two\n")
    assert office.open("log.jsonl", "a").data == {}


def test_reading_is_allowed_where_no_rule_speaks_of_it(office):
    assert office.ask("file.read", path=str(office / "a.txt")).verdict.value == "allow"


def test_news_of_an_effect_nobody_knows_is_ignored(office):
    assert office.ask("file.done", effect=10**6) is None


def test_the_path_in_a_message_is_what_a_person_would_say(office):
    assert office.outputs.show(str(office / "out/a.txt")) == os.path.join(
        "out", "a.txt"
    )


ASKS = """\
# A

```soulguard
rules:
  - {id: ask, where: {path: ask.txt}, decision: ask}
  - {id: small, where: {path: small.txt}, limit: {max: 1MB, per: file}}
```
"""


@pytest.mark.parametrize(
    ("name", "late"), [("ask.txt", True), ("small.txt", True), ("free.txt", False)]
)
def test_where_an_append_may_be_refused_its_file_is_not_made_before(office, name, late):
    office.soul.write_text(ASKS)
    office.again()
    assert office.open(name, "a").data.get("late", False) is late


def test_what_was_appended_while_a_file_was_written_is_not_replaced(office):
    office.open("a.txt")
    office.append("a.txt", "appended meanwhile")
    assert office.publish("a.txt").data["error"] == "duplicate-write"
    assert (office / "a.txt").read_text() == "appended meanwhile"
    office.again()
    assert office.publish("a.txt").verdict.value == "allow"
