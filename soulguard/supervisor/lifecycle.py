"""The life of an attempt: read the rules, find the run, take the lease, recover, prove
the guard, start the agent, serve it, record how it ended.

Everything a person reads is in `report`; everything decided about effects is the
broker's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from soulguard.ledger.opening import open_ledger
from soulguard.ledger.protocol import Ledger
from soulguard.model import EventType, Run, RunStatus
from soulguard.policy.engine import Engine
from soulguard.soul.cache import compile_cached
from soulguard.soul.compilation import Compilation
from soulguard.soul.sources import discover_sources
from soulguard.supervisor import launch, lease, report, runid, selftest
from soulguard.supervisor.assembly import Assembly
from soulguard.supervisor.choosing import Wanted, choose, supersede
from soulguard.supervisor.server import Server
from soulguard.supervisor.session import Session

FOLDER = ".soulguard"
_LOOK = 0.5
"""Seconds between two looks at the process tree."""


@dataclass(frozen=True, slots=True)
class Options:
    """What `soulguard run` was asked for. `ledger` is a URL or path, or empty."""

    command: tuple[str, ...]
    soul: tuple[str, ...] = ()
    run_id: str = ""
    new: bool = False
    rerun: bool = False
    wait: bool = False
    observe: bool = False
    strict: bool = False
    ledger: str = ""
    durability: str = "power"


def run(options: Options) -> int:
    """Run a command as an attempt of its run and give the exit status to end with.

    Raises:
        SoulguardError: the run could not be started; nothing was executed.
    """
    # an absent command is the user's first mistake to hear of
    launch.resolve(options.command, os.environ)
    sources = discover_sources(Path.cwd(), [Path(p) for p in options.soul])
    root = sources[0].parent.resolve()
    name = runid.expand(options.run_id) if options.run_id else ""
    ledger = open_ledger(options.ledger or _default_ledger(root))
    (root / FOLDER).mkdir(mode=0o700, exist_ok=True)
    with contextlib.closing(ledger):
        found = compile_cached(sources, root / FOLDER, root=root)
        wanted = Wanted(
            command=options.command, cwd=os.getcwd(), root=str(root),
            sources=tuple(map(str, sources)), name=name, new=options.new,
            rerun=options.rerun,
        )  # fmt: skip
        chosen = choose(ledger, wanted, time.time())
        if chosen.status is RunStatus.COMPLETED:
            report.say(
                f"run {chosen.run_id} has completed: nothing to do "
                "(--rerun runs it afresh)"
            )
            return 0
        return _Attempt(options, ledger, chosen, found).run()


def _default_ledger(root: Path) -> str:
    return os.environ.get("SOULGUARD_LEDGER") or str(root / FOLDER / "ledger.db")


class _Attempt:
    """One attempt from claim to end."""

    def __init__(
        self, options: Options, ledger: Ledger, run: Run, found: Compilation
    ) -> None:
        self.options = options
        self.ledger = ledger
        self.chosen = run
        self.found = found

    def run(self) -> int:
        """Claim the run, bring everything up, serve the agent, record the end."""
        earlier = self.ledger.attempts(self.chosen.run_id)
        number = self._claim()
        self.session = Session(
            self.chosen, number, self.ledger, Engine(self.found.policy),
            observe=self.options.observe, strict=self.options.strict,
            power=self.options.durability == "power",
        )  # fmt: skip
        stage_dir = Path(self.chosen.root) / FOLDER / "stage" / self.chosen.run_id
        self.parts = Assembly(self.session, stage_dir)
        status: int | None = None
        try:
            self._recover(earlier, number)
            stage_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _socket_folder() as folder:
                status = self._serve(f"{folder}/guard.sock")
        finally:
            self._end(number, status)
            shutil.rmtree(stage_dir, ignore_errors=True)
        return status

    def _claim(self) -> int:
        ledger, run = self.ledger, self.chosen
        if ledger.run(run.run_id) is None:
            ledger.begin()
            ledger.add_run(run)
            supersede(ledger, run, time.time())
            ledger.commit(durable=False)
        attempt = lease.claim(
            ledger, run.run_id, wait=self.options.wait,
            notice=lambda holder: report.say(
                f"waiting for attempt {holder.number} (process {holder.owner.pid})"
            ),
        )  # fmt: skip
        ledger.begin()
        ledger.update_run(
            run.run_id, status=RunStatus.RUNNING, updated_at=time.time(),
            command=self.options.command,
        )  # fmt: skip
        ledger.commit(durable=False)
        return attempt.number

    def _recover(self, earlier: list, number: int) -> None:  # type: ignore[type-arg]
        report.header(
            self.chosen, number, self.found, observe=self.options.observe
        )
        recovered = self.parts.recovery.recover(self.parts.stage_dir)
        if earlier:
            counts = self.ledger.count_effects(self.chosen.run_id)
            report.resumed(earlier, counts, recovered)
        self.session.record(
            EventType.RUN_STARTED, " ".join(self.options.command), f"attempt {number}",
            data={"sources": list(self.found.files_read), "rules": self.found.own},
        )  # fmt: skip
        self.session.promise()
        self.session.commit()

    def _serve(self, address: str) -> int:
        handlers = self.parts.handlers()
        broker = self.parts.broker()
        server = Server(broker, self.session, address, left=self.parts.left)
        env = launch.environment(
            os.environ, address=address, run_id=self.chosen.run_id,
            attempt=self.session.attempt,
        )  # fmt: skip
        try:
            python = launch.interpreter(self.options.command, os.environ)
            if python:
                broker.use(selftest.handlers(handlers, str(self.parts.stage_dir)))
                selftest.SelfTest(python, env).run(lambda: server.turn(0.05))
                self.session.forget_counts()
            broker.use(handlers)
            return self._agent(server, env)
        finally:
            server.close()

    def _agent(self, server: Server, env: dict[str, str]) -> int:
        processes = self.parts.processes
        agent = None

        def kill(number: int) -> None:
            if agent is not None:
                agent.send_signal(number)

        with launch.Signals(kill) as signals:
            server.watch(signals.fd, signals.drain)
            agent = launch.spawn(self.options.command, env)
            looked = renewed = time.monotonic()
            while agent.poll() is None:
                server.turn(_LOOK)
                now = time.monotonic()
                if now - looked >= _LOOK:
                    looked = now
                    processes.look(os.getpid())
                    self.session.commit()
                if now - renewed >= lease.RENEW:
                    renewed = now
                    self._renew()
            while server.turn(0):
                pass
        processes.end()
        self.session.commit()
        return launch.status_of(agent.returncode)

    def _renew(self) -> None:
        self.ledger.begin()
        self.ledger.update_run(self.chosen.run_id, updated_at=time.time())
        self.session.commit()

    def _end(self, number: int, status: int | None) -> None:
        session, now = self.session, time.time()
        completed = status == 0
        ended = "completed" if completed else "did not complete"
        session.record(
            EventType.RUN_ENDED, "", ended,
            data={"exit_status": status, "counts": dict(session.counts)},
        )  # fmt: skip
        self.ledger.end_attempt(
            self.chosen.run_id, number, at=now, exit_status=status,
            guarded=len(self.parts.processes.guarded),
            unguarded=self.parts.processes.unguarded,
        )  # fmt: skip
        self.ledger.update_run(
            self.chosen.run_id,
            status=RunStatus.COMPLETED if completed else RunStatus.RESUMABLE,
            exit_status=status, updated_at=now,
        )  # fmt: skip
        session.promise()
        session.commit()
        if status is not None:
            report.summary(self.chosen.run_id, status, session.counts, ended)


@contextlib.contextmanager
def _socket_folder() -> Iterator[str]:
    """Give a private folder with a short path: a socket's name may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="soulguard-") as folder:
        yield folder
