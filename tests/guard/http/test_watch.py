import socket
import sys
import types
import urllib.request

import pytest

from soulguard.guard.http import watch
from soulguard.guard.patches import Patches
from tests.compat.http.clients import CLIENTS


@pytest.fixture(autouse=True)
def nothing_told():
    watch._told.clear()


@pytest.fixture
def seen(monkeypatch):
    """Give what is told, with the audit hook's event made by hand."""
    told = []
    monkeypatch.setattr(watch.client, "tell", lambda op, message: told.append(message))
    return told


def test_a_raw_connection_is_told_once(seen, world):
    address = ("127.0.0.1", world.server.server_port)
    with socket.socket() as raw:
        watch.connected(raw, address)
        watch.connected(raw, address)
    (message,) = seen
    assert message["target"] == f"127.0.0.1:{address[1]}"
    assert __name__.rpartition(".")[2] in message["via"]


@pytest.mark.parametrize("address", ["/run/x.sock", ("127.0.0.1", 5432)])
def test_what_cannot_be_a_call_is_not_told(seen, address):
    with socket.socket() as raw:
        watch.connected(raw, address)
    assert seen == []


def test_a_datagram_is_not_told(seen):
    with socket.socket(type=socket.SOCK_DGRAM) as raw:
        watch.connected(raw, ("127.0.0.1", 80))
    assert seen == []


@pytest.mark.parametrize("name", CLIENTS)
def test_the_connections_of_clients_with_a_door_are_not_told(seen, world, name):
    events = []

    def hook(event, args):
        if event == "socket.connect" and watching:
            events.append(args)
            watch.connected(*args)

    watching = True
    sys.addaudithook(hook)
    try:
        CLIENTS[name](world.url + "/plain/a", b"x")
        urllib.request.urlopen(world.url + "/plain/b").close()
    finally:
        watching = False
    assert len(events) >= 2
    assert seen == []


def test_a_client_without_a_door_is_told_when_it_is_imported(
    seen, tmp_path, monkeypatch
):
    (tmp_path / "pycurl.py").write_text("class Curl: pass\n")
    monkeypatch.syspath_prepend(tmp_path)
    patches = Patches(watch.TABLE)
    patches.install()
    try:
        import pycurl

        assert isinstance(pycurl, types.ModuleType)
        assert [m["target"] for m in seen] == ["pycurl"]
    finally:
        patches.remove()
        sys.modules.pop("pycurl", None)
