"""The end of file effects as the office sees it: told, looked for on disk, or neither."""

from soulguard.supervisor.broker import Peer


def published(office, name, *, renamed=True):
    decision = office.publish(name, done=False)
    if renamed:
        (office.running.stage_dir / f".sg-{name}").rename(office / name)
    return decision.effect_id


def test_what_is_told_of_is_done_once(office):
    effect = published(office, "a.txt")
    office.ask("file.done", effects=[effect])
    office.ask("file.done", effects=[effect])
    assert office.events("effect.done") == [("effect.done", "a.txt")]


def test_what_nobody_told_of_is_done_where_the_disk_shows_it(office):
    published(office, "a.txt")
    published(office, "b.txt", renamed=False)
    assert office.parts.endings.settle_published()  # there is one more to look at
    assert office.states() == [("a.txt", "done"), ("b.txt", "begun")]
    (office.running.stage_dir / ".sg-b.txt").rename(office / "b.txt")
    office.parts.endings.settle_published()
    assert not office.parts.endings.settle_published()
    assert office.states() == [("a.txt", "done"), ("b.txt", "done")]


def test_what_was_published_a_moment_ago_is_left_its_moment(office):
    published(office, "a.txt")
    assert office.parts.endings.settle_published(age=60)
    assert office.states() == [("a.txt", "begun")]


def test_another_file_in_its_place_shows_nothing(office):
    published(office, "a.txt", renamed=False)
    (office / "a.txt").write_text("somebody else's")
    office.parts.endings.settle_published()
    assert office.states() == [("a.txt", "begun")]


def test_a_failure_told_late_counts_more_than_what_the_disk_showed(office):
    effect = published(office, "a.txt")
    office.parts.endings.settle_published()
    office.ask("file.done", effect=effect, error="the folder could not be synced")
    assert office.states() == [("a.txt", "failed")]


def test_a_deletion_finds_the_write_before_it_done(office):
    published(office, "a.txt")
    office.remove("a.txt")
    assert ("a.txt", "gone") in office.states()


def test_of_what_another_connection_was_allowed_nobody_can_tell(office):
    effect = published(office, "a.txt")
    office.ask("file.done", peer=Peer(pid=1), effects=[effect])
    assert office.states() == [("a.txt", "begun")]


def test_a_batch_that_cannot_be_recorded_leaves_it_begun(office):
    published(office, "a.txt")
    office.session.commit()
    office.parts.endings.settle_published()
    office.session.roll_back()
    assert office.states() == [("a.txt", "begun")]
    office.parts.endings.settle_published()
    assert office.states() == [("a.txt", "done")]
