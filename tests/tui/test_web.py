import asyncio
import shlex
import socket
import sys

import aiohttp
import pytest
from aiohttp import web
from textual_serve.app_service import AppService

from soulguard.errors import UsageError
from soulguard.tui import web as watch_web

TOKEN = "secret-token"


def visit(steps, words="cat"):
    """Serve on a free port, let `steps` visit it with the address, and stop."""

    async def serve():
        listener = watch_web.listen(0)
        port = listener.getsockname()[1]
        server = watch_web.make_server(words, listener, TOKEN)
        runner = web.AppRunner(await server._make_app())
        await runner.setup()
        await web.SockSite(runner, listener).start()
        jar = aiohttp.CookieJar(unsafe=True)  # of an address without a name
        try:
            async with aiohttp.ClientSession(cookie_jar=jar) as session:
                return await steps(session, f"http://127.0.0.1:{port}")
        finally:
            await runner.cleanup()

    return asyncio.run(serve())


def status(path, headers=None, *, token=True):
    async def steps(session, url):
        if token:
            await session.get(f"{url}/?token={TOKEN}")
        async with session.get(f"{url}{path}", headers=headers) as answer:
            return answer.status

    return visit(steps)


@pytest.mark.parametrize("path", ["/", "/?token=wrong", "/ws", "/static/js/textual.js"])
def test_without_the_link_nothing_is_shown(path):
    assert status(path, token=False) == 403


def test_the_link_becomes_a_cookie_and_leaves_the_address_bar():
    async def steps(session, url):
        answer = await session.get(f"{url}/?token={TOKEN}", allow_redirects=False)
        cookie = answer.headers["Set-Cookie"]
        page = await session.get(f"{url}/")
        return answer, cookie, page

    answer, cookie, page = visit(steps)
    assert (answer.status, answer.headers["Location"]) == (302, "/")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert page.status == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost:1"},
        {"Origin": "null"},
        {"Host": "evil.example"},
    ],
)
@pytest.mark.parametrize("path", ["/", "/ws"])
def test_another_page_of_the_same_browser_gets_nothing(headers, path):
    assert status(path, headers) == 403


@pytest.fixture
def reaped(monkeypatch):
    """Wait for the visitors' processes before the loop that watches them is gone."""
    stop = AppService.stop

    async def stop_and_wait(self):
        await stop(self)
        if self._process is not None:
            await self._process.wait()

    monkeypatch.setattr(AppService, "stop", stop_and_wait)


@pytest.mark.usefixtures("reaped")
def test_the_page_itself_may_open_its_socket_and_is_sent_the_app(story, path):
    async def steps(session, url):
        await session.get(f"{url}/?token={TOKEN}")
        socket = url.replace("http", "ws")
        async with session.ws_connect(
            f"{socket}/ws?width=100&height=30", headers={"Origin": url}
        ) as ws:
            seen = b""
            while b"Never write twice" not in seen:
                message = await ws.receive(timeout=30)
                seen += (
                    message.data if message.type is aiohttp.WSMsgType.BINARY else b""
                )
            return seen

    assert b"read-only" in visit(steps, watch_web.command(str(path), ""))


def test_each_visitor_gets_a_process_that_may_only_read():
    words = shlex.split(watch_web.command("/a b/ledger.db", "r"))
    assert words == [
        sys.executable, "-m", "soulguard", "watch", "--ledger", "/a b/ledger.db",
        "--read-only", "--in-browser", "r",
    ]  # fmt: skip


def test_it_listens_on_the_loopback_alone():
    with watch_web.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_taken_port_is_a_usage_error():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UsageError, match="cannot be used"):
            watch_web.listen(taken.getsockname()[1])


def test_without_the_extra_it_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "textual_serve.server", None)
    with (
        watch_web.listen(0) as listener,
        pytest.raises(UsageError, match="needs the extra"),
    ):
        watch_web.make_server("cat", listener, TOKEN)


def test_serving_prints_the_link_on_stderr(monkeypatch, capsys):
    served = []
    monkeypatch.setattr(
        web, "run_app", lambda app, **how: (app.close(), served.append(how))
    )
    assert watch_web.serve("ledger.db", "", port=0) == 0
    [how] = served
    how["sock"].close()
    out, err = capsys.readouterr()
    assert out == ""
    assert "http://127.0.0.1:" in err
    assert "/?token=" in err
