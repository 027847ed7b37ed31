"""The canary write and call, made from the agent's interpreter before the agent starts.

Both must be refused by the supervisor that waits for them. Run by the self-test alone.
"""

from __future__ import annotations

import io
import sys

from soulguard.errors import DeniedError
from soulguard.guard.scope import scope


def run(host: str) -> str:
    """Try what must not get through; give ``held`` or what did get through."""
    path = f"{scope.stage_dir}/canary"
    for opener in (open, io.open, io.FileIO):
        try:
            opener(path, "w").close()
        except DeniedError:
            continue
        return f"a write through {opener!r} was not refused"
    # the canary needs no TLS, and loading that is half of what the self-test costs
    sys.modules.setdefault("ssl", None)  # type: ignore[arg-type]
    import http.client

    connection = http.client.HTTPConnection(host)
    try:
        connection.request("POST", "/", b"canary")
        connection.getresponse()
    except DeniedError:
        return "held"
    except OSError as error:
        return f"a call was not refused: {error}"
    return "a call was not refused"
