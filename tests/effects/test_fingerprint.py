import pytest

from soulguard.effects.fingerprint import fingerprint
from soulguard.model.call import Call

JSON = (("Content-Type", "application/json"),)
CALL = Call("POST", "https://a.example/x?y=1", JSON, b'{"a": 1, "b": [2]}', at=1.7e9)


def exact(call, secret=b"s"):
    return fingerprint(call, secret).exact


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"url": "https://a.example/z?y=1"},
        {"url": "https://a.example/x?y=2"},
        {"url": "https://b.example/x?y=1"},
        {"url": "https://a.example:8443/x?y=1"},
        {"body": b'{"a": 1, "b": [3]}'},
        {"name": "second"},
        {"headers": (*JSON, ("X-Amz-Target", "Sqs.Send"))},
    ],
)
def test_whatever_changes_the_meaning_changes_the_digest(change):
    assert exact(replace_call(change)) != exact(CALL)


@pytest.mark.parametrize(
    "change",
    [
        {"body": b'{"b":[2],"a":1}'},
        {"body": b'{"a": 1.0, "b": [2]}'},
        {"headers": (*JSON, ("Authorization", "Bearer x"))},
        {"headers": (*JSON, ("User-Agent", "x"), ("X-Stainless-Retry-Count", "2"))},
        {"client": "httpx"},
        {"at": 1.8e9},
    ],
)
def test_what_says_nothing_about_the_meaning_does_not(change):
    assert exact(replace_call(change)) == exact(CALL)


def test_the_digest_is_keyed():
    assert exact(CALL, b"t") != exact(CALL)


def test_where_nothing_is_volatile_both_digests_are_equal():
    prints = fingerprint(CALL, b"s")
    assert prints.exact == prints.normalised


def test_credentials_and_times_of_a_query_are_not_part_of_the_normalised_form():
    one = Call("PUT", "https://b.example/k?X-Amz-Date=1&X-Amz-Signature=a&v=1")
    two = Call("PUT", "https://b.example/k?X-Amz-Date=2&X-Amz-Signature=b&v=1")
    other = Call("PUT", "https://b.example/k?X-Amz-Date=2&X-Amz-Signature=b&v=2")
    prints = [fingerprint(c, b"s") for c in (one, two, other)]
    assert len({p.exact for p in prints}) == 3
    assert prints[0].normalised == prints[1].normalised != prints[2].normalised


def test_a_text_is_masked_and_bytes_are_not():
    text = Call("POST", "https://a.example/x", (), b"at 2023-11-14T22:13:20Z", at=1.7e9)
    prints = fingerprint(text, b"s")
    assert prints.exact != prints.normalised
    raw = Call(
        "POST", "https://a.example/x", (), b"\xff 2023-11-14T22:13:20Z", at=1.7e9
    )
    prints = fingerprint(raw, b"s")
    assert prints.exact == prints.normalised


def replace_call(change):
    fields = ("method", "url", "headers", "body", "client", "name", "drawn", "at")
    return Call(**{**{f: getattr(CALL, f) for f in fields}, **change})
