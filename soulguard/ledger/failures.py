"""What SQLite and the disk say, put as a ledger error with a way out; nothing is mended.

Python 3.10 gives no error codes, so SQLite's fixed English texts (``sqlite3_errstr``)
are matched instead.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from soulguard.errors import (
    LedgerBusyError,
    LedgerCorruptError,
    LedgerError,
    LedgerFullError,
    LedgerReadOnlyError,
    LedgerSchemaError,
)

_DAMAGED = ("file is not a database", "malformed", "no such table", "no such column")
_REFUSED = ("readonly database", "unable to open database file", "access permission")


def ledger_error(error: Exception, path: Path) -> LedgerError:
    """Give the ledger error that an exception of `sqlite3` or the system stands for."""
    text = str(error)
    if isinstance(error, OSError):
        return _system_error(error, path)
    if "is full" in text or ("disk I/O error" in text and _no_space(path)):
        return _full(path)
    if "locked" in text or "busy" in text:
        return LedgerBusyError(
            f"ledger `{path}` is locked by another process",
            hint="wait for the other run, or stop the process that holds the ledger",
        )
    if any(part in text for part in _DAMAGED):
        return corrupt(path, text)
    if any(part in text for part in _REFUSED):
        return read_only(path)
    return _other(path, text)


def _system_error(error: OSError, path: Path) -> LedgerError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(path)
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return read_only(path)
    return _other(path, error.strerror or str(error))


def corrupt(path: Path, why: str) -> LedgerCorruptError:
    """Give the error for a file that is no ledger or no longer one."""
    return LedgerCorruptError(
        f"`{path}` is not a readable ledger: {why}",
        hint="nothing was changed; restore it from a backup, or move it away (a new"
        " ledger does not know what already happened), or name another with `--ledger`",
    )


def read_only(path: Path) -> LedgerReadOnlyError:
    """Give the error for a file or folder that may not be written."""
    return LedgerReadOnlyError(
        f"ledger `{path}` may not be written",
        hint=f"make `{path.parent}` and the files in it writable for this user,"
        " or name another ledger with `--ledger`",
    )


def newer(path: Path, version: int, known: int) -> LedgerSchemaError:
    """Give the error for a file written by a later soulguard."""
    return LedgerSchemaError(
        f"ledger `{path}` has schema version {version}, this soulguard knows {known}",
        hint="upgrade soulguard, or name another ledger with `--ledger`",
    )


def _full(path: Path) -> LedgerFullError:
    return LedgerFullError(
        f"no space left for ledger `{path}`",
        hint="free some space and start the run again: what was recorded is kept",
    )


def _other(path: Path, text: str) -> LedgerError:
    return LedgerError(
        f"ledger `{path}` failed: {text}", hint="name another ledger with `--ledger`"
    )


def _no_space(path: Path) -> bool:
    try:
        return os.statvfs(path.parent).f_bavail == 0
    except OSError:
        return False
