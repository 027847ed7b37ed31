import os
from hashlib import sha256

import pytest

from soulguard.guard import originals
from soulguard.guard.http import spool
from soulguard.guard.http.spool import Spool, Stored
from soulguard.guard.scope import scope


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give the staging folder."""
    monkeypatch.setattr(scope, "stage_dir", str(tmp_path))
    return tmp_path


def test_what_is_written_is_read_in_blocks_as_often_as_one_likes(folder):
    made = Spool()
    for n in range(10):
        made.write(bytes([n]) * 20_000)
    data = b"".join(bytes([n]) * 20_000 for n in range(10))
    assert b"".join(made) == b"".join(made) == data
    assert max(map(len, made)) == spool.BLOCK
    assert b"".join(made.blocks(19_999, 20_001)) == b"\0\1"
    assert (made.sha256(), len(made)) == (sha256(data).hexdigest(), 200_000)
    made.write(b"more")
    assert made.sha256() == sha256(data + b"more").hexdigest()
    assert (folder / made.name).read_bytes() == data + b"more"


def test_the_file_is_this_user_s_alone_and_goes_with_its_spool(folder):
    made = Spool()
    (file,) = folder.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    del made
    assert not file.exists()


def test_a_file_that_was_handed_over_stays(folder):
    made = Spool()
    made.write(b"x")
    made.hand_over()
    del made
    assert len(list(folder.iterdir())) == 1


def test_a_forked_child_removes_nothing(folder, monkeypatch):
    made = Spool()
    monkeypatch.setattr(originals, "os_getpid", lambda: -2)
    del made
    assert len(list(folder.iterdir())) == 1


def test_a_removed_file_is_read_on_by_who_has_it_open(folder):
    made = Spool()
    made.write(b"abc")
    spool.remove(made.name)
    spool.remove(made.name)
    assert b"".join(made) == b"abc"


def test_a_descriptor_the_agent_closed_is_not_touched_again(folder):
    made = Spool()
    made.write(b"x" * spool.BLOCK)
    os.close(made._fd)
    other = os.open(folder / "other", os.O_RDWR | os.O_CREAT)
    assert other == made._fd
    with pytest.raises(OSError, match="closed"):
        made.write(b"x" * spool.BLOCK)
    made.close()
    assert os.fstat(other).st_size == 0
    os.close(other)


def test_a_full_disk_loses_nothing_of_what_was_written(folder, monkeypatch):
    made = Spool()
    made.write(b"a" * spool.BLOCK)
    left = [10]

    def write(fd, data):
        if not left[0]:
            raise OSError(28, "No space left on device")
        size, left[0] = left[0], 0
        return os.write(fd, data[:size])

    monkeypatch.setattr(originals, "os_write", write)
    with pytest.raises(OSError, match="space"):
        made.write(b"b" * spool.BLOCK)
    assert made.rescue() == b"a" * spool.BLOCK + b"b" * spool.BLOCK


@pytest.mark.parametrize("power", [True, False])
def test_much_is_pushed_to_the_disk_as_it_is_written(folder, monkeypatch, power):
    synced = []
    monkeypatch.setattr(scope, "power", power)
    monkeypatch.setattr(spool, "SYNC_EVERY", 4 * spool.BLOCK)
    monkeypatch.setattr(originals, "os_fdatasync", synced.append)
    made = Spool()
    for _ in range(9):
        made.write(b"x" * spool.BLOCK)
    assert len(synced) == (2 if power else 0)


def test_a_file_that_became_shorter_is_not_read_as_whole(tmp_path):
    file = tmp_path / "kept"
    file.write_bytes(b"abc")
    with pytest.raises(OSError, match="shorter"):
        b"".join(Stored(str(file), 4))


def test_without_a_folder_nothing_is_spooled(monkeypatch):
    monkeypatch.setattr(scope, "stage_dir", "")
    with pytest.raises(OSError, match="no folder"):
        Spool()
