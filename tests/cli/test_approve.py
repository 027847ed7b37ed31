import pytest

from soulguard.cli.exits import Exit
from soulguard.ledger import open_ledger
from soulguard.model import EventType
from tests.cli.test_main import status_of
from tests.ledger.samples import an_event, start


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "ledger.db"
    ledger = open_ledger(path)
    start(ledger)
    ledger.add_event(an_event(EventType.APPROVAL_ASKED, target="mail to ops"))
    ledger.commit(durable=False)
    ledger.close()
    return path


@pytest.mark.parametrize("verb", ["approve", "deny"])
def test_a_question_is_answered_once_with_its_scope(path, verb, capsys):
    words = (verb, "1", "--for", "run", "--ledger", str(path))
    assert status_of(*words) == Exit.OK
    assert "mail to ops" in capsys.readouterr().err
    ledger = open_ledger(path, read_only=True)
    [event] = ledger.events("run-1", types=["approval.settled"])
    ledger.close()
    assert (event.data["answer"], event.data["scope"]) == (verb, "run")
    assert status_of(*words) == Exit.USAGE
    assert "was answered" in capsys.readouterr().err
