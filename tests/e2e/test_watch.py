"""A person at the live view, and an agent in another process that waits for an answer."""

import time

import pytest

from soulguard.tui.app import WatchApp
from tests.tui.driving import driven, until

SOUL = """\
# The clerk

## Boundaries
Ask before writing to `config/`.
"""
AGENT = """
    os.makedirs("config", exist_ok=True)
    try:
        with open("config/app.toml", "w") as file:
            file.write("model = 1")
    except PermissionError:
        sys.exit(5)
    sys.exit(int(os.environ.get("END", "0")))
"""


@pytest.fixture
def asking(workshop):
    workshop.soul(SOUL)
    workshop.agent(AGENT)
    return workshop


async def at_the_app(asking, keys, *, end="0"):
    """Start the agent, answer at the app, and give the exit status."""
    path = asking / ".soulguard" / "ledger.db"
    with asking.started("--approve-timeout", "60", env={"END": end}) as agent:
        app = WatchApp(str(path))
        async with app.run_test(size=(100, 30)) as pilot:
            await until(pilot, lambda: app.waitbar.display)
            assert not (asking / "config/app.toml").exists()
            await until(pilot, lambda: app.waitbar.shown_for > 0.5)
            await pilot.press(*keys)
            started = time.monotonic()
            await until(pilot, lambda: agent.poll() is not None)
            print(f"released after {time.monotonic() - started:.2f} s")
        return agent.returncode


@driven
async def test_an_answer_in_the_app_releases_the_waiting_agent(asking):
    assert await at_the_app(asking, ["a", "enter"]) == 0
    assert (asking / "config/app.toml").read_text() == "model = 1"


@driven
async def test_a_no_in_the_app_is_a_refusal_to_the_agent(asking):
    assert await at_the_app(asking, ["d", "enter"]) == 5
    assert not (asking / "config/app.toml").exists()


@driven
async def test_a_restart_remembers_the_answer(asking):
    assert await at_the_app(asking, ["A", "enter"], end="3") == 3
    (asking / "config/app.toml").unlink()
    assert asking.run("--approve-timeout", "0").status == 0
    assert (asking / "config/app.toml").exists()
    assert len(asking.touched("approval.asked")) == 1


def test_no_answer_in_time_is_no(asking):
    assert asking.run("--approve-timeout", "0.2").status == 5
    assert not (asking / "config/app.toml").exists()
    assert asking.touched("approval.settled") == ["config/app.toml"]
