"""The end of file effects: what a guard tells of them, and what the disk shows.

A guard tells that a file is in place with whatever it says next, and says nothing while
its agent rests: then the disk is asked, since a published file is the inode it was
staged as.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from soulguard.model import EffectKind, EffectRecord, EffectState, EventType
from soulguard.supervisor import disk
from soulguard.supervisor.broker import Handler, Message, Peer
from soulguard.supervisor.outputs import Outputs

_DONE = "done"


class Endings:
    """Handler for the outcome of file effects."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.session = outputs.session
        self._published: dict[int, tuple[Peer, float]] = {}

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {"file.done": self.done}

    def published(self, effect_id: int, peer: Peer) -> None:
        """Take note that a staged file may be renamed into place by now."""
        self._published[effect_id] = peer, time.monotonic()

    def settle_published(self, age: float = 0.0) -> bool:
        """Settle the published files that the disk shows in place, nobody having told
        for `age` seconds; say whether there are more to look at.
        """
        now = time.monotonic()
        for effect_id, (peer, since) in tuple(self._published.items()):
            row = peer.begun.get(effect_id)
            if row is None:
                del self._published[effect_id]
            elif now - since >= age and disk.inode(row.slot) == row.intent["mark"][2]:
                self.session.otherwise(partial(self._untold, peer, row, since))
                del self._published[effect_id], peer.begun[effect_id]
                self.finish(row, EffectState.DONE, _DONE)
        return bool(self._published)

    def _untold(self, peer: Peer, row: EffectRecord, since: float) -> None:
        peer.begun[row.id] = row
        self._published[row.id] = peer, since

    def done(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Record how an effect went that was allowed before."""
        for effect_id in message.get("effects", ()):
            if row := peer.begun.pop(effect_id, None):
                undo = partial(peer.begun.__setitem__, effect_id, row)
                self.session.otherwise(undo)
                self.finish(row, EffectState.DONE, _DONE)
        effect_id = message.get("effect", 0)
        row = peer.begun.pop(effect_id, None) or self.session.ledger.effect(effect_id)
        if row is None:
            return
        self.outputs.unlock(row.slot)
        if "offset" in message:
            row = self._shifted(row, int(message["offset"]))
        if error := message.get("error"):
            self.finish(row, EffectState.FAILED, str(error))
        elif "digest" in message:
            self._amended(row, message)
        elif row.intent.get("how") == "trash":
            kept = self.outputs.show(str(row.intent["path"]))
            self.finish(row, EffectState.DONE, f"moved to {kept}")
        else:
            self.finish(row, EffectState.DONE, _DONE)

    def _shifted(self, row: EffectRecord, offset: int) -> EffectRecord:
        """Take note that an append went elsewhere: the end had moved meanwhile."""
        row = replace(row, ordinal=offset, intent={**row.intent, "offset": offset})
        self.session.ledger.begin()
        self.session.ledger.update_effect(
            row.id, ordinal=row.ordinal, intent=row.intent
        )
        self.session.record(
            EventType.DRIFT, row.slot,
            "another program appended or truncated meanwhile", effect_id=row.id,
        )  # fmt: skip
        return row

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
            row.id, state=state, result=result, updated_at=session.moment()
        )
        failed = state is EffectState.FAILED
        session.record(
            EventType.EFFECT_FAILED if failed else EventType.EFFECT_DONE,
            row.slot, reason, effect_id=row.id, data={"kind": row.kind.value},
            pressing=failed,
        )  # fmt: skip
        if not failed:
            if row.kind is EffectKind.FILE_DELETE:
                self.outputs.gone(row.slot, row)
            elif row.intent.get("folder"):
                self.outputs.gone_within(str(row.intent["source"]), row)
            elif row.intent.get("how") == "rename":
                self.outputs.gone(str(row.intent["source"]), row)

    def _amended(self, row: EffectRecord, message: Message) -> None:
        """A file published early was written on: take over what it holds at the end."""
        self.session.ledger.begin()
        self.session.ledger.update_effect(
            row.id, fingerprint=message["digest"], normalised=message["digest"],
            intent={**row.intent, "size": message["size"], "mark": []}, result={},
        )  # fmt: skip
        self.session.record(
            EventType.EFFECT_DONE, row.slot, "closed after it was published early",
            effect_id=row.id, data={"kind": row.kind.value},
        )  # fmt: skip
