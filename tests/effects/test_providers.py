from pathlib import Path

import pytest

from soulguard.effects.carriers import HONOURED, NONE, SENT, protection
from soulguard.effects.provider_file import load
from soulguard.effects.providers import GENERIC, window_open
from soulguard.model.call import Call

REGISTRY = load(Path(__file__).parents[2] / "policies" / "providers.yaml")

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


@pytest.mark.parametrize(
    ("agent", "wanted"),
    [("Stripe/v1 PythonBindings/16.1.0", "stripe"), ("resend-python:2.52.0", "resend")],
)
def test_a_provider_is_recognised_by_its_sdk_on_another_host(agent, wanted):
    call = Call("POST", "http://127.0.0.1:9/v1/x", (("User-Agent", agent),))
    assert REGISTRY.of(call).id == wanted


def test_windows_open_and_close_with_a_margin():
    stripe = REGISTRY.named("stripe")
    assert window_open(stripe, 1000.0, 1000.0 + 21 * 3600)
    assert not window_open(stripe, 1000.0, 1000.0 + 23.5 * 3600)
    assert not window_open(stripe, 1000.0, 999.0)  # the clock went back
    assert window_open(REGISTRY.named("moov"), 0.0, 1e9)
    assert not window_open(REGISTRY.named("mollie"), 0.0, 900.0)  # none is stated
    assert window_open(GENERIC, 0.0, 500.0)
