import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.errors import GuardUnavailable
from soulguard.guard.scope import Scope, entry, follow

DATA = {"generation": 1, "paths": "/a/(?!log)", "reads": ""}


def test_a_scope_matches_from_the_start_of_a_path():
    scope = Scope()
    assert not scope.guards("/a/x")
    scope.load(DATA)
    scope.follow_page("")
    assert scope.guards("/a/x")
    assert not scope.guards("/a/log")
    assert not scope.guards("/b/a/x")
    assert not scope.guards(None)
    scope.close()
    assert not scope.guards("/a/x")


def test_a_page_that_is_gone_never_changes(tmp_path):
    scope = Scope()
    scope.load(DATA)
    scope.follow_page(str(tmp_path / "no"))
    assert scope.guards("/a/x")


def test_a_new_generation_that_cannot_be_asked_for_is_closed(served):
    scope = Scope()
    scope.load(DATA)
    scope.page = (2,)
    served.kill()
    with pytest.raises(GuardUnavailable):
        scope.guards("/a/x")
    scope.observe = True
    assert scope.guards("/a/x")
    served.revive()


@pytest.fixture
def tree(tmp_path, monkeypatch):
    root = tmp_path.resolve() / "root"
    (root / "real/below").mkdir(parents=True)
    (root / "real/file").write_text("x")
    (root / "link").symlink_to("real")
    (root / "to-file").symlink_to("real/file")
    (root / "dangling").symlink_to("real/made")
    (root / "loop").symlink_to("loop")
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize(
    ("path", "real"),
    [
        ("real/file", "real/file"), ("link/file", "real/file"), ("to-file", "real/file"),
        ("link/../real/./file", "real/file"), ("link/new", "real/new"),
        ("dangling", "real/made"), ("real/below/../new", "real/new"),
        ("no/such/file", "no/such/file"), ("link/no/file", "real/no/file"),
    ],
)  # fmt: skip
def test_a_write_goes_where_links_lead(tree, path, real):
    for given_path in (path, os.fsencode(path), tree / path):
        assert follow(given_path) == str(tree / real)


@pytest.mark.parametrize(
    ("path", "real"),
    [("to-file", "to-file"), ("link/file", "real/file"), ("dangling", "dangling")],
)
def test_a_rename_acts_on_the_entry_itself(tree, path, real):
    assert entry(path) == str(tree / real)


def test_a_path_may_be_relative_to_a_descriptor(tree):
    fd = os.open("link", os.O_RDONLY)
    assert follow("file", fd) == str(tree / "real/file")
    assert entry("new", fd) == str(tree / "real/new")
    assert follow(str(tree / "to-file"), fd) == str(tree / "real/file")
    os.close(fd)


@pytest.mark.parametrize("path", ["", "a\0b", 3, None, "real/", object()])
def test_what_is_no_path_of_a_file_is_none(tree, path):
    assert follow(path) is None
    assert entry(path) is None


def test_a_loop_of_links_has_an_answer(tree):
    assert follow("loop") is not None


@given(
    st.lists(st.sampled_from([".", "..", "real", "link", "below", "new"]), min_size=1)
)
def test_it_agrees_with_the_kernel(tmp_path_factory, steps):
    root = tmp_path_factory.getbasetemp().resolve() / "agree"
    (root / "real/below").mkdir(parents=True, exist_ok=True)
    if not (root / "link").is_symlink():
        (root / "link").symlink_to("real")
    path = os.path.join(root, *steps)
    expected = os.path.realpath(path) if os.path.exists(path) else None
    if expected is not None:
        assert follow(path) == expected
