import os
import threading

import pytest

from soulguard.errors import LedgerError
from soulguard.ledger import feed
from soulguard.ledger.wanted import Wanted, parse
from soulguard.model import EventType
from soulguard.supervisor.lease import owner_of
from soulguard.tui.reading import Reader, searched, started_by
from tests.tui.stories import FIRST, NOW, SECOND


@pytest.fixture
def reader(story, path):
    found = Reader(str(path), clock=lambda: NOW)
    yield found
    found.close()


def test_a_look_finds_runs_standings_counts_and_what_waits(reader):
    reader.look()
    assert [run.run_id for run in reader.runs] == [SECOND, FIRST]
    assert reader.standings == {FIRST: "completed", SECOND: "resumable"}
    assert reader.tally.violations(SECOND) == 2
    assert [w.kind for w in reader.waiting] == ["doubt"]
    assert reader.root(SECOND) == "/home/ada/agent"
    assert reader.root("nobody") == ""


def test_looking_again_asks_nothing_while_nobody_writes(story, reader, monkeypatch):
    reader.look()
    asked = []
    monkeypatch.setattr(reader.ledger, "runs", lambda limit: asked.append(limit) or [])
    reader.look()
    assert asked == []
    story.denied()
    reader.look()
    assert len(asked) == 1


def test_the_rate_is_what_came_since_the_last_look(story, path):
    now = [NOW]
    reader = Reader(str(path), clock=lambda: now[0])
    reader.look()
    for _ in range(10):
        story.denied()
    now[0] += 2.0
    reader.look()
    assert reader.rate == 5.0
    reader.close()


def test_each_asker_hears_of_a_change_once(story, reader):
    assert reader.changed("a")
    assert not reader.changed("a")
    story.denied()
    assert reader.changed("a")
    assert reader.changed("b")


def test_a_recent_story_is_shown_by_the_second_and_an_old_one_whole(story, path):
    reader = Reader(str(path), clock=lambda: NOW)
    reader.look()
    ids = range(1, reader.last_id + 1)
    assert reader.timeline(ids, []).seconds == 1.0
    reader.clock = lambda: NOW + 3600
    assert sum(reader.timeline(ids, []).events) == len(ids)
    assert reader.timeline([], []) is None
    reader.close()


def test_the_policy_is_read_once_per_change(story, reader, monkeypatch):
    reader.look()
    first = reader.policy(SECOND)
    assert first is reader.policy(SECOND)
    assert reader.policy("") is None
    story.event(EventType.POLICY_REJECTED, data={"diagnostics": []})
    reader.look()
    assert reader.policy(SECOND) is not first


def test_a_missing_ledger_is_said_and_may_come_later(tmp_path):
    reader = Reader(str(tmp_path / "none.db"))
    with pytest.raises(LedgerError):
        reader.look()
    reader.close()


def test_a_search_in_another_thread_gives_the_newest_first(story, path, monkeypatch):
    monkeypatch.setattr(feed, "RECENT", 3)
    took = []

    def search():
        searched(
            str(path), parse("notes"), lambda f, w: took.append((len(f[0]), w)) or True
        )
        searched(
            str(path), parse("notes"), lambda f, w: took.append("stopped") and False
        )
        searched(
            str(path), Wanted().flagged(on=True), lambda f, w: took.append(w) or True
        )

    thread = threading.Thread(target=search)
    thread.start()
    thread.join()
    assert took == [(0, False), (1, True), "stopped", True]


def test_a_run_is_found_by_the_process_that_owns_its_newest_attempt(story, reader):
    assert started_by(reader.open(), os.getpid()) == ""
    story.start("mine", owner=owner_of(os.getpid()))
    assert started_by(reader.open(), os.getpid()) == "mine"
