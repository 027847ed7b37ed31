from pathlib import Path

import pytest

from soulguard.effects import inference
from soulguard.effects.carriers import HONOURED, NONE, SENT, protection
from soulguard.effects.provider_file import load, read_file, seconds
from soulguard.effects.providers import GENERIC, window_open
from soulguard.errors import PolicySyntaxError
from soulguard.model.call import Call
from soulguard.model.provider import FOREVER

SHIPPED = Path(__file__).parents[2] / "policies" / "providers.yaml"
REGISTRY = load(SHIPPED)

# what must match: a request, the entry it belongs to, and what a key is worth there
CASES = [
    ("POST https://api.stripe.com/v1/charges", "stripe", HONOURED),
    ("DELETE https://api.stripe.com/v1/customers/1", "stripe", SENT),
    ("DELETE https://api.stripe.com/v2/core/x", "stripe-v2", HONOURED),
    ("POST https://api-m.paypal.com/v2/checkout/orders", "paypal", HONOURED),
    ("POST https://api-m.paypal.com/v1/oauth2/token", "paypal", SENT),
    ("POST https://checkout-test.adyen.com/v71/payments", "adyen", HONOURED),
    ("POST https://api.knock.app/v1/workflows/x/trigger", "knock", HONOURED),
    ("POST https://api.knock.app/v1/users/x", "knock", SENT),
    ("PATCH https://api.bridge.xyz/v0/x", "bridge", SENT),
    ("POST https://api.eu.svix.com/api/v1/app", "svix", HONOURED),
    ("POST https://conversations.twilio.com/v2/x", "twilio", HONOURED),
    (
        "POST https://x.communication.azure.com/emails:send",
        "azure-communication",
        HONOURED,
    ),
    ("POST https://discord.com/api/v10/channels/1/messages", "discord", HONOURED),
    ("POST https://api.resend.com/emails", "resend", HONOURED),
    ("POST https://api.resend.com/domains", "resend", SENT),
    ("POST https://sqs.eu-west-1.amazonaws.com/", "aws", HONOURED),
    ("POST https://api.example.com/v1/charges", "unknown", SENT),
    ("POST https://notstripe.com/v1/charges", "unknown", SENT),
    ("POST https://api.stripe.com.evil.example/v1/charges", "unknown", SENT),
]


@pytest.mark.parametrize(("request_line", "wanted", "worth"), CASES)
def test_a_call_finds_its_provider(request_line, wanted, worth):
    call = Call(*request_line.split(" "))
    entry = REGISTRY.of(call)
    assert entry.id == wanted
    assert protection(entry, call, "key") == worth
    assert protection(entry, call, "") == NONE


def test_every_shipped_entry_has_a_source_and_a_date():
    entries = read_file(SHIPPED)
    assert len(entries) >= 104
    assert [e.id for e in entries if not (e.source and e.date)] == []
    assert len({e.id for e in entries}) == len(entries)


def test_a_provider_is_recognised_by_its_sdk_on_another_host():
    headers = (("User-Agent", "Stripe/v1 PythonBindings/16.1.0"),)
    assert REGISTRY.of(Call("POST", "http://127.0.0.1:9/v1/x", headers)).id == "stripe"


def test_windows_open_and_close_with_a_margin():
    stripe = REGISTRY.named("stripe")
    assert window_open(stripe, 1000.0, 1000.0 + 21 * 3600)
    assert not window_open(stripe, 1000.0, 1000.0 + 23.5 * 3600)
    assert not window_open(stripe, 1000.0, 999.0)  # the clock went back
    assert window_open(REGISTRY.named("moov"), 0.0, 1e9)
    assert not window_open(REGISTRY.named("mollie"), 0.0, 900.0)  # none is stated
    assert window_open(GENERIC, 0.0, 500.0)


def test_times_are_read():
    assert [seconds(t) for t in ("30s", "10m", "24h", "31d")] == [
        30,
        600,
        86400,
        2678400,
    ]
    assert seconds("forever") == FOREVER


GOOD = """\
providers:
  - {id: a, name: A, hosts: [a.example], carrier: header K, source: s, date: d}
"""


def entry(text):
    return (
        GOOD
        + "  - {id: b, name: B, hosts: [b.example], source: s, date: d, "
        + text
        + "}\n"
    )


BROKEN = [
    ("carrier: header K, windw: 24h", 3, "no field named `windw`"),
    ("carrier: header K, window: soon", 3, "`window` is not a time: `soon`"),
    ("carrier: smoke", 3, "`carrier` is `none`, or one of"),
    ("carrier: none K", 3, "`carrier` is `none`, or one of"),
    ("carrier: header K, honours: [POST]", 3, "`POST` is not of the form"),
    ("carrier: header K, limit: long", 3, "`limit` is not of the form"),
    ("carrier: header K, errors: gone", 3, "`errors` is one of"),
    ("carrier: header K, hosts: [1]", 3, "holds something that is no text"),
    ("limit: 3", 3, "`carrier` is missing"),
]


@pytest.mark.parametrize(("text", "line", "message"), BROKEN)
def test_a_broken_entry_is_named_with_its_line(tmp_path, text, line, message):
    file = tmp_path / "providers.yaml"
    file.write_text(entry(text))
    with pytest.raises(PolicySyntaxError) as found:
        read_file(file)
    assert found.value.where == f"{file}:{line}"
    assert message in found.value.message


def test_an_unknown_field_brings_the_nearest_known_one(tmp_path):
    file = tmp_path / "providers.yaml"
    file.write_text(entry("carrier: header K, windw: 24h"))
    with pytest.raises(PolicySyntaxError) as found:
        read_file(file)
    assert found.value.hint == "did you mean `window`?"


@pytest.mark.parametrize(
    "text", ["", "providers: 3\n", "- a\n", "providers: [}\n", "\xff"]
)
def test_a_file_of_another_form_is_refused(tmp_path, text):
    file = tmp_path / "providers.yaml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(PolicySyntaxError):
        read_file(file)


def test_the_users_entries_go_first_and_override_by_id(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text(
        "providers:\n"
        "  - {id: stripe, name: Mine, hosts: [127.0.0.1], carrier: header My-Key,\n"
        "     honours: [POST /**], source: me, date: today}\n"
    )
    registry = load(SHIPPED, own)
    assert registry.of(Call("POST", "http://127.0.0.1:80/x")).name == "Mine"
    assert registry.of(Call("POST", "https://api.stripe.com/v1/x")) is GENERIC


THINKS = [
    ("https://api.openai.com/v1/chat/completions", True),
    ("https://api.openai.com/v1/files", False),
    ("https://x.openai.azure.com/openai/deployments/d/chat/completions", True),
    ("https://api.anthropic.com/v1/messages", True),
    ("https://api.anthropic.com/v1/messages/batches", False),
    ("https://generativelanguage.googleapis.com/v1beta/models/g:generateContent", True),
    ("https://bedrock-runtime.us-east-1.amazonaws.com/model/m/converse", True),
    ("http://127.0.0.1:8080/v1/chat/completions", True),
    ("http://localhost:11434/api/chat", True),
    ("http://127.0.0.1:8080/v1/charges", False),
    ("http://127.0.0.1.evil.example/v1/chat/completions", False),
    ("https://shop.example.com/v1/chat/completions", False),
]


@pytest.mark.parametrize(("url", "thinks"), THINKS)
def test_model_inference_is_known_by_host_and_path(url, thinks):
    known = inference.load(SHIPPED.with_name("inference.yaml"))
    assert known.owns(Call("POST", url)) is thinks


def test_a_broken_inference_list_is_refused(tmp_path):
    file = tmp_path / "inference.yaml"
    for text in ("inference: [{id: x}]\n", "[}\n"):
        file.write_text(text)
        with pytest.raises(PolicySyntaxError):
            inference.load(file)
