import io
import os

import pytest

from soulguard.errors import DeniedError, DuplicateWriteError
from soulguard.guard.files.opens import may_read, opens


def test_a_write_appears_when_the_file_is_closed(served):
    with opens.open(served / "a.txt", "w") as file:
        file.write("whole")
        file.flush()
        assert not (served / "a.txt").exists()
    assert (served / "a.txt").read_text() == "whole"
    assert served.done() == ["a.txt"]


def test_the_file_object_has_the_types_of_the_real_one(served):
    with opens.open(served / "a.txt", "w+") as file:
        assert type(file) is io.TextIOWrapper
        assert type(file.buffer) is io.BufferedRandom
        assert file.name == str(served / "a.txt")


def test_a_second_write_in_the_same_attempt_is_refused(served):
    opens.open(served / "a.txt", "w").close()
    with pytest.raises(DuplicateWriteError) as refused:
        opens.open(served / "a.txt", "w")
    assert refused.value.filename == served / "a.txt"
    assert refused.value.decision["verdict"] == "deny"


def test_the_next_attempt_is_accepted_and_discarded(served):
    for text in ("first", "second"):
        with opens.open(served / "a.txt", "w") as file:
            file.write(text)
        assert (served / "a.txt").read_text() == "first"
        if text == "first":
            served.again()
    assert served.events("effect.skipped", "content_differs") == [
        ("effect.skipped", "a.txt"), ("content_differs", "a.txt"),
    ]  # fmt: skip


def test_a_path_outside_the_scope_is_the_real_open(served, tmp_path_factory):
    path = tmp_path_factory.mktemp("outside") / "a.txt"
    for _ in range(2):
        with opens.open(path, "w") as file:
            assert path.exists()
            file.write("x")
    assert served.done() == []


@pytest.mark.parametrize(
    ("flags", "refusal"),
    [(os.O_TRUNC, DuplicateWriteError), (os.O_EXCL, FileExistsError)],
)
def test_a_descriptor_is_published_when_it_is_closed(served, flags, refusal):
    flags |= os.O_WRONLY | os.O_CREAT
    fd = opens.os_open(served / "a.txt", flags, 0o640)
    os.write(fd, b"whole")
    assert not (served / "a.txt").exists()
    opens.os_close(fd)
    assert (served / "a.txt").read_bytes() == b"whole"
    with pytest.raises(refusal):
        opens.os_open(served / "a.txt", flags)


def test_a_file_object_takes_over_a_descriptor(served):
    fd = opens.os_open(served / "a.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    with opens.open(fd, "w") as file:
        file.write("whole")
    assert served.done() == ["a.txt"]


@pytest.mark.parametrize("mode", ["", "wr", "wbt", "wz"])
def test_a_mode_that_is_none_says_what_the_real_open_says(served, mode):
    with pytest.raises(ValueError) as bare:  # noqa: PT011 - its text is compared
        open(served / "a.txt", mode)  # noqa: SIM115
    with pytest.raises(ValueError) as guarded:  # noqa: PT011
        opens.open(served / "a.txt", mode)
    assert str(guarded.value) == str(bare.value)
    assert not (served / "a.txt").exists()


@pytest.mark.filterwarnings("ignore::ResourceWarning")  # the file is dropped
def test_an_unbuffered_write_needs_no_name_for_its_file(served):
    assert opens.open(served / "a.bin", "wb", 0).write(b"bytes") == 5
    assert opens.open(served / "a.bin", "ab", 0).write(b" more") == 5
    assert (served / "a.bin").read_bytes() == b"bytes more"


def test_reading_a_file_still_being_written_shows_what_is_written(served):
    with opens.open(served / "a.txt", "w") as file:
        file.write("so far")
        file.flush()
        with opens.open(served / "a.txt") as seen:
            assert seen.read() == "so far"
        fd = opens.os_open(served / "a.txt", os.O_RDONLY)
        assert os.read(fd, 9) == b"so far"
        os.close(fd)


def test_a_rule_on_reading_is_asked(served):
    (served / "secret.txt").write_text("x")
    (served / "open.txt").write_text("x")
    served.end()
    served.soul.write_text(
        "# A\n\n```soulguard\nrules:\n  - id: no\n    effect: file.read\n"
        '    where: {path: "secret.txt"}\n    decision: deny\n```\n'
    )
    served.begin()
    may_read(served / "open.txt")
    with pytest.raises(DeniedError):
        may_read(served / "secret.txt")
    with pytest.raises(DeniedError):
        opens.open(served / "secret.txt")
    with pytest.raises(DeniedError):
        opens.os_open(served / "secret.txt", os.O_RDONLY)


def test_the_doors_are_pickled_by_name():
    assert opens.__reduce__() == "opens"


def test_truncating_for_appending_is_a_write(served):
    (served / "a.txt").write_text("old content")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    fd = opens.os_open(served / "a.txt", flags)
    os.write(fd, b"new")
    opens.os_close(fd)
    assert (served / "a.txt").read_text() == "new"
