"""The app in a browser on this machine: loopback alone, one secret link, read-only.

textual-serve gives each visitor a process of `soulguard watch --read-only`; by itself it
has no authentication and takes WebSockets from any page the user has open. What stands
before it here: a token in the link that becomes a cookie, a check of Host and Origin
(the WebSocket's as well), and a page that may load nothing from elsewhere.
"""

from __future__ import annotations

import hmac
import secrets
import shlex
import socket
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from soulguard.errors import UsageError

if TYPE_CHECKING:
    from aiohttp import web

    _Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

HOST = "127.0.0.1"
_COOKIE = "soulguard_watch"
_POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self'"
    " 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' {socket};"
    " frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


def serve(url: str, run: str, *, port: int) -> int:
    """Serve the app until it is stopped from the keyboard; prints the link.

    Raises:
        UsageError: the extra `web` is not installed, or the port is taken.
    """
    listener = listen(port)
    token = secrets.token_urlsafe(24)
    server = make_server(command(url, run), listener, token)
    link = f"http://{HOST}:{listener.getsockname()[1]}/?token={token}"
    print(f"read-only view at {link}", file=sys.stderr)
    print("stop with ctrl+c", file=sys.stderr, flush=True)

    from aiohttp import web

    web.run_app(server._make_app(), sock=listener, print=None, access_log=None)
    return 0


def command(url: str, run: str) -> str:
    """Give the command line each visitor's process is started with."""
    words = [sys.executable, "-m", "soulguard", "watch", "--ledger", url]
    words += ["--read-only", "--in-browser", *([run] if run else [])]
    return shlex.join(words)


def listen(port: int) -> socket.socket:
    """Take a port of the loopback interface, 0 for a free one.

    Raises:
        UsageError: it is taken.
    """
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise UsageError(
            f"port {port} cannot be used: {error.strerror}",
            hint="name another with `--port`, or leave it away for a free one",
        ) from None
    return listener


def make_server(words: str, listener: socket.socket, token: str) -> Any:
    """Give the guarded server.

    Raises:
        UsageError: the extra `web` is not installed.
    """
    try:
        from textual_serve.server import Server
    except ImportError:
        raise UsageError(
            "`--web` needs the extra `web`", hint="pip install 'soulguard[web]'"
        ) from None
    port = listener.getsockname()[1]

    class Guarded(Server):  # type: ignore[misc,unused-ignore]
        async def _make_app(self) -> web.Application:
            app: web.Application = await super()._make_app()
            app.middlewares.append(_guard(port, token))
            app.on_response_prepare.append(_harden(port))
            app.on_startup.clear()  # its banner speaks of the command
            return app

    return Guarded(words, host=HOST, port=port, title="soulguard watch")


def _guard(port: int, token: str) -> Any:
    from aiohttp import web

    host = f"{HOST}:{port}"

    @web.middleware
    async def guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
        if not _local(request.headers, host):
            raise web.HTTPForbidden(text="only from this machine's own address")
        given = request.query.get("token", "")
        if given and _same(given, token) and request.path == "/":
            # the secret leaves the address bar and the history
            response = web.HTTPFound("/")
            response.set_cookie(_COOKIE, token, httponly=True, samesite="Strict")
            raise response
        if not _same(request.cookies.get(_COOKIE, ""), token):
            raise web.HTTPForbidden(text="open the link that soulguard printed")
        return await handler(request)

    return guard


def _harden(port: int) -> Any:
    policy = _POLICY.format(socket=f"ws://{HOST}:{port}")

    async def harden(_: web.Request, response: web.StreamResponse) -> None:
        response.headers["Content-Security-Policy"] = policy
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"

    return harden


def _local(headers: Any, host: str) -> bool:
    """Whether a request names us and comes from our own page, or from none."""
    origin = headers.get("Origin")
    return headers.get("Host") == host and origin in (None, f"http://{host}")


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(), wanted.encode())
