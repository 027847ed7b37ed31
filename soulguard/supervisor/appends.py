"""Appends: each one its own effect, recorded with offset, length and digest.

INVARIANT: at most one append per path is under way; the lock ends with `file.done` or
with the connection that held it.
"""

from __future__ import annotations

from collections.abc import Sequence

from soulguard.model import Decision, EffectKind, EffectState, Verdict
from soulguard.supervisor import disk
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
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
        answer = self._decide(peer, path, digest, message["size"])
        if answer.decision.verdict is not Verdict.ALLOW:
            self.outputs.unlock(path)
        return answer

    def _decide(self, peer: Peer, path: str, digest: str, size: int) -> Answer:
        judgement = self.outputs.judge(EffectKind.FILE_APPEND, path, size)
        refused = self.outputs.refused("append to", path, judgement)
        if refused is not None:
            return Answer(refused)
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=EffectKind.FILE_APPEND, slot=path,
            fingerprint=digest, states=(EffectState.DONE.value,),
            unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        if rows:
            reason = f"attempt {rows[0].attempt} of this run appended it"
            self.outputs.walk_over(rows[0], reason, None)
            return Answer(Decision(Verdict.SKIP, reason, effect_id=rows[0].id))
        # the offset is the ordinal: rows come back in the order of the file
        offset = disk.size(path) or 0
        effect_id = self.outputs.write_row(
            EffectKind.FILE_APPEND, path, digest,
            {"offset": offset, "size": size}, ordinal=offset,
        )  # fmt: skip
        peer.begun.add(effect_id)
        return Answer(
            Decision(
                Verdict.ALLOW,
                judgement.reason,
                effect_id=effect_id,
                data={"offset": offset},
            )
        )
