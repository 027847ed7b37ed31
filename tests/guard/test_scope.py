from pathlib import Path
from typing import Any

import pytest

from soulguard.errors import GuardUnavailable
from soulguard.guard import client
from soulguard.guard.scope import Scope
from soulguard.supervisor.page import Page

OLD = {"generation": 1, "paths": "/r/old/.*", "reads": "", "calls": False}
NEW = {"generation": 2, "paths": "/r/.*", "reads": "/r/secret", "calls": True}


class Supervisor:
    """Answers `scope` with what it is told to, and counts."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[str] = []
        self.data: dict[str, Any] | None = NEW
        monkeypatch.setattr(client, "ask", self.ask)

    def ask(self, op: str, message: dict[str, Any]) -> Any:
        self.asked.append(op)
        if self.data is None:
            raise GuardUnavailable("gone")
        return {"verdict": "allow", "data": self.data}, []


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Supervisor:
    return Supervisor(monkeypatch)


@pytest.fixture
def page(tmp_path: Path) -> Any:
    made = Page(tmp_path, 1)
    yield made
    made.close()


def following(page: Page, **more: Any) -> Scope:
    scope = Scope()
    scope.load({**OLD, **more})
    scope.follow_page(str(page.path))
    return scope


def test_a_scope_of_the_generation_that_holds_asks_nobody(
    supervisor: Supervisor, page: Page
) -> None:
    scope = following(page)
    assert scope.guards("/r/old/a")
    assert not scope.guards("/r/new")
    scope.refresh()
    assert supervisor.asked == []


def test_once_the_page_has_turned_the_next_look_is_with_the_new_scope(
    supervisor: Supervisor, page: Page
) -> None:
    scope = following(page)
    page.turn(2)
    assert scope.guards("/r/new")
    assert scope.calls
    assert scope.reads is not None
    assert scope.guards("/r/other")
    assert supervisor.asked == ["scope"]


def test_an_answer_that_is_older_than_the_page_is_asked_for_again(
    supervisor: Supervisor, page: Page
) -> None:
    scope = following(page)
    page.turn(3)
    scope.refresh()
    supervisor.data = {**NEW, "generation": 3, "paths": "/later"}
    assert scope.guards("/later")
    assert supervisor.asked == ["scope", "scope"]


def test_rules_that_changed_and_cannot_be_learnt_stop_the_effect(
    supervisor: Supervisor, page: Page
) -> None:
    supervisor.data = None
    page.turn(2)
    with pytest.raises(GuardUnavailable):
        following(page).guards("/anything")
    assert not following(page, observe=True).guards("/anything")


def test_without_a_page_the_scope_is_never_stale(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    for path in ("", str(tmp_path / "gone")):
        scope = Scope()
        scope.load(OLD)
        scope.follow_page(path)
        assert scope.guards("/r/old/a")
    assert supervisor.asked == []


def test_a_closed_scope_guards_nothing_and_asks_nobody(
    supervisor: Supervisor, page: Page
) -> None:
    scope = following(page)
    scope.close()
    page.turn(2)
    assert not scope.guards("/r/old/a")
    assert supervisor.asked == []
