import pytest

from tests.supervisor.attempts import Attempts
from tests.supervisor.office import Office


@pytest.fixture
def run(tmp_path):
    """Give a run whose first attempt has begun."""
    made = Attempts(tmp_path)
    yield made
    made.close()


@pytest.fixture
def run_with(tmp_path):
    """Give a maker of runs under further rules."""
    made = []

    def make(*rules, **options):
        made.append(Attempts(tmp_path, *rules, **options))
        return made[-1]

    yield make
    for attempts in made:
        attempts.close()


@pytest.fixture
def office(tmp_path):
    """Give a broker whose first attempt has begun."""
    made = Office(tmp_path).begin()
    yield made
    made.end()
