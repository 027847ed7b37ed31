"""Renames, links and deletions.

A rename onto a guarded path is the write of that path. Taking away an output of the run
is recorded as a violation under write-once; a move or deletion that an earlier attempt
made is not made again.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from soulguard.model import (
    Action,
    Decision,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    Verdict,
)
from soulguard.supervisor import disk
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.outputs import Outputs, Standing, duty

_WRITE, _RENAME = EffectKind.FILE_WRITE, EffectKind.FILE_RENAME
_PASS = Answer(Decision(Verdict.ALLOW, "nothing to record"))


class Moves:
    """Handlers for path operations that change names."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.session = outputs.session

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {"file.move": self.move, "file.remove": self.remove}

    def move(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide about a rename, link or symlink."""
        scope = self.session.in_scope
        source, path = message["source"], message["path"]
        if message["how"] == "rename" and scope(source):
            judgement = self.outputs.judge(EffectKind.FILE_RENAME, source)
            refused = self.outputs.refused("move", source, judgement)
            if refused is not None:
                return Answer(refused)
        if not scope(path) or message["folder"]:
            return self._away(peer, message)
        return self._onto(peer, message)

    def _onto(self, peer: Peer, message: Message) -> Answer:
        """A file arrives at a guarded path: that is the write of the path."""
        path, source = message["path"], message["source"]
        judgement = self.outputs.judge(_WRITE, path, message["size"])
        refused = self.outputs.refused("write", path, judgement)
        if refused is not None:
            return Answer(refused)
        once = duty(judgement, Action.ONCE)
        row = self.outputs.last(_WRITE, path)
        standing = self.outputs.standing(path, row)
        if once is not None and row is not None:
            if standing is Standing.DUPLICATE:
                decision = self.outputs.duplicate(path, row, once)
                if decision is not None:
                    return Answer(decision)
            elif standing in (Standing.INTACT, Standing.CHANGED):
                return self._skip_onto(row, standing, message)
        if not message["digest"]:
            return _PASS
        intent = {
            "size": message["size"], "how": message["how"], "source": source,
        }  # fmt: skip
        effect_id = self.outputs.write_row(
            _WRITE, path, message["digest"], intent, row=row, rule=once
        )
        peer.begun.add(effect_id)
        return Answer(Decision(Verdict.ALLOW, judgement.reason, effect_id=effect_id))

    def _skip_onto(
        self, row: EffectRecord, standing: Standing, message: Message
    ) -> Answer:
        if standing is Standing.CHANGED:
            self.session.record(
                EventType.DRIFT, row.slot, "changed on disk since this run wrote it",
                effect_id=row.id,
            )  # fmt: skip
        elif message["digest"] and message["digest"] != row.fingerprint:
            self.session.record(
                EventType.CONTENT_DIFFERS, row.slot,
                "the discarded content differs from what the earlier attempt wrote",
                effect_id=row.id,
            )  # fmt: skip
        reason = f"attempt {row.attempt} of this run put it there"
        self.outputs.walk_over(row, reason, None)
        self.outputs.gone(message["source"])
        return Answer(Decision(Verdict.SKIP, reason, effect_id=row.id))

    def _away(self, peer: Peer, message: Message) -> Answer:
        """Something leaves a guarded path, or a whole folder is renamed."""
        source, path = message["source"], message["path"]
        to = sha256(path.encode()).hexdigest()
        done = self._unseen(_RENAME, source, to)
        if done is not None:
            reason = f"attempt {done.attempt} of this run moved it to {path}"
            self.outputs.walk_over(done, reason, None)
            if message["folder"]:
                return _PASS
            return Answer(Decision(Verdict.SKIP, reason, effect_id=done.id))
        if disk.mark(source) is None:
            return _PASS
        self._note_removed(source, f"moved to {path}")
        intent = {"how": "rename", "source": source, "path": path}
        effect_id = self.outputs.write_row(_RENAME, source, to, intent)
        peer.begun.add(effect_id)
        return Answer(Decision(Verdict.ALLOW, "on record", effect_id=effect_id))

    def remove(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide about a deletion."""
        path = message["path"]
        judgement = self.outputs.judge(EffectKind.FILE_DELETE, path)
        refused = self.outputs.refused("delete", path, judgement)
        if refused is not None:
            return Answer(refused)
        exists = disk.mark(path) is not None
        done = self._unseen(EffectKind.FILE_DELETE, path, "")
        if done is not None:
            if not exists:
                reason = f"attempt {done.attempt} of this run deleted it"
                self.outputs.walk_over(done, reason, None)
                return Answer(Decision(Verdict.SKIP, reason, effect_id=done.id))
        elif not exists:
            return _PASS
        self._note_removed(path, "deleted")
        effect_id = self.outputs.write_row(
            EffectKind.FILE_DELETE, path, "", {"how": "delete"}, row=done
        )
        peer.begun.add(effect_id)
        return Answer(Decision(Verdict.ALLOW, judgement.reason, effect_id=effect_id))

    def _unseen(
        self, kind: EffectKind, slot: str, fingerprint: str
    ) -> EffectRecord | None:
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=kind, slot=slot, fingerprint=fingerprint,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        return rows[0] if rows else None

    def _note_removed(self, path: str, how: str) -> None:
        """Record that an output of the run is taken away; scratch files are no outputs.

        A scratch file was created exclusively by this very attempt (mkstemp(3)).
        """
        row = self.outputs.last(_WRITE, path)
        if row is None or row.state is not EffectState.DONE:
            return
        if row.attempt == self.session.attempt and row.intent.get("how") == "x":
            return
        once = duty(self.outputs.judge(_WRITE, path), Action.ONCE)
        if once is not None:
            self.session.record(
                EventType.OUTPUT_REMOVED, path, f"an output of this run was {how}",
                rule=once, effect_id=row.id, data={"observed": True},
            )  # fmt: skip
