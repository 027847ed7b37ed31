import http.client
import json
import socket

import pytest

from soulguard.drill.conductor import Conductor
from soulguard.drill.probe.steps import ACTED, BEFORE, PARTLY
from soulguard.drill.recording import Answers, Exchange, Recording
from soulguard.drill.results import Point
from soulguard.drill.service import Service
from soulguard.soul import shipped
from soulguard.supervisor.facts import Facts

URL = "https://api.example.com/v1/things"
NAME = "call POST api.example.com/v1/things"
KIND = (("Content-Type", "text/plain"), ("Content-Length", "999"), ("X-A", "1"))


def exchange(body, *chunks, method="POST", url=URL, status=200):
    return Exchange(method, url, (), body, status, "OK", KIND, chunks)


EXCHANGES = (
    exchange(b"whole", b"the answer"),
    exchange(b"stream", b"one ", b"two ", b"three"),
    exchange(b"", b"looked up", method="GET", url=f"{URL}?a=1"),
    exchange(b"", method="DELETE", status=204),
)


@pytest.fixture
def world(tmp_path):
    """A service with its conductor; gives how to connect to it as the agent would."""
    made = []

    def make(*, guarded=False, stop=None, host="api.example.com", port=443):
        conductor = Conductor(str(tmp_path / f"line{len(made)}"), {}, stop)
        conductor.begin(1)
        answers = Answers(Recording(EXCHANGES), Facts(shipped.folder()))
        service = Service(conductor, answers, guarded=guarded)
        service.start()
        line = socket.create_connection(("127.0.0.1", service.port), timeout=10)
        conductor._line({
            "port": line.getsockname()[1], "host": host, "to": port,
            "at": "agent.py:1", "mail": False,
        })  # fmt: skip
        if port == 443:
            line.sendall(b"\0TLS api.example.com\n")
        made.append((conductor, service, line))
        client = http.client.HTTPConnection(host)
        client.sock = line
        return client, conductor, answers

    yield make
    for conductor, service, line in made:
        line.close()
        service.close()
        conductor.close()


def ask(client, method="POST", path="/v1/things", body=b"whole", **headers):
    client.request(method, path, body, headers)
    answer = client.getresponse()
    return answer, answer.read()


def test_a_request_is_answered_as_recorded_with_framing_of_its_own(world):
    client, _, answers = world()
    answer, body = ask(client)
    assert (answer.status, body) == (200, b"the answer")
    assert answer.headers["x-a"] == "1"
    assert answer.headers.get_all("content-length") == ["10"]
    assert [r.name for r in answers.requests] == [NAME]


def test_a_stream_is_a_stream_with_a_boundary_in_its_middle(world):
    client, conductor, _ = world()
    answer, body = ask(client, body=b"stream")
    assert answer.headers["transfer-encoding"] == "chunked"
    assert body == b"one two three"
    assert [p.moment for p in conductor.points] == [BEFORE, ACTED, PARTLY]


def test_requests_on_one_connection_are_answered_one_after_the_other(world):
    client, _, answers = world()
    assert ask(client)[1] == b"the answer"
    assert ask(client, body=b"stream")[1] == b"one two three"
    assert len(answers.requests) == 2


def test_each_request_on_a_connection_has_the_line_that_sent_it(world):
    client, conductor, answers = world()
    ask(client)
    port = client.sock.getsockname()[1]
    conductor._sends({"port": port, "at": "agent.py:7"})
    ask(client)
    assert [r.at for r in answers.requests] == ["agent.py:1", "agent.py:7"]


def test_looking_has_no_boundaries(world):
    client, conductor, _ = world()
    assert ask(client, "GET", "/v1/things?a=1", None)[1] == b"looked up"
    assert conductor.points == []


def test_an_answer_without_a_body_has_none(world):
    client, _, _ = world()
    answer, body = ask(client, "DELETE", "/v1/things", None)
    assert (answer.status, body) == (204, b"")


def test_a_chunked_request_is_read(world):
    client, _, _ = world()
    client.request("POST", "/v1/things", iter([b"who", b"le"]), encode_chunked=True)
    assert client.getresponse().read() == b"the answer"


def test_before_a_guarded_call_the_boundaries_are_the_guards(world):
    client, conductor, _ = world(guarded=True)
    ask(client)
    assert [p.moment for p in conductor.points] == [ACTED]


@pytest.mark.parametrize(("moment", "reached"), [(BEFORE, 0), (ACTED, 1)])
def test_a_death_before_a_call_is_none_and_after_it_one(world, moment, reached):
    client, conductor, answers = world(stop=Point(moment, NAME, 1))
    with pytest.raises((http.client.HTTPException, OSError)):
        ask(client)
    assert conductor.reached
    assert len(answers.requests) == reached


def test_what_nothing_answers_is_refused_in_a_way_no_client_repeats(world):
    client, conductor, _ = world(host="other.example")
    answer, body = ask(client, body=b"unheard of")
    assert answer.status == 421
    assert "answers no such request" in json.loads(body)["error"]["message"]
    assert conductor.notes == [
        ("unanswered", "POST https://other.example/v1/things", "agent.py:1")
    ]


def test_a_proxy_is_a_way_to_the_same_service(world):
    client, _, answers = world(host="proxy.example", port=3128)
    client.sock.sendall(b"CONNECT api.example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n")
    assert client.sock.recv(100) == b"HTTP/1.1 200 OK\r\n\r\n"
    client.sock.sendall(b"\0TLS api.example.com\n")
    assert ask(client)[1] == b"the answer"
    assert answers.requests[0].match == "exact"


def test_a_web_socket_is_no_http(world):
    client, conductor, answers = world()
    client.request("GET", "/v1/live", headers={"Upgrade": "websocket"})
    with pytest.raises((http.client.HTTPException, OSError)):
        client.getresponse()
    assert conductor.notes[0][0] == "unanswered"
    assert answers.requests == []


def test_another_protocol_is_said_to_be_none(world):
    client, conductor, _ = world(host="db.example", port=5432)
    client.sock.sendall(b"\x00\x00\x00\x08 startup\n")
    assert client.sock.recv(100) == b""
    assert conductor.notes[0][1].startswith("db.example:5432, which is not spoken to")
