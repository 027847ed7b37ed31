"""Bring the guard up in this interpreter before the agent's first line, or stop it.

Order: say hello and learn the scope, patch, sweep references captured earlier, start
the second wall. A guard that cannot come up ends the process: an agent never runs
unguarded without anybody having said so.
"""

from __future__ import annotations

import os
import sys

from soulguard.guard import (
    awaited,
    backstop,
    client,
    files,
    finish,
    http,
    mail,
    originals,
    process,
    protocol,
    seeds,
    signals,
)
from soulguard.guard.files import appends
from soulguard.guard.local import inside
from soulguard.guard.patches import Patches
from soulguard.guard.scope import scope
from soulguard.guard.sweep import sweep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EXIT_UNGUARDED = 97
"""Exit status of an interpreter whose guard could not come up."""

_CLOSED = {"generation": 0, "paths": "", "calls": True}
_patches: Patches | None = None


def start(inject: str) -> None:
    """Guard this process; `inject` is the folder that brought us in."""
    try:
        with inside:
            process.remember(inject)
            install()
            finish.watch()
    except Exception as error:  # noqa: BLE001 - whatever it is, the agent may not start
        message = f"soulguard: the guard could not start: {error!r}\n"
        os.write(2, message.encode(errors="replace"))
        originals.os_exit(EXIT_UNGUARDED)


def install() -> None:
    """Say hello, take over the scope and put every patch in place."""
    global _patches
    data = _hello()
    scope.load(data)
    scope.follow_page(data.get("page", ""))
    seeds.start(data.get("seeds", {}))
    _patches = Patches([
        *files.TABLE, *process.TABLE, *awaited.TABLE, *http.TABLE, *mail.TABLE, *signals.TABLE,
        *seeds.TABLE,
    ])  # fmt: skip
    _patches.install()
    signals.start()
    files.extend_capabilities()
    sweep(files.replacements())
    os.register_at_fork(
        before=appends.before_fork, after_in_child=client.forget_connections
    )
    os.register_at_fork(after_in_child=appends.after_fork)
    backstop.start()
    sys._soulguard = os.environ.get(protocol.ENV_RUN_ID, "")  # type: ignore[attr-defined]


def is_up() -> bool:
    """Whether this process is guarded."""
    return _patches is not None


def uninstall() -> None:
    """Put everything back; the audit hook stays, blind."""
    global _patches
    backstop.stop()
    if _patches is not None:
        _patches.remove()
        _patches = None
    signals.stop()
    seeds.stop()


def _hello() -> dict[str, Any]:
    """Introduce this process; without a supervisor everything is closed."""
    from soulguard.errors import GuardUnavailable

    try:
        reply, _ = client.ask(
            "hello",
            {
                "version": protocol.VERSION,
                "pid": originals.os_getpid(),
                "parent": os.getppid(),
                "python": sys.executable,
                "release": list(sys.version_info[:3]),
                "argv": sys.orig_argv[:20],
            },
        )
    except GuardUnavailable:
        return _CLOSED
    finally:
        # a process that has no effects keeps no descriptor of ours
        client.hang_up()
    return reply["data"]  # type: ignore[no-any-return]
