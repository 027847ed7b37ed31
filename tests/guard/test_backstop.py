import pytest

AROUND = """
import os, posix, sqlite3
with open(os.devnull, "rb", 0) as null:
    CFile = type(null)  # no name leads to it any more
os.makedirs("in", exist_ok=True)
folder = os.open("in", os.O_RDONLY)
def attempt(act):
    try:
        act()
    except PermissionError as error:
        print(type(error).__name__, os.path.basename(error.filename))
    else:
        print("done")
"""


def around(served, *acts):
    code = AROUND + "\n".join(f"attempt(lambda: {act})" for act in acts)
    done = served.python(code)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("act", "name"),
    [
        ("CFile('a.txt', 'w')", "a.txt"),
        ("posix.open('a.txt', os.O_WRONLY | os.O_CREAT)", "a.txt"),
        ("posix.rename('old.txt', 'a.txt')", "old.txt"),
        ("posix.link('old.txt', 'a.txt')", "a.txt"),
        ("posix.symlink('old.txt', 'a.txt')", "a.txt"),
        ("posix.unlink('old.txt')", "old.txt"),
        ("posix.truncate('old.txt', 0)", "old.txt"),
        ("posix.unlink('in.txt', dir_fd=folder)", "in.txt"),
        ("posix.link('old.txt', 'a.txt', dst_dir_fd=folder)", "a.txt"),
    ],
)
def test_what_comes_past_the_doors_is_refused_and_recorded(served, act, name):
    (served / "in").mkdir()
    for old in ("old.txt", "in/in.txt"):
        (served / old).write_text("old")
    assert around(served, act) == [f"UnguardedWriteError {name}"]
    assert (served / "old.txt").read_text() == "old"
    assert (served / "in/in.txt").exists()
    assert not (served / "a.txt").exists()
    assert served.events("violation.unguarded") == [("violation.unguarded", name)]


def test_reading_and_paths_outside_the_scope_pass(served, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "a.txt"
    for name in ("old.txt", "a.txt"):
        (served / name).write_text("old")
    acts = (
        "CFile('old.txt').close()", f"CFile({str(outside)!r}, 'w').close()",
        "CFile('a.log', 'w').close()", "sqlite3.connect('state.db').close()",
        f"posix.unlink('a.txt', dir_fd=os.open({str(outside.parent)!r}, 0))",
    )  # fmt: skip
    assert around(served, *acts) == ["done"] * 5
    assert served.events("violation.unguarded") == []


def test_observing_records_and_lets_it_pass(served):
    served.end()
    served.begin(observe=True)
    assert around(served, "CFile('a.txt', 'w').close()") == ["done"]
    assert (served / "a.txt").exists()
    assert served.events("violation.unguarded") == [("violation.unguarded", "a.txt")]
