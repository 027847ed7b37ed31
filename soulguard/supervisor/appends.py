"""Appends: each one its own effect, recorded with offset, length and digest.

INVARIANT: at most one append per path is under way; the lock ends with `file.done` or
with the connection that held it.
"""

from __future__ import annotations

from collections.abc import Sequence

from soulguard.model import Decision, EffectKind, EffectRecord, EffectState, Verdict
from soulguard.supervisor import disk
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.deed import made_again
from soulguard.supervisor.outputs import Outputs


class Appends:
    """Handler for appends."""

    def __init__(self, outputs: Outputs) -> None:
        self.outputs = outputs
        self.session = outputs.session

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {"file.append": self.append}

    def append(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Skip an append that an earlier attempt made, or put a new one on record.

        Raises:
            Parked: another process or thread is appending to the path.
        """
        path, digest = message["path"], message["digest"]
        self.outputs.lock(path, peer)
        answer = self._decide(peer, path, digest, message)
        if answer.decision.verdict is not Verdict.ALLOW:
            self.outputs.unlock(path)
        return answer

    def _decide(self, peer: Peer, path: str, digest: str, message: Message) -> Answer:
        size, offset = message["size"], disk.size(path) or 0
        deed = self.outputs.deed(
            EffectKind.FILE_APPEND, "append to", path, source=message["bytes"],
            start=message["start"], size=size, total=offset + size, digest=digest,
        )  # fmt: skip
        rules = self.outputs.enforcement
        refused = rules.refuse(deed)
        if refused is not None:
            return Answer(refused)
        done = self._unseen(path, digest, EffectState.DONE)
        reason = f"attempt {done.attempt} of this run appended it" if done else ""
        if done is not None and not self.outputs.passes(done, reason, None):
            self.outputs.walk_over(done, reason, None)
            return Answer(Decision(Verdict.SKIP, reason, effect_id=done.id))
        cut_off = self._unseen(path, digest, EffectState.FAILED)
        deed = made_again(deed, cut_off, self.session.attempt)
        held = rules.hold(deed)
        if held is not None:
            return Answer(held)
        # the offset is the ordinal: rows come back in the order of the file
        row = self.outputs.write_row(
            EffectKind.FILE_APPEND, path, digest,
            {"offset": offset, "size": size}, ordinal=offset, deed=deed,
            row=cut_off,
        )  # fmt: skip
        peer.begun[row.id] = row
        return Answer(
            Decision(
                Verdict.ALLOW,
                deed.judgement.reason,
                effect_id=row.id,
                data={"offset": offset},
            )
        )

    def _unseen(
        self, path: str, digest: str, state: EffectState
    ) -> EffectRecord | None:
        """Give the first equal append of an earlier attempt in one state."""
        if self.session.attempt == 1:
            return None
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=EffectKind.FILE_APPEND, slot=path,
            fingerprint=digest, states=(state.value,),
            unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        return rows[0] if rows else None
