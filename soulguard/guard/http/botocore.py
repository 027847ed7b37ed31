"""The two special needs of botocore on its way through `http.client`.

It waits on the socket for "100 Continue" before the body, which a collected request has
not yet; and it draws a random token into requests that it then signs, so that such a
token cannot be replaced later: it is asked of the broker, which gives the same one again
after a restart.
"""

from __future__ import annotations

from soulguard.errors import GuardUnavailable
from soulguard.guard import client
from soulguard.guard.http import exchange
from soulguard.guard.http.exchange import dressed
from soulguard.guard.local import inside
from soulguard.guard.scope import scope

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def _send_output(original: Any) -> Any:
    def _send_output(
        self: Any, message_body: Any = None, *args: Any, **kwargs: Any
    ) -> None:
        pending = self.__dict__.get("_soulguard")
        if pending is not None and not pending.flushed:
            # the body may follow at once: RFC 9110 section 10.1.1
            self._expect_header_set = False
        original(self, message_body, *args, **kwargs)

    return dressed(_send_output, original)


def _handlers(original: list[Any]) -> list[Any]:
    """Give botocore's table of handlers with the one that draws tokens replaced."""
    made = []
    for entry in original:
        handler = entry[1]
        if getattr(handler, "__name__", "") == "generate_idempotent_uuid":
            made.append((entry[0], _token(handler), *entry[2:]))
        else:
            made.append(entry)
    return made


def _token(original: Any) -> Any:
    def generate_idempotent_uuid(params: Any, model: Any, **kwargs: Any) -> None:
        if exchange.unsafe("POST"):
            for name in model.idempotent_members:
                if name not in params:
                    _set(params, name, model)
        original(params, model, **kwargs)

    return dressed(generate_idempotent_uuid, original)


def _set(params: Any, name: str, model: Any) -> None:
    place = f"{model.service_model.service_name}.{model.name}.{name}"
    text = repr(sorted(params.items(), key=repr))
    with inside:
        try:
            reply, _ = client.ask("call.token", {"place": place, "text": text})
        except GuardUnavailable:
            if not scope.observe:
                raise
            return
    params[name] = reply["data"]["token"]


TABLE = (
    ("botocore.awsrequest", "AWSConnection._send_output", _send_output),
    ("botocore.handlers", "BUILTIN_HANDLERS", _handlers),
)
