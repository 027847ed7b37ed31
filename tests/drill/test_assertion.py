import sys

import pytest

from soulguard.drill import assert_safe
from tests.drill.stage import SOUL

WRITES = """
with open("journal.jsonl", "a") as file:
    file.write("one line\\n")
"""


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "SOUL.md").write_text(SOUL)
    (tmp_path / "agent.py").write_text(WRITES)
    return tmp_path


def test_a_safe_agent_passes_and_gives_the_report(shop):
    report = assert_safe([sys.executable, "agent.py"], cwd=shop, sample=2, strict=True)
    assert (report.guarded, len(report.verdicts)) == (True, 2)


def test_an_unsafe_agent_fails_with_a_message_that_lists_the_points(shop):
    with pytest.raises(AssertionError) as failed:
        assert_safe([sys.executable, "agent.py"], cwd=shop, bare=True)
    message = str(failed.value)
    assert "agent.py` is not safe:" in message
    assert "journal.jsonl: has a line twice: `one line`" in message
    assert message.endswith("1 of 3 crash points safe, 2 unsafe (without the guard)")


def test_an_agent_that_cannot_be_drilled_fails_with_what_was_said(shop):
    with pytest.raises(AssertionError, match=r"cannot be drilled:(?s:.)*not found"):
        assert_safe(["no-such-program"], cwd=shop, jobs=1, from_run="")
    with pytest.raises(TypeError, match=r"list of words: \['python', 'agent.py'\]"):
        assert_safe("python agent.py", cwd=shop)
