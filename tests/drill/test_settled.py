import pytest

from soulguard.drill.probe.steps import ACTED, INTENT, MADE
from soulguard.drill.results import Point
from tests.drill.conftest import exchange
from tests.drill.stage import walked

CALLS = """
import json, urllib.request
body = json.dumps({"q": 1}).encode()
kind = {"Content-Type": "application/json"}
url = "https://api.example.com/v1/x"
print(urllib.request.urlopen(urllib.request.Request(url, body, kind)).read())
"""
CALL = "call POST api.example.com/v1/x"


@pytest.mark.parametrize(("moment", "happened"), [(INTENT, False), (ACTED, True)])
def test_what_waits_for_a_person_is_settled_by_what_the_service_knows(
    tmp_path, moment, happened
):
    done = walked(
        tmp_path, CALLS, exchanges=[exchange(1, b"x")], stop=Point(moment, CALL, 1)
    )
    (held,) = done.walk.held
    assert (held.effect, held.happened) == (CALL, happened)
    assert done.walk.statuses == (137, 1, 0)
    assert len(done.walk.requests) == 1, (
        "it reached the service once, whatever happened"
    )


def test_what_no_service_knows_of_is_left_to_a_person(tmp_path):
    agent = """
import soulguard
with soulguard.effect("stamp", key="letter") as effect:
    if not effect.done:
        effect.record("stamped")
"""
    stop = Point(INTENT, "effect stamp", 1)
    done = walked(tmp_path, agent, stop=stop).walk
    assert done.reached
    assert [h.happened for h in done.held] == [None], "told once"
    assert not done.completed


RULES = """\
# A

```soulguard
rules:
  - id: push-once
    effect: command.run
    where: {command: "touch *"}
    once: run
```
"""
COMMAND = """
import subprocess
subprocess.run(["touch", "pushed"], check=True)
"""


@pytest.mark.parametrize(("moment", "happened"), [(INTENT, False), (MADE, True)])
def test_a_command_is_settled_by_whether_it_ran_and_runs_once(
    tmp_path, moment, happened
):
    stop = Point(moment, "command touch pushed", 1)
    done = walked(tmp_path, COMMAND, stop=stop, files={"SOUL.md": RULES})
    (held,) = done.walk.held
    assert (held.effect, held.happened) == ("command touch pushed", happened)
    assert done.walk.completed
    assert done.walk.performed == {"command touch pushed": 1}
