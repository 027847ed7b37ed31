import os
from hashlib import sha256

import pytest

from soulguard.supervisor import disk


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "a"
    made.write_bytes(b"0123456789")
    return str(made)


def test_a_mark_tells_one_version_of_a_file_from_another(path):
    before = disk.mark(path)
    assert before == disk.mark(path)
    os.replace(path, path + "2")
    assert disk.mark(path) is None
    with open(path, "wb") as file:
        file.write(b"0123456789")
    assert disk.mark(path) != before


@pytest.mark.parametrize(
    ("start", "length", "stretch"),
    [(0, None, b"0123456789"), (3, 4, b"3456"), (3, None, b"3456789"), (10, 0, b"")],
)
def test_a_digest_is_that_of_a_stretch(path, start, length, stretch):
    assert disk.digest(path, start, length) == sha256(stretch).hexdigest()


def test_a_stretch_that_is_not_there_has_no_digest(path, tmp_path):
    assert disk.digest(path, 8, 4) is None
    assert disk.digest(path + "no") is None
    assert disk.digest(str(tmp_path)) is None
    assert disk.digest(path + "/below") is None


def test_a_link_is_digested_by_its_target(path, tmp_path):
    (tmp_path / "link").symlink_to("a")
    expected = sha256(b"symlink:a").hexdigest()
    assert disk.digest(str(tmp_path / "link")) == expected


def test_a_tail_is_cut(path):
    disk.cut(path, 4)
    assert disk.size(path) == 4
    assert disk.size(path + "no") is None


def test_a_file_is_rewritten_in_its_inode(path, tmp_path):
    inode = os.stat(path).st_ino
    (tmp_path / "staged").write_bytes(b"new")
    disk.rewrite(str(tmp_path / "staged"), path)
    assert disk.size(path) == 3
    assert os.stat(path).st_ino == inode


def test_a_folder_below_a_git_work_tree_is_versioned(tmp_path):
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere")
    assert disk.versioned(str(below))
    assert disk.versioned(str(tmp_path / "a"))
    assert not disk.versioned("/")


def test_the_branch_of_a_folder_is_read_as_git_keeps_it(tmp_path):
    (tmp_path / "repo/.git/worktrees/w").mkdir(parents=True)
    (tmp_path / "repo/sub").mkdir()
    (tmp_path / "w").mkdir()
    (tmp_path / "repo/.git/HEAD").write_text("ref: refs/heads/a/main\n")
    (tmp_path / "repo/.git/worktrees/w/HEAD").write_text("ref: refs/heads/topic\n")
    (tmp_path / "w/.git").write_text("gitdir: ../repo/.git/worktrees/w\n")
    assert disk.branch(str(tmp_path / "repo/sub")) == "a/main"
    assert disk.branch(str(tmp_path / "w")) == "topic"
    (tmp_path / "repo/.git/HEAD").write_text("0123456789abcdef\n")
    assert disk.branch(str(tmp_path / "repo")) == ""
    assert disk.branch("/") == ""


def test_a_script_is_text_of_a_size_that_people_write(tmp_path):
    for name, raw in (("a", b"rm x\n"), ("b", b"\x7fELF\0"), ("c", b"#" * (65 << 10))):
        (tmp_path / name).write_bytes(raw)
    given = [disk.script(str(tmp_path / name)) for name in ("a", "b", "c", "d", ".")]
    assert given == ["rm x\n", "", "", "", ""]
