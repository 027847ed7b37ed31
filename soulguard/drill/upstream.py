"""The one way out of a drill: calls of the run that is recorded, made for real.

Only ``--live`` comes here, once. Mail is never sent.
"""

from __future__ import annotations

import http.client
import ssl
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from soulguard.drill.recording import Exchange
from soulguard.model.call import Call

_PATIENCE = 600
_HOP = frozenset({
    "connection", "keep-alive", "proxy-connection", "proxy-authorization", "te",
    "trailer", "transfer-encoding", "upgrade", "content-length", "expect",
})  # fmt: skip
"""Headers that speak of one connection (RFC 9110 section 7.6.1), and framing."""


def fetch(call: Call) -> Exchange:
    """Make a call and give it with its answer.

    Raises:
        OSError, http.client.HTTPException: there was none.
    """
    line = _connect(call)
    try:
        target = call.split.path or "/"
        if call.split.query:
            target += f"?{call.split.query}"
        line.putrequest(call.method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in call.headers:
            if name.lower() not in _HOP:
                line.putheader(name, value)
        if call.body or call.method not in ("GET", "HEAD", "OPTIONS"):
            line.putheader("Content-Length", str(len(call.body)))
        line.endheaders(call.body or None)
        answer = line.getresponse()
        chunks = []
        while chunk := answer.read1(1 << 16):
            chunks.append(chunk)
        kept = [(n, v) for n, v in answer.getheaders() if n.lower() not in _HOP]
        return Exchange(
            call.method, call.url, call.headers, call.body, answer.status,
            answer.reason, tuple(kept), tuple(chunks), call.at,
        )  # fmt: skip
    finally:
        line.close()


def _connect(call: Call) -> http.client.HTTPConnection:
    parts = urlsplit(call.url)
    secure, host = parts.scheme == "https", parts.hostname or ""
    port = parts.port or (443 if secure else 80)
    proxy = getproxies().get(parts.scheme, "")
    if proxy and not proxy_bypass(host):
        through = urlsplit(proxy)
        if secure:
            line = http.client.HTTPSConnection(
                through.hostname or "", through.port, timeout=_PATIENCE,
                context=ssl.create_default_context(),
            )  # fmt: skip
            line.set_tunnel(host, port)
            return line
    if secure:
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            host, port, timeout=_PATIENCE, context=context
        )
    return http.client.HTTPConnection(host, port, timeout=_PATIENCE)
