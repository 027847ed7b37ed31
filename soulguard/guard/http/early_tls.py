"""urllib3 opens tunnels and shakes hands before it writes the request: put that off.

A replayed call must open no connection. So for an unsafe call on a new connection the
tunnel and the handshake wait until the broker has said that the request goes out; their
errors are then handed to urllib3 at the place it expects them.
"""

from __future__ import annotations

from soulguard.guard.http import exchange
from soulguard.guard.http.exchange import dressed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class ConnectFailed(BaseException):
    """The handshake that was put off failed; no handler of urllib3 may catch this."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


def connect(connection: Any) -> bool:
    """Shake hands now where that was put off; says whether it was.

    Raises:
        ConnectFailed: with the error urllib3 has to see.
    """
    pool = connection.__dict__.pop("_soulguard_pool", None)
    if pool is None:
        return False
    try:
        pool._validate_conn(connection)
    except Exception as error:  # noqa: BLE001 - urllib3 has to see it, whatever it is
        raise ConnectFailed(error) from None
    return True


def _validate_conn(original: Any) -> Any:
    def _validate_conn(self: Any, conn: Any) -> None:
        if "_soulguard_pool" not in conn.__dict__:
            original(self, conn)

    return dressed(_validate_conn, original)


def _prepare_proxy(original: Any) -> Any:
    """Name the tunnel's end, and leave opening it to `_make_request`."""

    def _prepare_proxy(self: Any, conn: Any) -> None:
        conn.connect = _not_yet
        try:
            original(self, conn)
        finally:
            del conn.connect
        conn._soulguard_tunnel = True

    return dressed(_prepare_proxy, original)


def _not_yet() -> None:
    """Open nothing: it is not said yet that the request goes out."""


def _make_request(original: Any) -> Any:
    def _make_request(
        self: Any, conn: Any, method: str, url: str, *args: Any, **options: Any
    ) -> Any:
        new = getattr(conn, "sock", None) is None and self.scheme == "https"
        tunnel = conn.__dict__.pop("_soulguard_tunnel", False)
        # a time-out of the tunnel or the handshake counts as one of reading, and of
        # the proxy where there is one, as without us
        where = self.proxy.url if tunnel else url
        if not new or not exchange.unsafe(method):
            if tunnel:
                _open(self, conn, where)
            return original(self, conn, method, url, *args, **options)
        conn._soulguard_pool = self
        try:
            return original(self, conn, method, url, *args, **options)
        except ConnectFailed as failed:
            error = failed.error
        finally:
            conn.__dict__.pop("_soulguard_pool", None)
        if isinstance(error, OSError):
            self._raise_timeout(err=error, url=where, timeout_value=conn.timeout)
        raise error

    return dressed(_make_request, original)


def _open(pool: Any, conn: Any, where: Any) -> None:
    """Open a tunnel for a call that nobody has to be asked about."""
    try:
        conn.connect()
    except OSError as error:
        pool._raise_timeout(err=error, url=where, timeout_value=conn.timeout)
        raise


TABLE = (
    ("urllib3.connectionpool", "HTTPConnectionPool._make_request", _make_request),
    ("urllib3.connectionpool", "HTTPSConnectionPool._validate_conn", _validate_conn),
    ("urllib3.connectionpool", "HTTPSConnectionPool._prepare_proxy", _prepare_proxy),
)
