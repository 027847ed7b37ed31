import time

import pytest

from tests.tui.stories import tell


@pytest.fixture(autouse=True)
def utc(monkeypatch):
    monkeypatch.setenv("TZ", "UTC")
    monkeypatch.delenv("NO_COLOR", raising=False)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".soulguard" / "ledger.db"


@pytest.fixture
def story(path):
    """Give a told ledger that can be told on."""
    told = tell(path)
    yield told
    told.close()
