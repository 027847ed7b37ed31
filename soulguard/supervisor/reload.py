"""Owns noticing that the rule files changed, and reading them again beside the broker.

The only module that knows watchdog, which wakes it; a look at the files every now and
then sees what no event tells of (a folder or a chain of links replaced, a network
drive). Files are read and compiled in a thread of their own; what comes of it is
handed to the server's loop through a pipe, and decided there (`generations`).
"""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from soulguard.soul.sources import is_rule_name, rediscover
from soulguard.soul.text import Contents, contents, display_name
from soulguard.supervisor.generations import Offer

if TYPE_CHECKING:
    from watchdog.observers.api import BaseObserver, ObservedWatch

    from soulguard.soul.compilation import Compilation

_LATER = 0.15
"""Seconds before watching starts: a short run pays nothing for it."""

_POLL = 0.25
"""Seconds between two looks at the files themselves."""

_DEAF = 0.1
"""The same where events are not listened to."""

_WHOLE = 2.0
"""Seconds between two readings of everything: what no time stamp tells of either."""

_NOISE = 100
"""Events about other files, between two looks, that cost more than they are worth."""

_QUIET = 0.1
"""Seconds without a change after which a save is over."""

_AT_MOST = 2.0
"""Seconds after which what stands there counts, though somebody still writes."""


class Reload:
    """Watch the rule files of a run; `take` gets an `Offer` for every change.

    `found` is what was compiled from the files when they held `seen`; `explicit` are
    the files or folders the user named, absolute. `inside` marks the thread as the
    guard's own where the guard is in this process.
    """

    def __init__(
        self,
        found: Compilation,
        seen: Contents,
        take: Callable[[Offer], None],
        *,
        explicit: tuple[Path, ...] = (),
        inside: Callable[[], contextlib.AbstractContextManager[Any]] = (
            contextlib.nullcontext
        ),
    ) -> None:
        self._root = Path(found.policy.root)
        self._known = [Path(p) for p in found.policy.sources]
        self._folder = self._known[0].parent
        self._explicit = explicit
        # where the rule files ever led in this run: a link that is pointed elsewhere
        # gives nothing away to the agent
        self._led = dict.fromkeys(map(_real, self._known))
        self._seen = seen
        self._last: Offer | None = None
        self._read = time.monotonic()
        self._take = take
        self._inside = inside
        self._offers: deque[Offer] = deque()
        self._changed = threading.Event()
        self._whole = False
        self._stopping = False
        self.fd, self._writer = os.pipe()
        self._thread = threading.Thread(
            target=self._work, name="soulguard-reload", daemon=True
        )
        self._thread.start()

    def deliver(self) -> None:
        """Hand over what was read; called in the loop when `fd` is readable."""
        os.read(self.fd, 4096)
        while self._offers:
            self._take(self._offers.popleft())

    def close(self) -> None:
        """Stop watching. What was saved last of all is still read and handed over.

        An edit nobody waited for must not hold at a restart as if a person had been
        there.
        """
        self._stopping = True
        self._changed.set()
        self._thread.join()
        with self._inside():
            self._offer(settled=True)
        while self._offers:
            self._take(self._offers.popleft())
        os.close(self.fd)
        os.close(self._writer)

    # -- the thread -------------------------------------------------------------------

    def _work(self) -> None:
        with self._inside():
            if self._changed.wait(_LATER):
                return
            watch = _Watch(self._noticed)
            try:
                self._changed.set()  # what changed before anybody watched
                while not self._stopping:
                    self._round(watch)
            finally:
                watch.close()

    def _noticed(self, *, whole: bool) -> None:
        """Be told by the watch; `whole`: somebody closed or renamed a file."""
        self._whole = self._whole or whole
        self._changed.set()

    def _round(self, watch: _Watch) -> None:
        marks = watch.follow(self._paths())
        patience = _DEAF if watch.deaf else _POLL
        if not self._changed.wait(patience) and marks == watch.marks(self._paths()):
            if time.monotonic() - self._read > _WHOLE:
                self._offer(settled=True)
            return
        until = time.monotonic() + _AT_MOST
        while not self._stopping:
            self._changed.clear()
            if self._whole:
                self._whole = False
                self._offer(settled=False)
            if not self._changed.wait(_QUIET) or time.monotonic() > until:
                self._offer(settled=True)
                return

    def _paths(self) -> list[Path]:
        """Give the files to look at without listing a folder the agent may fill."""
        names = ("SOUL.md", "AGENTS.md", "soulguard.yaml", "soulguard.yml")
        beside = [] if self._explicit else [self._folder / name for name in names]
        return list(dict.fromkeys((*self._known, *beside)))

    def _offer(self, *, settled: bool) -> None:
        """Read the files again if they hold something else, and hand it over."""
        self._read = time.monotonic()
        paths = rediscover(self._folder, self._explicit, self._known)
        seen = contents(paths)
        if seen != self._seen:
            self._seen, self._last = seen, self._compiled(paths)
        elif self._last is None or self._last.settled or not settled:
            return
        found, engine = self._last.found, self._last.engine
        self._last = Offer(found, engine, settled)
        if not found.errors:
            self._known = [Path(p) for p in found.policy.sources]
        self._offers.append(self._last)
        os.write(self._writer, b"x")

    def _compiled(self, paths: list[Path]) -> Offer:
        from soulguard.policy.engine import Engine
        from soulguard.soul.compiler import examine

        self._led.update(dict.fromkeys(map(_real, paths)))
        try:
            found = examine(paths, root=self._root, protect=tuple(self._led))
        except Exception as error:  # noqa: BLE001
            # whatever a file made of the compiler, it must not end the watching
            found = _unreadable(paths[0], self._root, error)
        return Offer(found, Engine(found.policy), settled=False)


def _unreadable(path: Path, root: Path, error: Exception) -> Compilation:
    from soulguard.model import Policy, Span
    from soulguard.soul.compilation import Compilation, Diagnostic, Severity

    wrong = Diagnostic(
        Severity.ERROR, f"cannot be compiled: {error!r}",
        Span(display_name(path, root)),
    )  # fmt: skip
    return Compilation(Policy(str(root), 0, ()), diagnostics=(wrong,))


class _Watch:
    """The folders that rule files, and the links on the way to them, stand in.

    An agent that writes much beside its SOUL.md must not pay for our listening: then
    the watch turns `deaf`, for good.
    """

    def __init__(self, notice: Callable[..., None]) -> None:
        self._notice = notice
        self.deaf = False
        self._noise = 0
        self._names: set[str] = set()
        self._watched: dict[str, tuple[Any, ObservedWatch]] = {}
        self._observer = _observer()

    def dispatch(self, event: Any) -> None:
        """Take an event of watchdog; called in a thread of its own."""
        name = os.path.basename(os.fsdecode(event.dest_path or event.src_path))
        other = os.path.basename(os.fsdecode(event.src_path))
        if {name, other} & self._names or is_rule_name(name) or is_rule_name(other):
            self._notice(whole=event.event_type in ("closed", "moved"))
        else:
            self._noise += 1

    def follow(self, paths: Iterable[Path]) -> list[Any]:
        """Watch where these files stand now, and give what to compare later."""
        hops = [hop for path in paths for hop in _hops(str(path))]
        self._names = {os.path.basename(hop) for hop in hops}
        self.deaf = self.deaf or self._noise > _NOISE
        self._noise = 0
        wanted = () if self.deaf else hops
        folders = dict.fromkeys(os.path.dirname(hop) for hop in wanted)
        for folder in (*self._watched, *folders):
            self._keep(folder, _identity(folder) if folder in folders else None)
        return self.marks(paths)

    def marks(self, paths: Iterable[Path]) -> list[Any]:
        """Give what differs once one of the files, or its folder, is another one."""
        return [_mark(path) for path in paths]

    def close(self) -> None:
        """Stop watching."""
        self._observer.stop()

    def _keep(self, folder: str, identity: Any) -> None:
        """Watch a folder as long as it is the same one; no identity: not any more."""
        before = self._watched.get(folder)
        if before is not None and before[0] == identity:
            return
        # a folder that is gone or that may not be watched is looked at instead
        with contextlib.suppress(OSError, KeyError):
            if before is not None:
                del self._watched[folder]
                self._observer.unschedule(before[1])
            if identity is not None:
                watch = self._observer.schedule(
                    cast(Any, self), folder, event_filter=_events()
                )
                self._watched[folder] = (identity, watch)


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _observer() -> BaseObserver:
    import logging

    from watchdog.observers import Observer

    log = logging.getLogger("watchdog")
    if (
        not log.handlers
    ):  # what it warns of as it stops would stand in the agent's stderr
        log.addHandler(logging.NullHandler())
    observer = Observer(timeout=_QUIET)
    observer.daemon = True
    observer.start()
    return observer


def _events() -> list[Any] | None:
    """Give what has to be heard of: an agent may write much beside its SOUL.md."""
    from watchdog import events

    if sys.platform != "linux":
        return None  # only inotify tells when a file is closed
    return [
        events.FileClosedEvent, events.FileCreatedEvent, events.FileMovedEvent,
        events.FileDeletedEvent,
    ]  # fmt: skip


def _hops(path: str) -> Iterator[str]:
    """Give a path and where its links lead, one after the other."""
    for _ in range(40):
        yield path
        try:
            link = os.readlink(path)
        except OSError:
            return
        path = os.path.join(os.path.dirname(path), link)


def _identity(folder: str) -> Any:
    try:
        seen = os.stat(folder)
    except OSError:
        return None
    return seen.st_dev, seen.st_ino


def _mark(path: Path) -> Any:
    try:
        seen = os.stat(path)
    except OSError:
        return None
    return (
        seen.st_dev, seen.st_ino, seen.st_size, seen.st_mtime_ns, seen.st_ctime_ns,
        _identity(os.path.dirname(path)),
    )  # fmt: skip
