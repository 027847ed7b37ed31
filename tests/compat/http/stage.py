"""A run on a stage: real ledger, broker and socket server, the guard in this process."""

import os
import shutil
import tempfile
import threading
from dataclasses import replace
from pathlib import Path

from soulguard.guard import client
from soulguard.guard import http as doors
from soulguard.guard.local import inside, local
from soulguard.guard.patches import Patches
from soulguard.guard.scope import scope
from soulguard.ledger import open_ledger
from soulguard.model import (
    Action,
    Decision,
    EffectKind,
    Owner,
    Policy,
    Rule,
    Run,
    RunStatus,
    Source,
    Span,
    Verdict,
    Where,
)
from soulguard.policy.engine import Engine
from soulguard.supervisor.broker import Answer, Broker
from soulguard.supervisor.calls import Calls
from soulguard.supervisor.facts import Facts
from soulguard.supervisor.server import Server
from soulguard.supervisor.session import Session
from soulguard.supervisor.spools import KEEP

POLICIES = Path(__file__).parents[3] / "policies"
OWNER = Owner(pid=1, started=2, boot="b", host="h")


def rule(action, *, name="r", text="A rule.", where=None, **fields):
    return Rule(
        id=name,
        family="test",
        action=action,
        effects=(EffectKind.HTTP_CALL, EffectKind.MAIL_SEND),
        source=Source(Span("SOUL.md", 7), text),
        where=where or Where(),
        **fields,
    )


KEY = rule(Action.KEY, name="key", text="Every call carries a key.")


class Stage:
    """One run over as many attempts as `restart` is called."""

    def __init__(self, folder, *rules, observe=False, facts=None, clock=None):
        self.folder = Path(folder)
        self.rules = rules or (KEY,)
        self.observe = observe
        self.facts = facts or Facts(POLICIES)
        self.clock = clock
        self.attempt = 0
        self.keep = KEEP
        self.thread = None
        self.run = Run(
            "run-1", "identity", ("python",), "/", str(folder), (), RunStatus.RUNNING,
            b"s" * 32, 1.0, 1.0,
        )  # fmt: skip

    def start(self, before=None):
        """Begin the next attempt: a fresh broker over the same ledger."""
        ready = threading.Event()
        self.attempt += 1
        self.stopping = False
        self.before = before
        self.thread = threading.Thread(target=self._inside, args=(ready,))
        self.thread.start()
        assert ready.wait(10)
        hang_up()
        client.connect_to(self.address)
        scope.calls = True
        scope.stage_dir, scope.keep = str(self.spool), self.keep

    def stop(self):
        """End the attempt as a crash does: connections drop, nothing else happens."""
        if self.thread is not None:
            hang_up()
            self.stopping = True
            os.write(self.wake, b"x")
            self.thread.join()
            # not by the thread: it may have seen that it should stop before that word
            for end in self.pipe:
                os.close(end)
            self.thread = None
            client.connect_to("")

    def restart(self, before=None):
        self.stop()
        self.start(before)

    def _inside(self, ready):
        with (
            inside
        ):  # the broker's own thread makes no effects, as in an embedded guard
            self._serve(ready)

    def _serve(self, ready):
        ledger = open_ledger(self.folder / ".soulguard" / "ledger.db")
        if self.attempt == 1:
            ledger.add_run(self.run)
        ledger.attempts("run-1")
        ledger.claim("run-1", OWNER, float(self.attempt))
        ledger.commit(durable=False)
        engine = Engine(Policy(str(self.folder), 1, self.rules))
        options = {"clock": self.clock} if self.clock else {}
        session = Session(
            replace(self.run, attempts=self.attempt), self.attempt, ledger, engine,
            observe=self.observe, power=False, **options,
        )  # fmt: skip
        self.spool = self.folder / ".soulguard" / "stage" / "run-1"
        shutil.rmtree(self.spool, ignore_errors=True)  # as the real recovery does
        self.spool.mkdir(parents=True)
        calls = Calls(session, self.facts, folder=self.spool)
        self.session, self.calls = session, calls
        handlers = calls.handlers()
        self.around = []
        handlers["around"] = lambda peer, message, blobs: self.around.append(message)
        handlers["ping"] = lambda *_: Answer(Decision(Verdict.ALLOW, "pong"))
        if self.before is not None:
            handlers = self.before(handlers)
        self.address = tempfile.mktemp(prefix="sg-", dir="/tmp")
        server = Server(Broker(handlers), session, self.address, left=calls.gone)
        self.pipe = read, self.wake = os.pipe()
        server.watch(read, lambda: os.read(read, 1))
        ready.set()
        try:
            while not self.stopping:
                server.turn(None)
            while server.turn(0):
                """What a killed agent had said before it died is still read."""
        finally:
            server.close()
            ledger.close()

    def effects(self):
        if self.thread is not None:
            client.ask("ping", {})  # what was told before has been read by now
        with_ledger = open_ledger(self.folder / ".soulguard" / "ledger.db")
        try:
            return with_ledger.find_effects("run-1")
        finally:
            with_ledger.close()

    def events(self):
        with_ledger = open_ledger(self.folder / ".soulguard" / "ledger.db")
        try:
            return [e.type.value for e in with_ledger.events("run-1")]
        finally:
            with_ledger.close()


def hang_up():
    for open_line in local.connections or ():
        open_line.socket.close()
    local.connections = None


def patched():
    patches = Patches(doors.TABLE)
    patches.install()
    return patches
