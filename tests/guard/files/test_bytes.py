import os
from hashlib import sha256

import pytest

from soulguard.guard.files.bytes import (
    copy_into,
    digest_from,
    digest_of,
    sync_folder,
    write_all,
)


def test_a_digest_is_that_of_the_whole_content(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"0123456789" * 300_000)
    expected = (sha256(path.read_bytes()).hexdigest(), 3_000_000)
    assert digest_of(str(path)) == expected


def test_a_digest_from_a_descriptor_starts_where_it_is_told(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    fd = os.open(tmp_path / "a", os.O_RDONLY)
    assert digest_from(fd, 7) == (sha256(b"789").hexdigest(), 3)
    os.close(fd)


def test_a_copy_rewinds_the_descriptor(tmp_path):
    (tmp_path / "a").write_bytes(b"0123456789")
    fd = os.open(tmp_path / "b", os.O_RDWR | os.O_CREAT)
    assert copy_into(str(tmp_path / "a"), fd) == 10
    assert os.read(fd, 99) == b"0123456789"
    os.close(fd)


def test_every_byte_is_written_however_little_the_system_takes():
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    data = os.urandom(50_000)
    write_all(writer, data)
    assert os.read(reader, 60_000) == data
    os.close(reader)
    os.close(writer)


def test_a_folder_is_synced_and_a_missing_one_is_an_error(tmp_path):
    sync_folder(str(tmp_path))
    with pytest.raises(FileNotFoundError):
        sync_folder(str(tmp_path / "no"))
