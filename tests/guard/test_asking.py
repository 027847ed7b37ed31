from soulguard.guard import client, originals
from soulguard.guard.asking import ask_until_decided, decide


def test_it_asks_again_for_as_long_as_it_has_to_wait(monkeypatch):
    replies = [
        ({"verdict": "wait", "data": {"seconds": 3}}, []),
        ({"verdict": "wait"}, []),
        ({"verdict": "allow"}, [b"part"]),
    ]
    slept = []
    monkeypatch.setattr(client, "ask", lambda *_: replies.pop(0))
    monkeypatch.setattr(originals, "sleep", slept.append)
    assert decide("op", {}) == ({"verdict": "allow"}, [b"part"])
    assert slept == [3, 0.2]


def test_what_is_decided_is_given_at_once(monkeypatch):
    monkeypatch.setattr(client, "ask", lambda *_: ({"verdict": "deny"}, []))
    assert ask_until_decided("op", {})["verdict"] == "deny"
