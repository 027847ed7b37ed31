import os

import pytest

from soulguard.errors import DeniedError, DuplicateWriteError, GuardUnavailable
from soulguard.guard import client
from soulguard.guard.asking import ask_until_decided
from soulguard.guard.files import pending
from soulguard.guard.files.appends import Append
from soulguard.guard.files.begin import begin, stageable
from soulguard.guard.files.opens import opens
from soulguard.guard.files.stage import Stage

WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def test_regular_files_and_missing_ones_are_staged_and_nothing_else(tmp_path):
    (tmp_path / "file").write_text("x")
    os.mkfifo(tmp_path / "pipe")
    assert stageable(str(tmp_path / "file"))
    assert stageable(str(tmp_path / "missing"))
    assert not stageable(str(tmp_path / "pipe"))
    assert not stageable(str(tmp_path))
    assert not stageable(os.devnull)


@pytest.mark.parametrize(("kind", "made"), [("w", Stage), ("a", Append), ("x", Stage)])
def test_a_kind_of_opening_has_its_stage(served, kind, made):
    flags = (
        os.O_WRONLY
        | os.O_CREAT
        | {"w": os.O_TRUNC, "a": os.O_APPEND}.get(kind, os.O_EXCL)
    )
    one = begin(str(served / "a.txt"), "a.txt", kind, flags, 0o666)
    assert type(one) is made
    one.settle(discard=True)
    os.close(one.fd)


def test_a_second_write_while_the_first_is_going_on_is_a_duplicate(served):
    path = str(served / "a.txt")
    one = begin(path, "a.txt", "w", WRITE, 0o666)
    with pytest.raises(DuplicateWriteError):
        begin(path, "a.txt", "w", WRITE, 0o666)
    one.settle()
    os.close(one.fd)


def test_a_refused_opening_leaves_nothing_behind(served):
    write(served / "a.txt")
    served.kill()
    with pytest.raises(GuardUnavailable):
        begin(str(served / "a.txt"), "a.txt", "w", WRITE, 0o666)
    assert pending.by_path == {}
    served.revive()


def write(path):
    with opens.open(path, "w") as file:
        file.write("text")


def asked(monkeypatch):
    """Give the list that collects what is asked from here on."""
    asked, ask = [], client.ask

    def note(op, *rest):
        asked.append(op)
        return ask(op, *rest)

    monkeypatch.setattr(client, "ask", note)
    return asked


def test_a_path_without_a_record_and_without_a_rule_that_minds_is_not_asked_about(
    served, monkeypatch
):
    ops = asked(monkeypatch)
    write(served / "a.txt")
    assert ops == ["file.publish"]
    with pytest.raises(DuplicateWriteError):
        write(served / "a.txt")
    assert ops == ["file.publish", "file.open"]


def test_a_path_on_record_from_an_earlier_attempt_is_asked_about(served, monkeypatch):
    write(served / "a.txt")
    served.again()
    ops = asked(monkeypatch)
    write(served / "a.txt")
    assert ops == ["file.open"]


def test_a_path_of_which_a_rule_says_more_is_asked_about(served, monkeypatch):
    served.soul.write_text("# A\n\n## Rules\n- Never write to locked/.\n")
    served.again()
    (served / "locked").mkdir()
    ops = asked(monkeypatch)
    with pytest.raises(DeniedError):
        write(served / "locked/a.txt")
    assert ops == ["file.open"]


def test_in_the_first_attempt_appending_needs_no_question(served, monkeypatch):
    asked = []

    def ask(op, message):
        asked.append(op)
        return ask_until_decided(op, message)

    monkeypatch.setattr("soulguard.guard.files.begin.ask_until_decided", ask)
    for _ in range(2):
        append(served / "log")
    assert asked == []
    served.again()
    for _ in range(3):
        append(served / "log")
    assert asked == ["file.open"] * 3
    assert (served / "log").read_text() == "text" * 3


def append(path):
    with opens.open(path, "a") as file:
        file.write("text")
