import pytest

from soulguard.drill.probe.steps import HALF
from soulguard.drill.results import Point
from tests.drill.stage import walked

AGENT = """
import os
with os.fdopen(os.open("low.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "w") as file:
    file.write("0123456789")
with open("text.txt", "w") as file:
    file.write("0123456789")
    file.flush()
    file.write("and more")
with open("log.jsonl", "ab", buffering=0) as file:
    file.write(b"abcdef")
with open("one.txt", "w") as file:
    file.write("x")
"""


def halves(walked):
    return [e for m, e in walked.named() if m == HALF]


@pytest.mark.parametrize("guarded", [True, False])
def test_the_first_write_of_a_file_is_cut_and_no_other(tmp_path, guarded):
    found = walked(tmp_path, AGENT, guarded=guarded)
    low = ["write low.txt"] if guarded else []
    assert halves(found) == [*low, "write text.txt", "append log.jsonl"]
    assert (found.workspace / "text.txt").read_text() == "0123456789and more"
    assert (found.workspace / "log.jsonl").read_bytes() == b"abcdef"


@pytest.mark.parametrize(
    ("effect", "guarded", "left"),
    [
        ("write text.txt", False, "01234"),
        ("write text.txt", True, None),
        ("append log.jsonl", False, "abc"),
    ],
)
def test_half_is_what_is_left_when_the_agent_dies_there(
    tmp_path, effect, guarded, left
):
    # the restart finds it as it was left: it copies what is there
    agent = f"""
import os
attempt = "second" if os.path.exists("started") else "first"
open("started", "a").close()
name = {effect.partition(" ")[2]!r}
if attempt == "second":
    print(open(name).read() if os.path.exists(name) else None)
else:
    exec({AGENT!r})
"""
    done = walked(tmp_path, agent, guarded=guarded, stop=Point(HALF, effect, 1))
    assert done.walk.reached
    assert done.said.splitlines()[-1] == str(left)
