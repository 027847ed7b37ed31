"""The invoice agent with its real SDKs, each in an environment and Python of its own.

The tool stays in this one. An environment is made once per Python and kept in
``.cache/agents`` of the checkout.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.test_demo_crashes import (
    EXAMPLE,
    KILLED,
    ROOT,
    left,
    load_service,
    office,
)
from tests.e2e.test_versions import interpreter

OTHERS = ("3.10", "3.12", "3.13")
"""The Pythons besides those the other tests of the agent run in."""


@pytest.fixture(scope="module")
def service():
    return load_service()


def environment(version):
    """Give the Python of an environment that holds what the agent needs."""
    base = interpreter(version)
    if base is None:
        pytest.skip(f"no Python {version} on this machine")
    folder = ROOT / ".cache" / "agents" / version
    python, ready = folder / "bin" / "python", folder / "ready"
    if not ready.exists():
        subprocess.run([base, "-m", "venv", "--clear", folder], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "--no-compile"]
        pip += ["-r", EXAMPLE / "requirements.txt"]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        ready.touch()
    return python


def launch(folder, world, python):
    env = {
        "PATH": os.environ["PATH"], "OPENAI_API_KEY": "sk-test",
        "OPENAI_BASE_URL": f"{world.url}/v1", "STRIPE_API_KEY": "sk_test",
        "STRIPE_API_BASE": world.url,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "soulguard", "run", "--", python, "agent.py"],
        cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("version", OTHERS)
def test_the_invoice_agent_goes_on_after_a_kill(service, tmp_path, version):
    python = environment(version)
    found = [python, "-c", "import soulguard"]
    assert subprocess.run(found, cwd="/", capture_output=True, check=False).returncode
    with service.Service() as world:
        whole = launch(office(tmp_path / "whole"), world, python)
        assert whole.returncode == 0, whole.stderr
        expected = left(tmp_path / "whole")
    with service.Service() as world:
        folder = office(tmp_path / "killed")
        world.arm(path="/v1/charges", nth=2, kill="client", when="after-processing")
        assert launch(folder, world, python).returncode == KILLED
        again = launch(folder, world, python)
        assert again.returncode == 0, again.stderr
        assert world.stats()["charges"] == 2
    assert left(folder) == expected
    assert Path(python).parent.parent.name == version
