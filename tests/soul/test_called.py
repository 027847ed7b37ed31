import pytest

from soulguard.soul.builtin import every_class
from soulguard.soul.called import calls_to
from soulguard.soul.drafts import UNSAFE, World


@pytest.fixture
def world() -> World:
    return World(every_class())


@pytest.mark.parametrize(
    ("who", "hosts"),
    [
        ("Stripe", ("api.stripe.com",)),
        ("`api.example.com`", ("api.example.com",)),
        ("Blotato", ("*blotato*",)),
        ("API", ()),
    ],
)
def test_a_service_is_its_hosts(world, who, hosts):
    found = calls_to(who, world)
    assert (found.hosts, found.methods) == (hosts, UNSAFE)


def test_calls_of_no_service_are_those_to_outside_hosts(world):
    assert "localhost" in calls_to("api", world).except_hosts


@pytest.mark.parametrize(
    "who", ["tool", "Every", "blotato", "Art", "two words", "POST", ""]
)
def test_other_words_are_no_service(world, who):
    assert calls_to(who, world) is None
