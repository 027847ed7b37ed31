import os
import tempfile
import uuid

import pytest

from soulguard.drill.probe import drawn
from soulguard.guard.patches import Patches


@pytest.fixture(autouse=True)
def patched(monkeypatch):
    monkeypatch.setattr(drawn, "_drawn", set())
    patches = Patches(drawn.TABLE)
    patches.install()
    yield
    patches.remove()


def test_what_was_drawn_here_is_left_out_of_a_path(tmp_path):
    fd, path = tempfile.mkstemp(prefix="report-", suffix=".md", dir=tmp_path)
    os.close(fd)
    assert drawn.steady(path) == f"{tmp_path}/report-*.md"
    one = uuid.uuid4()
    assert drawn.steady(f"a/{one.hex}.tmp and {one}") == "a/*.tmp and *"
    assert drawn.steady(f"a.json.{os.getpid()}.tmp") == "a.json.*.tmp"
    assert drawn.steady(f"/proc/{os.getpid()}/fd/4") == "/proc/*/fd/4"


def test_what_only_looks_drawn_stays():
    for path in (
        "a/tmpabcdefgh.md", f"{uuid.UUID(int=7)}.md", f"{os.getpid()}/a.md",
        f"1{os.getpid()}.md",
    ):  # fmt: skip
        assert drawn.steady(path) == path
