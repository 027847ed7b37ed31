import pytest

from soulguard.guard import api, protocol


def test_outside_a_run_there_is_no_id_and_no_attempt(monkeypatch):
    for name in (protocol.ENV_RUN_ID, protocol.ENV_ATTEMPT):
        monkeypatch.delenv(name, raising=False)
    assert api.run_id() is None
    assert api.attempt() is None


def test_inside_a_run_the_agent_can_ask_for_both(monkeypatch):
    monkeypatch.setenv(protocol.ENV_RUN_ID, "daily")
    monkeypatch.setenv(protocol.ENV_ATTEMPT, "3")
    assert (api.run_id(), api.attempt()) == ("daily", 3)


@pytest.mark.parametrize("name", api.__all__)
def test_everything_public_exists(name):
    assert callable(getattr(api, name))
