"""`with soulguard.guarded(run_id=...):` the guard and its broker in this very process.

For notebooks, servers and tests: the broker runs in a thread, everything else is the
same as under `soulguard run`. The block is one attempt of the run; leaving it without
an exception completes the run.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Mapping
from types import TracebackType

from soulguard.errors import RunCompletedError, UsageError
from soulguard.guard import bootstrap, client, finish, process
from soulguard.guard.local import inside
from soulguard.guard.scope import scope
from soulguard.supervisor.attempt import (
    Options,
    Running,
    attempt,
    opened,
    socket_folder,
)
from soulguard.supervisor.launch import INJECT, environment
from soulguard.supervisor.server import Server

_active: guarded | None = None


class guarded:  # noqa: N801 - used like a function
    """Guard the block as one attempt of a run.

    `run_id` names the run as `--run-id` does; without it every block is a new run.
    `soul` names rule files, `ledger` a URL or path; the defaults are those of
    `soulguard run`. `observe` refuses nothing and records what would be refused. What a
    rule asks before it is asked on stderr, and no answer in `approve_timeout` seconds
    is no.

    Raises:
        RunCompletedError: the run of this name is done.
        SoulguardError: the rules or the ledger cannot be used, the run is live
            elsewhere, or this process is guarded already: by a block
            or by `soulguard run`.
    """

    def __init__(
        self,
        run_id: str = "",
        *,
        soul: str | os.PathLike[str] | None = None,
        ledger: str = "",
        observe: bool = False,
        durability: str = "power",
        approve_timeout: float = 300.0,
    ) -> None:
        self._options = Options(
            command=("guarded", run_id) if run_id else ("guarded",),
            soul=(os.fspath(soul),) if soul is not None else (),
            run_id=run_id,
            new=not run_id,
            ledger=ledger,
            observe=observe,
            durability=durability,
            approve_timeout=approve_timeout,
            quiet=True,
        )
        self._stack = contextlib.ExitStack()
        self.run_id = ""
        self.attempt = 0

    def __enter__(self) -> guarded:  # noqa: PYI034 - typing.Self needs 3.11
        global _active
        if _active is not None:
            raise UsageError("this process is guarded already")
        # INVARIANT: the end of a block never ends what `soulguard run` began
        if bootstrap.is_up():
            raise UsageError(
                "this process is guarded already, by `soulguard run`",
                hint="leave the block out: the run's own rules hold",
            )
        ready, failed = threading.Event(), []
        address = self._stack.enter_context(socket_folder()) + "/guard.sock"
        self._stop_reader, self._stop_writer = os.pipe()
        self._error: BaseException | None = None

        def serve() -> None:
            with inside:
                try:
                    self._serve(address, ready)
                except BaseException as error:  # noqa: BLE001 - re-raised by the block
                    failed.append(error)
                    ready.set()

        self._thread = threading.Thread(target=serve, name="soulguard", daemon=True)
        self._thread.start()
        ready.wait()
        if failed:
            self._thread.join()
            self._stack.close()
            raise failed[0]
        self._stack.enter_context(_environment(self._variables(address)))
        client.connect_to(address)
        with inside:
            process.remember(str(INJECT))
            bootstrap.install()
        _active = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._error = error
        try:
            finish.settle_open(discard=error is not None)
        except Exception as late:
            self._error = self._error or late
            raise
        finally:
            self._leave()

    def _leave(self) -> None:
        global _active
        bootstrap.uninstall()
        client.hang_up()
        scope.close()
        client.connect_to("")
        os.write(self._stop_writer, b"x")
        self._thread.join()
        os.close(self._stop_reader)
        os.close(self._stop_writer)
        self._stack.close()
        _active = None

    def _serve(self, address: str, ready: threading.Event) -> None:
        """The broker's thread: everything that touches the ledger happens here."""
        with opened(self._options) as found:
            if found.completed:
                raise _completed(found.run.run_id)
            with attempt(found) as running:
                if running is None:
                    raise _completed(found.run.run_id)
                self.run_id = running.run.run_id
                self.attempt = running.session.attempt
                server = Server(
                    running.parts.broker(), running.session, address,
                    left=running.parts.left,
                    rest=running.parts.endings.settle_published,
                )  # fmt: skip
                try:
                    with running.reloading(server, lambda: inside):
                        self._turn(server, ready, running)
                finally:
                    server.close()
                running.status = 0 if self._error is None else 1

    def _turn(self, server: Server, ready: threading.Event, running: Running) -> None:
        stopping: list[bool] = []

        def stop() -> None:
            os.read(self._stop_reader, 1)
            stopping.append(True)

        server.watch(self._stop_reader, stop)
        ready.set()
        while not stopping:
            server.turn(0.5)
            running.generations.look()
            running.session.commit()
        while server.turn(0):
            pass
        running.parts.ended()
        running.session.commit()

    def _variables(self, address: str) -> dict[str, str]:
        """Give what is set for the block: a child that inherits it starts guarded."""
        wanted = environment(
            os.environ, address=address, run_id=self.run_id, attempt=self.attempt
        )
        return {k: v for k, v in wanted.items() if os.environ.get(k) != v}


def _completed(run_id: str) -> RunCompletedError:
    return RunCompletedError(
        f"run `{run_id}` has completed", hint="name another run id"
    )


@contextlib.contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for the block and put the old ones back."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
