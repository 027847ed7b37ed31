"""Scripts that a line starts are read as lines of their own."""

import os

import pytest

from soulguard.model import Effect, EffectKind
from soulguard.policy.scripts import is_for_shell, scripts
from soulguard.policy.sight import BLIND, Sight
from soulguard.policy.started import placed

FILES = {
    "/w/out/a.sh": "#!/bin/sh\nset -e\nrm x\n",
    "/w/b": "#!/usr/bin/env -S bash -e\n. out/a.sh\n",
    "/w/plain": "cd out\nsh a.sh\nsh ../plain\n",
    "/w/tool.py": "#!/usr/bin/env python3\nrm = 1\n",
    "/w/.venv/bin/activate": "rm x\n",
    "/usr/bin/gunzip": "#!/bin/sh\nrm x\n",
}
SIGHT = Sight(script=lambda path: FILES.get(path, ""))


def started(line: str, sight: Sight = SIGHT) -> dict[str, list[list[str]]]:
    effect = Effect(EffectKind.COMMAND_RUN, line, details={"cwd": "/w"})
    found = scripts(effect, placed(effect), sight)
    return {path: [s.words for s in inside] for path, inside in found}


@pytest.mark.parametrize(
    "line",
    [
        "sh out/a.sh",
        "bash -eu -o pipefail out/a.sh --all",
        "sudo bash /w/out/a.sh",
        "sh < out/a.sh",
        "source out/a.sh",
        "cd out && ./a.sh",
        "sh -c 'sh out/a.sh'",
        "timeout 5 out/a.sh",
    ],
)
def test_a_script_is_found_however_it_is_started(line: str) -> None:
    assert started(line) == {"/w/out/a.sh": [["set", "-e"], ["rm", "x"]]}


def test_a_script_that_starts_another_is_followed_and_none_twice() -> None:
    assert list(started("./b")) == ["/w/b", "/w/out/a.sh"]
    assert list(started("sh plain")) == ["/w/plain", "/w/out/a.sh"]


@pytest.mark.parametrize(
    "line",
    [
        "./tool.py",
        "./plain",
        "cat out/a.sh",
        "sh -c out/a",
        "sh -s out/a.sh",
        ". .venv/bin/activate",
        "/usr/bin/gunzip x",
        "ssh host sh /w/out/a.sh",
        "sh $SCRIPT",
        "sh missing.sh",
    ],
)
def test_what_is_no_script_of_the_agent_is_not_looked_into(line: str) -> None:
    assert started(line) == {}


def test_nobody_who_looks_sees_no_script() -> None:
    assert started("sh out/a.sh", BLIND) == {}


def test_the_first_line_says_whose_script_it_is() -> None:
    assert is_for_shell(FILES["/w/b"])
    assert not is_for_shell(FILES["/w/tool.py"])
    assert not is_for_shell(os.linesep)
