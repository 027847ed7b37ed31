import smtplib

import pytest

from examples.service import Service
from tests.e2e.mail_server import MailServer


@pytest.fixture
def post():
    with Service() as service, MailServer(service) as mail:
        yield service, mail


def send(mail, *people, body="one\n.two\n"):
    with smtplib.SMTP("127.0.0.1", mail.port) as client:
        for person in people:
            client.sendmail("me@here", person, f"Subject: Hello\n\n{body}")


def test_every_mail_is_kept_with_its_own_recipients(post):
    _, mail = post
    send(mail, "ada@x", "bram@x", ["chiara@x", "dov@x"])
    assert [m["to"] for m in mail.mails] == ["ada@x", "bram@x", "chiara@x,dov@x"]
    assert mail.mails[0]["subject"] == "Hello"


@pytest.mark.parametrize(
    ("do", "kept"), [("drop-before", 0), ("drop-after-processing", 1)]
)
def test_a_dropped_mail_has_or_has_not_arrived(post, do, kept):
    service, mail = post
    service.arm(path="smtp", contains="ada@x", do=do)
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send(mail, "ada@x")
    assert len(mail.mails) == kept


def test_a_word_it_does_not_know_is_refused_and_the_conversation_goes_on(post):
    _, mail = post
    with smtplib.SMTP("127.0.0.1", mail.port) as client:
        assert client.docmd("VRFY ada")[0] == 502
        assert client.docmd("NOOP")[0] == 250


def test_a_mail_that_is_cut_off_is_none(post):
    _, mail = post
    client = smtplib.SMTP("127.0.0.1", mail.port)
    client.helo()
    client.mail("me@here")
    client.rcpt("ada@x")
    assert client.docmd("DATA")[0] == 354
    client.send(b"Subject: half")
    client.close()
    with smtplib.SMTP("127.0.0.1", mail.port) as other:
        other.noop()
    assert mail.mails == []
