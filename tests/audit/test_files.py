import pytest

from soulguard.audit.files import files
from soulguard.errors import UsageError
from tests.audit.sources import write


def names(folder, *paths, exclude=(), tests=False):
    found = files([folder / p for p in paths] or [folder], exclude, tests=tests)
    return [str(file.relative_to(folder)) for file, _ in found.found], found.left_out


def test_only_sources_of_the_project_are_taken(tmp_path):
    write(
        tmp_path,
        {
            "agent.py": "", "notes.txt": "", "lib/a.py": "", ".venv/x.py": "", "node_modules/x.py": "",
            "__pycache__/x.py": "", "own/pyvenv.cfg": "", "own/lib/x.py": "", "a.egg-info/x.py": "",
        },
    )  # fmt: skip
    assert names(tmp_path) == (["agent.py", "lib/a.py"], 0)


def test_tests_are_left_out_and_counted(tmp_path):
    write(
        tmp_path,
        {"agent.py": "", "tests/helper.py": "", "test_a.py": "", "conftest.py": ""},
    )
    assert names(tmp_path) == (["agent.py"], 3)
    assert names(tmp_path, tests=True)[1] == 0
    assert names(tmp_path, "tests") == (["tests/helper.py"], 0)
    assert names(tmp_path, "test_a.py") == (["test_a.py"], 0)


def test_what_git_ignores_is_left_out(tmp_path):
    ignore = "# made\nbuild/\n*_pb2.py\n/only_here.py\ndocs/**/x.py\n!keep_pb2.py\n"
    write(
        tmp_path,
        {
            ".gitignore": ignore, "a.py": "", "build/a.py": "", "b_pb2.py": "", "keep_pb2.py": "",
            "only_here.py": "", "sub/only_here.py": "", "docs/a/b/x.py": "",
        },
    )  # fmt: skip
    found, _ = names(tmp_path)
    assert found == ["a.py", "keep_pb2.py", "sub/only_here.py"]
    assert names(tmp_path, "sub")[0] == ["sub/only_here.py"]


def test_globs_leave_out_more(tmp_path):
    write(tmp_path, {"a.py": "", "vendor/b.py": ""})
    assert names(tmp_path, exclude=["vendor/*"])[0] == ["a.py"]


def test_a_file_is_taken_once(tmp_path):
    write(tmp_path, {"a.py": ""})
    assert names(tmp_path, ".", "a.py")[0] == ["a.py"]


def test_a_path_that_is_not_there_is_a_mistake(tmp_path):
    with pytest.raises(UsageError, match="no such file or folder"):
        files([tmp_path / "nowhere"], (), tests=False)
