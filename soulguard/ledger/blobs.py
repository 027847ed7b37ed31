"""Bodies by their sha256: small ones in the ledger, large ones as files beside it.

A blob that is stored is never changed; only `sweep` removes files, those without a row.
A body that was written to a file while it passed (`adopt`) and one that is read back as
a file (`file`) are never in memory as a whole.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from soulguard.ledger.connection import Connection
from soulguard.ledger.failures import ledger_error

FILE_ABOVE = 1024 * 1024
"""Bodies of more bytes than this are kept as ``blobs/ab/abcd…``."""

_ADD = "INSERT OR IGNORE INTO blobs (sha256, size, data) VALUES (?, ?, ?)"
_GET = "SELECT data FROM blobs WHERE sha256 = ?"
_SIZE = "SELECT size, data IS NULL FROM blobs WHERE sha256 = ?"
_BLOCK = 1 << 20


class Blobs:
    """The bodies of one ledger file."""

    def __init__(self, db: Connection) -> None:
        self._db = db
        self._folder = db.path.parent / "blobs"
        self._unsynced: set[Path] = set()

    def put(self, data: bytes) -> str:
        """Keep bytes and give their sha256 in hex."""
        digest = hashlib.sha256(data)
        ref = digest.hexdigest()
        if large := len(data) > FILE_ABOVE:
            self._write(self._file(ref), data)
        self._db.run(_ADD, (digest.digest(), len(data), None if large else data))
        return ref

    def adopt(self, source: Path, ref: str, size: int) -> None:
        """Take a whole file over as the bytes of a reference; it is gone from there.

        Its bytes are what `ref` says they are: the caller wrote and hashed them.
        """
        target = self._file(ref)
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _move(source, target)
        except FileNotFoundError:
            # taken over by a batch that could not be committed, and told again
            if not _is_whole(target, size):
                raise ledger_error(_gone(source), self._db.path) from None
        except OSError as error:
            raise ledger_error(error, self._db.path) from error
        self._unsynced.add(target)
        self._db.run(_ADD, (bytes.fromhex(ref), size, None))

    def file(self, ref: str) -> Path | None:
        """Give the file that holds the bytes of a reference; None where none does.

        Its length is right; whether its bytes are is for the reader to check.
        """
        row = self._db.row(_SIZE, (bytes.fromhex(ref),))
        if row is None or not row[1]:
            return None
        path = self._file(ref)
        return path if _is_whole(path, row[0]) else None

    def intact(self, ref: str) -> bool:
        """Whether the bytes of a reference are there and are the right ones."""
        path = self.file(ref)
        if path is None:
            data = self.get(ref)
            return data is not None and hashlib.sha256(data).hexdigest() == ref
        digest = hashlib.sha256()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    digest.update(block)
        except OSError as error:
            raise ledger_error(error, self._db.path) from error
        return digest.hexdigest() == ref

    def get(self, ref: str) -> bytes | None:
        """Give the bytes of a reference; None if unknown, or torn by a power loss."""
        row = self._db.row(_GET, (bytes.fromhex(ref),))
        if row is None:
            return None
        if row[0] is not None:
            return bytes(row[0])
        try:
            data = self._file(ref).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise ledger_error(error, self._db.path) from error
        return data if hashlib.sha256(data).hexdigest() == ref else None

    def sync(self) -> None:
        """Make the files written so far survive power loss."""
        try:
            for path in {
                f for p in self._unsynced for f in (p, p.parent, self._folder)
            }:
                _fsync(path)
        except OSError as error:
            raise self._db.lose(error) from error
        self._unsynced.clear()

    def sweep(self) -> None:
        """Remove the files that no row speaks of, and what a killed writer left.

        Only under the write lock, and where this ledger has the folder to itself.
        """
        try:
            for path in self._folder.glob("??/*"):
                if not self._is_known(path.name):
                    path.unlink()
        except OSError as error:
            raise ledger_error(error, self._db.path) from error

    def _is_known(self, name: str) -> bool:
        try:
            return self._db.row(_SIZE, (bytes.fromhex(name),)) is not None
        except ValueError:
            return False

    def _file(self, ref: str) -> Path:
        return self._folder / ref[:2] / ref

    def _write(self, path: Path, data: bytes) -> None:
        # Always anew: a file of that name may be what a power loss left of it.
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with open(descriptor, "wb") as file:
                    file.write(data)
                os.replace(name, path)
            except BaseException:
                os.unlink(name)
                raise
        except OSError as error:
            raise ledger_error(error, self._db.path) from error
        self._unsynced.add(path)


def _move(source: Path, target: Path) -> None:
    """Rename a file; across file systems it is copied to a name of its own first."""
    try:
        os.replace(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".new-")
        os.close(descriptor)
        shutil.copyfile(source, name)
        os.replace(name, target)
        os.unlink(source)


def _is_whole(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False


def _gone(path: Path) -> OSError:
    return FileNotFoundError(errno.ENOENT, "a body that was spooled is gone", str(path))


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
