"""Whole-file writes: open, publish, discarded.

The table of the design in code: first time staged, done by an earlier attempt skipped,
done earlier in this attempt a duplicate.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from soulguard.model import (
    Action,
    Decision,
    EffectKind,
    EffectRecord,
    EffectState,
    EventType,
    Rule,
    Verdict,
)
from soulguard.supervisor import disk
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.deed import Deed, made_again
from soulguard.supervisor.endings import Endings
from soulguard.supervisor.outputs import Outputs, Standing

_WRITE, _APPEND = EffectKind.FILE_WRITE, EffectKind.FILE_APPEND
_SHOWN = 65536
"""Bytes of a file up to which its content is kept to be compared."""


class Writes:
    """Handlers for files written as a whole, and for opening any file."""

    def __init__(self, outputs: Outputs, endings: Endings) -> None:
        self.outputs = outputs
        self.endings = endings
        self.session = outputs.session
        self._warned: set[str] = set()

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {
            "file.open": self.open,
            "file.publish": self.publish,
            "file.discarded": self.discarded,
            "file.read": self.read,
        }

    def open(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide whether a path may be opened for writing; nothing is recorded yet."""
        path, kind = message["path"], message["kind"]
        effect = _APPEND if kind == "a" else _WRITE
        deed = self.outputs.deed(effect, "write", path)
        rules = self.outputs.enforcement
        refused = rules.refuse(deed)
        if refused is not None:
            return Answer(refused)
        if kind == "a":
            return Answer(rules.ahead(deed) or self._append_view(path, deed))
        pending = message.get("pending", False)
        return Answer(self._write_view(path, deed, kind, pending=pending))

    def _append_view(self, path: str, deed: Deed) -> Decision:
        """Show the file as it was when an earlier attempt stood here.

        Where the append itself may yet be refused, no empty file is made before it.
        """
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=_APPEND, slot=path,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        data: dict[str, object] = {}
        if rows and not self.session.observe:
            data["offset"] = rows[0].intent["offset"]
        if self.outputs.enforcement.may_refuse(deed):
            data["late"] = True
        return Decision(Verdict.ALLOW, deed.judgement.reason, data=data)

    def _write_view(
        self, path: str, deed: Deed, kind: str, *, pending: bool
    ) -> Decision:
        once, keeps = deed.duty(Action.ONCE), deed.duty(Action.APPEND_ONLY)
        if once is None and keeps is None:
            return self._allowed(deed)
        row = self.outputs.last(_WRITE, path)
        standing = self.outputs.standing(path, row)
        again = standing is Standing.DUPLICATE or pending
        if once is not None and (again or self.outputs.appended_here(path, row)):
            decision = self.outputs.duplicate(path, row, once)
            if decision is not None:
                return decision
            self._warned.add(path)
            return self._allowed(deed)
        if row is None or again or standing in (Standing.NEW, Standing.MISSING):
            # exclusive creation overwrites nothing: the kernel refuses it
            kept = None if kind == "x" or again else self._kept(path, deed, row)
            return kept or self._allowed(deed)
        if kind != "x" and keeps is None and self.outputs.moves_on(once, row):
            return self._allowed(deed)
        if self.session.observe:
            return self._allowed(deed)
        return self._skipped(path, row, standing, once or keeps)

    def _kept(self, path: str, deed: Deed, row: EffectRecord | None) -> Decision | None:
        """Decide about overwriting what was there before; what passes is remembered."""
        existed, decision = self.outputs.kept(deed, row)
        if existed and decision is None:
            self._warned.add(path)
        return decision

    def _allowed(self, deed: Deed) -> Decision:
        refused = self.outputs.destroys(deed) or self.outputs.enforcement.ahead(deed)
        if refused is not None:
            return refused
        stamp = deed.duty(Action.STAMP)
        data = {"stamp": self.session.run.run_id} if stamp else {}
        return Decision(Verdict.ALLOW, deed.judgement.reason, data=data)

    def _skipped(
        self, path: str, row: EffectRecord, standing: Standing, once: Rule | None
    ) -> Decision:
        reason = f"attempt {row.attempt} of this run wrote it"
        if standing is Standing.CHANGED:
            self.session.record(
                EventType.DRIFT, path, "changed on disk since this run wrote it: kept",
                rule=once, effect_id=row.id,
            )  # fmt: skip
        self.outputs.walk_over(row, reason, once)
        source = once.source.span.short if once else ""
        name = once.id if once else ""
        return Decision(Verdict.SKIP, reason, name, source, effect_id=row.id)

    def publish(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Put a whole staged file on record; afterwards it may be renamed into place."""
        path, digest = message["path"], message["digest"]
        deed = self.outputs.deed(
            _WRITE, "write", path, source=message["staged"], size=message["size"],
            digest=digest,
        )  # fmt: skip
        rules = self.outputs.enforcement
        refused = rules.refuse(deed)
        if refused is not None:
            return Answer(refused)
        once = deed.duty(Action.ONCE)
        row = self.outputs.last(_WRITE, path)
        deed = made_again(deed, row, self.session.attempt)
        standing = self.outputs.standing(path, row)
        warned = path in self._warned
        again = standing is Standing.DUPLICATE or self.outputs.appended_here(path, row)
        if once is not None and again and not warned:
            decision = self.outputs.duplicate(path, row, once)
        else:
            decision = self._over(deed, row, standing, message)
        if decision is not None:
            return Answer(decision)
        held = self.outputs.destroys(deed) or rules.hold(deed)
        if held is not None:
            return Answer(held)
        self._warned.discard(path)  # not before: one that waits asks again
        intent = {
            "size": message["size"],
            "staged": message["staged"],
            "how": "redo" if message["redo"] else message["kind"],
            "mark": [message["size"], message["mtime"], message["inode"]],
        }
        if message["unsure"]:
            intent["unsure"] = True
        row = self.outputs.write_row(
            _WRITE, path, digest, intent, row=row, rule=once, deed=deed
        )
        peer.begun[row.id] = row
        if not message["redo"]:
            self.endings.published(row.id, peer)
        reason = deed.judgement.reason
        return Answer(Decision(Verdict.ALLOW, reason, effect_id=row.id))

    def _over(
        self, deed: Deed, row: EffectRecord | None, standing: Standing, message: Message
    ) -> Decision | None:
        """Decide about replacing what is no duplicate of this attempt; None: it may."""
        once, path = deed.duty(Action.ONCE), message["path"]
        if row is not None and standing in (Standing.INTACT, Standing.CHANGED):
            if self._is_repeated(once, row, standing, message["digest"]):
                return self._skipped(path, row, standing, once)
            self.outputs.passes(
                row, f"attempt {row.attempt} of this run wrote it", once
            )
        if message["kind"] == "x" or path in self._warned:
            return None
        return self.outputs.kept(deed, row)[1]

    def _is_repeated(
        self, once: Rule | None, row: EffectRecord, standing: Standing, digest: str
    ) -> bool:
        """Whether a file that may be rewritten comes with the very bytes it has."""
        return (
            not self.session.observe
            and standing is Standing.INTACT
            and self.outputs.moves_on(once, row)
            and not self.outputs.moves_on(once, row, digest)
        )

    def discarded(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> None:
        """Compare what a skipped write would have written with what stands there."""
        row = self.outputs.last(_WRITE, message["path"])
        if row is not None and row.fingerprint != message["digest"]:
            self.session.record(
                EventType.CONTENT_DIFFERS, row.slot,
                "the discarded content differs from what the earlier attempt wrote",
                effect_id=row.id,
                data={"size": message["size"], **self._contents(row, blobs)},
            )  # fmt: skip

    def _contents(self, row: EffectRecord, blobs: Sequence[bytes]) -> dict[str, str]:
        """Keep what was discarded and what stands there, secrets hidden, to be compared."""
        if not blobs or not blobs[0]:
            return {}
        kept = {"blocked": self._keep(blobs[0])}
        size = disk.size(row.slot)
        if (
            size is not None
            and size <= _SHOWN
            and disk.digest(row.slot) == row.fingerprint
        ):
            kept["committed"] = self._keep(Path(row.slot).read_bytes())
        return kept

    def _keep(self, content: bytes) -> str:
        text = content.decode("utf-8", "surrogateescape")
        masked = self.outputs.enforcement.secrets.mask(text)
        return self.session.ledger.put_blob(masked.encode("utf-8", "surrogateescape"))

    def read(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide whether a path may be read."""
        path, rules = message["path"], self.outputs.enforcement
        deed = self.outputs.deed(EffectKind.FILE_READ, "read", path)
        refused = rules.refuse(deed) or rules.hold(deed)
        if refused is not None:
            return Answer(refused)
        rules.performed(deed)
        if rule := deed.duty(Action.RECORD):
            self.session.record(EventType.EFFECT_PASSED, path, "it was read", rule=rule)
        return Answer(Decision(Verdict.ALLOW, deed.judgement.reason))
