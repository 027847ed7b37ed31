"""Renames, links and deletions.

A rename onto a guarded path is the write of that path. Taking away an output of the run
is recorded as a violation under write-once; a move or deletion that an earlier attempt
made is not made again.
"""

from __future__ import annotations

import os
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
from soulguard.supervisor import disk, trash
from soulguard.supervisor.broker import Answer, Handler, Message, Peer
from soulguard.supervisor.deed import Deed
from soulguard.supervisor.endings import Endings
from soulguard.supervisor.outputs import Outputs, Standing, duty

_WRITE, _RENAME = EffectKind.FILE_WRITE, EffectKind.FILE_RENAME
_PASS = Answer(Decision(Verdict.ALLOW, "nothing to record"))


class Moves:
    """Handlers for path operations that change names."""

    def __init__(self, outputs: Outputs, endings: Endings) -> None:
        self.outputs = outputs
        self.endings = endings
        self.session = outputs.session

    def handlers(self) -> dict[str, Handler]:
        """Give the handlers by the message they own."""
        return {"file.move": self.move, "file.remove": self.remove}

    def move(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide about a rename, link or symlink."""
        self.endings.settle_published()
        scope = self.session.in_scope
        source, path = message["source"], message["path"]
        leaving = None
        if message["how"] == "rename" and scope(source):
            leaving = self.outputs.deed(_RENAME, "move", source, to=path)
            refused = self.outputs.enforcement.refuse(leaving)
            if refused is not None:
                return Answer(refused)
        if message["how"] == "link" and scope(source):
            # by a second name a file can be changed without anybody being asked
            linked = self.outputs.deed(_WRITE, "give a second name to", source)
            refused = self.outputs.enforcement.refuse(linked)
            if refused is not None:
                return Answer(refused)
        if not scope(path) or message["folder"] or self._was_folder(message):
            return self._away(peer, message, leaving)
        return self._onto(peer, message, leaving)

    def _onto(self, peer: Peer, message: Message, leaving: Deed | None) -> Answer:
        """A file arrives at a guarded path: that is the write of the path."""
        path, source = message["path"], message["source"]
        bytes_in = source if message["how"] != "symlink" else ""
        deed = self.outputs.deed(
            _WRITE, "write", path, source=bytes_in, size=message["size"], moved=source,
            digest=message["digest"],
        )  # fmt: skip
        refused = self.outputs.enforcement.refuse(deed)
        if refused is not None:
            return Answer(refused)
        once = deed.duty(Action.ONCE)
        row = self.outputs.last(_WRITE, path)
        standing = self.outputs.standing(path, row)
        if once is not None:
            again = standing is Standing.DUPLICATE
            if again or self.outputs.appended_here(path, row):
                decision = self.outputs.duplicate(path, row, once)
                if decision is not None:
                    return Answer(decision)
            elif (
                row
                and standing in (Standing.INTACT, Standing.CHANGED)
                and not self.outputs.moves_on(once, row, message["digest"])
                and not self.outputs.passes(
                    row, f"attempt {row.attempt} wrote it", once
                )
            ):
                return self._skip_onto(row, standing, message)
        held = self._kept(deed, row, message) or self._held(deed, leaving)
        if held is not None:
            return Answer(held)
        if not message["digest"]:
            return _PASS
        intent = {
            "size": message["size"], "how": message["how"], "source": source,
        }  # fmt: skip
        row = self.outputs.write_row(
            _WRITE, path, message["digest"], intent, row=row, rule=once, deed=deed
        )
        if leaving is not None:
            self.outputs.enforcement.performed(leaving, row.id, counts=False)
        peer.begun[row.id] = row
        reason = deed.judgement.reason
        return Answer(Decision(Verdict.ALLOW, reason, effect_id=row.id))

    def _kept(
        self, deed: Deed, row: EffectRecord | None, message: Message
    ) -> Decision | None:
        """Give the refusal of replacing what was there before the run; links cannot."""
        if message["how"] != "rename" or message["source"] == message["path"]:
            return None
        return self.outputs.kept(deed, row)[1]

    def _held(self, *deeds: Deed | None) -> Decision | None:
        """Give the refusal or the word to wait of the first deed that has one."""
        for deed in filter(None, deeds):
            held = self.outputs.destroys(deed) or self.outputs.enforcement.hold(deed)
            if held is not None:
                return held
        return None

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
        return self._left_behind(message, row, reason, row.fingerprint)

    def _left_behind(
        self, message: Message, row: EffectRecord, reason: str, moved: str
    ) -> Answer:
        """Skip a move made before; its source goes too, unless it was made again since.

        `moved` is the digest of what was moved then: another file that came to stand
        there is nobody's to delete.
        """
        source = message["source"]
        keep = self.outputs.remade(source, row)
        if keep:
            self.outputs.ahead_again(source)
        else:
            self.outputs.gone(source, row)
        data: dict[str, object] = {"keep": True} if keep else {}
        if not keep and message["how"] == "rename" and message["digest"] != moved:
            data = self._spared(source, row)
        return Answer(Decision(Verdict.SKIP, reason, effect_id=row.id, data=data))

    def _spared(self, source: str, row: EffectRecord) -> dict[str, object]:
        """Give the place in the trash for a file that this run did not make."""
        root = self.session.run.root
        if (
            disk.mark(source) is None
            or trash.temporary(source, root)
            or self.outputs.made_here(source)
        ):
            return {}
        kept = trash.place(source, root, self.session.clock())
        self.session.record(
            EventType.CONTENT_DIFFERS, source,
            f"it is not what was moved then: kept as {self.outputs.show(kept)}",
            effect_id=row.id,
        )  # fmt: skip
        return {"trash": kept}

    def _away(self, peer: Peer, message: Message, leaving: Deed | None) -> Answer:
        """Something leaves a guarded path, or a whole folder is renamed."""
        source, path = message["source"], message["path"]
        refused = self._refused_within(source, path) if message["folder"] else None
        if refused is not None:
            return Answer(refused)
        done = self._moved_before(message)
        observed = self.session.observe and disk.mark(source) is not None
        if done is not None and not self._is_lost(path, done) and not observed:
            reason = f"attempt {done.attempt} of this run moved it to {path}"
            self.outputs.walk_over(done, reason, None)
            if done.intent.get("folder"):
                return self._folder_left_behind(source, done, reason)
            moved = str(done.intent.get("digest"))
            return self._left_behind(message, done, reason, moved)
        if disk.mark(source) is None:
            return _PASS
        held = self._held(leaving)
        if held is not None:
            return Answer(held)
        self._note_removed(source, f"moved to {path}")
        intent = {
            "how": "rename", "source": source, "path": path,
            "digest": message["digest"], "folder": message["folder"],
        }  # fmt: skip
        row = self.outputs.write_row(
            _RENAME, source, _place(path), intent, row=done, deed=leaving
        )
        peer.begun[row.id] = row
        return Answer(Decision(Verdict.ALLOW, "on record", effect_id=row.id))

    def _was_folder(self, message: Message) -> bool:
        """Whether what is no longer at the source was a folder that was moved then."""
        if message["digest"] or message["how"] != "rename":
            return False
        done = self._moved_before(message)
        return done is not None and bool(done.intent.get("folder"))

    def _moved_before(self, message: Message) -> EffectRecord | None:
        """Give the row of an earlier attempt that made this very move; a folder comes
        from a name drawn at random as often as not.
        """
        to = _place(message["path"])
        if not message["folder"]:
            return self._unseen(_RENAME, message["source"], to)
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=_RENAME, fingerprint=to,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt,
        )  # fmt: skip
        same = [row for row in rows if row.slot == message["source"]]
        return next(iter((*same, *rows)), None)

    def _is_lost(self, path: str, moved: EffectRecord) -> bool:
        """Whether a folder that was moved somewhere is no longer there, and the run
        itself did not move it on.
        """
        if not moved.intent.get("folder") or disk.mark(path) is not None:
            return False
        later = self.session.ledger.find_effects(
            self.session.run.run_id, kind=_RENAME, slot=path,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt,
        )  # fmt: skip
        return not any(row.id > moved.id for row in later)

    def _folder_left_behind(
        self, source: str, row: EffectRecord, reason: str
    ) -> Answer:
        """Skip the move of a folder made before; what this attempt made in it once more
        goes, as it went then. What an earlier attempt made in it later stays.
        """
        made = []
        for path in self.outputs.within(source):
            if self.outputs.remade(path, row):
                self.outputs.ahead_again(path)
                continue
            if self.outputs.made_here(path):
                made.append(path)
            self.outputs.gone(path, row)
        root = self.session.run.root
        data = {"made": made, "scratch": trash.temporary(source, root)}
        return Answer(Decision(Verdict.SKIP, reason, effect_id=row.id, data=data))

    def _refused_within(self, source: str, path: str) -> Decision | None:
        """Give the refusal of the first file that a folder takes from or to a place
        where a rule forbids it.
        """
        scope, deed = self.session.in_scope, self.outputs.deed
        for folder, _, names in os.walk(source):
            for old in (os.path.join(folder, name) for name in names):
                new = path + old[len(source) :]
                deeds = [deed(_RENAME, "move", old, to=new)] if scope(old) else []
                deeds += [deed(_WRITE, "write", new)] if scope(new) else []
                for one in deeds:
                    refused = self.outputs.enforcement.refuse(one)
                    if refused is not None:
                        return refused
        return None

    def remove(self, peer: Peer, message: Message, blobs: Sequence[bytes]) -> Answer:
        """Decide about a deletion."""
        self.endings.settle_published()
        path = message["path"]
        deed = self.outputs.deed(EffectKind.FILE_DELETE, "delete", path)
        refused = self.outputs.enforcement.refuse(deed)
        if refused is not None:
            return Answer(refused)
        exists = disk.mark(path) is not None
        done = self._unseen(EffectKind.FILE_DELETE, path, "")
        if done is not None:
            if not exists or self.outputs.remade(path, done):
                reason = f"attempt {done.attempt} of this run deleted it"
                self.outputs.walk_over(done, reason, None)
                self.outputs.ahead_again(path)
                return Answer(Decision(Verdict.SKIP, reason, effect_id=done.id))
        elif not exists:
            return _PASS
        elif not message.get("within") and (ahead := self._ahead(path)) is not None:
            return self._spare(path, ahead)
        held = self._held(deed) or self._untouchable(deed)
        if held is not None:
            return Answer(held)
        self._note_removed(path, "deleted")
        kept = self._trash(deed)
        intent: dict[str, object] = {"how": "trash" if kept else "delete"}
        if kept:
            intent["path"] = kept
        row = self.outputs.write_row(
            EffectKind.FILE_DELETE, path, "", intent, row=done, deed=deed
        )
        peer.begun[row.id] = row
        data = {"trash": kept} if kept else {}
        reason = deed.judgement.reason
        return Answer(Decision(Verdict.ALLOW, reason, effect_id=row.id, data=data))

    def _ahead(self, path: str) -> EffectRecord | None:
        """Give the row by which an earlier attempt made what stands at a path, when this
        attempt has yet to come to that: then there was nothing to delete.
        """
        if self.session.observe or self.outputs.made_here(path):
            return None
        row = self.outputs.last(_WRITE, path)
        standing = self.outputs.standing(path, row)
        if row is not None and standing in (Standing.INTACT, Standing.CHANGED):
            # a file that was created exclusively is a scratch file (mkstemp(3))
            output = row.state is EffectState.DONE and row.intent.get("how") != "x"
            return row if output else None
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=EffectKind.FILE_APPEND, slot=path,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        return rows[0] if rows else None

    def _spare(self, path: str, row: EffectRecord) -> Answer:
        """Skip deleting what the attempt before made after it had come by here."""
        rule = duty(self.outputs.judge(row.kind, path), Action.ONCE)
        reason = f"attempt {row.attempt} of this run made it later: kept"
        self.session.record(
            EventType.EFFECT_SKIPPED, path, reason, rule=rule, effect_id=row.id,
            data={"kind": EffectKind.FILE_DELETE.value}, pressing=False,
        )  # fmt: skip
        return Answer(Decision(Verdict.SKIP, reason, effect_id=row.id))

    def _untouchable(self, deed: Deed) -> Decision | None:
        """Give the refusal of emptying the trash: that is a person's to do."""
        rule, root = deed.duty(Action.TRASH), self.session.run.root
        if rule is None or not trash.inside(deed.effect.target, root):
            return None
        fact = "it is in the trash already, which a person empties"
        return self.outputs.enforcement.deny(deed, rule, fact, "leave it there")

    def _trash(self, deed: Deed) -> str:
        """Give the place in the trash for what is deleted; scratch files have none."""
        path, root = deed.effect.target, self.session.run.root
        if deed.duty(Action.TRASH) is None or self.session.observe:
            return ""
        row = self.outputs.last(_WRITE, path)
        if trash.temporary(path, root) or (row is not None and self._is_scratch(row)):
            return ""
        return trash.place(path, root, self.session.clock())

    def _unseen(
        self, kind: EffectKind, slot: str, fingerprint: str
    ) -> EffectRecord | None:
        rows = self.session.ledger.find_effects(
            self.session.run.run_id, kind=kind, slot=slot, fingerprint=fingerprint,
            states=(EffectState.DONE.value,), unseen_by=self.session.attempt, limit=1,
        )  # fmt: skip
        return rows[0] if rows else None

    def _note_removed(self, path: str, how: str) -> None:
        """Record that an output of the run is taken away; scratch files are no outputs."""
        row = self.outputs.last(_WRITE, path)
        if row is None or row.state is not EffectState.DONE:
            return
        if self._is_scratch(row):
            return
        once = duty(self.outputs.judge(_WRITE, path), Action.ONCE)
        if once is not None:
            self.session.record(
                EventType.OUTPUT_REMOVED, path, f"an output of this run was {how}",
                rule=once, effect_id=row.id, data={"observed": True},
            )  # fmt: skip

    def _is_scratch(self, row: EffectRecord) -> bool:
        """Whether a file was created exclusively by this very attempt (mkstemp(3))."""
        return row.attempt == self.session.attempt and row.intent.get("how") == "x"


def _place(path: str) -> str:
    """Give what stands for where something went as the fingerprint of its move."""
    return sha256(os.fsencode(path)).hexdigest()
