"""recording and replaying against vcrpy, per client, and memory of a large stream"""

from __future__ import annotations

import importlib.util
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from http.server import ThreadingHTTPServer
from pathlib import Path

from tests.bench import bench_calls
from tests.bench.pair import SOUL, Worker, row

COUNT, ROUNDS = 20, 7
LARGE = 1 << 30

VCR = f"""{bench_calls.WORKER}
import vcr
tape = vcr.VCR(record_mode=os.environ["MODE"],
               match_on=["method", "host", "port", "path", "body"])

def taped(name, send):
    def operation(n):
        # a cassette per round: vcrpy writes at its end, and is slow in its size
        state[name] = state.get(name, -1) + 1
        with tape.use_cassette(f"{{name}}-{{state[name]}}.yaml"):
            for key in "hurx": state.pop(key, None)
            send(n)
    return operation

OPERATIONS = {{name: taped(name, send) for name, send in OPERATIONS.items()}}
"""

STREAM = """
import http.client, os, resource
connection = http.client.HTTPConnection(os.environ["WORLD"])
connection.request("POST", "/large", b"{}", {"Content-Type": "application/json"})
response, size = connection.getresponse(), 0
while part := response.read(1 << 16): size += len(part)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(size, peak, flush=True)
"""


class _Orders(bench_calls._Orders):
    """Takes orders, and answers ``/large`` with a gibibyte."""

    def do_POST(self) -> None:  # noqa: N802 - the name `http.server` calls
        """Answer one request."""
        if self.path != "/large":
            super().do_POST()
            return
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.send_header("Content-Length", str(LARGE))
        self.end_headers()
        part = b"z" * (1 << 20)
        for _ in range(LARGE // len(part)):
            self.wfile.write(part)


def main() -> None:
    """Print the rows."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Orders)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    env = {**os.environ, "WORLD": f"127.0.0.1:{server.server_port}"}
    try:
        if importlib.util.find_spec("vcr") is None:
            print("against vcrpy: not measured, vcrpy is not installed")
        else:
            for client in bench_calls.CLIENTS:
                against(client, env)
        memory(env)
    finally:
        server.shutdown()


def against(client: str, env: Mapping[str, str]) -> None:
    """Time a client bare, under vcrpy and under the guard, in turns."""
    with tempfile.TemporaryDirectory() as name:
        folders = {kind: Path(name, kind) for kind in ("bare", "vcr", "guard")}
        for folder in folders.values():
            folder.mkdir()
            (folder / "SOUL.md").write_text(SOUL, encoding="utf-8")
        run = [sys.executable, "-m", "soulguard", "run", "--run-id", "one",
               "--durability", "crash", "--"]  # fmt: skip
        for what, mode in (("record", "new_episodes"), ("replay", "none")):
            workers = {
                "bare": Worker(bench_calls.WORKER, folders["bare"], [], env),
                "vcr": Worker(VCR, folders["vcr"], [], {**env, "MODE": mode}),
                "guard": Worker(bench_calls.WORKER, folders["guard"], run, env),
            }
            try:
                report(f"{what} by {client}", turns(workers, client))
            except RuntimeError as error:
                print(f"{what} by {client}: not measured, {error}", flush=True)
            finally:
                workers["guard"].end(3)
                for worker in workers.values():
                    worker.close()


def turns(workers: Mapping[str, Worker], client: str) -> dict[str, float]:
    """Give the median microseconds of one call for each worker."""
    for worker in workers.values():
        worker.seconds(client, COUNT)
    rounds = [
        {kind: worker.seconds(client, COUNT) for kind, worker in workers.items()}
        for _ in range(ROUNDS)
    ]
    return {
        kind: statistics.median(r[kind] for r in rounds) / COUNT * 1e6
        for kind in workers
    }


def report(what: str, us: Mapping[str, float]) -> None:
    """Print the guard against bare, and vcrpy against the guard."""
    target = "<= 1.25" if what.startswith("record") else "<= 0.25"
    row(what, (us["guard"] / us["bare"], us["bare"], us["guard"]), target)
    goal = ">= 10" if what.startswith("replay") else "-"
    times = us["vcr"] / us["guard"]
    print(f"{'  vcrpy takes':<52} {times:6.2f} x as long as the guard, {us['vcr']:9.1f} us"
          f"   target {goal}", flush=True)  # fmt: skip


def memory(env: Mapping[str, str]) -> None:
    """Compare peak memory while a gibibyte streams through, agent and supervisor."""
    bare = _streamed([], env)
    run = [sys.executable, "-m", "soulguard", "run", "--durability", "crash", "--"]
    guarded = _streamed(run, env)
    supervisor = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(
        f"peak memory, {LARGE >> 20} MiB streamed: agent bare {bare >> 10} MiB, guarded "
        f"{guarded >> 10} MiB; largest process of all {supervisor >> 10} MiB"
        "   target bounded"
    )


def _streamed(prefix: list[str], env: Mapping[str, str]) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "SOUL.md").write_text(SOUL, encoding="utf-8")
        (folder / "agent.py").write_text(STREAM, encoding="utf-8")
        done = subprocess.run(
            [*prefix, sys.executable, "agent.py"], cwd=folder, env=dict(env),
            check=True, capture_output=True, text=True,
        )  # fmt: skip
    size, peak = map(int, done.stdout.split())
    assert size == LARGE
    return peak
