"""A request through what has no door is listed as around the guard, by `status`."""

import sys
import textwrap

import pytest

from tests.compat.http.world import World

SOUL = "# The clerk\n\nEvery outside call carries an idempotency key.\n"
AGENTS = {
    "pycurl": ("`pycurl`", """
        import pycurl
        curl = pycurl.Curl()
        curl.setopt(curl.URL, URL + "/plain/a")
        curl.setopt(curl.POSTFIELDS, "x=1")
        curl.setopt(curl.WRITEFUNCTION, len)
        curl.perform()
    """),
    "a raw socket": ("a connection of `__main__`", """
        import socket
        with socket.create_connection(PLACE) as raw:
            raw.sendall(b"POST /plain/a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1"
                        b"\\r\\nConnection: close\\r\\n\\r\\nx")
            assert b"200" in raw.recv(100)
    """),
    "asyncio streams": ("a connection of `", """
        import asyncio
        async def post():
            reader, writer = await asyncio.open_connection(*PLACE)
            writer.write(b"POST /plain/a HTTP/1.1\\r\\nHost: a\\r\\nContent-Length: 1"
                         b"\\r\\nConnection: close\\r\\n\\r\\nx")
            assert b"200" in await reader.read(100)
            writer.close()
        asyncio.run(post())
    """),
}  # fmt: skip


@pytest.fixture
def world():
    """Give a local service that counts what reaches it."""
    service = World()
    yield service
    service.close()


@pytest.mark.parametrize("way", AGENTS)
def test_status_lists_what_went_around(workshop, world, way):
    said, code = AGENTS[way]
    workshop.soul(SOUL)
    place = ("127.0.0.1", world.server.server_port)
    workshop.agent(f"URL, PLACE = {world.url!r}, {place!r}\n" + textwrap.dedent(code))
    workshop.run().ok()
    assert world.total() == 1
    (run,) = workshop.runs()
    status = workshop.bare_command(
        [sys.executable, "-m", "soulguard", "status", run.run_id]
    ).ok()
    assert "1 around it" in status.out
    assert "around the guard (1)" in status.out
    assert said in status.out.partition("around the guard")[2]
