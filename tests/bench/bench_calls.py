"""guarded POSTs per client, replays, syncs per call"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.bench.pair import SOUL, Pair, Worker, row

CLIENTS = ("http_client", "urllib3", "requests", "httpx", "aiohttp")

WORKER = """
import itertools, os
host, port = os.environ["WORLD"].split(":")
url = f"http://{host}:{port}/orders"
number = itertools.count()
head = {"Content-Type": "application/json"}

def body(): return b'{"order": %d, "text": "%s"}' % (next(number), b"x" * 400)

state = {}

def http_client(n):
    import http.client
    c = state.setdefault("h", http.client.HTTPConnection(host, int(port)))
    for _ in range(n):
        c.request("POST", "/orders", body(), head)
        c.getresponse().read()

def urllib3(n):
    import urllib3
    pool = state.setdefault("u", urllib3.PoolManager())
    for _ in range(n): pool.request("POST", url, body=body(), headers=head).data

def requests(n):
    import requests
    s = state.setdefault("r", requests.Session())
    for _ in range(n): s.post(url, data=body(), headers=head).content

def httpx(n):
    import httpx
    c = state.setdefault("x", httpx.Client())
    for _ in range(n): c.post(url, content=body(), headers=head).content

def aiohttp(n):
    import asyncio
    import aiohttp
    async def go():
        async with aiohttp.ClientSession() as s:
            for _ in range(n):
                async with s.post(url, data=body(), headers=head) as r: await r.read()
    asyncio.run(go())

OPERATIONS = {f.__name__: f for f in (http_client, urllib3, requests, httpx, aiohttp)}
"""


class _Orders(BaseHTTPRequestHandler):
    """Takes an order and says so; keeps the connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_POST(self) -> None:
        """Answer one order."""
        self.rfile.read(int(self.headers["Content-Length"]))
        answer = b'{"id": "order", "text": "' + b"y" * 900 + b'"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Print the rows of calls."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Orders)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    env = {**os.environ, "WORLD": f"127.0.0.1:{server.server_port}"}
    try:
        for durability, target in (("crash", "<= 1.25"), ("power", "-")):
            with Pair(WORKER, durability, env) as pair:
                for client in CLIENTS:
                    figures = pair.ratio(client, client, count=30, rounds=9)
                    row(f"POST by {client}, {durability}", figures, target)
        for client in CLIENTS:
            replays(client, env)
        for durability in ("crash", "power"):
            syncs(durability, env)
    finally:
        server.shutdown()


def replays(client: str, env: dict[str, str]) -> None:
    """Time a restart that answers its calls from the record, against live calls."""
    count, rounds = 30, 9
    with tempfile.TemporaryDirectory() as folder:
        guarded, bare = Path(folder, "guarded"), Path(folder, "bare")
        for path in (guarded, bare):
            path.mkdir()
            (path / "SOUL.md").write_text(SOUL, encoding="utf-8")
        run = [sys.executable, "-m", "soulguard", "run", "--run-id", "one",
               "--durability", "crash", "--"]  # fmt: skip
        first = Worker(WORKER, guarded, run, env)
        for _ in range(rounds + 1):
            first.seconds(client, count)
        first.end(3)
        again, live = Worker(WORKER, guarded, run, env), Worker(WORKER, bare, [], env)
        again.seconds(client, count)
        live.seconds(client, count)
        pairs = [
            (live.seconds(client, count), again.seconds(client, count))
            for _ in range(rounds)
        ]
        again.close()
        live.close()
    figures = (
        statistics.median(g / b for b, g in pairs),
        statistics.median(b for b, _ in pairs) / count * 1e6,
        statistics.median(g for _, g in pairs) / count * 1e6,
    )
    row(f"replay by {client}, against a live loopback call", figures, "<= 0.25")


def syncs(durability: str, env: dict[str, str]) -> None:
    """Count the syncs of one call with strace."""
    if shutil.which("strace") is None:
        print("syncs per call: not counted, strace is not installed")
        return
    counts = {n: _syncs_of(n, durability, env) for n in (0, 20)}
    per = (counts[20] - counts[0]) / 20
    print(f"syncs of a guarded POST, {durability:<5} {per:40.2f}   target 1 (power)")


def _syncs_of(number: int, durability: str, env: dict[str, str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "SOUL.md").write_text(SOUL, encoding="utf-8")
        script = f"{WORKER}\nhttp_client({number})\n"
        (root / "agent.py").write_text(script, encoding="utf-8")
        trace = root.parent / f"{root.name}.trace"
        subprocess.run(
            ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", str(trace),
             sys.executable, "-m", "soulguard", "run", "--durability", durability,
             "--", sys.executable, "agent.py"],
            cwd=root, env=env, check=True, capture_output=True,
        )  # fmt: skip
        text = trace.read_text(encoding="utf-8")
        trace.unlink()
    return len(re.findall(r"\b(?:fsync|fdatasync)\(", text))
