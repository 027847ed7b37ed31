"""The outside world of the HTTP tests: a server that counts what reaches it."""

import gzip
import json
import os
import select
import signal
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class World:
    """A local service. `posts` counts requests by path, `effects` what was done once
    per key where a key was honoured; `seen` keeps every request.

    Paths: ``/honours/…`` drops repeats of a key, ``/chunked/…`` answers in chunks (``/chunked/held``: without the last),
    ``/status/N`` answers N, ``/lost/…`` acts and hangs up, ``/slow/…`` acts and never
    answers, ``/first/N/…`` answers N once and 200 afterwards, ``/redirect/…`` sends on
    to ``/honours/target``. After ``/honours/`` the step ``once-lost`` or ``once-slow``
    makes the first answer a lost one. ``/busy/N/…`` says N times that the first
    request is in progress. The first request to a path in `lose` is done, and its
    answer lost. The next request is turned away with the status `refuse` (1: 401).
    """

    def __init__(self, tls=None):
        self.connections = 0
        self.kill_at = ""
        self.lose = set()
        self.refuse = 0
        self.posts = Counter()
        self.effects = Counter()
        self.seen = []
        self.answers = {}
        self.lock = threading.Lock()
        self.stop = threading.Event()
        world = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                pass

            def do_POST(self):
                world.handle(self)

            do_PUT = do_PATCH = do_DELETE = do_GET = do_POST  # noqa: N815

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def get_request(self):
                world.connections += 1
                connection, address = super().get_request()
                if tls is not None:
                    connection.settimeout(5)
                    connection = tls.wrap_socket(
                        connection, server_side=True, do_handshake_on_connect=False
                    )
                return connection, address

            def handle_error(self, request, client_address):
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.stop.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def total(self):
        return sum(self.posts.values())

    def handle(self, handler):
        body = self.read_body(handler)
        path = handler.path
        key = handler.headers.get("Idempotency-Key", "")
        with self.lock:
            self.posts[path] += 1
            count = self.posts[path]
            self.seen.append((handler.command, path, dict(handler.headers), body))
            status = self.status(path, count)
            replayed = path.startswith("/honours/") and (path, key) in self.answers
            replayed = replayed and status < 400
            if not replayed and status < 400:
                self.effects[path] += 1
            number = self.effects[path]
            answer = self.answers.setdefault((path, key), number)
            if not path.startswith("/honours/"):
                answer = number
        kind, how = (*path.split("/")[1:3], "")[:2]
        if how.startswith("once-") and count == 1:
            kind = how.removeprefix("once-")
        if kind == "redirect":
            handler.send_response(307)
            handler.send_header("Location", "/honours/target")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        if self.kill_at == "after the server acted":
            os.kill(self.client(handler), signal.SIGKILL)
            return
        if kind == "lost" or (path in self.lose and count == 1):
            handler.close_connection = True
            handler.connection.close()
            return
        if kind == "slow":
            self.stop.wait(10)
            handler.close_connection = True
            return
        self.reply(handler, (kind, how), status, answer, body=body, replayed=replayed)

    def status(self, path, count):
        if self.refuse:
            refused, self.refuse = self.refuse, 0
            return 401 if refused == 1 else refused
        kind, how = (*path.split("/")[1:3], "")[:2]
        if kind == "status" or (kind == "first" and count == 1):
            return int(how)
        if kind == "busy" and count <= int(how):
            return 409
        return 200

    def client(self, handler):
        """Give the pid at the other end: the owner of the socket with its port."""
        ends = (handler.client_address[1], self.server.server_port)
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            fields = line.split()
            found = tuple(int(f.split(":")[1], 16) for f in fields[1:3])
            if found == ends and fields[9] != "0":
                return owner(int(fields[9]))
        raise AssertionError("no such connection")

    def part(self, handler, content):
        """Send a part of the answer; at a point of death it is the last one."""
        handler.wfile.write(content)
        handler.wfile.flush()
        if self.kill_at == "mid-response":
            os.kill(self.client(handler), signal.SIGKILL)
            raise ConnectionAbortedError

    def reply(self, handler, kinds, status, answer, *, body, replayed):
        kind, how = kinds
        content = json.dumps({"number": answer, "got": len(body)}).encode()
        if kind == "empty":
            content = b""
        if kind == "gzip":
            content = gzip.compress(content)
        if status == 409 and kind == "busy":
            content = b'{"title": "a request is in progress"}'
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        if kind == "gzip":
            handler.send_header("Content-Encoding", "gzip")
        handler.send_header("X-Number", str(answer))
        if replayed:
            handler.send_header("Idempotent-Replayed", "true")
        if kind == "chunked" or how == "chunked":
            handler.send_header("Transfer-Encoding", "chunked")
            handler.end_headers()
            for part in (content[:5], content[5:11], content[11:]):
                if part == content[11:] and "held" in handler.path:
                    # the end comes when the agent has left, or a second later
                    select.select([handler.connection], [], [], 1.0)
                self.part(handler, b"%x\r\n%b\r\n" % (len(part), part))
            handler.wfile.write(b"0\r\n\r\n")
        else:
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            self.part(handler, content[:10])
            handler.wfile.write(content[10:])

    def read_body(self, handler):
        if "chunked" in handler.headers.get("Transfer-Encoding", ""):
            parts = []
            while size := int(handler.rfile.readline().split(b";")[0], 16):
                parts.append(handler.rfile.read(size))
                handler.rfile.readline()
            handler.rfile.readline()
            return b"".join(parts)
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))


def owner(inode):
    """Give the youngest process that holds a socket."""
    wanted = f"socket:[{inode}]"
    for process in sorted(Path("/proc").glob("[0-9]*"), key=lambda p: -int(p.name)):
        try:
            if any(os.readlink(fd) == wanted for fd in (process / "fd").iterdir()):
                return int(process.name)
        except OSError:
            continue
    raise AssertionError("nobody holds it")
