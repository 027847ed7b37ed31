import io
import sys

import pytest

from soulguard.ledger import open_ledger
from soulguard.tui import start
from soulguard.tui.beside import Beside


@pytest.mark.parametrize(
    ("asked", "browser", "said"),
    [
        (False, False, ""),
        (True, False, "read-only, as asked"),
        (True, True, "read-only in a browser"),
    ],
)
def test_why_nothing_may_be_answered(path, asked, browser, said):
    open_ledger(path).close()
    assert start.refusal(str(path), asked=asked, browser=browser) == said


def test_a_ledger_that_may_not_be_written_is_read_only(path, monkeypatch):
    open_ledger(path).close()
    monkeypatch.setattr(start.os, "access", lambda *_: False)
    said = start.refusal(str(path), asked=False, browser=False)
    assert said == "the ledger may not be written"


def test_a_ledger_that_is_not_there_yet_may_be_answered_later(tmp_path):
    path = tmp_path / "none.db"
    assert start.refusal(f"sqlite://{path}", asked=False, browser=False) == ""


@pytest.fixture
def app(monkeypatch):
    made = []

    class App:
        def __init__(self, url, **options):
            made.append((url, options))

        def run(self):
            made.append("shown")

    monkeypatch.setattr(start, "WatchApp", App)
    return made


def test_alone_the_app_is_told_what_it_may(app, path):
    open_ledger(path).close()
    assert start.start(str(path), "r", read_only=False, browser=True) == 0
    options = {"run": "r", "read_only": "read-only in a browser", "browser": True}
    assert app == [(str(path), options), "shown"]


@pytest.mark.parametrize("running", [True, False])
def test_beside_an_agent_its_output_and_status_come_after_the_app(
    app, monkeypatch, running
):
    raw = io.BytesIO()
    out = io.TextIOWrapper(raw, write_through=True)
    monkeypatch.setattr(sys, "__stdout__", out)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr(Beside, "start", lambda self: app.append("started"))
    monkeypatch.setattr(Beside, "status", None if running else 0)
    monkeypatch.setattr(
        Beside, "give_back", lambda self, out: out.write(b"agent\n") and 3
    )
    assert start.start_beside("l.db", ["python"]) == 3
    assert [step for step in app if isinstance(step, str)] == ["started", "shown"]
    goes_on = b"soulguard: the agent goes on; this is its output\n" if running else b""
    assert raw.getvalue() == goes_on + b"agent\n"
