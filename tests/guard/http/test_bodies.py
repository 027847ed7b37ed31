from hashlib import sha256

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from soulguard.guard import originals
from soulguard.guard.http import bodies
from soulguard.guard.http.bodies import Body, identity
from soulguard.guard.scope import scope

FORM = [("Content-Type", "multipart/form-data; boundary=b0undary")]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give the staging folder, and a memory that is soon full."""
    monkeypatch.setattr(scope, "stage_dir", str(tmp_path))
    monkeypatch.setattr(bodies, "LIMIT", 10)
    return tmp_path


@given(st.lists(st.binary(max_size=8)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_body_is_what_came_wherever_it_is(folder, parts):
    body = Body.of(parts)
    whole = b"".join(parts)
    assert (len(body), b"".join(body), b"".join(body)) == (len(whole), whole, whole)
    assert (body.spool is not None) is (len(whole) > 10)
    if body.spool is None:
        assert body.told() == (None, whole)


def test_a_disk_that_fills_up_leaves_the_body_in_memory(folder, monkeypatch):
    body = Body.of([b"x" * 11])

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(originals, "os_write", full)
    body.feed(b"y" * 70_000)
    body.feed(b"z")
    assert body.told() == (None, b"x" * 11 + b"y" * 70_000 + b"z")
    assert list(folder.iterdir()) == []


def test_without_a_folder_a_body_stays_in_memory(folder, monkeypatch):
    monkeypatch.setattr(scope, "stage_dir", "/nowhere")
    assert Body.of([b"x" * 8, b"y" * 8, b"z"]).whole == b"x" * 8 + b"y" * 8 + b"z"


@given(st.lists(st.binary(max_size=9)), st.integers(1, 9))
def test_a_random_boundary_says_nothing_wherever_blocks_end(parts, size):
    wired = b"b0undary".join(parts)
    blocks = [wired[i : i + size] for i in range(0, len(wired), size)]
    assert identity(FORM, blocks) == identity(FORM, [wired])
    assert identity([], blocks) == sha256(wired).hexdigest()
