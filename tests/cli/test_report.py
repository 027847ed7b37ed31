import pytest

from soulguard.cli.exits import Exit
from tests.cli.ledger_stories import SECOND, tell
from tests.cli.test_main import status_of


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.db"
    tell(path)
    return path


def test_the_page_is_written_where_it_is_asked_for(path, tmp_path, capsys):
    page = tmp_path / "report.html"
    words = ("report", SECOND[:6], "--html", str(page), "--ledger", str(path))
    assert status_of(*words) == Exit.OK
    assert SECOND in page.read_text()
    out, err = capsys.readouterr()
    assert (out, "report.html" in err) == ("", True)


def test_a_dash_is_the_standard_output(path, capsys):
    words = ("report", SECOND, "--html", "-", "--ledger", str(path))
    assert status_of(*words) == Exit.OK
    assert capsys.readouterr().out.startswith("<!doctype html>")


def test_a_page_that_cannot_be_written_is_a_usage_error(path, tmp_path, capsys):
    page = tmp_path / "none" / "report.html"
    words = ("report", SECOND, "--html", str(page), "--ledger", str(path))
    assert status_of(*words) == Exit.USAGE
    assert "cannot be written" in capsys.readouterr().err


def test_before_the_first_run_there_is_nothing_to_report(tmp_path, monkeypatch, capsys):
    (tmp_path / "SOUL.md").write_text("# Agent\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SOULGUARD_LEDGER", raising=False)
    assert status_of("report", "x", "--html", "-") == Exit.USAGE
    assert "no runs yet" in capsys.readouterr().err
