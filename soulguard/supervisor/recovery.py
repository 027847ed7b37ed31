"""After a crash: settle every file effect whose outcome the dead attempt did not record.

The disk is the witness: the digest in the intent says whether the effect happened. Calls
are not settled here; whether they happened only the service knows.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from hashlib import sha256
from pathlib import Path

from soulguard.model import EffectKind, EffectRecord, EffectState, EventType
from soulguard.supervisor import disk
from soulguard.supervisor.endings import Endings

_FILES = (
    EffectKind.FILE_WRITE,
    EffectKind.FILE_APPEND,
    EffectKind.FILE_RENAME,
    EffectKind.FILE_DELETE,
)
STAGING_PREFIX = ".sg-"
BESIDE = "beside-"
"""Name of the notes in the staging folder that name other folders staged in."""


class Recovery:
    """Settle begun file effects by what is on disk."""

    def __init__(self, endings: Endings, stage_dir: Path) -> None:
        self.endings = endings
        self.session = endings.session
        self.stage_dir = stage_dir
        self._rebooted = False

    def recover(self, *, rebooted: bool = False) -> int:
        """Settle all begun file effects of the run and sweep its staging files.

        Gives the number of effects settled. `rebooted`: the machine may have lost what
        was written last.
        """
        self._rebooted = rebooted
        begun = self.session.ledger.find_effects(
            self.session.run.run_id, states=(EffectState.BEGUN.value,)
        )
        files = [row for row in begun if row.kind in _FILES]
        for row in files:
            self.settle(row)
        if files:
            self.session.record(
                EventType.RUN_RECOVERED, "",
                f"{len(files)} unfinished file effects settled by what is on disk",
                data={"effects": [row.id for row in files]},
            )  # fmt: skip
        self.session.promise()
        self.session.commit()
        sweep(self.stage_dir)
        return len(files)

    def settle(self, row: EffectRecord) -> None:
        """Settle one begun file effect; calls are left alone."""
        if row.kind not in _FILES or row.state is not EffectState.BEGUN:
            return
        happened, reason = self._happened(row)
        state = EffectState.DONE if happened else EffectState.FAILED
        self.endings.finish(row, state, f"settled after a crash: {reason}")

    def _happened(self, row: EffectRecord) -> tuple[bool, str]:
        if row.kind is EffectKind.FILE_APPEND:
            return self._append_happened(row)
        if row.kind is EffectKind.FILE_DELETE:
            return _no_longer(row.slot)
        if row.kind is EffectKind.FILE_RENAME:
            return _no_longer(str(row.intent["source"]))
        if disk.digest(row.slot) == row.fingerprint:
            return True, "the file is in place"
        staged = str(row.intent.get("staged", ""))
        if row.intent.get("how") == "redo" and disk.digest(staged) == row.fingerprint:
            disk.rewrite(staged, row.slot)
            return True, "the copy that was cut short is complete"
        if staged and self._has_left(staged):
            return True, "the file was put in place, and changed since"
        return False, "the file was not put in place"

    def _has_left(self, staged: str) -> bool:
        """Whether a staged file is gone: a guard that fails to put it in place says so
        before it removes it, and the folder is only swept by an attempt that ends.
        """
        swept = self._rebooted or not self.stage_dir.is_dir()
        return not swept and not os.path.lexists(staged)

    def _append_happened(self, row: EffectRecord) -> tuple[bool, str]:
        offset, length = int(row.intent["offset"]), int(row.intent["size"])
        size = disk.size(row.slot)
        if size is None or size <= offset:
            return False, "nothing was appended"
        if disk.digest(row.slot, offset, length) == row.fingerprint:
            return True, "the append is whole"
        if size < offset + length:
            disk.cut(row.slot, offset)
            return False, f"a torn tail of {size - offset} bytes was cut off"
        self.session.record(
            EventType.DRIFT, row.slot, f"other bytes stand at offset {offset}",
            effect_id=row.id,
        )  # fmt: skip
        return False, "other bytes stand in its place"


def _no_longer(path: str) -> tuple[bool, str]:
    gone = disk.mark(path) is None
    return gone, "the path is gone" if gone else "the path is still there"


def mark(stage_dir: Path) -> str:
    """Give what the names of a run's staging files have in common."""
    return sha256(os.fsencode(stage_dir.name)).hexdigest()[:12]


def sweep(stage_dir: Path) -> None:
    """Remove the staging files of a run's dead attempts, beside their targets too."""
    if not stage_dir.is_dir():
        return
    for note in stage_dir.glob(f"{BESIDE}*"):
        with contextlib.suppress(OSError):  # a folder that is no longer ours to change
            folder = Path(os.fsdecode(note.read_bytes()))
            for left in folder.glob(f"{STAGING_PREFIX}{mark(stage_dir)}-*"):
                left.unlink(missing_ok=True)
    shutil.rmtree(stage_dir, ignore_errors=True)
