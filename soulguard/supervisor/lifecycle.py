"""`soulguard run`: prove the guard, start the agent, serve it until it ends.

Everything a person reads is in `report`; everything decided about effects is the
broker's; what is on record of the attempt itself is `attempt`'s.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable

from soulguard.errors import LedgerError, UsageError
from soulguard.guard.interpreter import is_python
from soulguard.supervisor import launch, lease, report, selftest
from soulguard.supervisor.attempt import (
    Options,
    Running,
    attempt,
    opened,
    socket_folder,
    staging,
)
from soulguard.supervisor.recovery import sweep
from soulguard.supervisor.server import Server


def run(options: Options) -> int:
    """Run a command as an attempt of its run and give the exit status to end with.

    Raises:
        SoulguardError: the run could not be started; nothing was executed.
    """
    if outer := getattr(sys, "_soulguard", ""):
        raise UsageError(
            f"this is guarded already, by run `{outer}`",
            hint="start the command itself: the rules of that run hold for it",
        )
    # an absent command is the user's first mistake to hear of
    launch.resolve(options.command, os.environ)
    while True:
        with opened(options) as found:
            if found.completed:
                report.completed(found.run, options.command)
                # a supervisor that died after its last word left its folder behind
                sweep(staging(found.run))
                return 0
            with attempt(found) as running, socket_folder() as folder:
                if running is not None:
                    running.status = serve(options, running, f"{folder}/guard.sock")
                    return running.status
        # completed while it was waited for: what a launch means now is chosen again


def serve(
    options: Options, running: Running, address: str, *, proven: bool = False
) -> int:
    """Run the agent of a claimed attempt to its end and give its exit status.

    `proven`: that the guard comes up in its interpreter is known, so it is not tried.

    Raises:
        SelfTestError: the guard does not come up; the agent was not started.
    """
    session, parts = running.session, running.parts
    broker = parts.broker()
    server = Server(
        broker, session, address, left=parts.left, rest=parts.endings.settle_published
    )
    env = launch.environment(
        os.environ, address=address, run_id=running.run.run_id, attempt=session.attempt
    )
    try:
        python = launch.interpreter(options.command, os.environ)
        if python and not proven:
            broker.use(selftest.handlers(parts.handlers(), parts.scope))
            selftest.SelfTest(python, env).run(lambda: server.turn(0.05))
            session.forget_counts()
        broker.use(parts.handlers())
        return _agent(options, running, server, env)
    finally:
        server.close()


def _look(running: Running) -> None:
    """Look at the processes and at edits of the rules."""

    def look() -> None:
        running.parts.processes.look(os.getpid())
        running.generations.look()
        running.session.commit()

    _recorded(running, look)


def _recorded(running: Running, act: Callable[[], None]) -> None:
    """Do what the record takes note of; one that cannot be written now is no reason
    to leave an agent alone: what it asks is refused until it can.
    """
    try:
        act()
    except LedgerError:
        with contextlib.suppress(LedgerError):
            running.session.roll_back()


def _agent(
    options: Options, running: Running, server: Server, env: dict[str, str]
) -> int:
    processes = running.parts.processes
    with launch.Signals() as signals, running.reloading(server):
        server.watch(signals.fd, signals.drain)
        agent = launch.spawn(options.command, env)
        signals.follow(agent)
        if not is_python(launch.resolve(options.command, env)):
            processes.look_closely()
        looked = renewed = time.monotonic()
        while not signals.ended():
            server.turn(processes.interval)
            now = time.monotonic()
            if now - looked >= processes.interval:
                looked = now
                signals.drain()  # and look at the agent, whatever became of a signal
                _look(running)
            if now - renewed >= lease.RENEW:
                renewed = now
                _recorded(running, running.renew)
        while server.turn(0):
            pass
    running.stopped = signals.stopping
    running.parts.ended()
    processes.end()
    running.session.commit()
    if not processes.guarded and not options.quiet:
        report.say(
            "nothing here came up with the guard: what this attempt did is neither "
            "guarded nor on record"
        )
    return launch.status_of(agent.returncode)
