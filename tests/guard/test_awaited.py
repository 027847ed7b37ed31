import subprocess

import pytest

from soulguard.guard import awaited, commands
from soulguard.guard.local import local


@pytest.mark.parametrize(
    ("stdout", "stderr", "goes"),
    [
        (None, None, commands.INHERITED),
        (subprocess.PIPE, None, commands.OUT),
        (None, subprocess.DEVNULL, commands.ERR),
        (subprocess.PIPE, subprocess.PIPE, commands.BOTH),
        (None, subprocess.STDOUT, commands.MERGED),
    ],
)
def test_where_the_output_of_a_start_goes_is_told_as_for_a_fork(stdout, stderr, goes):
    assert awaited._output({"stdout": stdout, "stderr": stderr}) == goes


def test_without_a_word_a_loop_gives_pipes():
    assert awaited._output({}) == commands.BOTH


def test_an_answer_waits_for_its_own_start_alone():
    with awaited._handed([]):
        assert local.granted == []
    assert local.granted is None
