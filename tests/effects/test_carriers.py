import json
from pathlib import Path

import pytest

from soulguard.effects import canonical
from soulguard.effects.carriers import can_place, existing, place, signed
from soulguard.effects.mail import SMTP
from soulguard.effects.provider_file import load
from soulguard.model.call import Call

REGISTRY = load(Path(__file__).parents[2] / "policies" / "providers.yaml")
JSON = (("Content-Type", "application/json"),)


def call(url, body=b"", headers=JSON, method="POST"):
    made = Call(method, url, headers, body)
    return REGISTRY.of(made), made, canonical.parse(made)


def test_a_key_goes_into_the_providers_header():
    provider, made, value = call("https://api-m.paypal.com/v2/payments/x")
    assert can_place(provider, made, value)
    assert place(provider, made, "k", 0.0).headers == (("PayPal-Request-Id", "k"),)


def test_what_belongs_to_a_key_goes_with_it():
    provider, made, _ = call("https://x.communication.azure.com/emails:send")
    assert place(provider, made, "k", 1_700_000_000.0).headers == (
        ("Repeatability-Request-Id", "k"),
        ("Repeatability-First-Sent", "Tue, 14 Nov 2023 22:13:20 GMT"),
    )


def test_a_key_goes_into_a_body_only_where_the_service_takes_it():
    body = b'{"subject":"Hi","headers":{"a":"b"}}'
    provider, made, value = call("https://api.brevo.com/v3/smtp/email", body)
    assert can_place(provider, made, value)
    placed = json.loads(place(provider, made, "k", 0.0).body)
    assert placed == {"subject": "Hi", "headers": {"a": "b", "idempotencyKey": "k"}}
    provider, made, value = call("https://connect.squareup.com/v2/payments", b"{}")
    assert not can_place(provider, made, value)


def test_discord_is_told_to_enforce_its_nonce():
    provider, made, _ = call("https://discord.com/api/v10/channels/1/messages", b"{}")
    assert json.loads(place(provider, made, "k", 0.0).body) == {
        "nonce": "k", "enforce_nonce": True
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "body", "headers", "found"),
    [
        ("https://api.stripe.com/v1/x", b"", (("idempotency-key", "a"),), "a"),
        ("https://api.example.com/x", b"", (("X-Idempotency-Key", "b"),), "b"),
        ("https://connect.squareup.com/v2/x", b'{"idempotency_key": "c"}', JSON, "c"),
        ("https://sqs.x.amazonaws.com/", b'{"ClientToken": "d"}', JSON, "d"),
        ("https://compute.googleapis.com/v1/x?requestId=e", b"", (), "e"),
        ("https://api.stripe.com/v1/x", b"", (), ""),
        ("https://api.openai.com/v1/x", b"", (("Idempotency-Key", "f"),), ""),
    ],
)
def test_a_key_of_the_caller_is_found(url, body, headers, found):
    assert existing(*call(url, body, headers)) == found


def test_a_query_form_of_the_aws_protocol_holds_its_token():
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    body = b"Action=RunInstances&ClientToken=t-1"
    assert existing(*call("https://ec2.x.amazonaws.com/", body, form)) == "t-1"


@pytest.mark.parametrize(
    "headers",
    [
        (("Authorization", "AWS4-HMAC-SHA256 Credential=x"),),
        (("Tl-Signature", "x"),),
        (("Signature-Input", "sig=()"),),
        (("authorization", "OAuth oauth_signature=x"),),
    ],
)
def test_a_signed_request_is_left_alone(headers):
    provider, made, value = call("https://api.example.com/x", b"{}", headers)
    assert signed(made)
    assert not can_place(provider, made, value)


def test_a_presigned_url_is_a_signature():
    assert signed(Call("PUT", "https://b.example/k?X-Amz-Signature=abc"))
    assert not signed(Call("PUT", "https://b.example/k?page=2"))


def test_an_unknown_service_gets_a_key_with_post_and_patch_alone():
    for method, wanted in (("POST", True), ("PATCH", True), ("PUT", False)):
        assert can_place(*call("https://api.example.com/x", method=method)) is wanted


def test_a_caller_s_own_header_is_the_one_that_is_replaced():
    headers = (("X-Idempotency-Key", "old"),)
    provider, made, _ = call("https://api.example.com/x", b"", headers)
    assert place(provider, made, "new", 0.0).headers == (("X-Idempotency-Key", "new"),)


def test_a_mail_carries_its_key_as_message_id():
    headers = (("Content-Type", "message/rfc822"), ("Envelope-From", "a@b.example"))
    made = Call("MAIL", "mailto:c@d.example", headers, b"Subject: x\r\n\r\nhi")
    placed = place(SMTP, made, "k", 0.0).body
    assert placed == b"Message-ID: <k@b.example>\r\nSubject: x\r\n\r\nhi"
    assert (
        existing(SMTP, Call("MAIL", "mailto:c", headers, placed), None)
        == "<k@b.example>"
    )


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({"query": 'mutation { x @idempotent(key: "k1") { id } }'}, "k1"),
        ({"query": "mutation { x @idempotent( key : $k ) { id } }",
          "variables": {"k": "k2"}}, "k2"),
        ({"query": "mutation { x @idempotent(key: $k) { id } }"}, ""),
        ({"query": "mutation { x @idempotent { id } }"}, ""),
        ({"query": "mutation { x { id } }"}, ""),
        ({"query": 1}, ""),
    ],
)  # fmt: skip
def test_a_directive_s_key_is_found_in_the_text_or_the_variables(body, found):
    shop = "https://a.myshopify.com/admin/api/2026-04/graphql.json"
    assert existing(*call(shop, json.dumps(body).encode())) == found
