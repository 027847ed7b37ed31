import pytest

from soulguard.model import Action, EffectKind, Where
from soulguard.supervisor.asked import Reader
from soulguard.supervisor.broker import Peer
from soulguard.supervisor.spools import Spools
from tests.supervisor.attempts import FACTS, PLAIN, error, rule, verdict


@pytest.fixture
def read(run_with):
    """Give a reader of messages under one rule about mail and one about a host."""
    mail = rule(Action.ONCE, name="mail", where=Where(hosts=("x.example",)))
    session = run_with(mail).session
    reader = Reader(session, FACTS, Spools(session, None))

    def reading(body=b"", **message):
        message = {"method": "POST", "url": PLAIN, "headers": [], **message}
        return reader.read(Peer(), message, [body] if body else [])

    return reading


def test_a_question_becomes_a_call(read):
    asked = read(b"{}", method="post", client="httpx", name="second")
    assert (asked.call.method, asked.call.client, asked.call.name) == (
        "POST", "httpx", "second"
    )  # fmt: skip
    assert asked.kind is EffectKind.HTTP_CALL
    assert asked.words == f"send POST {PLAIN}"
    assert asked.judgement.reason


def test_a_body_too_large_to_travel_is_known_by_its_digest(read):
    one, two = (read(digest=d * 64, size=10**9) for d in "ab")
    assert (one.large, one.size, one.effect.size) == (True, 10**9, 10**9)
    assert one.prints.exact != two.prints.exact


def test_words_show_no_credentials(read):
    asked = read(url=f"{PLAIN}?api_key=hush&page=1")
    assert "hush" not in asked.words + asked.target
    assert "page=1" in asked.target


def test_values_drawn_are_remembered_for_later_calls(read):
    value = "7b1c1b1e-8a1f-4c57-9f3e-0d6a3f1c2b3d"
    read(drawn=[value])
    asked = read(b'{"id": "%s"}' % value.encode())
    assert asked.call.drawn == (value,)


@pytest.mark.parametrize(
    ("method", "safe"), [("get", True), ("HEAD", True), ("PUT", False)]
)
def test_a_call_that_changes_nothing_is_told_from_others(read, method, safe):
    assert read(method=method).safe is safe


def test_a_call_that_changes_nothing_obeys_the_rules_and_is_no_effect(run_with):
    rules = (
        rule(Action.DENY, name="never", where=Where(hosts=("no.example",))),
        rule(
            Action.LIMIT, name="rate", params={"max": 2.0, "unit": "calls", "per": 60.0}
        ),
        rule(Action.LIMIT, name="cost", params={"max": 0.0, "unit": "usd"}),
        rule(Action.RECORD, name="log"),
    )
    run = run_with(*rules)
    assert error(run.begin("https://no.example/a", b"", method="GET")) == "denied-call"
    for _ in range(2):
        answer = run.begin(body=b"", method="GET")
        assert (verdict(answer), answer.decision.effect_id) == ("allow", 0)
    assert error(run.begin(body=b"", method="HEAD")) == "denied-call"
    assert run.effects() == []
    assert run.events().count("effect.passed") == 2


def test_the_method_that_a_header_puts_in_place_is_judged_too(run_with):
    never = rule(Action.DENY, name="never", where=Where(methods=("DELETE",)))
    session = run_with(never).session
    reader = Reader(session, FACTS, Spools(session, None))
    message = {"method": "POST", "url": PLAIN, "headers": []}
    assert reader.read(Peer(), message, []).judgement.rule is None
    message["headers"] = [("X-HTTP-Method-Override", "delete")]
    assert reader.read(Peer(), message, []).judgement.rule == never
