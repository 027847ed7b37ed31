"""A conflict under a key may mean that the first copy is still at work: wait for it."""

import pytest

from soulguard.supervisor import outcome
from tests.compat.http.clients import CLIENTS

BODY = b'{"amount": 1}'


@pytest.mark.parametrize("name", CLIENTS)
def test_the_door_waits_and_sends_the_same_again(stage, world, name, monkeypatch):
    monkeypatch.setattr(outcome, "_WAITS", (0.01,) * 8)
    status, _, content = CLIENTS[name](world.url + "/busy/2/a", BODY)
    assert (status, content) == (200, b'{"number": 1, "got": 13}')
    keys = {
        h.get("Idempotency-Key") or h["idempotency-key"] for _, _, h, _ in world.seen
    }
    assert (len(keys), world.total()) == (1, 3)
    assert [e.protection for e in stage.effects()] == ["key honoured"]


@pytest.mark.parametrize("name", CLIENTS)
def test_in_the_end_the_agent_gets_the_conflict_itself(stage, world, name, monkeypatch):
    monkeypatch.setattr(outcome, "_WAITS", (0.01, 0.01))
    status, headers, content = CLIENTS[name](world.url + "/busy/9/a", BODY)
    assert (status, content) == (409, b'{"title": "a request is in progress"}')
    assert dict(headers)["Content-Type".lower() if "httpx" in name else "Content-Type"]
    assert world.total() == 3


@pytest.mark.parametrize("name", CLIENTS)
def test_a_plain_conflict_is_passed_on_as_it_is(stage, world, name):
    status, _, content = CLIENTS[name](world.url + "/status/409/a", BODY)
    assert (status, content) == (409, b'{"number": 0, "got": 13}')
    assert world.total() == 1
