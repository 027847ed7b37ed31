"""The outside world of the examples: a model, a card processor, a post, a press.

    python examples/service.py [--port 8731]

    POST /v1/chat/completions   OpenAI-compatible, whole or as a stream. As with a real
                                model, asking again gives another text and costs again.
    POST /v1/charges            Stripe-like. A repeated `Idempotency-Key` gets the first
                                answer again; without a key every call is a new charge.
    POST /emails                Resend-like: send a mail, and keys work here as well.
    POST /v1/posts              Publish a page, and here.
    GET  /stats, /charges       what reached this service so far
    POST /reset                 forget everything
    POST /faults                arm one fault, for tests and demonstrations:

        {"path": "/v1/charges", "nth": 4, "do": "drop-after-processing"}

    path, nth, contains   which request: the nth from now whose body contains the text
    do                    drop-before, drop-after-processing, status, delay, hang, kill
    status, seconds       for status (429, 500, ...) and for delay
    kill, when            a pid, a negative process group, or "client": the process at
                          the other end of the connection. `when` is before,
                          after-processing, mid-answer (of a stream) or after-answer.

Answers depend on what was asked and how often, never on the clock, so two equal
histories leave equal traces. Standard library only.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import signal
import socket
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qsl

OPENED = 1767603600  # Monday 5 January 2026, 09:00 UTC: this service's first second

FAULTS = ("drop-before", "drop-after-processing", "status", "delay", "hang", "kill")
MOMENTS = ("before", "after-processing", "mid-answer", "after-answer")

SENTENCES = (
    "Thank you for this order; it has been checked and is on its way to our workshop.",
    "Every piece is made to order, so small differences in grain and colour are natural.",
    "We pack in recycled board and wool, without plastic.",
    "Delivery takes eight to ten working days; you will hear from us the day before.",
    "The price includes value added tax and carriage to the kerb.",
    "Should anything arrive damaged, send us a photograph within a fortnight.",
    "Oil the surface once a year and it will outlast its owner.",
    "Please keep this page: it is your receipt and your proof of warranty.",
    "Our workshop is open to visitors every second Saturday of the month.",
    "We plant one tree for every table that leaves the house.",
    "If the measurements are not right after all, tell us before Thursday.",
    "The warranty covers joints and frame for ten years, fabric for two.",
)


@dataclass
class Answer:
    """One HTTP answer."""

    body: dict | list
    status: int = 200
    headers: dict = field(default_factory=dict)
    stream: bool = False


def failure(status, kind, message):
    return Answer({"error": {"type": kind, "message": message}}, status)


class Model:
    """The language model."""

    def __init__(self):
        self.calls = 0
        self.tokens = Counter()
        self.asked = Counter()
        self.answered = set()
        self.needless = Counter()

    def complete(self, request):
        prompt = self._prompt(request)
        self.calls += 1
        self.asked[prompt] += 1
        text = self._text(prompt, self.asked[prompt])
        usage = {"prompt": len(prompt) // 4, "completion": len(text) // 4}
        self.tokens.update(usage)
        if prompt in self.answered:
            self.needless.update(usage, calls=1)
        return Answer(
            self._completion(request, text, usage), stream=bool(request.get("stream"))
        )

    def answer_arrived(self, request):
        """Know that whoever asked has the answer: asking once more is needless."""
        self.answered.add(self._prompt(request))

    @staticmethod
    def _prompt(request):
        return json.dumps(request.get("messages", []), ensure_ascii=False)

    @staticmethod
    def _text(prompt, times):
        """Choose five sentences by the prompt and by how often it was asked."""
        digest = hashlib.sha256(f"{prompt}\0{times}".encode()).digest()
        left = list(SENTENCES)
        return " ".join(left.pop(byte % len(left)) for byte in digest[:5])

    def _completion(self, request, text, usage):
        return {
            "id": f"chatcmpl-{self.calls:06}",
            "object": "chat.completion",
            "created": OPENED + 11 * self.calls,
            "model": request.get("model", ""),
            "choices": [
                {
                    "index": 0,
                    "message": {"role": "assistant", "content": text},
                    "finish_reason": "stop",
                }
            ],
            "usage": {
                "prompt_tokens": usage["prompt"],
                "completion_tokens": usage["completion"],
                "total_tokens": sum(usage.values()),
            },
        }


class Keyed:
    """What makes one thing per call, or per key; keys work as Stripe documents them."""

    def __init__(self):
        self.made = []
        self.answers = {}  # key -> (parameters, what was made)
        self.replayed = 0

    def make(self, parameters, key):
        if key in self.answers:
            return self._again(parameters, key)
        made = self._new(parameters)
        self.made.append(made)
        if not key:
            return Answer(made)
        self.answers[key] = (parameters, made)
        return Answer(made, headers={"Idempotency-Key": key})

    def _again(self, parameters, key):
        first, made = self.answers[key]
        if first != parameters:
            return failure(
                400,
                "idempotency_error",
                "Keys for idempotent requests can only be used with the same parameters "
                "they were first used with.",
            )
        self.replayed += 1
        return Answer(
            made, headers={"Idempotency-Key": key, "Idempotent-Replayed": "true"}
        )


class Processor(Keyed):
    """The card processor."""

    def charge(self, parameters, key):
        if not parameters.get("amount", "").isdigit():
            return failure(
                400, "invalid_request_error", "Missing required param: amount."
            )
        return self.make(parameters, key)

    @property
    def charges(self):
        return self.made

    def _new(self, parameters):
        number = len(self.charges) + 1
        return {
            "id": f"ch_{hashlib.sha256(str(number).encode()).hexdigest()[:24]}",
            "object": "charge",
            "amount": int(parameters["amount"]),
            "currency": parameters.get("currency", "eur"),
            "description": parameters.get("description"),
            "source": parameters.get("source"),
            "created": OPENED + 37 * number,
            "livemode": False,
            "paid": True,
            "status": "succeeded",
        }

    def distinct(self):
        """Count the charges that differ in what was paid for."""
        return len(
            {
                (c["amount"], c["currency"], c["description"], c["source"])
                for c in self.charges
            }
        )


class PostOffice(Keyed):
    """Where mails are sent from."""

    def _new(self, parameters):
        return {"id": f"mail-{len(self.made) + 1:04}", "to": parameters.get("to")}


class Press(Keyed):
    """Where pages are published."""

    def _new(self, parameters):
        return {"id": len(self.made) + 1, "slug": parameters.get("slug", "")}


@dataclass
class Fault:
    """One thing that shall go wrong, once."""

    path: str
    nth: int = 1
    contains: str = ""
    do: str = "kill"
    status: int = 500
    seconds: float = 1.0
    kill: int | str = "client"
    when: str = "after-processing"

    def __post_init__(self):
        if self.do not in FAULTS or self.when not in MOMENTS:
            raise ValueError(f"no such fault: {self.do} {self.when}")

    def hits(self, path, body):
        """Count a request and tell whether this is the one."""
        if path != self.path or self.contains.encode() not in body:
            return False
        self.nth -= 1
        return self.nth == 0

    def moment(self):
        if self.do == "kill":
            return self.when
        return "after-processing" if self.do == "drop-after-processing" else "before"


class World:
    """All that the service knows; every method is called under its lock."""

    def __init__(self):
        self.lock = threading.Lock()
        self.reset()

    def reset(self):
        self.model = Model()
        self.processor = Processor()
        self.post_office = PostOffice()
        self.press = Press()
        self.requests = Counter()
        self.killed = []
        self.fault = None

    def take_fault(self, path, body):
        self.requests[path] += 1
        if self.fault is None or not self.fault.hits(path, body):
            return None
        fault, self.fault = self.fault, None
        return fault

    def stats(self):
        charges = self.processor.charges
        return {
            "charges": len(charges),
            "distinct_charges": self.processor.distinct(),
            "amount": sum(charge["amount"] for charge in charges),
            "replayed_charges": self.processor.replayed,
            "keys": sorted(self.processor.answers),
            "llm_calls": self.model.calls,
            "tokens": sum(self.model.tokens.values()),
            "needless": dict(self.model.needless),  # asked again, and answered before
            "posts": [post["slug"] for post in self.press.made],
            "replayed_posts": self.press.replayed,
            "mails": [",".join(mail["to"]) for mail in self.post_office.made],
            "replayed_mails": self.post_office.replayed,
            "requests": dict(self.requests),
            "killed": self.killed,
        }


class DroppedError(Exception):
    """The connection ends here, without an answer."""


class Striking:
    """How faults strike whoever asks; a part of every request handler."""

    def take_fault(self, path, body):
        with self.server.world.lock:
            fault = self.server.world.take_fault(path, body)
        if fault and fault.do == "kill" and fault.kill == "client":
            fault.kill = self.at_the_other_end()  # now, while it certainly listens
        return fault

    def strike(self, fault, moment):
        """Let a fault happen if its moment has come; give the answer it puts in place."""
        if fault is None or fault.moment() != moment:
            return None
        if fault.do == "status":
            return failure(
                fault.status, "api_error", "Something went wrong on our end."
            )
        if fault.do == "delay":
            self.server.stopping.wait(fault.seconds)
            return None
        if fault.do == "hang":
            self.server.stopping.wait()
        if fault.do == "kill":
            self.kill(fault.kill)
        raise DroppedError

    def kill(self, pid):
        with self.server.world.lock:
            self.server.world.killed.append(pid)
        os.kill(pid, signal.SIGKILL)

    def at_the_other_end(self):
        """Find who holds the client's socket: /proc/net/tcp, then every open descriptor.

        The columns are described in proc_net_tcp.txt of the kernel's documentation.
        """
        ours, theirs = self.server.server_port, self.client_address[1]
        rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
        inode = next(
            row[9] for row in rows[1:] if (port(row[1]), port(row[2])) == (theirs, ours)
        )
        return next(pid for pid in others() if f"socket:[{inode}]" in descriptors(pid))


class Handler(Striking, BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def setup(self):
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self):
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_):
        pass

    def do_GET(self):
        world = self.server.world
        pages = {"/stats": world.stats, "/charges": lambda: world.processor.charges}
        with world.lock:
            page = pages.get(self.path)
            answer = Answer(page()) if page else failure(404, "not_found", self.path)
        self.answer(answer)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if self.path in ("/reset", "/faults"):
            self.answer(self.control(body))
            return
        try:
            self.serve(body)
        except DroppedError:
            self.close_connection = True

    def control(self, body):
        world = self.server.world
        try:
            with world.lock:
                if self.path == "/reset":
                    world.reset()
                else:
                    world.fault = Fault(**json.loads(body))
        except (TypeError, ValueError) as error:
            return failure(400, "invalid_request_error", str(error))
        return Answer({"ok": True})

    def serve(self, body):
        fault = self.take_fault(self.path, body)
        answer = self.strike(fault, "before")
        if answer is None:
            with self.server.world.lock:
                answer = self.process(body)
        self.strike(fault, "after-processing")
        self.answer(answer, partial(self.strike, fault, "mid-answer"))
        if self.path == "/v1/chat/completions" and answer.status == 200:
            with self.server.world.lock:
                self.server.world.model.answer_arrived(json.loads(body))
        self.strike(fault, "after-answer")

    def process(self, body):
        world, key = self.server.world, self.headers.get("Idempotency-Key", "")
        if self.path == "/v1/chat/completions":
            return world.model.complete(json.loads(body))
        if self.path == "/v1/charges":
            return world.processor.charge(dict(parse_qsl(body.decode())), key)
        if self.path == "/emails":
            return world.post_office.make(json.loads(body), key)
        if self.path == "/v1/posts":
            return world.press.make(json.loads(body), key)
        return failure(404, "not_found", self.path)

    def answer(self, answer, halfway=lambda: None):
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.stream:
            self.send_stream(answer.body, halfway)
            return
        data = json.dumps(answer.body).encode()
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def send_stream(self, completion, halfway):
        """Send a completion word by word, as server-sent events."""
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        events = [*map(json.dumps, chunks(completion)), "[DONE]"]
        for number, event in enumerate(events):
            if number == len(events) // 2:
                halfway()
            data = f"data: {event}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
        self.wfile.write(b"0\r\n\r\n")


def chunks(completion):
    choice = completion["choices"][0]
    base = {**completion, "object": "chat.completion.chunk"}
    usage = base.pop("usage")
    words = choice["message"]["content"].split(" ")
    for i, word in enumerate(words):
        delta = {"content": word if i == 0 else f" {word}"}
        if i == 0:
            delta["role"] = "assistant"
        yield {**base, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
    last = {"index": 0, "delta": {}, "finish_reason": choice["finish_reason"]}
    yield {**base, "choices": [last], "usage": usage}


def port(address):
    return int(address.rpartition(":")[2], 16)


def others():
    """Give the processes that are not this one."""
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    return [pid for pid in pids if pid != os.getpid()]


def descriptors(pid):
    """Give what a process has open; nothing if it ended or is not ours to look at."""
    found = set()
    folder = f"/proc/{pid}/fd"
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            with contextlib.suppress(OSError):  # closed meanwhile
                found.add(os.readlink(f"{folder}/{name}"))
    return found


class Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address):
        super().__init__(address, Handler)
        self.world = World()
        self.connections = set()
        self.stopping = threading.Event()

    def handle_error(self, request, client_address):
        """Say nothing of clients that are gone: here they die in the middle on purpose."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)

    def close(self):
        self.stopping.set()
        self.shutdown()
        for connection in list(self.connections):
            with contextlib.suppress(OSError):  # it ended meanwhile
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Service:
    """The service in a thread: ``with Service() as service: ... service.url``."""

    def __init__(self, number=0):
        self.server = Server(("127.0.0.1", number))
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(
            target=self.server.serve_forever, args=(0.02,), daemon=True
        )

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        self.thread.start()

    def stop(self):
        self.server.close()
        self.thread.join()

    def stats(self):
        with self.server.world.lock:
            return self.server.world.stats()

    def arm(self, **fault):
        """Arm one fault; the page at the top of this file names the fields."""
        with self.server.world.lock:
            self.server.world.fault = Fault(**fault)


def main():
    parser = argparse.ArgumentParser(
        description="A language model and a card processor."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    server = Server(("127.0.0.1", parser.parse_args().port))
    print(f"http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        server.server_close()


if __name__ == "__main__":
    main()
