import os
import select
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from soulguard.soul.compiler import compile_sources
from soulguard.soul.text import contents
from soulguard.supervisor import reload as module
from soulguard.supervisor.generations import Offer
from soulguard.supervisor.reload import Reload

BASE = "# The clerk\n\n- Never write to `locked/`.\n"
MORE = f"{BASE}- Never write to `vault/`.\n"
PATIENCE = 20


class Watched:
    """A folder with a SOUL.md that is watched, and what was offered."""

    def __init__(self, folder: Path, *, explicit: tuple[Path, ...] = ()) -> None:
        self.soul = folder / "SOUL.md"
        if not self.soul.exists():
            self.soul.write_text(BASE)
        self.offers: list[Offer] = []
        found = compile_sources([self.soul])
        seen = contents([self.soul])
        self.reload = Reload(found, seen, self.offers.append, explicit=explicit)

    def wait(self, *, settled: bool = True) -> Offer:
        """Take part as the server's loop until there is an offer."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            ready, _, _ = select.select([self.reload.fd], [], [], 0.1)
            if ready:
                self.reload.deliver()
            wanted = [o for o in self.offers if o.settled is settled]
            if wanted:
                self.offers.clear()
                return wanted[-1]
        raise AssertionError("nothing was offered")


@pytest.fixture
def watched(tmp_path: Path) -> Any:
    made = Watched(tmp_path)
    yield made
    made.reload.close()


def test_a_save_is_offered_whole_at_once_and_settled_when_it_is_over(
    watched: Watched,
) -> None:
    watched.soul.write_text(MORE)
    assert len(watched.wait().found.sentences) == 2
    spare = watched.soul.with_name("spare")
    spare.write_text(BASE)
    os.replace(spare, watched.soul)
    early = watched.wait(settled=False)
    settled = watched.wait()
    assert early.found == settled.found
    assert len(settled.found.sentences) == 1


def test_an_edit_from_before_the_watching_is_not_missed(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.soul.write_text(MORE)
    assert len(watched.wait().found.sentences) == 2
    watched.reload.close()


def test_a_write_through_a_handle_that_stays_open_is_seen(watched: Watched) -> None:
    with watched.soul.open("a") as file:
        file.write("- Never write to `vault/`.\n")
        file.flush()
        assert len(watched.wait().found.sentences) == 2


def test_saving_the_same_again_offers_nothing(watched: Watched) -> None:
    watched.soul.write_text(BASE)
    os.utime(watched.soul)
    watched.soul.write_text(MORE)
    assert len(watched.wait().found.sentences) == 2
    assert not watched.offers


def test_a_vanished_file_stays_among_the_sources_and_is_complained_about(
    watched: Watched,
) -> None:
    other = watched.soul.with_name("AGENTS.md")
    other.write_text("- Never write to `vault/`.\n")
    assert not watched.wait().found.errors
    other.unlink()
    error = watched.wait().found.errors[0]
    assert error.span.file == "AGENTS.md"


def test_where_a_link_led_stays_protected_when_it_leads_elsewhere(
    tmp_path: Path,
) -> None:
    first, second = tmp_path / "one.md", tmp_path / "two.md"
    first.write_text(BASE)
    second.write_text(MORE)
    (tmp_path / "SOUL.md").symlink_to(first)
    watched = Watched(tmp_path)
    spare = tmp_path / "spare"
    spare.symlink_to(second)
    os.replace(spare, watched.soul)
    rules = {r.id: r for r in watched.wait().found.policy.rules}
    assert {"one.md", "two.md"} <= set(rules["builtin.identity"].where.paths)
    watched.reload.close()


def test_the_target_of_a_link_may_be_edited_where_it_stands(tmp_path: Path) -> None:
    there = tmp_path / "there"
    there.mkdir()
    (there / "rules.md").write_text(BASE)
    (tmp_path / "SOUL.md").symlink_to("there/rules.md")
    watched = Watched(tmp_path)
    (there / "rules.md").write_text(MORE)
    assert len(watched.wait().found.sentences) == 2
    watched.reload.close()


def test_named_files_alone_are_watched_where_files_were_named(tmp_path: Path) -> None:
    watched = Watched(tmp_path, explicit=(tmp_path / "SOUL.md",))
    (tmp_path / "AGENTS.md").write_text("- Never write to `vault/`.\n")
    watched.soul.write_text(BASE + "- Never write to `attic/`.\n")
    assert watched.wait().found.files_read == ("SOUL.md",)
    watched.reload.close()


def test_what_the_compiler_chokes_on_is_an_error_and_watching_goes_on(
    watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choke(*_: Any, **__: Any) -> None:
        raise RecursionError

    with monkeypatch.context() as patched:
        patched.setattr("soulguard.soul.compiler.examine", choke)
        watched.soul.write_text(MORE)
        assert "RecursionError" in watched.wait().found.errors[0].message
    watched.soul.write_text(MORE + "- Never write to `attic/`.\n")
    assert len(watched.wait().found.sentences) == 3


def test_the_last_save_of_all_is_offered_on_closing(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.soul.write_text(MORE)
    watched.reload.close()
    assert watched.offers[-1].settled
    assert len(watched.offers[-1].found.sentences) == 2


def test_without_any_event_the_files_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise OSError(28, "inotify watch limit reached")

    from watchdog.observers.api import BaseObserver

    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    watched = Watched(tmp_path)
    watched.soul.write_text(MORE)
    assert len(watched.wait().found.sentences) == 2
    watched.soul.write_text(BASE)
    assert len(watched.wait().found.sentences) == 1
    watched.reload.close()


def test_a_short_run_never_loads_watchdog(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise AssertionError

    monkeypatch.setattr(module, "_observer", fail)
    Watched(tmp_path).reload.close()


def test_an_agent_that_writes_much_beside_the_rules_is_not_listened_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_NOISE", 3)
    watches: list[Any] = []
    real = module._Watch.follow

    def follow(self: Any, paths: Any) -> Any:
        watches.append(self)
        return real(self, paths)

    monkeypatch.setattr(module._Watch, "follow", follow)
    watched = Watched(tmp_path)
    until = time.monotonic() + PATIENCE
    number = 0
    while not (watches and watches[-1].deaf) and time.monotonic() < until:
        (tmp_path / f"out{number}").write_text("x")
        number += 1
    assert watches[-1].deaf
    watched.soul.write_text(MORE)
    assert len(watched.wait().found.sentences) == 2
    assert watches[-1]._watched == {}
    watched.reload.close()


def test_a_file_nobody_told_of_is_found_after_a_while(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_WHOLE", 0.1)
    monkeypatch.setattr(module._Watch, "dispatch", lambda *_: None)
    watched = Watched(tmp_path)
    extra = tmp_path / "extra.soulguard.yaml"
    extra.write_text("rules:\n  - {id: a, where: {path: 'a/**'}, decision: deny}\n")
    assert extra.name in watched.wait().found.files_read
    watched.reload.close()


def test_what_watchdog_warns_of_does_not_reach_stderr():
    code = (
        "import logging; from soulguard.supervisor import reload\n"
        "reload._observer().stop()\n"
        "logging.getLogger('watchdog.observers.inotify').warning('inactive')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
