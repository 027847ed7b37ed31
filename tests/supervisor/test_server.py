import os
import socket
import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from soulguard.errors import LedgerFullError
from soulguard.guard import protocol
from soulguard.model import Decision, EventType, Verdict
from soulguard.supervisor.broker import Answer, Broker, Parked
from soulguard.supervisor.server import Server, _Line

YES = Answer(Decision(Verdict.ALLOW, "yes"))


@pytest.fixture
def serve(office, tmp_path_factory):
    """Serve handlers at a socket; a test turns the loop itself."""
    made = []

    def start(handlers, **more):
        address = f"{tmp_path_factory.mktemp('s')}/s"
        made.append(Server(Broker(handlers), office.session, address, **more))
        return made[-1]

    yield start
    for server in made:
        server.close()


class Caller:
    """A client whose questions and answers are taken apart in time."""

    def __init__(self, server):
        self.server = server
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(10)
        self.socket.connect(server.address)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def say(self, op, *blobs, **message):
        self.socket.sendall(protocol.encode({"op": op, **message}, blobs))

    def hear(self):
        return protocol.receive(self.socket.recv)

    def waits(self):
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1) == b""
        except BlockingIOError:
            return True
        finally:
            self.socket.settimeout(10)


def promising(office):
    """Give a handler whose answer waits for the commit."""

    def handle(*_):
        office.session.promise()
        return YES

    return handle


def turn(server, times=3):
    for _ in range(times):
        server.turn(0.01)


def test_a_question_is_answered_after_its_batch_is_committed(
    serve, office, monkeypatch
):
    order = []
    commit = office.session.commit
    monkeypatch.setattr(
        office.session, "commit", lambda: (order.append("commit"), commit())
    )

    def handle(peer, message, blobs):
        order.append("handled")
        office.session.promise()
        assert peer.pid == os.getpid()
        return Answer(Decision(Verdict.ALLOW, str(list(blobs))), (b"part",))

    server = serve({"ask": handle})
    with Caller(server) as caller:
        caller.say("ask", b"one", b"two")
        turn(server)
        reply, blobs = caller.hear()
    assert reply["reason"] == "[b'one', b'two']"
    assert blobs == [b"part"]
    assert order[:2] == ["handled", "commit"]


def test_many_questions_are_one_batch(serve, office, monkeypatch):
    commits = []
    commit = office.session.commit
    monkeypatch.setattr(office.session, "commit", lambda: (commits.append(1), commit()))
    server = serve({"ask": promising(office)})
    callers = [Caller(server) for _ in range(5)]
    turn(server)
    commits.clear()
    for caller in callers:
        caller.say("ask")
    server.turn(1)
    assert commits == [1]
    for caller in callers:
        assert caller.hear()[0]["verdict"] == "allow"
        caller.socket.close()


def test_what_lets_nothing_happen_is_committed_when_nobody_asks(serve, office):
    ledger = office.session.ledger

    def skip(*_):
        office.session.record(
            EventType.EFFECT_SKIPPED, "out/a", "done before", pressing=False
        )
        return YES

    server = serve({"ask": skip})
    with Caller(server) as caller:
        caller.say("ask")
        server.turn(1)
        server.turn(1)
        assert caller.hear()[0]["verdict"] == "allow"
        ledger.rollback()
        caller.say("ask")
        turn(server, 20)
        caller.hear()
    ledger.rollback()
    kinds = [event.type for event in ledger.events("run-1")]
    assert kinds.count(EventType.EFFECT_SKIPPED) >= 1


def test_what_lets_nothing_happen_leaves_before_it_is_put_on_record(serve, office):
    order = []

    def skip(peer, message, blobs):
        order.append(("asked", message["number"]))
        office.session.afterwards(lambda: order.append(("noted", message["number"])))
        return YES

    server = serve({"ask": skip})
    with Caller(server) as one, Caller(server) as two:
        turn(server)
        send = server._send
        server._send = lambda *given: (order.append("left"), send(*given))
        for number, caller in enumerate((one, two)):
            caller.say("ask", number=number)
        server.turn(1)
        assert one.hear()[0]["verdict"] == two.hear()[0]["verdict"] == "allow"
    # the second question must find what is known of the first
    assert order == [
        ("asked", 0), "left", ("noted", 0), ("asked", 1), "left", ("noted", 1)
    ]  # fmt: skip


def test_a_fact_gets_no_answer(serve):
    server = serve({"fact": lambda *_: YES, "ask": lambda *_: YES})
    with Caller(server) as caller:
        caller.say("fact", tell=True)
        turn(server)
        assert caller.waits()


def test_a_parked_question_is_answered_when_another_connection_frees_it(serve):
    free = []

    def ask(peer, message, blobs):
        if not free:
            raise Parked("key")
        return YES

    def release(peer, message, blobs):
        free.append(True)

    server = serve({"ask": ask, "free": release})
    with Caller(server) as waiting, Caller(server) as other:
        waiting.say("ask")
        turn(server)
        assert waiting.waits()
        other.say("free", tell=True)
        turn(server)
        assert waiting.hear()[0]["verdict"] == "allow"


def test_a_handler_that_fails_is_a_refusal(serve):
    def fail(*_):
        raise LedgerFullError("no space left", hint="free some")

    server = serve({"ask": fail})
    with Caller(server) as caller:
        for op in ("ask", "unknown"):
            caller.say(op)
            turn(server)
            reply, _ = caller.hear()
            assert reply["verdict"] == "deny"
            assert reply["data"] == {"error": "guard-unavailable"}
            if op == "ask":
                assert "Way out: free some" in reply["message"]


def test_a_commit_that_fails_refuses_its_whole_batch(serve, office, monkeypatch):
    def full():
        raise LedgerFullError("no space left")

    server = serve({"ask": promising(office)})
    with Caller(server) as caller:
        turn(server)
        monkeypatch.setattr(office.session, "commit", full)
        caller.say("ask")
        turn(server)
        assert caller.hear()[0]["verdict"] == "deny"
        monkeypatch.undo()
        caller.say("ask")
        turn(server)
        assert caller.hear()[0]["verdict"] == "allow"


@pytest.mark.parametrize(
    "goodbye", [b"", b"\0\0\0\2", b"\xff" * 16, b"\0\0\0\2\0\0\0\0[]"]
)
def test_a_connection_that_ends_or_talks_nonsense_is_left(serve, goodbye):
    left = []
    server = serve({}, left=left.append)
    with Caller(server) as caller:
        turn(server)
        caller.socket.sendall(goodbye)
        caller.socket.shutdown(socket.SHUT_WR)
        turn(server)
        assert caller.socket.recv(1) == b""
    assert [peer.pid for peer in left] == [os.getpid()]


def test_a_large_answer_leaves_in_pieces(serve):
    body = os.urandom(3_000_000)
    server = serve({"ask": lambda *_: Answer(YES.decision, (body,))})
    with Caller(server) as caller:
        caller.say("ask")
        heard = []
        thread = threading.Thread(target=lambda: heard.append(caller.hear()))
        thread.start()
        while thread.is_alive():
            server.turn(0.01)
        thread.join()
    assert heard[0][1] == [body]


def test_another_descriptor_is_watched_in_the_same_loop(serve):
    server = serve({})
    reader, writer = os.pipe()
    seen = []
    server.watch(reader, lambda: seen.append(os.read(reader, 1)))
    os.write(writer, b"x")
    assert server.turn(1)
    assert seen == [b"x"]
    assert not server.turn(0)
    os.close(writer)
    os.close(reader)


def test_the_socket_is_private_and_goes_with_the_server(office, tmp_path_factory):
    address = f"{tmp_path_factory.mktemp('s')}/s"
    server = Server(Broker({}), office.session, address)
    assert os.stat(address).st_mode & 0o777 == 0o600
    server.close()
    assert not os.path.exists(address)


messages = st.tuples(
    st.dictionaries(st.sampled_from(["op", "path", "size"]), st.text() | st.integers()),
    st.lists(st.binary(max_size=40), max_size=3),
)


@settings(max_examples=60)
@given(st.lists(messages, max_size=5), st.data())
def test_frames_are_found_however_the_stream_is_cut(sent, data):
    ours, theirs = socket.socketpair()
    with ours, theirs:
        line = _Line(ours)
        stream = b"".join(protocol.encode(m, b) for m, b in sent)
        found, at = [], 0
        while at < len(stream):
            size = data.draw(st.integers(1, len(stream) - at))
            line.arrived += stream[at : at + size]
            at += size
            found += line.frames()
    assert found == [(message, list(blobs)) for message, blobs in sent]
    assert line.arrived == b""


class Full:
    """A ledger that is full for a while."""

    def __init__(self, ledger, monkeypatch):
        self.now = False
        commit = ledger.commit

        def refuse(*, durable):
            if self.now:
                raise LedgerFullError("no space left", hint="free some")
            commit(durable=durable)

        monkeypatch.setattr(ledger, "commit", refuse)


def call(caller, server):
    caller.say(
        "call.begin", b"a=1", method="POST", url="https://api.example.com/pay",
        headers=[],
    )  # fmt: skip
    turn(server)
    return caller.hear()[0]


def test_a_retry_refused_for_want_of_the_record_is_still_a_retry(
    serve, office, monkeypatch
):
    server = serve(office.handlers)
    full = Full(office.ledger, monkeypatch)
    with Caller(server) as caller:
        first = call(caller, server)
        caller.say("call.end", tell=True, effect=first["effect"], error="E", sent=True)
        turn(server)
        full.now = True
        assert call(caller, server)["data"]["error"] == "guard-unavailable"
        full.now = False
        assert call(caller, server)["data"]["error"] == "in-doubt"
    assert len(office.rows()) == 1


def test_what_was_told_while_the_record_was_full_is_on_it_afterwards(
    serve, office, monkeypatch
):
    server = serve(office.handlers)
    full = Full(office.ledger, monkeypatch)
    with Caller(server) as caller:
        effect = call(caller, server)["effect"]
        full.now = True
        caller.say(
            "call.end", b"ok", tell=True, effect=effect, status=200, reason="OK",
            version="1.1", headers=[],
        )  # fmt: skip
        turn(server)
        assert office.rows()[0].state.value == "begun"
        full.now = False
        turn(server)
    assert office.rows()[0].state.value == "done"


def test_an_append_refused_for_want_of_the_record_holds_nobody_up(
    serve, office, monkeypatch
):
    server = serve(office.handlers)
    full = Full(office.ledger, monkeypatch)
    asked = {
        "path": str(office / "a"),
        "digest": "d",
        "size": 1,
        "bytes": "",
        "start": 0,
    }
    with Caller(server) as one, Caller(server) as other:
        full.now = True
        one.say("file.append", **asked)
        turn(server)
        assert one.hear()[0]["verdict"] == "deny"
        full.now = False
        other.say("file.append", **asked)
        turn(server)
        assert other.hear()[0]["verdict"] == "allow"
