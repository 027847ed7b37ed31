import pytest

from soulguard.model import EffectKind
from soulguard.supervisor.broker import Parked, Peer
from soulguard.supervisor.outputs import Standing

WRITE = EffectKind.FILE_WRITE


def standing(office, name="a.txt"):
    path = str(office / name)
    return office.outputs.standing(path, office.outputs.last(WRITE, path))


def test_where_a_path_stands_over_two_attempts(office):
    assert standing(office) is Standing.NEW
    office.publish("a.txt")
    assert standing(office) is Standing.DUPLICATE
    office.again()
    assert standing(office) is Standing.INTACT
    (office / "a.txt").write_text("text")
    assert standing(office) is Standing.INTACT, "the same content under another mark"
    (office / "a.txt").write_text("text and more")
    assert standing(office) is Standing.INTACT, "appended to by a later step"
    (office / "a.txt").write_text("changed")
    assert standing(office) is Standing.CHANGED
    (office / "a.txt").unlink()
    assert standing(office) is Standing.MISSING
    office.outputs.gone(str(office / "a.txt"), office.rows()[0])
    assert standing(office) is Standing.NEW


def test_a_path_is_locked_by_one_connection_until_it_gives_it_back(office):
    one, two = Peer(1), Peer(2)
    office.outputs.lock("/a", one)
    office.outputs.lock("/a", one)
    with pytest.raises(Parked):
        office.outputs.lock("/a", two)
    office.outputs.lock("/b", two)
    office.outputs.unlock_all(one)
    office.outputs.lock("/a", two)
    office.outputs.unlock("/never held")


def test_a_walk_over_is_seen_and_recorded(office):
    office.publish("a.txt")
    office.again()
    [row] = office.rows()
    office.outputs.walk_over(row, "done before", None)
    [row] = office.rows()
    assert (row.attempt, row.seen) == (1, 2)
    assert office.events("effect.skipped") == [("effect.skipped", "a.txt")]


def test_what_was_made_after_its_removal_is_told_from_what_was_not(office):
    path = str(office / "a.txt")

    def remade():
        removed = office.rows(kind=EffectKind.FILE_DELETE)[0]
        return office.outputs.remade(path, removed)

    office.publish("a.txt")
    office.remove("a.txt")
    office.again()
    assert not remade()
    office.publish("a.txt")
    assert not remade(), "this attempt made it"
    office.again()
    assert not remade(), "an attempt that died on its way to the removal made it"
    office.remove("a.txt")
    office.publish("a.txt")
    office.again()
    assert remade()


def test_a_step_before_a_removal_does_not_destroy_what_was_made_after_it(office):
    office.publish("a.txt")
    office.remove("a.txt")
    office.append("a.txt", "later\n")
    office.again()
    assert office.open("a.txt").verdict.value == "skip"
    assert office.remove("a.txt").verdict.value == "skip"
    assert office.append("a.txt", "later\n").verdict.value == "skip"
    assert (office / "a.txt").read_text() == "later\n"


def test_appends_are_made_again_where_the_restart_found_a_file_to_delete(office):
    """The first attempt found none: ``Path.unlink(missing_ok=True)``, then appends."""
    office.remove("log.txt")
    office.append("log.txt", "one\n")
    office.append("log.txt", "two\n")
    for _ in range(2):
        office.again()
        office.remove("log.txt")
        office.append("log.txt", "one\n")
        office.append("log.txt", "two\n")
        assert (office / "log.txt").read_text() == "one\ntwo\n"


def test_a_path_is_shown_from_the_policy_s_folder(office):
    assert office.outputs.show(str(office / "out/a.txt")) == "out/a.txt"
    assert office.outputs.show("/elsewhere/a.txt") == "/elsewhere/a.txt"
