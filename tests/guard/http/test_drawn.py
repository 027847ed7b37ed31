import secrets
import uuid

import pytest

from soulguard.guard.http import drawn
from soulguard.guard.patches import Patches


@pytest.fixture(autouse=True)
def installed():
    patches = Patches(drawn.TABLE)
    patches.install()
    drawn.take()
    yield
    patches.remove()


def test_what_was_drawn_is_given_once():
    values = [str(uuid.uuid4()), secrets.token_hex(16), secrets.token_urlsafe()]
    assert drawn.take() == values
    assert drawn.take() == []


def test_only_the_newest_values_are_kept():
    values = [str(uuid.uuid4()) for _ in range(3000)]
    taken = drawn.take()
    assert 0 < len(taken) <= 1024
    assert taken == values[-len(taken) :]


def test_the_functions_look_and_fail_as_before():
    assert uuid.uuid4.__doc__
    assert secrets.token_hex.__name__ == "token_hex"
    with pytest.raises(TypeError):
        uuid.uuid4(1)
