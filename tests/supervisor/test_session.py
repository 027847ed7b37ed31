from soulguard.model import EventType


def test_the_session_knows_what_the_policy_speaks_of(office):
    assert office.session.in_scope(str(office / "a.txt"))
    assert not office.session.in_scope(str(office / "a.log"))
    assert not office.session.in_scope("/elsewhere/a.txt")


def test_an_event_is_recorded_with_run_attempt_and_generation(office):
    office.again()
    office.session.record(EventType.DRIFT, "/a", "changed", data={"kind": "file.write"})
    office.session.commit()
    [event] = office.ledger.events("run-1", types=("drift",))
    assert (event.attempt, event.target, event.reason) == (2, "/a", "changed")
    assert event.generation == office.session.generation


def test_events_are_counted_by_type_kind_and_saving(office):
    office.session.forget_counts()
    office.session.record(EventType.EFFECT_DONE, "/a", "", data={"kind": "file.write"})
    office.session.record(
        EventType.EFFECT_REPLAYED, "", "", data={"saved": {"tokens": 9}}
    )
    office.session.record(EventType.DENIED, "", "", data={"observed": True})
    office.session.record(EventType.DENIED, "", "", data={"observed": False})
    assert dict(office.session.counts) == {
        "effect.done": 1, "effect.done:file.write": 1, "effect.replayed": 1,
        "saved:tokens": 9, "observed": 1, "violation.denied": 1,
    }  # fmt: skip


def test_what_is_left_for_afterwards_is_committed_unless_it_is_taken_back(office):
    session, done = office.session, []
    session.afterwards(lambda: done.append("taken back"))
    session.take_back(session.remembered)
    session.afterwards(lambda: session.record(EventType.DRIFT, "/a", "changed"))
    session.commit()
    office.ledger.rollback()
    assert [e.target for e in office.ledger.events(types=("drift",))] == ["/a"]
    assert not done


def test_a_promise_is_kept_by_one_durable_commit(office, monkeypatch):
    commits = []
    office.session.power = True
    office.session.commit()
    monkeypatch.setattr(
        office.ledger, "commit", lambda *, durable: commits.append(durable)
    )
    office.session.promise()
    office.session.commit()
    office.session.commit()
    monkeypatch.undo()
    office.session.commit()
    assert commits == [True, False]


def test_moments_follow_each_other_whatever_the_clock_says(office):
    session, moments = office.session, []
    for now in (4e9, 4e9, 5.0, 5e9):
        session.clock = lambda now=now: now
        moments.append(session.moment())
    assert moments == sorted(set(moments))
    assert (moments[0], moments[-1]) == (4e9, 5e9)


def test_a_clock_set_back_hides_nothing_that_was_made_again(office):
    office.publish("a.txt", "one")
    office.move("a.txt", "b.txt")
    real = office.session.clock
    office.session.clock = lambda: real() - 3600
    office.publish("a.txt", "two")
    office.again()
    assert office.open("a.txt").verdict.value == "skip"
    assert office.move("a.txt", "b.txt").data["keep"]
    assert (office / "a.txt").read_text() == "two"
