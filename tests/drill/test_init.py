import pytest

import soulguard.drill
from soulguard.drill.assertion import assert_safe


def test_the_assertion_is_the_public_name():
    assert soulguard.drill.__all__ == ["assert_safe"]
    assert soulguard.drill.assert_safe is assert_safe


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'xyzzy'"):
        soulguard.drill.xyzzy  # noqa: B018 - looking is the test
