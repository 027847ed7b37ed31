import errno
import hashlib
import os

import pytest

from soulguard.errors import LedgerError, LedgerReadOnlyError
from soulguard.ledger import blobs, open_ledger

LARGE = os.urandom(1024) * 1025
assert len(LARGE) > blobs.FILE_ABOVE


@pytest.mark.parametrize(
    "data",
    [b"", b"body", b"\0" * blobs.FILE_ABOVE, LARGE],
    ids=["nothing", "small", "at the limit", "large"],
)
def test_bytes_come_back_by_their_digest(started, data):
    ref = started.put_blob(data)
    assert ref == hashlib.sha256(data).hexdigest()
    assert started.put_blob(data) == ref
    assert started.blob(ref) == data


def test_unknown_bytes_are_none(ledger):
    assert ledger.blob("0" * 64) is None


def test_equal_bytes_are_kept_once(started, path):
    started.put_blob(b"x" * 500_000)
    started.put_blob(b"x" * 500_000)
    started.commit(durable=False)
    started.close()
    assert path.stat().st_size < 900_000


def test_large_bytes_lie_beside_the_ledger_for_this_user_alone(started, path):
    ref = started.put_blob(LARGE)
    started.commit(durable=True)
    file = path.parent / "blobs" / ref[:2] / ref
    assert file.read_bytes() == LARGE
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    assert [f.name for f in file.parent.iterdir()] == [ref]


def test_what_a_power_loss_left_of_a_file_is_not_taken_for_the_body(started, path):
    ref = started.put_blob(LARGE)
    started.commit(durable=False)
    file = path.parent / "blobs" / ref[:2] / ref
    file.write_bytes(LARGE[:100])
    assert started.blob(ref) is None
    started.put_blob(LARGE)
    assert started.blob(ref) == LARGE
    file.unlink()
    assert started.blob(ref) is None


def test_a_reader_cannot_put_bytes(started, path):
    reader = open_ledger(path, read_only=True)
    with pytest.raises(LedgerReadOnlyError):
        reader.put_blob(b"x")
    reader.close()


@pytest.fixture
def spooled(path):
    """Give a large body that was written to a file while it passed."""
    file = path.parent / "spooled"
    file.write_bytes(LARGE)
    return file, hashlib.sha256(LARGE).hexdigest()


def test_a_file_is_taken_over_as_a_body(started, path, spooled):
    file, ref = spooled
    started.adopt_blob(file, ref, len(LARGE))
    started.commit(durable=True)
    assert (started.blob(ref), file.exists()) == (LARGE, False)
    assert started.blob_file(ref) == path.parent / "blobs" / ref[:2] / ref
    assert started.verify().intact


def test_a_file_is_taken_over_across_file_systems(started, spooled, monkeypatch):
    file, ref = spooled
    replace = os.replace

    def refuse_once(source, target):
        monkeypatch.setattr(os, "replace", replace)
        raise OSError(errno.EXDEV, "other device")

    monkeypatch.setattr(os, "replace", refuse_once)
    started.adopt_blob(file, ref, len(LARGE))
    assert (started.blob(ref), file.exists()) == (LARGE, False)


def test_a_file_of_a_batch_that_was_rolled_back_is_taken_over_again(started, spooled):
    file, ref = spooled
    started.commit(durable=False)
    started.adopt_blob(file, ref, len(LARGE))
    started.rollback()
    assert started.blob_file(ref) is None
    started.adopt_blob(file, ref, len(LARGE))
    assert started.blob(ref) == LARGE


def test_a_file_that_is_not_there_is_no_body(started, path):
    with pytest.raises(LedgerError, match="gone"):
        started.adopt_blob(path.parent / "none", "0" * 64, 5)


def test_small_and_torn_bodies_are_given_as_no_file(started, spooled):
    file, ref = spooled
    assert started.blob_file(started.put_blob(b"small")) is None
    started.adopt_blob(file, ref, len(LARGE))
    kept = started.blob_file(ref)
    kept.write_bytes(LARGE[:-1])
    assert started.blob_file(ref) is None


def test_verify_finds_a_changed_byte_in_a_file(started, spooled):
    file, ref = spooled
    started.adopt_blob(file, ref, len(LARGE))
    started.commit(durable=False)
    started.blob_file(ref).write_bytes(LARGE[:-1] + b"?")
    report = started.verify()
    assert (report.intact, report.reason) == (
        False, f"body {ref} is missing or was changed"
    )  # fmt: skip
