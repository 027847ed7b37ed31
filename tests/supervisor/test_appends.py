import pytest

from soulguard.supervisor.broker import Parked, Peer


def test_each_append_is_on_record_with_its_place(office):
    (office / "log.jsonl").write_text("before\n")
    office.append("log.jsonl", "one\n")
    office.append("log.jsonl", "one\n")
    rows = office.rows()
    assert [(r.intent["offset"], r.intent["size"]) for r in rows] == [(7, 4), (11, 4)]
    assert [r.state.value for r in rows] == ["done", "done"]


def test_equal_appends_of_an_earlier_attempt_are_skipped_one_by_one(office):
    for _ in range(2):
        office.append("log.jsonl", "one\n")
    office.again()
    verdicts = [office.append("log.jsonl", "one\n").verdict.value for _ in range(3)]
    assert verdicts == ["skip", "skip", "allow"]
    assert (office / "log.jsonl").read_text() == "one\n" * 3


def test_an_append_that_failed_is_made_again_in_its_own_row(office):
    decision = office.append("log.jsonl", "one\n", write=False, report=False)
    office.done(decision, error="No space left on device")
    office.again()
    assert office.append("log.jsonl", "one\n").verdict.value == "allow"
    assert office.states() == [("log.jsonl", "done")]


def test_one_append_per_path_at_a_time(office):
    first, other = office.peer, Peer(pid=2)
    begun = office.append("log.jsonl", "one\n", peer=first, report=False)
    with pytest.raises(Parked):
        office.append("log.jsonl", "two\n", peer=other)
    assert office.append("other.jsonl", "x\n", peer=other).verdict.value == "allow"
    office.done(begun)
    assert office.append("log.jsonl", "two\n", peer=other).verdict.value == "allow"
    assert (office / "log.jsonl").read_text() == "one\ntwo\n"


def test_a_connection_that_goes_away_gives_its_path_back(office):
    gone = Peer(pid=2)
    office.append("log.jsonl", "one\n", peer=gone, write=False, report=False)
    office.parts.left(gone)
    assert office.states() == [("log.jsonl", "failed")]
    assert office.append("log.jsonl", "two\n").verdict.value == "allow"


def test_a_skipped_append_does_not_keep_the_path(office):
    office.append("log.jsonl", "one\n")
    office.again()
    office.append("log.jsonl", "one\n")
    assert office.append("log.jsonl", "x\n", peer=Peer(pid=2)).verdict.value == "allow"
