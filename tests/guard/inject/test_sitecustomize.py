import os
import subprocess
import sys

import pytest

from soulguard.guard.protocol import ENV_SOCKET
from soulguard.supervisor.launch import INJECT, PACKAGE


@pytest.fixture
def own(tmp_path):
    """A folder with a sitecustomize of the agent's own."""
    (tmp_path / "sitecustomize.py").write_text("import builtins; builtins.MINE = 1\n")
    return tmp_path


def python(code, *path, **env):
    joined = os.pathsep.join(map(str, path))
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": joined, **env},
    )  # fmt: skip
    return done.stdout.strip() or done.stderr


def test_the_agent_s_own_sitecustomize_runs_as_if_ours_were_not_there(own):
    code = "import sys, sitecustomize as s; print(MINE, s.__file__, len(sys.path))"
    bare = python(code, own)
    assert python(code, INJECT, own) == bare
    assert python(code, own) == bare


def test_our_folder_is_not_on_the_agent_s_path(own):
    code = "import sys; print([p for p in sys.path if 'inject' in p])"
    assert python(code, INJECT, own) == "[]"


def test_without_a_run_no_guard_is_loaded(own):
    code = "import sys; print([m for m in sys.modules if m.startswith('soulguard')])"
    assert python(code, INJECT) == "[]"


def test_in_a_run_the_guard_comes_from_its_own_home_alone(served):
    done = served.python("import soulguard; print(soulguard.__file__)")
    assert done.stdout.strip() == str(PACKAGE / "__init__.py")


def test_a_guard_that_cannot_be_loaded_lets_nothing_run(own):
    said = python(
        "print('ran')", INJECT, **{ENV_SOCKET: "/s", "SOULGUARD_HOME": str(own)}
    )
    assert "the guard could not be loaded" in said
    assert "ran" not in said.split()
