"""Each kind of carrier at the wire: what a service of that kind really gets to see.

The entries are the shipped ones with this machine as their host.
"""

import base64
import json
import re
import uuid
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import yaml

from soulguard.errors import InDoubtError
from soulguard.supervisor.facts import Facts
from tests.compat.http.stage import POLICIES, Stage, patched

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
NOW = 1_800_000_000.0


@pytest.fixture
def at(tmp_path):
    """Give a maker of runs in which an entry's service is this machine."""
    patches = patched()
    made = []

    def make(entry_id):
        shipped = yaml.safe_load((POLICIES / "providers.yaml").read_text())["providers"]
        entry = next(e for e in shipped if e["id"] == entry_id)
        own = tmp_path / "own.yaml"
        here = {**entry, "hosts": ["127.0.0.1"], "date": str(entry["date"])}
        own.write_text(yaml.safe_dump({"providers": [here]}))
        stage = Stage(
            tmp_path, facts=Facts(POLICIES, (own,)), clock=lambda: stage.now
        )  # fmt: skip
        stage.now = NOW
        stage.start()
        made.append(stage)
        return stage

    yield make
    for stage in made:
        stage.stop()
    patches.remove()


def header(name):
    return lambda seen: {n.lower(): v for n, v in seen[2].items()}.get(name.lower())


def field(*steps):
    def get(seen):
        value = json.loads(seen[3])
        for step in steps:
            value = value.get(step, {})
        return value or None

    return get


def query(name):
    return lambda seen: (parse_qs(urlsplit(seen[1]).query).get(name) or [None])[0]


OURS = {
    "stripe": ("/v1/charges", header("Idempotency-Key"), UUID),
    "checkout-com": ("/payments", header("Cko-Idempotency-Key"), UUID),
    "azure-communication": ("/emails:send", header("Repeatability-Request-Id"), UUID),
    "amazon-pay": ("/v2/charges", header("x-amz-pay-idempotency-key"), "[0-9a-f]{32}"),
    "twilio": (
        "/v2/Services", header("Idempotency-Key"),
        f"{int(NOW * 1000):012x}"[:8] + "-" + f"{int(NOW * 1000):012x}"[8:] + "-7.*",
    ),
    "brevo": ("/v3/smtp/email", field("headers", "idempotencyKey"), UUID),
    "onesignal": ("/notifications", field("idempotency_key"), UUID),
    "telnyx": ("/v2/calls/1/actions/hangup", field("command_id"), UUID),
    "discord": ("/api/v10/channels/1/messages", field("nonce"), "[0-9a-z]{25}"),
}  # fmt: skip


def send(world, path, body=None, headers=None):
    with httpx.Client(timeout=5) as client:
        return client.post(world.url + path, json=body or {"a": 1}, headers=headers)


@pytest.mark.parametrize("entry", OURS)
def test_our_key_stands_where_the_service_looks_for_it(at, world, entry):
    path, key, shape = OURS[entry]
    stage = at(entry)
    assert send(world, path).status_code == 200
    (seen,) = world.seen
    assert re.fullmatch(shape, key(seen)), key(seen)
    if entry != "stripe":
        assert "idempotency-key" not in seen[2] or entry == "twilio"
    stage.restart()
    send(world, path)
    assert len(world.seen) == 1


@pytest.mark.parametrize("entry", OURS)
def test_a_retry_after_a_lost_answer_carries_the_same_key(at, world, entry):
    path, key, _ = OURS[entry]
    stage = at(entry)
    world.lose.add(path)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, path)
    stage.now += 120
    stage.restart()
    assert send(world, path).status_code == 200
    assert len({key(seen) for seen in world.seen}) == 1
    assert [seen[3] for seen in world.seen] == [world.seen[0][3]] * 2
    assert [e.state.value for e in stage.effects()] == ["done"]


def test_what_belongs_to_a_key_says_when_it_was_first_sent_on_a_retry_too(at, world):
    stage = at("azure-communication")
    world.lose.add("/emails:send")
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, "/emails:send")
    stage.now += 60
    stage.restart()
    send(world, "/emails:send")
    first, second = (header("Repeatability-First-Sent")(s) for s in world.seen)
    assert first == second == "Fri, 15 Jan 2027 08:00:00 GMT"


def paid(identifier):
    info = {"payment-identifier": {"info": {"id": identifier, "required": False}}}
    payment = {"x402Version": 2, "payload": {}, "extensions": info}
    return {"X-PAYMENT": base64.b64encode(json.dumps(payment).encode()).decode()}


def payment_id(seen):
    payment = json.loads(base64.b64decode(header("X-PAYMENT")(seen)))
    return payment["extensions"]["payment-identifier"]["info"]["id"]


CALLERS = {
    "square": (
        "/v2/payments", lambda k: ({"amount": 1, "idempotency_key": k}, {}, ""),
        field("idempotency_key"),
    ),
    "x402": ("/paid", lambda k: ({"q": 1}, paid(f"pay_{k.replace('-', '')}"), ""), payment_id),
    "stripe": (
        "/v1/charges", lambda k: ({"a": 1}, {"Idempotency-Key": k}, ""),
        header("Idempotency-Key"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("entry", CALLERS)
def test_a_random_key_of_the_caller_is_the_recorded_one_after_a_restart(
    at, world, entry
):
    path, make, key = CALLERS[entry]
    stage = at(entry)
    world.lose.add(path)
    first = str(uuid.uuid4())
    body, headers, _ = make(first)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, path, body, headers)
    stage.now += 60
    stage.restart()
    body, headers, _ = make(str(uuid.uuid4()))
    assert send(world, path, body, headers).status_code == 200
    one, two = (key(seen) for seen in world.seen)
    assert one == two
    assert one.replace("-", "").endswith(first.replace("-", ""))


GOOGLE = "/compute/v1/projects/p/zones/z/instances"


def test_a_random_key_in_the_url_cannot_be_put_back_so_the_call_is_held(at, world):
    stage = at("google-cloud")
    world.lose.add(f"{GOOGLE}?requestId=1")
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, f"{GOOGLE}?requestId=1")
    stage.restart()
    assert send(world, f"{GOOGLE}?requestId=1").status_code == 200
    assert [query("requestId")(s) for s in world.seen] == ["1", "1"]
    lost = f"{GOOGLE}?requestId={uuid.uuid4()}"
    world.lose.add(lost)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, lost)
    stage.restart()
    send(world, f"{GOOGLE}?requestId=1")
    with pytest.raises(InDoubtError, match="same"):
        send(world, f"{GOOGLE}?requestId={uuid.uuid4()}")
    assert len(world.seen) == 3


MUTATION = "mutation($idempotencyKey: String!) { refundCreate(input: {}) @idempotent(key: %s) { id } }"
SHOP = "/admin/api/2026-04/graphql.json"


@pytest.mark.parametrize("where", ["in the text", "as a variable"])
def test_a_directive_in_the_query_text_is_a_key(at, world, where):
    def body(key):
        if where == "in the text":
            return {"query": MUTATION % f'"{key}"'}
        return {
            "query": MUTATION % "$idempotencyKey",
            "variables": {"idempotencyKey": key},
        }

    stage = at("shopify")
    one = str(uuid.uuid4())
    world.lose.add(SHOP)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, SHOP, body(one))
    assert stage.effects()[0].key == one
    stage.restart()
    assert send(world, SHOP, body(str(uuid.uuid4()))).status_code == 200
    assert [json.loads(s[3]) for s in world.seen] == [body(one)] * 2


def test_a_mutation_without_the_directive_is_left_alone_and_held(at, world):
    stage = at("shopify")
    world.lose.add(SHOP)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, SHOP, {"query": "mutation { orderCreate { id } }"})
    assert "idempotent" not in str(world.seen[0])
    stage.restart()
    with pytest.raises(InDoubtError):
        send(world, SHOP, {"query": "mutation { orderCreate { id } }"})


@pytest.mark.parametrize(
    ("entry", "path"),
    [
        ("square", "/v2/payments"), ("braintree", "/merchants/1/transactions"),
        ("twilio-classic", "/2010-04-01/Accounts/1/Messages.json"),
        ("slack", "/api/chat.postMessage"), ("google-cloud", GOOGLE),
        ("openai", "/v1/chat/completions"),
    ],
)  # fmt: skip
def test_no_key_is_added_where_the_service_takes_none(at, world, entry, path):
    stage = at(entry)
    send(world, path, {"a": 1})
    (seen,) = world.seen
    assert (seen[1], seen[3]) == (path, b'{"a":1}')
    assert not [n for n in seen[2] if "idempot" in n.lower()]
    assert (stage.effects()[0].key, stage.effects()[0].protection) == ("", "none")


WINDOWS = {"stripe": ("/v1/charges", 24 * 3600), "brevo": ("/v3/smtp/email", 900)}


@pytest.mark.parametrize("entry", WINDOWS)
def test_after_the_window_a_key_counts_as_not_honoured(at, world, entry):
    path, window = WINDOWS[entry]
    stage = at(entry)
    world.lose.add(path)
    with pytest.raises(httpx.RemoteProtocolError):
        send(world, path)
    stage.now += window
    stage.restart()
    with pytest.raises(InDoubtError):
        send(world, path)
    assert len(world.seen) == 1
    stage.now = NOW + window * 0.85
    stage.restart()
    assert send(world, path).status_code == 200
