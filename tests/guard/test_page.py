import builtins
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from soulguard.guard import page
from soulguard.supervisor.page import Page


@pytest.fixture
def shown(tmp_path: Path) -> Any:
    made = Page(tmp_path, 3)
    yield made
    made.close()


def descriptors() -> set[str]:
    return set(os.listdir("/proc/self/fd"))


def test_a_turned_page_is_seen_at_once_and_by_a_forked_child(shown: Page) -> None:
    seen = page.attach(str(shown.path)).numbers
    assert seen[0] == 3
    shown.turn(4)
    assert seen[0] == 4
    child = os.fork()
    if child == 0:
        while seen[0] != 5:
            pass
        os._exit(0)
    shown.turn(5)
    assert os.waitpid(child, 0)[1] == 0


def test_a_page_takes_no_descriptor_an_agent_would_count_on(shown: Page) -> None:
    before = descriptors()
    seen = page.attach(str(shown.path)).numbers
    assert {int(n) for n in descriptors() - before if int(n) < 64} == set()
    assert seen[0] == 3


def test_without_mapped_memory_the_page_is_read_each_time(
    shown: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "mmap":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    seen = page.attach(str(shown.path)).numbers
    monkeypatch.undo()
    shown.turn(9)
    assert seen[0] == 9


def test_a_page_that_is_gone_cannot_be_attached(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        page.attach(str(tmp_path / "none"))


def test_a_path_has_the_same_places_in_every_locale() -> None:
    code = "from soulguard.guard.page import positions; print(positions('/caf\\xe9'))"
    said = {
        subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True,
            env={"PYTHONUTF8": utf8, "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"},
        ).stdout
        for utf8 in ("0", "1")
    }  # fmt: skip
    assert said == {f"{page.positions('/caf' + chr(0xE9))}\n"}
    assert page.positions(os.fsdecode(b"/caf\xe9")) != page.positions("/caf\xe9")
