"""CPython's own tests of files, the short ones, on the Python that runs this suite.

`python -m tests.compat` runs all modules, on any Python.
"""

import sys

import pytest

from tests.compat.cpython import comparing
from tests.compat.cpython.comparing import Comparison

SHORT = (
    "test_file", "test_fileio", "test_tempfile", "test_fileinput", "test_csv",
    "test_pathlib", "test_os", "test_shutil", "test_gzip", "test_builtin", "test_bz2",
    "test_lzma", "test_shelve",
)  # fmt: skip


@pytest.mark.parametrize("module", SHORT)
def test_a_module_of_cpython_goes_guarded_as_bare(module):
    if why := comparing.missing(sys.executable, module):
        pytest.skip(why)
    found = comparing.compare(sys.executable, module)
    assert comparing.verdict(found) == []
    assert found.counts()[1] > 10


def outcomes(**ended):
    return {f"test_x.{name}": (outcome, "") for name, outcome in ended.items()}


def compared(**guarded):
    return Comparison("3.11", "test_x", outcomes(a="ok", b="ok"), outcomes(**guarded))


def test_a_difference_that_is_not_listed_is_wrong():
    assert comparing.verdict(compared(a="ok", b="ok"), []) == []
    (line,) = comparing.verdict(compared(a="ok", b="failed"), [])
    assert line.startswith("test_x.b: bare ('ok', ''), guarded ('failed', '')")
    (line,) = comparing.verdict(compared(a="ok"), [])
    assert line.startswith("test_x.b")


def test_a_listed_difference_that_is_none_is_wrong():
    known = [("test_x.b", [], "why")]
    assert comparing.verdict(compared(a="ok", b="failed"), known) == []
    (line,) = comparing.verdict(compared(a="ok", b="ok"), known)
    assert "there is none" in line


def test_a_difference_may_be_listed_for_some_versions():
    known = [("test_x.*", ["3.13"], "why")]
    assert len(comparing.verdict(compared(a="ok", b="failed"), known)) == 1
