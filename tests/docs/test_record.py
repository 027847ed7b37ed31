"""docs/record.md says what the command does, with ages and events there are."""

import re
from pathlib import Path

import pytest

from soulguard.cli.exits import Exit
from soulguard.model import EventType
from tests.cli.ledger_stories import tell
from tests.cli.test_main import status_of

PAGE = (Path(__file__).parents[2] / "docs" / "record.md").read_text()
COMMANDS = re.findall(r"^    soulguard ([^#\n]+)", PAGE, re.MULTILINE)


def test_the_commands_of_the_page_work(tmp_path, monkeypatch, capsys):
    tell(tmp_path / "ledger.db")
    monkeypatch.setenv("SOULGUARD_LEDGER", str(tmp_path / "ledger.db"))
    assert len(COMMANDS) == 3
    for words in COMMANDS:
        assert status_of(*words.split()) == Exit.OK
    assert "removed 1 run" in capsys.readouterr().out
    assert EventType.RUN_PRUNED.value in PAGE


@pytest.mark.parametrize("age", re.findall(r"`(\d+[hdw])`", PAGE))
def test_the_ages_of_the_page_are_ages(age, tmp_path, monkeypatch):
    tell(tmp_path / "ledger.db")
    monkeypatch.setenv("SOULGUARD_LEDGER", str(tmp_path / "ledger.db"))
    assert status_of("prune", "--older-than", age, "--dry-run") == Exit.OK
