"""One attempt from its rules to its record: read, choose, claim, recover, end.

What happens in between (an agent that runs, a block of code) is the caller's.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from soulguard.errors import LedgerReadOnlyError
from soulguard.ledger.opening import open_ledger
from soulguard.ledger.protocol import Ledger
from soulguard.model import (
    Attempt,
    EffectKind,
    EffectRecord,
    EventType,
    Run,
    RunStatus,
)
from soulguard.policy.engine import Engine
from soulguard.soul import shipped
from soulguard.soul.cache import compile_cached
from soulguard.soul.compilation import Compilation
from soulguard.soul.sources import discover_sources
from soulguard.soul.text import Contents, contents, must_be_files
from soulguard.supervisor import lease, report, runid, spools
from soulguard.supervisor.assembly import Assembly
from soulguard.supervisor.choosing import Wanted, choose, supersede
from soulguard.supervisor.facts import Facts, beside
from soulguard.supervisor.generations import Generations
from soulguard.supervisor.page import MANY, Page
from soulguard.supervisor.recovery import sweep
from soulguard.supervisor.server import Server
from soulguard.supervisor.session import Session

FOLDER = ".soulguard"

_WRITTEN = (EffectKind.FILE_WRITE, EffectKind.FILE_APPEND)


@dataclass(frozen=True, slots=True)
class Options:
    """What a run was asked for. `ledger` is a URL or path, or empty for the default.

    `approve_timeout` is how many seconds a question waits for a person, `quiet` says
    nothing on stderr but errors and what is asked.
    """

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
    body_cap: int = spools.KEEP >> 20
    approve_timeout: float = 300.0
    quiet: bool = False
    trust_edits: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """An open ledger with the run that a launch belongs to and the rules that hold.

    `seen` is what the rule files held when `found` was compiled from them. `facts` are
    those about services, the user's own included; they hold to the end of the attempt.
    """

    options: Options
    ledger: Ledger
    run: Run
    found: Compilation
    seen: Contents
    facts: Facts

    @property
    def completed(self) -> bool:
        """Whether the run is done already and must not be executed again."""
        return self.run.status is RunStatus.COMPLETED


@contextlib.contextmanager
def opened(options: Options) -> Iterator[Opened]:
    """Read the rules, open the ledger, find or add the run. Nothing is claimed yet.

    Raises:
        PolicyError: the rules, or the user's own facts about services, cannot be used.
        LedgerError: the ledger cannot be used.
    """
    sources = discover_sources(Path.cwd(), [Path(p) for p in options.soul])
    must_be_files(sources, Path.cwd())
    root = sources[0].parent.resolve()
    facts = beside(root, shipped.folder())
    name = runid.expand(options.run_id) if options.run_id else ""
    where = options.ledger or os.environ.get("SOULGUARD_LEDGER")
    ledger = open_ledger(where or root / FOLDER / "ledger.db")
    with contextlib.closing(ledger):
        _place(root / FOLDER)
        seen = contents(sources)
        found = compile_cached(sources, root / FOLDER, root=root)
        wanted = Wanted(
            command=options.command, cwd=os.getcwd(), root=str(root),
            sources=tuple(map(str, sources)), name=name, new=options.new,
            rerun=options.rerun,
        )  # fmt: skip
        yield Opened(options, ledger, _chosen(ledger, wanted), found, seen, facts)


def _place(folder: Path) -> None:
    """Make the folder in which a run keeps what is its own."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise LedgerReadOnlyError(
            f"`{folder}` cannot be made: {str(error.strerror).lower()}",
            hint="a run stages its files there, whatever ledger it has",
        ) from None


def _chosen(ledger: Ledger, wanted: Wanted) -> Run:
    """Choose in one transaction: of two launches at once, one finds the other's run."""
    ledger.begin()
    now = time.time()
    run = choose(ledger, wanted, now)
    if ledger.run(run.run_id) is None:
        ledger.add_run(run)
        supersede(ledger, run, now)
    ledger.commit(durable=False)
    return run


def staging(run: Run) -> Path:
    """Give the folder in which the files of a run are staged while it is live."""
    return Path(run.root) / FOLDER / "stage" / run.run_id


class Running:
    """A claimed attempt. Set `status` to the exit status before leaving the block, and
    `stopped` to the signal by which the agent was told to end.
    """

    def __init__(self, opened: Opened, number: int) -> None:
        self.run = opened.run
        self.ledger = opened.ledger
        self.status: int | None = None
        self.stopped = ""
        self.quiet = opened.options.quiet
        self.named = opened.options.ledger
        self.session = Session(
            opened.run, number, opened.ledger, Engine(opened.found.policy),
            observe=opened.options.observe, strict=opened.options.strict,
            power=opened.options.durability == "power",
            patience=opened.options.approve_timeout,
        )  # fmt: skip
        # INVARIANT: no agent waits for a person who was not asked
        if not self.quiet or opened.options.approve_timeout > 0:
            self.session.say = report.say
        self.stage_dir = staging(opened.run)
        self.parts = Assembly(
            self.session, self.stage_dir, opened.facts,
            keep=opened.options.body_cap << 20,
        )  # fmt: skip
        self.generations = Generations(
            self.session, opened.found, trust=opened.options.trust_edits,
            quiet=self.quiet,
        )  # fmt: skip
        self._found, self._seen = opened.found, opened.seen
        # as it was named where the run began: a block of code may change its folder
        self._explicit = tuple(Path(p).absolute() for p in opened.options.soul)

    @contextlib.contextmanager
    def reloading(
        self,
        server: Server,
        inside: Callable[[], AbstractContextManager[Any]] = contextlib.nullcontext,
    ) -> Iterator[None]:
        """Take over edits of the rule files while the block runs the server."""
        from soulguard.supervisor.reload import Reload

        reload = Reload(
            self._found, self._seen, self.generations.take,
            explicit=self._explicit, inside=inside,
        )  # fmt: skip
        server.watch(reload.fd, reload.deliver)
        try:
            yield
        finally:
            reload.close()

    def renew(self) -> None:
        """Give a sign of life: another host believes it for `lease.EXPIRY` seconds."""
        self.ledger.begin()
        self.ledger.update_run(self.run.run_id, updated_at=time.time())
        self.session.commit()


@contextlib.contextmanager
def attempt(found: Opened) -> Iterator[Running | None]:
    """Claim the next attempt of a run, recover, and record the end on leaving.

    Gives None where the run has completed since it was chosen.

    Raises:
        LeaseHeldError: another attempt is live.
    """
    number = _claim(found)
    if number is None:
        yield None
        return
    earlier = found.ledger.attempts(found.run.run_id)[: number - 1]
    running = Running(found, number)
    try:
        _recover(found, running, earlier)
        running.stage_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.closing(
            Page(running.stage_dir, running.session.generation)
        ) as page:
            page.know_all(found.ledger.slots(found.run.run_id, _WRITTEN, MANY))
            running.session.page = page
            yield running
    finally:
        _end(running)
        sweep(running.stage_dir)


def _claim(found: Opened) -> int | None:
    ledger, run = found.ledger, found.run
    claimed = lease.claim(
        ledger, run.run_id, wait=found.options.wait,
        notice=lambda holder: report.say(
            f"waiting for attempt {holder.number} (process {holder.owner.pid})"
        ),
    )  # fmt: skip
    if claimed is None:
        return None
    ledger.begin()
    ledger.update_run(
        run.run_id, status=RunStatus.RUNNING, updated_at=time.time(),
        command=found.options.command,
    )  # fmt: skip
    ledger.commit(durable=False)
    return claimed.number


def _recover(found: Opened, running: Running, earlier: list[Attempt]) -> None:
    session, number = running.session, running.session.attempt
    if not found.options.quiet:
        report.header(found.run, number, found.found, observe=session.observe)
        report.own_facts([file.name for file in found.facts.files])
    if earlier and not earlier[-1].ended_at:
        stopped = lease.stop_leftovers(found.ledger, found.run.run_id, earlier[-1])
        if stopped:
            report.say(
                f"stopped {len(stopped)} processes left over from attempt "
                f"{earlier[-1].number}, whose supervisor died"
            )
    boot = earlier[-1].owner.boot if earlier else ""
    rebooted = not boot or boot != lease.boot_id()
    recovered = running.parts.recovery.recover(rebooted=rebooted)
    if earlier and not found.options.quiet:
        report.other_command(found.run, found.options.command)
        counts = found.ledger.count_effects(found.run.run_id)
        report.resumed(earlier, counts, recovered)
    session.record(
        EventType.RUN_STARTED, " ".join(found.options.command), f"attempt {number}",
        data={"sources": list(found.found.files_read), "rules": found.found.own},
    )  # fmt: skip
    running.generations.begin()
    session.promise()
    session.commit()


def _end(running: Running) -> None:
    session, ledger, now = running.session, running.ledger, time.time()
    ledger.rollback()
    # INVARIANT: an agent that was stopped in its work and ended in good order has not
    # done its work: started again it goes on. Nor is a run complete that has to be
    # asked whether something happened
    worked = running.status == 0 and not running.stopped
    doubts = _doubts(running) if worked else []
    completed = worked and not doubts
    ended = "completed" if completed else "did not complete"
    session.record(
        EventType.RUN_ENDED, "", ended,
        data={"exit_status": running.status, "counts": dict(session.counts)},
    )  # fmt: skip
    ledger.end_attempt(
        running.run.run_id, session.attempt, at=now, exit_status=running.status,
        guarded=len(running.parts.processes.guarded),
        unguarded=running.parts.processes.unguarded,
    )  # fmt: skip
    ledger.update_run(
        running.run.run_id,
        status=RunStatus.COMPLETED if completed else RunStatus.RESUMABLE,
        exit_status=running.status, updated_at=now,
    )  # fmt: skip
    session.promise()
    session.commit()
    run = ledger.run(running.run.run_id)
    if running.status is not None and not running.quiet and run is not None:
        report.summary(
            run, session.counts, ledger.count_effects(run.run_id), running.named,
            doubts=doubts,
        )  # fmt: skip
        if running.stopped and not running.status:
            report.say(
                f"it was told to stop ({running.stopped}) and ended with status 0, so "
                "the run goes on with the next start"
            )


def _doubts(running: Running) -> list[EffectRecord]:
    """Give what is in doubt and needs this run to be settled."""
    counted = running.ledger.count_effects(running.run.run_id)
    if not report.doubt(counted) and not running.session.counts["violation.held"]:
        return []
    from soulguard.supervisor.doubts import unsettled

    return unsettled(running.session)


@contextlib.contextmanager
def socket_folder() -> Iterator[str]:
    """Give a private folder with a short path: a socket's name may have 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="soulguard-") as folder:
        yield folder
