import sys

import pytest

from soulguard.cli import watch
from soulguard.cli.exits import Exit
from soulguard.tui import start, web
from tests.cli.ledger_stories import SECOND, tell
from tests.cli.test_main import status_of


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.db"
    tell(path)
    return path


@pytest.fixture
def terminal(monkeypatch):
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)


@pytest.fixture
def started(monkeypatch):
    calls = []
    for module, name in ((start, "start"), (start, "start_beside"), (web, "serve")):
        monkeypatch.setattr(
            module, name, lambda *a, n=name, **k: calls.append((n, a, k)) or 7
        )
    return calls


def test_without_a_terminal_it_names_the_commands_for_pipes(path, capsys):
    assert status_of("watch", "--ledger", str(path)) == Exit.USAGE
    assert "soulguard log --follow" in capsys.readouterr().err


def test_the_app_is_told_ledger_whole_run_and_whether_it_may_answer(
    path, terminal, started
):
    words = ("watch", SECOND[:6], "--ledger", str(path), "--read-only")
    assert status_of(*words) == 7
    assert started == [
        ("start", (str(path), SECOND), {"read_only": True, "browser": False})
    ]


def test_a_run_nobody_knows_is_said_before_the_app_starts(path, terminal, started):
    assert status_of("watch", "nobody", "--ledger", str(path)) == Exit.USAGE
    assert started == []


def test_the_web_view_needs_no_terminal(path, started):
    assert status_of("watch", "--web", "--port", "8123", "--ledger", str(path)) == 7
    assert started == [("serve", (str(path), ""), {"port": 8123})]


def test_beside_an_agent_the_options_are_typed_again(tmp_path, monkeypatch, started):
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    monkeypatch.chdir(tmp_path)
    options = {
        "soul": (), "run_id": "daily", "new": False, "strict": True, "ledger": "",
        "durability": "crash",
    }  # fmt: skip
    assert watch.beside(("python", "a.py", "--new"), options) == 7
    [(_, (ledger, words), _)] = started
    assert ledger == str(tmp_path / ".soulguard" / "ledger.db")
    assert words == [
        sys.executable, "-m", "soulguard", "run", "--run-id", "daily", "--strict",
        "--durability", "crash", "--", "python", "a.py", "--new",
    ]  # fmt: skip


def test_options_given_more_than_once_are_typed_more_than_once():
    assert watch._words({"soul": ("A.md", "B.md"), "new": False, "ledger": ""}) == [
        "--soul", "A.md", "--soul", "B.md"
    ]  # fmt: skip


def test_run_shows_the_app_beside_the_agent_where_it_is_asked_to(
    tmp_path, monkeypatch, started
):
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOULGUARD_LEDGER", raising=False)
    assert status_of("run", "--watch", "--new", "--", "python", "a.py") == 7
    [(name, (_, words), _)] = started
    assert name == "start_beside"
    assert words[3:5] == ["run", "--new"]
    assert words[-3:] == ["--", "python", "a.py"]
    assert "--watch" not in words
