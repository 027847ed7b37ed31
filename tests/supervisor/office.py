"""A broker without socket or processes: attempts begun at will, messages asked directly."""

import contextlib
import os
from hashlib import sha256
from pathlib import Path

from soulguard.supervisor.attempt import Options, attempt, opened
from soulguard.supervisor.broker import Peer

SOUL = "# A\n\n## Rules\n- Never write twice to the same output path in a single run.\n"


class Office:
    """A run in a folder; `parts` and `session` are those of the running attempt."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.soul = self.folder / "SOUL.md"
        self.soul.write_text(SOUL)
        self._stack = contextlib.ExitStack()

    def __truediv__(self, name):
        return self.folder / name

    def begin(self, **options):
        wanted = {"command": ("test",), "soul": (str(self.soul),), "run_id": "run-1",
                  "quiet": True, "durability": "crash", **options}  # fmt: skip
        found = self._stack.enter_context(opened(Options(**wanted)))
        self.running = self._stack.enter_context(attempt(found))
        self.session, self.parts = self.running.session, self.running.parts
        self.ledger, self.outputs = self.running.ledger, self.parts.outputs
        self.handlers, self.peer = self.parts.handlers(), Peer(pid=os.getpid())
        return self

    def end(self, status=1):
        self.running.status = status
        self._stack.close()

    def again(self, **options):
        """End this attempt and begin the next."""
        self.parts.left(self.peer)
        self.end()
        return self.begin(**options)

    def crash(self):
        """Begin the next attempt as after a crash: nothing that was begun is settled."""
        self.session.commit()
        self.peer.begun.clear()
        self.end()
        return self.begin()

    # -- what a guard would say -----------------------------------------------------

    def ask(self, op, *, peer=None, **message):
        answer = self.handlers[op](peer or self.peer, message, ())
        self.session.commit()
        return None if answer is None else answer.decision

    def open(self, name, kind="w", **more):
        return self.ask("file.open", path=str(self / name), kind=kind, **more)

    def publish(self, name, text="text", *, done=True, unsure=False, **how):
        """Stage, put on record and rename, as the guard does; give the decision."""
        staged = self.running.stage_dir / f".sg-{name.replace('/', '-')}"
        staged.write_text(text)
        seen = staged.stat()
        decision = self.ask(
            "file.publish", path=str(self / name), staged=str(staged),
            digest=digest(text), size=seen.st_size, kind="w", unsure=unsure,
            redo=how.get("redo", False), mtime=seen.st_mtime_ns, inode=seen.st_ino,
        )  # fmt: skip
        if decision.verdict.value == "allow" and done:
            staged.rename(self / name)
            self.done(decision)
        return decision

    def done(self, decision, **more):
        self.ask("file.done", effect=decision.effect_id, **more)

    def append(self, name, text, *, peer=None, write=True, report=True):
        source = self.running.stage_dir / "bytes"
        source.write_text(text)
        decision = self.ask(
            "file.append", path=str(self / name), digest=digest(text), size=len(text),
            bytes=str(source), start=0, peer=peer,
        )  # fmt: skip
        if decision.verdict.value == "allow":
            if write:
                with open(self / name, "a") as file:
                    file.write(text)
            if report:
                self.done(decision)
        return decision

    def move(self, source, path, *, how="rename", report=True, **more):
        source, path = self / source, self / path
        message = {
            "source": str(source), "path": str(path), "how": how, "folder": False,
            "digest": digest(source.read_text()) if source.exists() else "",
            "size": source.stat().st_size if source.exists() else -1, **more,
        }  # fmt: skip
        decision = self.ask("file.move", **message)
        if decision.verdict.value == "allow":
            source.rename(path)
            if report and decision.effect_id:
                self.done(decision)
        return decision

    def remove(self, name, *, report=True):
        decision = self.ask("file.remove", path=str(self / name))
        if decision.verdict.value == "allow" and (self / name).exists():
            (self / name).unlink()
            if report and decision.effect_id:
                self.done(decision)
        return decision

    # -- what is on record ----------------------------------------------------------

    def events(self, *types):
        """Give (type, name of the target) of the run's events."""
        self.session.commit()
        found = self.ledger.events("run-1", types=types)
        return [(e.type.value, os.path.basename(e.target)) for e in found]

    def rows(self, **wanted):
        return self.ledger.find_effects("run-1", **wanted)

    def states(self):
        """Give the state of each path's effects in order."""
        return [(os.path.basename(r.slot), r.state.value) for r in self.rows()]


def digest(text):
    return sha256(text.encode()).hexdigest()
