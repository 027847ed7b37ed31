import contextlib
import os

import pytest

from soulguard.errors import GuardUnavailable
from soulguard.guard.files import appends
from soulguard.guard.files.appends import open_appends
from soulguard.guard.files.opens import opens


def append(served, *texts, name="log.jsonl"):
    with opens.open(served / name, "a") as file:
        for text in texts:
            file.write(text)


def read(served):
    return (served / "log.jsonl").read_text()


def test_what_is_flushed_together_is_one_append(served):
    append(served, "one\n", "two\n")
    assert read(served) == "one\ntwo\n"
    assert served.done() == ["log.jsonl"]


def test_every_flush_reaches_the_file_at_once(served):
    with opens.open(served / "log.jsonl", "a") as file:
        for text in ("one\n", "two\n"):
            file.write(text)
            file.flush()
            assert read(served).endswith(text)
        file.flush()
    assert served.done() == ["log.jsonl"] * 2


def test_an_append_of_an_earlier_attempt_is_skipped_and_a_new_one_made(served):
    append(served, "one\n")
    served.again()
    append(served, "one\n")
    append(served, "two\n")
    assert read(served) == "one\ntwo\n"


def test_the_file_looks_as_it_did_when_the_earlier_attempt_stood_there(served):
    positions = []
    for _ in range(2):
        for text in ("header\n", "row\n"):
            with opens.open(served / "log.jsonl", "a") as file:
                positions.append(file.tell())
                file.write(text)
        served.again()
    assert positions == [0, 7, 0, 7]


def test_a_descriptor_open_for_appending_is_one_append(served):
    fd = opens.os_open(served / "log.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(fd, b"one\n")
    os.write(fd, b"two\n")
    opens.os_fsync(fd)
    assert read(served) == "one\ntwo\n"
    opens.os_close(fd)
    assert served.done() == ["log.jsonl"]


def test_reading_and_appending_sees_what_is_there(served):
    (served / "log.jsonl").write_text("before\n")
    with opens.open(served / "log.jsonl", "a+") as file:
        file.seek(0)
        assert file.read() == "before\n"
        file.write("after\n")
    assert read(served) == "before\nafter\n"


def test_many_bytes_move_from_memory_to_disk(served, monkeypatch):
    monkeypatch.setattr(appends, "SPILL", 1 << 16)
    with opens.open(served / "log.jsonl", "a") as file:
        for _ in range(40):
            file.write("x" * 8192)
        file.write("end\n")
    assert (served / "log.jsonl").stat().st_size == 40 * 8192 + 4
    assert served.done() == ["log.jsonl"]


def test_an_exception_inside_the_block_appends_nothing(served):
    with (
        contextlib.suppress(KeyError),
        opens.open(served / "log.jsonl", "a") as file,
    ):
        file.write("half")
        raise KeyError
    assert read(served) == ""


def test_without_a_broker_nothing_is_appended(served):
    append(served, "one\n")
    file = opens.open(served / "log.jsonl", "a")
    file.write("two\n")
    served.kill()
    with pytest.raises(GuardUnavailable):
        file.close()
    assert read(served) == "one\n"
    served.revive()


def test_a_closed_append_is_no_longer_waited_for(served):
    file = opens.open(served / "log.jsonl", "a")
    assert len(open_appends) == 1
    file.close()
    assert open_appends == set()


def test_a_missing_folder_is_the_system_s_objection(served):
    with pytest.raises(FileNotFoundError):
        opens.open(served / "no/log.jsonl", "a")


SMALL = """\
# A

```soulguard
rules:
  - {id: small, where: {path: log.jsonl}, limit: {max: 3, unit: bytes, per: file}}
```
"""


@pytest.fixture
def small(served):
    """Give a folder in which an append may be refused for its size."""
    served.soul.write_text(SMALL)
    served.again()
    return served


def test_a_refused_append_leaves_no_file_behind(small):
    with pytest.raises(PermissionError, match="4 bytes"):
        append(small, "long")
    assert not (small / "log.jsonl").exists()
    append(small, "one")
    assert read(small) == "one"


def test_an_append_of_nothing_makes_the_file_when_it_is_closed(small):
    with opens.open(small / "log.jsonl", "a+") as file:
        assert not (small / "log.jsonl").exists()
        assert file.read() == ""
    assert read(small) == ""


def test_what_the_system_says_of_the_folder_is_said_at_opening(small):
    small.soul.write_text(SMALL.replace("log.jsonl", "no/log.jsonl"))
    small.again()
    with pytest.raises(FileNotFoundError, match=r"no/log\.jsonl"):
        append(small, name="no/log.jsonl")
