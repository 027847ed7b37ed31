import pytest
from hypothesis import given
from hypothesis import strategies as st

from soulguard.guard.interpreter import is_python, isolated


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        ("python agent.py", False), ("python -I agent.py", True),
        ("python -S -c pass", True), ("python -E agent.py", True),
        ("python -uI agent.py", True), ("python -bIs agent.py", True),
        ("python agent.py -I", False), ("python -c -I", False),
        ("python -m mod -I", False), ("python -mI", False), ("python -cI", False),
        ("python -W I agent.py", False), ("python -W ignore -I x.py", True),
        ("python -X dev -I x.py", True), ("python -XI x.py", False),
        ("python -WI x.py", False), ("python - -I", False), ("python -- -I", False),
        ("python --version -I", True), ("python", False),
    ],
)  # fmt: skip
def test_flags_that_switch_the_guard_off_are_seen(argv, expected):
    assert isolated(argv.split()) is expected


plain = st.sampled_from(["-u", "-b", "-B", "-O", "-OO", "-v", "-q", "-s", "-x", "-P"])
valued = st.sampled_from([["-W", "ignore"], ["-X", "dev"], ["-Wignore"], ["-Xdev"]])
harmless = st.lists(plain.map(lambda flag: [flag]) | valued, max_size=4).map(
    lambda groups: [word for group in groups for word in group]
)
rest = st.sampled_from([["agent.py"], ["-c", "pass"], ["-m", "mod"], ["-"]])


@given(harmless, rest, st.lists(st.sampled_from(["-I", "-E", "-S", "x"]), max_size=3))
def test_words_after_the_program_are_the_program_s(flags, program, words):
    assert not isolated(["python", *flags, *program, *words])


@given(harmless, st.sampled_from(["-I", "-E", "-S", "-uI", "-sE"]), rest)
def test_a_switch_before_the_program_counts_wherever_it_stands(flags, switch, program):
    assert isolated(["python", *flags, switch, *program])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/usr/bin/python3.12", True), ("python", True), ("pypy3", True),
        ("/usr/bin/python3-config", False), ("/bin/sh", False), ("mypython", False),
    ],
)  # fmt: skip
def test_an_interpreter_is_known_by_its_name(path, expected):
    assert is_python(path) is expected
