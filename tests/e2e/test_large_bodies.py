"""Bodies too large for memory, by the real tool: bounded memory, a crash in the middle."""

import os
import signal

import pytest

from tests.compat.http.large import Large, blocks, digest
from tests.e2e.conftest import ROOT

MIB = int(os.environ.get("LARGE_MIB", "64"))
"""1024 shows the same with a gibibyte; it takes a while."""
BOUND = 40 * 1024
SOUL = "# The clerk\n\nEvery outside call carries an idempotency key.\n"
AGENT = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from tests.compat.http.large import blocks, fetch

def peak(pid="self"):
    text = open(f"/proc/{{pid}}/status").read()
    return int(text.partition("VmHWM:")[2].split()[0])

name, url, up, down = os.environ["CALL"].split()
fetch(name, url + "/length/1", blocks(1))
us, broker = peak(), peak(os.getppid())
body = blocks(int(up)) if int(up) else None
print(fetch(name, f"{{url}}/{{down}}", body))
print(peak() - us, peak(os.getppid()) - broker)
if "END" in os.environ:
    sys.exit(int(os.environ["END"]))
"""


@pytest.fixture
def large():
    """Give a local service of large bodies."""
    service = Large()
    yield service
    service.close()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("http.client", "chunked"), ("httpx", "length"), ("aiohttp", "length")],
)
def test_an_answer_of_any_size_takes_little_memory(workshop, large, name, kind):
    workshop.soul(SOUL)
    workshop.agent(AGENT)
    env = {"CALL": f"{name} {large.url} 0 {kind}/{MIB}"}
    first = workshop.run(env={**env, "END": "3"})
    second = workshop.run(env=env).ok()
    for result in (first, second):
        answer, *grown = result.out.split()
        assert answer == digest(blocks(MIB))
        assert max(map(int, grown)) < BOUND, grown
    assert len(large.got) == 2


@pytest.mark.parametrize("name", ["http.client", "httpx", "aiohttp"])
def test_a_request_of_any_size_takes_little_memory(workshop, large, name):
    workshop.soul(SOUL)
    workshop.agent(AGENT)
    env = {"CALL": f"{name} {large.url} {MIB} length/0"}
    first = workshop.run(env={**env, "END": "3"})
    second = workshop.run(env=env).ok()
    for result in (first, second):
        _, *grown = result.out.split()
        assert max(map(int, grown)) < BOUND, grown
    assert large.got[1:] == [digest(blocks(MIB))]


def test_a_crash_in_the_middle_leaves_doubt_and_no_file(workshop, large):
    workshop.soul(SOUL)
    workshop.agent(AGENT.replace(
        "body = blocks", "import threading; threading.Timer(1, lambda: os.kill("
        "os.getpid(), 9)).start(); body = blocks",
    ))  # fmt: skip
    result = workshop.run(env={"CALL": f"httpx {large.url} 0 stuck/4"})
    assert result.status == 128 + signal.SIGKILL
    with workshop.ledger() as ledger:
        states = [e.state.value for e in ledger.effects()]
    assert states == ["done", "in_doubt"]
    assert list((workshop.folder / ".soulguard" / "stage").glob("*/*")) == []
    again = workshop.run(env={"CALL": f"httpx {large.url} 0 stuck/4"})
    assert "InDoubtError" in again.err
    assert len(large.got) == 2


def test_over_the_cap_a_body_is_not_kept(workshop, large):
    workshop.soul(SOUL)
    workshop.agent(AGENT)
    env = {"CALL": f"httpx {large.url} 0 length/3", "SOULGUARD_BODY_CAP": "2"}
    workshop.run(env={**env, "END": "3"})
    result = workshop.run(env=env)
    assert "its answer was too large to keep" in result.err
    assert len(large.got) == 2
