import pytest

from soulguard.guard.scope import scope
from tests.compat.http.stage import Stage, patched
from tests.compat.http.world import World


@pytest.fixture
def world():
    """Give a local service that counts what reaches it."""
    service = World()
    yield service
    service.close()


@pytest.fixture
def stage(tmp_path):
    """Give a run whose first attempt has begun, with every HTTP door in place."""
    patches = patched()
    made = Stage(tmp_path)
    made.start()
    yield made
    scope.calls = False
    made.stop()
    patches.remove()
