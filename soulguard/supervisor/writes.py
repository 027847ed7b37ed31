"""Whole-file writes: open, publish, done, discarded.

The table of the design in code: first time staged, done by an earlier attempt skipped,
done earlier in this attempt a duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence

from soulguard.model import (
    Action,
    Decision,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    Judgement,
    Verdict,
)
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.outputs import Outputs, Standing, duty

_WRITE, _APPEND = EffectKind.FILE_WRITE, EffectKind.FILE_APPEND


class Writes:
    """Handlers for files written as a whole, and for opening any file."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.session = outputs.session
        self._warned: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {
            "file.open": self.open,
            "file.publish": self.publish,
            "file.done": self.done,
            "file.discarded": self.discarded,
            "file.read": self.read,
        }

    def open(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide whether a path may be opened for writing; nothing is recorded yet."""
        path, kind = message["path"], message["kind"]
        effect = _APPEND if kind == "a" else _WRITE
        judgement = self.outputs.judge(effect, path)
        refused = self.outputs.refused("write", path, judgement)
        if refused is not None:
            return Answer(refused)
        if kind == "a":
            return Answer(self._append_view(path, judgement))
        return Answer(
            self._write_view(path, judgement, pending=message.get("pending", False))
        )

    def _append_view(self, path: str, judgement: Judgement) -> Decision:
        """Show the file as it was when an earlier attempt stood here."""
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=_APPEND, slot=path,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        data = {"offset": rows[0].intent["offset"]} if rows else {}
        return Decision(Verdict.ALLOW, judgement.reason, data=data)

    def _write_view(
        self, path: str, judgement: Judgement, *, pending: bool
    ) -> Decision:
        once = duty(judgement, Action.ONCE)
        stamp = duty(judgement, Action.STAMP)
        data = {"stamp": self.session.run.run_id} if stamp else {}
        allowed = Decision(Verdict.ALLOW, judgement.reason, data=data)
        if once is None:
            return allowed
        row = self.outputs.last(_WRITE, path)
        standing = self.outputs.standing(path, row)
        if standing is Standing.DUPLICATE or pending or self._appended_here(path, row):
            decision = self.outputs.duplicate(path, row, once)
            if decision is None:
                self._warned.add(path)
            return decision or allowed
        if row is None or standing in (Standing.NEW, Standing.MISSING):
            return allowed
        reason = f"attempt {row.attempt} of this run wrote it"
        if standing is Standing.CHANGED:
            self.session.record(
                EventType.DRIFT, path, "changed on disk since this run wrote it: kept",
                rule=once, effect_id=row.id,
            )  # fmt: skip
        self.outputs.walk_over(row, reason, once)
        return Decision(
            Verdict.SKIP, reason, once.id, once.source.span.short, effect_id=row.id
        )

    def _appended_here(self, path: str, row: EffectRecord | None) -> bool:
        """Whether this attempt appended to the path: truncating would destroy that."""
        if row is not None:
            return False
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=_APPEND, slot=path,
            states=(EffectState.DONE.value, EffectState.BEGUN.value), limit=1,
        )  # fmt: skip
        return bool(rows) and self.session.attempt in (rows[0].attempt, rows[0].seen)

    def publish(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Put a whole staged file on record; afterwards it may be renamed into place."""
        path, digest = message["path"], message["digest"]
        judgement = self.outputs.judge(_WRITE, path, message["size"])
        refused = self.outputs.refused("write", path, judgement)
        if refused is not None:
            return Answer(refused)
        once = duty(judgement, Action.ONCE)
        row = self.outputs.last(_WRITE, path)
        standing = self.outputs.standing(path, row)
        warned = path in self._warned
        self._warned.discard(path)
        if once is not None and standing is Standing.DUPLICATE and not warned:
            decision = self.outputs.duplicate(path, row, once)
            if decision is not None:
                return Answer(decision)
        intent = {
            "size": message["size"],
            "staged": message["staged"],
            "how": "redo" if message["redo"] else message["kind"],
            "mark": [message["size"], message["mtime"], message["inode"]],
        }
        if message["unsure"]:
            intent["unsure"] = True
        effect_id = self.outputs.write_row(
            _WRITE, path, digest, intent, row=row, rule=once
        )
        peer.begun.add(effect_id)
        return Answer(Decision(Verdict.ALLOW, judgement.reason, effect_id=effect_id))

    def done(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Record how an effect went that was allowed before."""
        effect_id = message["effect"]
        peer.begun.discard(effect_id)
        row = self.session.ledger.effect(effect_id)
        if row is None:
            return
        self.outputs.unlock(row.slot)
        if error := message.get("error"):
            self.finish(row, EffectState.FAILED, str(error))
        elif "digest" in message:
            self._amended(row, message)
        else:
            self.finish(row, EffectState.DONE, "done")

    def finish(self, row: EffectRecord, state: EffectState, reason: str) -> None:
        """Settle a begun row and what hangs on it, with its event."""
        session = self.session
        result: dict[str, object] = {}
        if state is EffectState.FAILED:
            result["error"] = reason
        elif row.intent.get("unsure"):
            result["unsure"] = True
        session.ledger.begin()
        session.ledger.update_effect(
            row.id, state=state, result=result, updated_at=session.clock()
        )
        failed = state is EffectState.FAILED
        session.record(
            EventType.EFFECT_FAILED if failed else EventType.EFFECT_DONE,
            row.slot, reason, effect_id=row.id, data={"kind": row.kind.value},
        )  # fmt: skip
        if not failed:
            if row.kind is EffectKind.FILE_DELETE:
                self.outputs.gone(row.slot)
            elif row.intent.get("how") == "rename":
                self.outputs.gone(str(row.intent["source"]))

    def _amended(self, row: EffectRecord, message: Message) -> None:
        """A file published early was written on: take over what it holds at the end."""
        self.session.ledger.begin()
        self.session.ledger.update_effect(
            row.id, fingerprint=message["digest"], normalised=message["digest"],
            intent={**row.intent, "size": message["size"], "mark": []},
        )  # fmt: skip
        self.session.record(
            EventType.EFFECT_DONE, row.slot, "closed after it was published early",
            effect_id=row.id, data={"kind": row.kind.value},
        )  # fmt: skip

    def discarded(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Compare what a skipped write would have written with what stands there."""
        row = self.outputs.last(_WRITE, message["path"])
        if row is not None and row.fingerprint != message["digest"]:
            self.session.record(
                EventType.CONTENT_DIFFERS, row.slot,
                "the discarded content differs from what the earlier attempt wrote",
                effect_id=row.id, data={"size": message["size"]},
            )  # fmt: skip

    def read(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide whether a path may be read."""
        judgement = self.outputs.judge(EffectKind.FILE_READ, message["path"])
        refused = self.outputs.refused("read", message["path"], judgement)
        return Answer(refused or Decision(Verdict.ALLOW, judgement.reason))
