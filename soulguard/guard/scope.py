"""What must be asked about: the compiled scope, and real paths to hold against it.

The prefilter only ever errs on the side of asking. No decision is made here.
"""

from __future__ import annotations

import os
import re
import sys
from os.path import basename, dirname, join, normpath

from soulguard.errors import GuardUnavailable
from soulguard.guard import client, originals, page
from soulguard.guard.local import inside

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_NOTHING = re.compile(r"(?!)")
_LINUX = sys.platform == "linux"
_O_PATH = getattr(os, "O_PATH", 0) | os.O_CLOEXEC
_O_LINK = _O_PATH | os.O_NOFOLLOW

WRITE_FLAGS = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Scope:
    """The supervisor's scope as the doors use it."""

    def __init__(self) -> None:
        self.generation = 0
        # what the supervisor shows as the generation that holds now: [0] is the number
        self.page: Any = (0,)
        self._outputs: page.Page | page.Unmapped | None = None
        self.paths = _NOTHING
        self._minded: re.Pattern[str] | None = None
        self.reads: re.Pattern[str] | None = None
        self.calls = False
        self.gets = False
        self.commands = False
        # whether rules speak of commands themselves, not of what their lines name alone
        self.ruled = False
        self.variables: tuple[str, ...] = ()
        self.first = False
        self.observe = False
        self.strict = False
        self.power = True
        self.stage_dir = self.mark = ""
        self.keep = 0

    def load(self, data: dict[str, Any]) -> None:
        """Take over what the supervisor answered to `hello` or `scope`."""
        self.paths = re.compile(data["paths"], re.DOTALL)
        self.reads = re.compile(data["reads"], re.DOTALL) if data.get("reads") else None
        minded = data.get("minded")
        self._minded = re.compile(minded, re.DOTALL) if minded else None
        self.calls = data.get("calls", True)
        self.gets = data.get("gets", False)
        self.ruled = data.get("commands", False)
        self.commands = self.ruled or data.get("lines", False)
        self.variables = tuple(data.get("variables", ()))
        self.first = data.get("first", False)
        self.observe = data.get("observe", False)
        self.strict = data.get("strict", False)
        self.power = data.get("power", True)
        self.stage_dir = data.get("stage_dir", "")
        self.mark = data.get("mark", "")
        self.keep = data.get("keep", 0)
        # INVARIANT: last, or another thread would trust the old patterns as the new
        self.generation = data["generation"]

    def follow_page(self, path: str) -> None:
        """Compare with the generation page at `path` from now on; without one, never.

        The supervisor that made the page takes it away when the run has ended.
        """
        try:
            self._outputs = page.attach(path) if path else None
        except FileNotFoundError:
            self._outputs = None
        shown = self._outputs
        self.page = shown.numbers if shown is not None else (self.generation,)

    def refresh(self) -> None:
        """Make sure the scope is of the generation that holds now; costs a comparison.

        Every door calls this before it looks at a field (`guards` does it itself).

        Raises:
            GuardUnavailable: the rules changed and the supervisor cannot be asked.
        """
        if self.page[0] != self.generation:
            self._renew()

    def _renew(self) -> None:
        with inside:
            try:
                reply, _ = client.ask("scope", {})
            except GuardUnavailable:
                if not self.observe:
                    raise
                return
        self.load(reply["data"])

    def close(self) -> None:
        """Guard nothing any more."""
        self.paths, self.reads = _NOTHING, None
        self.calls = self.gets = self.commands = False
        self.page, self._outputs = (self.generation,), None

    def guards(self, path: str | None) -> bool:
        """Say whether writing this real path must be asked about."""
        if self.page[0] != self.generation:
            self._renew()
        return path is not None and self.paths.match(path) is not None

    def is_fresh(self, path: str, *, append: bool = False) -> bool:
        """Say whether opening a guarded path for writing needs no question: no rule
        minds but those about writing twice, the run has no record of it, and whoever
        is asked before it is put in place is there.

        Of appends only the record of earlier attempts matters, and the first has none.
        """
        if self._minded is None or self._outputs is None or self._minded.match(path):
            return False
        if not (append and self.first) and not self._outputs.unknown(path):
            return False
        return client.in_touch()


scope = Scope()


def follow(path: Any, dir_fd: int | None = None) -> str | None:
    """Give the real path that opening `path` would reach; None for no usable path.

    Symbolic links are followed, the last one too: a write goes to its target.
    """
    text = _text(path, dir_fd)
    if text is None:
        return None
    real = _kernel(text, _O_PATH) if _LINUX else None
    if real is not None:
        return real
    parent = _parent(text)
    if parent is None:
        return None
    full = f"{parent.rstrip('/')}/{text.rpartition('/')[2]}"
    try:
        link = originals.os_readlink(full)
    except OSError:
        return full
    return _slow(join(parent, link))


def entry(path: Any, dir_fd: int | None = None) -> str | None:
    """Give the real path of the directory entry itself; a link is not followed.

    This is what rename and unlink act on.
    """
    text = _text(path, dir_fd)
    if text is None:
        return None
    parent = _parent(text)
    return None if parent is None else join(parent, basename(text))


def _text(path: Any, dir_fd: int | None) -> str | None:
    try:
        text = os.fspath(path)
    except TypeError:
        return None
    if isinstance(text, bytes):
        text = os.fsdecode(text)
    if not text or "\0" in text:
        return None
    if dir_fd is not None and not text.startswith("/"):
        base = f"/proc/self/fd/{dir_fd}" if _LINUX else originals.os_getcwd()
        try:
            text = join(originals.os_readlink(base) if _LINUX else base, text)
        except OSError:
            return None
    elif not text.startswith("/"):
        try:
            text = join(originals.os_getcwd(), text)
        except OSError:
            return None
    # a trailing slash means "must be a directory": never a file we could stage
    return None if text.endswith("/") else text


def _parent(text: str) -> str | None:
    folder = dirname(text)
    real = _kernel(folder, _O_PATH) if _LINUX else None
    return real if real is not None else _slow(folder)


def _kernel(path: str, flags: int) -> str | None:
    """Let the kernel resolve a path that exists: two system calls, no lstat walk."""
    try:
        fd = originals.os_open(path, flags)
    except (OSError, ValueError):
        return None
    try:
        real = originals.os_readlink(f"/proc/self/fd/{fd}")
    except OSError:
        return None
    finally:
        originals.os_close(fd)
    return real if real.startswith("/") and not real.endswith(" (deleted)") else None


def _slow(path: str, depth: int = 0) -> str:
    """Resolve a path of which a tail may not exist, on captured functions only."""
    done = "/"
    for step in normpath(path).split("/"):
        if not step:
            continue
        done = join(done, step)
        try:
            link = originals.os_readlink(done)
        except OSError:
            continue
        if depth < 40:
            done = _slow(join(dirname(done), link), depth + 1)
    return done
