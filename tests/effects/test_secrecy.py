import json

import pytest

from soulguard.effects import canonical, secrecy
from soulguard.effects.secrecy import HIDDEN, is_secret
from soulguard.model.call import Call

JSON = (("Content-Type", "application/json"),)


@pytest.mark.parametrize(
    "name",
    [
        "Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key",
        "api_key", "apikey", "client_secret", "password", "X-Auth-Token", "access_token",
        "X-Amz-Security-Token", "token", "sig", "Stripe-Signature", "private_key",
    ],
)  # fmt: skip
def test_names_of_credentials_are_known(name):
    assert is_secret(name)


@pytest.mark.parametrize(
    "name",
    ["Content-Type", "Idempotency-Key", "idempotency_key", "X-Request-Id", "tokens",
     "max_tokens", "ETag", "amount", "keyword"],
)  # fmt: skip
def test_names_of_other_things_are_not(name):
    assert not is_secret(name)


def test_headers_keep_their_names_and_order():
    pairs = [("A", "1"), ("Authorization", "Bearer x"), ("B", "2")]
    assert secrecy.headers(pairs) == [["A", "1"], ["Authorization", HIDDEN], ["B", "2"]]


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://u:p@a.example/x", "https://a.example/x"),
        ("https://a.example/x?page=2", "https://a.example/x?page=2"),
        (
            "https://a.example/x?key=AIza&q=a+b",
            f"https://a.example/x?key={HIDDEN}&q=a%20b",
        ),
        ("https://a.example/x#frag", "https://a.example/x"),
    ],
)
def test_a_url_is_shown_without_credentials(url, shown):
    assert secrecy.url(Call("POST", url)) == shown


def shown(call):
    return secrecy.body(call, canonical.parse(call))


def test_a_body_without_credentials_is_kept_as_it_is():
    assert shown(Call("POST", "https://a/x", JSON, b'{"a": 1}')) is None


def test_credentials_in_a_body_are_hidden_wherever_they_stand():
    body = json.dumps({"a": [{"password": "hunter22"}], "b": 1}).encode()
    kept = shown(Call("POST", "https://a/x", JSON, body))
    assert json.loads(kept) == {"a": [{"password": HIDDEN}], "b": 1}


def test_a_header_s_credential_is_hidden_in_the_body_too():
    headers = (*JSON, ("Authorization", "Bearer sk-0123456789"))
    kept = shown(Call("POST", "https://a/x", headers, b'{"note": "sk-0123456789"}'))
    assert b"sk-0123456789" not in kept


@pytest.mark.parametrize(
    ("url", "body", "exchange"),
    [
        ("https://a/oauth/token", b"grant_type=refresh_token&refresh_token=x", True),
        ("https://a/anything", b"grant_type=client_credentials", True),
        ("https://a/login", b"user=a&password=b", True),
        ("https://a/users", b"user=a&password=b", False),
        ("https://a/token", b"amount=3", False),
        ("https://sts.x.amazonaws.com/", b"Action=AssumeRole", True),
    ],
)
def test_an_exchange_of_credentials_is_recognised(url, body, exchange):
    form = (("Content-Type", "application/x-www-form-urlencoded"),)
    call = Call("POST", url, form, body)
    assert secrecy.is_exchange(call, canonical.parse(call)) is exchange
