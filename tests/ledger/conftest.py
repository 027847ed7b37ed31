import pytest

from soulguard.ledger import open_ledger
from tests.ledger.samples import start


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".soulguard" / "ledger.db"


@pytest.fixture
def ledger(path):
    """Give an open ledger with nothing in it."""
    opened = open_ledger(path)
    yield opened
    opened.close()


@pytest.fixture
def started(ledger):
    """Give an open ledger in which attempt 1 of `run-1` is live."""
    start(ledger)
    return ledger
