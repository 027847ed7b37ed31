import pytest

from soulguard.drill.probe import steps, wire


@pytest.fixture
def told(monkeypatch):
    """Note what is sent to the conductor instead of sending it."""
    messages = []
    monkeypatch.setattr(steps, "send", lambda op, m: messages.append((op, m)) or {})
    monkeypatch.setitem(steps.settings, "folders", ["/drill/"])
    return messages


def test_a_name_always_gets_the_same_address_of_nobody_and_is_announced(told):
    one = wire.address_of("api.example.com")
    assert one == wire.address_of("API.example.com")
    assert one.startswith("198.18.")
    assert told[0] == ("name", {"host": "api.example.com", "address": one})


@pytest.mark.parametrize(
    "address",
    [("127.0.0.1", 80), ("localhost", 1), ("::1", 1, 0, 0), "/drill/line", b""],
)
def test_what_stays_on_this_machine_and_in_the_drill_passes(told, address):
    wire.check(address)
    assert told == []


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        (("192.0.2.1", 443), "192.0.2.1:443"),
        ("/run/docker.sock", "unix:/run/docker.sock"),
    ],
)
def test_everything_else_is_refused_and_said(told, address, shown):
    with pytest.raises(OSError, match="the drill refused a connection to"):
        wire.check(address)
    assert told[0][0] == "note"
    assert told[0][1]["what"] == shown


def test_a_server_of_the_agents_own_is_left_alone(guarded_walk, bare_walk):
    assert "own server 200" in guarded_walk.said
    assert "own server 200" in bare_walk.said


def test_no_datagram_leaves(bare_walk):
    assert "the drill refused a connection to 192.0.2.1:9999" in bare_walk.said
    assert ("refused", "192.0.2.1:9999") in [n[:2] for n in bare_walk.walk.notes]


def test_every_request_names_the_line_that_sent_it(guarded_walk, bare_walk):
    for walk in (guarded_walk, bare_walk):
        lines = [r.at for r in walk.walk.requests]
        assert len(set(lines)) == len(lines)
        assert all(at.startswith("agent.py:") for at in lines)
