"""Owns the bodies that a door wrote to a file because memory is no place for them.

The door names the file, its length and its digest; here it is looked at and taken over
into the ledger. INVARIANT: nothing outside the run's staging folder is ever taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from soulguard.supervisor.broker import Message
from soulguard.supervisor.session import Session

KEEP = 2 * 1024 * 1024 * 1024
"""Bytes of one body that are kept unless the user says otherwise."""

_NAME = re.compile(r"body-[0-9a-f]{32}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_BLOCK = 1 << 20
_READ = 16 * 1024 * 1024
_HEAD = 1 << 16


@dataclass(frozen=True, slots=True)
class Spooled:
    """A whole body in a file of the staging folder."""

    path: Path
    sha256: str
    size: int

    def holds(self, texts: Sequence[bytes]) -> bool:
        """Whether any of the texts stands in the body."""
        if not texts:
            return False
        overlap = max(map(len, texts)) - 1
        rest = b""
        for block in self.blocks():
            seen = rest + block
            if any(text in seen for text in texts):
                return True
            rest = seen[-overlap:] if overlap else b""
        return False

    def blocks(self) -> Iterator[bytes]:
        """Give the body in blocks."""
        with self.path.open("rb") as file:
            while block := file.read(_BLOCK):
                yield block


class Spools:
    """The staging folder of one attempt, and the ledger its bodies go to."""

    def __init__(self, session: Session, folder: Path | None) -> None:
        self._session = session
        self._folder = folder

    def named(self, message: Message) -> Spooled | None:
        """Give the body that a message names, None where it names none."""
        name, digest = str(message.get("spool", "")), str(message.get("sha256", ""))
        if self._folder is None or not _NAME.fullmatch(name):
            return None
        if not _DIGEST.fullmatch(digest):
            return None
        return Spooled(self._folder / name, digest, int(message["size"]))

    def readable(self, message: Message, blobs: Sequence[bytes]) -> bytes:
        """Give an answer's body as far as what it says can matter."""
        body = self.named(message)
        if body is None:
            return bytes(blobs[0]) if blobs else b""
        try:
            with body.path.open("rb") as file:
                return file.read(_READ if body.size <= _READ else _HEAD)
        except OSError:
            return b""  # taken over by a batch that was rolled back: told again

    def keep(self, body: Spooled) -> str:
        """Take a body over into the ledger and give the reference to it."""
        ledger = self._session.ledger
        ledger.begin()
        ledger.adopt_blob(body.path, body.sha256, body.size)
        return body.sha256
