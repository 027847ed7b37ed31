import pytest

from soulguard.ledger import open_ledger
from tests.ledger.samples import start
from tests.tui.stories import tell


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".soulguard" / "ledger.db"


@pytest.fixture
def started(path):
    ledger = open_ledger(path)
    start(ledger)
    yield ledger
    ledger.close()


@pytest.fixture
def story(path):
    told = tell(path)
    yield told
    told.close()
