"""The services behind the SDKs of `test_sdks`, all in one: every answer has a number."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

CHAT = {
    "id": "c", "object": "chat.completion", "created": 1, "model": "gpt-4o",
    "choices": [{
        "index": 0, "finish_reason": "stop",
        "message": {"role": "assistant", "content": "said {n}"},
    }],
    "usage": {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8},
}  # fmt: skip
PART = {
    "id": "c", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4o",
    "choices": [{"index": 0, "delta": {"content": "said {n} "}, "finish_reason": None}],
}  # fmt: skip
RESPONSE = {
    "id": "r", "object": "response", "created_at": 1, "model": "gpt-4o",
    "status": "completed", "parallel_tool_calls": True, "tool_choice": "auto",
    "tools": [], "output": [{
        "type": "message", "id": "m", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": "said {n}", "annotations": []}],
    }],
    "usage": {
        "input_tokens": 3, "output_tokens": 5, "total_tokens": 8,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens_details": {"reasoning_tokens": 0},
    },
}  # fmt: skip
MESSAGE = {
    "id": "m", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": "said {n}"}], "stop_reason": "end_turn",
    "stop_sequence": None, "usage": {"input_tokens": 3, "output_tokens": 5},
}  # fmt: skip
TEXT = {"type": "text", "text": ""}
MESSAGE_EVENTS = (
    {"type": "message_start", "message": {**MESSAGE, "content": []}},
    {"type": "content_block_start", "index": 0, "content_block": TEXT},
    {"type": "content_block_delta", "index": 0,
     "delta": {"type": "text_delta", "text": "said {n}"}},
    {"type": "content_block_stop", "index": 0},
    {"type": "message_delta", "usage": {"output_tokens": 5},
     "delta": {"stop_reason": "end_turn", "stop_sequence": None}},
    {"type": "message_stop"},
)  # fmt: skip
PAYMENT = {"id": "pi_{n}", "object": "payment_intent", "amount": 100}
QUEUED = {"MessageId": "q{n}", "MD5OfMessageBody": "5d41402abc4b2a76b9719d911017c592"}
POSTED = {"ok": True, "ts": "{n}", "channel": "C1", "message": {"text": "hello"}}
SMS = {"sid": "SM{n}", "status": "queued", "body": "hello"}


class Services:
    """Counts the calls by path; the first one of a path in `flaky` gets a 503."""

    def __init__(self):
        self.calls = []
        self.flaky = set()
        self.lock = threading.Lock()
        services = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def log_message(self, *args):
                pass

            def do_POST(self):
                services.handle(self)

            do_PUT = do_GET = do_POST  # noqa: N815

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))
        self.thread.start()
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def handle(self, handler):
        body = read(handler)
        with self.lock:
            self.calls.append((handler.path, dict(handler.headers), body))
            number = str(len(self.calls))
            fails = handler.path in self.flaky
            self.flaky.discard(handler.path)
        if handler.command == "PUT":
            send(handler, 200, "application/xml", b"")
            return
        if fails:
            send(handler, 503, "application/json", b"{}")
            return
        kind, text = answer(handler.path, body)
        send(handler, 200, kind, text.replace("{n}", number).encode())


def answer(path, body):
    """Give the type and the text of an answer, with ``{n}`` for its number."""
    streamed = b'"stream":true' in body.replace(b" ", b"")
    if path.endswith("/chat/completions"):
        return events((PART, PART), "[DONE]") if streamed else whole(CHAT)
    if path.endswith("/responses"):
        return whole(RESPONSE)
    if path.endswith("/v1/messages"):
        return events(MESSAGE_EVENTS) if streamed else whole(MESSAGE)
    if path.endswith("/payment_intents"):
        return whole(PAYMENT)
    if path.endswith("/chat.postMessage"):
        return whole(POSTED)
    if path.endswith("/Messages.json"):
        return whole(SMS)
    return whole(QUEUED)


def whole(value):
    return "application/json", json.dumps(value)


def events(values, end=""):
    lines = [
        (f"event: {v['type']}\n" if "type" in v else "") + f"data: {json.dumps(v)}\n\n"
        for v in values
    ]
    return "text/event-stream", "".join(lines) + (f"data: {end}\n\n" if end else "")


def read(handler):
    if "chunked" not in handler.headers.get("Transfer-Encoding", ""):
        return handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
    parts = []
    while size := int(handler.rfile.readline().split(b";")[0], 16):
        parts.append(handler.rfile.read(size))
        handler.rfile.readline()
    handler.rfile.readline()
    return b"".join(parts)


def send(handler, status, kind, content):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)
