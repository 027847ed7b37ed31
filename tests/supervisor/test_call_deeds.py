"""A question about a call shows all that would be sent, and no credential."""

from email.message import EmailMessage

import pytest

from soulguard.model import EffectState
from soulguard.supervisor.asked import Reader
from soulguard.supervisor.call_deeds import describe, place
from soulguard.supervisor.spools import Spools
from tests.ledger.samples import an_effect
from tests.supervisor.attempts import JSON, PLAIN, Attempts


@pytest.fixture
def ask(tmp_path):
    run = Attempts(tmp_path)
    reader = Reader(run.session, run.facts, Spools(run.session, tmp_path))

    def make(url=PLAIN, body=b'{"a": 1}', headers=JSON, **more):
        message = {"method": "POST", "url": url, "headers": [*headers], **more}
        return reader.read(run.peer, message, [body] if body else [])

    yield make
    run.close()


def test_all_that_would_be_sent_is_shown(ask):
    headers = (*JSON, ("Authorization", "Bearer abcdefgh"))
    text = describe(ask(f"{PLAIN}?api_key=hidden1", headers=headers)).shown()
    assert text.splitlines() == [
        f"POST {PLAIN}?api_key=[hidden]", "Content-Type: application/json",
        "Authorization: [hidden]", "", '{"a": 1}',
    ]  # fmt: skip


def test_bytes_and_bodies_that_did_not_travel_are_named(ask):
    assert describe(ask(body=b"\0\1")).shown().endswith("\n2 bytes that are no text")
    large = describe(ask(body=b"", digest="ab" * 32, size=10**9))
    assert large.shown().endswith("ab" * 32)
    assert large.content is None, "nobody can search it"


@pytest.mark.parametrize(("size", "searched"), [(6, True), (10**9, False)])
def test_a_spooled_body_is_searched_up_to_a_size(ask, tmp_path, size, searched):
    name = "body-" + "0a" * 16
    (tmp_path / name).write_bytes(b"secret")
    deed = describe(ask(
        body=b"", digest="ab" * 32, spool=name, sha256="ab" * 32, size=size
    ))  # fmt: skip
    assert deed.content is None or list(deed.content()) == [b"secret"]
    assert (deed.content is not None) is searched


def test_what_trades_credentials_for_a_token_is_not_searched_for_them(ask):
    asked = ask(
        "https://login.example/oauth2/token", b"grant_type=x&client_secret=s",
        (("Content-Type", "application/x-www-form-urlencoded"),),
    )  # fmt: skip
    assert list(describe(asked).content()) == []
    assert list(describe(ask()).content()) == [b'{"a": 1}']


@pytest.mark.parametrize(("path", "kept"), [
    ("/v1/charges/ch_1A2b/refund", "/v1/charges/*/refund"),
    ("/2/tweets", "/*/tweets"),
    ("/v1/notes", "/v1/notes"),
    ("/orders/550e8400-e29b-41d4-a716-446655440000", "/orders/*"),
    ("/plain/path-of-words", "/plain/path-of-words"),
])  # fmt: skip
def test_an_approval_holds_for_the_like_with_another_number(ask, path, kept):
    slot = ask(f"https://api.example.com{path}").slot
    assert place(slot) == f"POST api.example.com{kept}"


def test_only_another_try_has_the_fingerprint_of_the_first(ask):
    asked = ask()
    assert describe(asked).again == ""
    asked.record = an_effect(state=EffectState.FAILED)
    assert describe(asked, attempt=2).again == asked.prints.exact


def test_what_is_said_beside_the_body_leaves_out_credentials_and_the_path(ask):
    headers = (("Authorization", "one"), ("X-Api-Key", "two"), ("X-Note", "three"),
               ("Ocp-Apim-Subscription-Key", "four"), ("Cookie", "five"))  # fmt: skip
    url = "https://h.example/bot123/x?q=six%20words&appid=7&access_token=8&sig=9"
    assert describe(ask(url, headers=headers)).beside() == "six words\nthree"


def test_what_trades_credentials_says_nothing_beside(ask):
    asked = ask(f"{PLAIN}?q=abc", body=b'{"grant_type": "refresh_token"}')
    assert describe(asked).beside() == ""


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_mail_is_searched_as_its_reader_sees_it(ask, encoding):
    letter = EmailMessage()
    letter["Subject"] = "a key: \u00e9 0123456789abcdef"
    letter.set_content("\u00e9" * 70 + "fedcba9876543210", cte=encoding)
    body = letter.as_bytes()
    found = b"\n".join(describe(ask("mailto:a@x.example", body)).content())
    headers = (("Content-Type", "message/rfc822"),)
    asked = ask("mailto:a@x.example", body, headers, method="MAIL")
    said = b"\n".join(describe(asked).content())
    assert b"fedcba9876543210" in said
    assert b"\xc3\xa9 0123456789abcdef" in said
    assert found == body, "what is no mail is not read as one"
