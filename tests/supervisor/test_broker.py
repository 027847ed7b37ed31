import pytest

from soulguard.model import Decision, Verdict
from soulguard.supervisor.broker import Answer, Broker, Peer, wire

YES, NO = Answer(Decision(Verdict.ALLOW, "yes")), Answer(Decision(Verdict.DENY, "no"))


def test_a_message_reaches_the_handler_that_owns_it():
    broker = Broker({"a": lambda *_: YES, "b": lambda *_: NO})
    assert broker.handle(Peer(), {"op": "a"}, ()) is YES
    assert broker.handle(Peer(), {"op": "b"}, ()) is NO


def test_other_handlers_hold_from_the_next_message_on():
    broker = Broker({"a": lambda *_: YES})
    broker.use({"a": lambda *_: NO})
    assert broker.handle(Peer(), {"op": "a"}, ()) is NO


def test_a_message_nobody_owns_is_an_error():
    with pytest.raises(KeyError):
        Broker({}).handle(Peer(), {"op": "a"}, ())


def test_fields_that_say_nothing_are_left_out_on_the_wire():
    assert wire(YES.decision) == {"verdict": "allow", "reason": "yes"}
    full = Decision(
        Verdict.DENY, "no", "rule", "SOUL.md:3", "the story", 7, {"error": "denied"}
    )
    assert wire(full) == {
        "verdict": "deny", "reason": "no", "rule": "rule", "source": "SOUL.md:3",
        "message": "the story", "effect": 7, "data": {"error": "denied"},
    }  # fmt: skip
