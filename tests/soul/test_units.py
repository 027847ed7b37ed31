"""What limits count."""

import pytest

from soulguard.model import EffectKind
from soulguard.soul import units
from soulguard.soul.builtin import every_class
from soulguard.soul.drafts import World


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("e-mails to customers", "mails"),
        ("reminders by mail", "messages"),
        ("files in one commit", "files"),
        ("restarts of the same service", "restarts"),
        ("api requests", "calls"),
        ("orders", "orders"),
    ],
)
def test_what_is_named_first_is_counted(text, name):
    found = units.find(text)
    assert found
    assert found.name == name


def test_what_nobody_sees_is_not_counted():
    assert units.find("slices of cake") is None


def test_a_message_is_seen_as_a_call_and_as_a_mail():
    world = World(every_class())
    message = units.find("reminders")
    assert message
    kinds = [kinds for kinds, _ in units.seen(message, world)]
    assert kinds == [(EffectKind.HTTP_CALL,), (EffectKind.MAIL_SEND,)]


def test_an_order_is_a_call_to_a_path_named_like_one():
    (one,) = units.seen(units.find("orders"), World(every_class()))
    assert "**/*[Oo]rder*" in one[1].url_paths
