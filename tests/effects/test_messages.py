"""The text of a message is found however a client packs it."""

import json
from email.message import EmailMessage

import pytest

from soulguard.effects import canonical, messages
from soulguard.model.call import Call

FORM = "application/x-www-form-urlencoded"
PART = (
    b'--x\r\nContent-Disposition: form-data; name="Text"\r\n\r\n'
    b"gr\xc3\xbcn\r\n--x--\r\n"
)


def text(body, kind="application/json", **more):
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = (("Content-Type", kind), *more.pop("headers", ()))
    call = Call("POST", "https://x.example/", headers, data)
    return messages.text(call, canonical.parse(call), **more)


@pytest.mark.parametrize(
    ("body", "kind", "found"),
    [
        ({"text": "hi", "id": "a" * 99}, "application/json", "hi"),
        ({"post": {"title": "long title", "body": "short"}}, "application/json; charset=utf-8", "short"),
        ([{"content": "one"}, {"content": "three"}], "application/json", "three"),
        ({"content": [{"type": "text/plain", "value": "letter"}]}, "application/json", "letter"),
        ({"value": "not said to be a text"}, "application/json", ""),
        ({"message": {"message": 7}}, "application/json", ""),
        (b"Body=hello+you&To=%2B49", FORM, "hello you"),
        (PART, "multipart/form-data; boundary=x", "gr\u00fcn"),
        (b" said as it is\n", "text/plain; charset=utf-8", "said as it is"),
        ({"html": "<p>a &amp; b</p><style>p {}</style>"}, "application/json", "a & b"),
        ({"text": "1 < 2"}, "application/json", "1 < 2"),
        (b"\x00\x01", "application/octet-stream", ""),
    ],
)  # fmt: skip
def test_the_longest_text_of_a_body_is_its_message(body, kind, found):
    assert text(body, kind) == found


def test_of_a_mail_the_parts_count_and_what_it_answers_does_not():
    letter = EmailMessage()
    letter["Subject"] = "a subject that is longer than the letter itself"
    letter.set_content("I agree, \u00fcbrigens.\n\n> what you wrote\n> before\n")
    letter.add_attachment(b"x" * 999, maintype="image", subtype="png")
    assert text(bytes(letter), "message/rfc822") == "I agree, \u00fcbrigens."


@pytest.mark.parametrize("kind", ["application/json", "text/plain", FORM])
def test_nobody_can_look_into_what_is_packed_or_did_not_travel(kind):
    assert text(b"\x1f\x8b", kind, headers=[("Content-Encoding", "gzip")]) is None
    assert text(b"digest", kind, large=True) is None
    assert text(b"x" * (canonical.TOO_LARGE + 1), kind) is None


def test_a_large_body_that_is_no_text_has_no_message():
    assert text(b"digest", "video/mp4", large=True) == ""


def test_every_field_is_named_wherever_it_stands():
    body = json.dumps({"post": {"When": "now", "tags": [{"Id": 1}]}}).encode()
    headers = (("Content-Type", "application/json"), ("X-Run", "r"))
    call = Call("POST", "https://x.example/?limit=&page=2", headers, body)
    found = messages.named(call, canonical.parse(call))
    assert (found["when"], found["id"], found["x-run"]) == (["now"], [1], ["r"])
    assert (found["limit"], found["page"]) == ([""], ["2"])
    assert found["post"], "a field that holds fields is one"
    assert messages.named(call, None, large=True) is None


@pytest.mark.parametrize(
    ("path", "body", "name"),
    [
        ("/posts", {"text": "new"}, ""),
        ("/v1/2010-04-01/Accounts/AC12/Messages.json", {"Body": "x"}, ""),
        ("/api/posts/77/comments", {"text": "x"}, "x.example /api/posts/77"),
        ("/api/posts/77/like", {}, "x.example /api/posts/77"),
        ("/repos/a/b/issues/5/comments", {"body": "x"}, "x.example /repos/a/b/issues/5"),
        ("/conversations/abc/messages", {}, "x.example /conversations/abc"),
        ("/posts/search", {"text": "x"}, ""),
        ("/comments", {"post_id": 9, "parent_id": None}, "x.example  post_id=9"),
        ("/chat.postMessage", {"channel": "C1", "thread_ts": "1.2"},
         "x.example  thread_ts=1.2"),
        ("/tweets", {"reply": {"in_reply_to_tweet_id": "5"}},
         "x.example  in_reply_to_tweet_id=5"),
    ],
)  # fmt: skip
def test_a_thread_is_known_by_what_a_message_answers(path, body, name):
    headers = (("Content-Type", "application/json"),)
    url = f"https://x.example{path}"
    call = Call("POST", url, headers, json.dumps(body).encode())
    assert messages.thread(call, canonical.parse(call)) == name


def test_a_mail_belongs_to_the_first_it_refers_to():
    letter = EmailMessage()
    letter["In-Reply-To"], letter["References"] = "<b@x>", "<a@x> <b@x>"
    letter.set_content("hello")
    headers = (("Content-Type", "message/rfc822"),)
    call = Call("MAIL", "mailto:bob@x.example", headers, bytes(letter))
    assert messages.thread(call, canonical.parse(call)) == "<a@x>"
    del letter["References"]
    call = Call("MAIL", "mailto:bob@x.example", headers, bytes(letter))
    assert messages.thread(call, canonical.parse(call)) == "<b@x>"
    new = Call("MAIL", "mailto:bob@x.example", headers, b"Subject: a\r\n\r\nb")
    assert messages.thread(new, canonical.parse(new)) == ""
