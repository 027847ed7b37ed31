"""Mail through a real SMTP server: at most once, whatever dies when."""

import asyncio
import smtplib
import socket
from email.message import EmailMessage
from email.utils import formatdate, make_msgid

import aiosmtplib
import pytest
from aiosmtpd.controller import Controller

from soulguard.errors import DuplicateCallError, InDoubtError
from soulguard.guard import mail
from soulguard.guard.naming import effect
from soulguard.guard.patches import Patches
from soulguard.guard.scope import scope
from soulguard.model import EffectKind, EffectState
from tests.compat.http.stage import Stage


class Mailbox:
    """What the server took, and how it behaves."""

    def __init__(self):
        self.mails = []
        self.mode = ""

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if self.mode == "refuse" or address.startswith("nobody"):
            return "550 no such user"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.mode == "busy":
            return "451 try later"
        self.mails.append(envelope)
        if self.mode == "lost":
            server.transport.abort()
        return "250 accepted"


@pytest.fixture
def server():
    box = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture
def stage(tmp_path):
    patches = Patches(mail.TABLE)
    patches.install()
    made = Stage(tmp_path)
    made.start()
    yield made
    scope.calls = False
    made.stop()
    patches.remove()


def message(to="b@example.com", text="hello", **headers):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "a@example.com", to, "Invoice"
    made["Date"] = formatdate()
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    made.add_attachment(
        b"%PDF", maintype="application", subtype="pdf", filename="i.pdf"
    )
    return made


def by_smtplib(port, made):
    with smtplib.SMTP("127.0.0.1", port, timeout=5) as smtp:
        return smtp.send_message(made)


def by_aiosmtplib(port, made):
    async def send():
        smtp = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, timeout=5)
        async with smtp:
            return (await smtp.send_message(made))[0]

    return asyncio.run(send())


each = pytest.mark.parametrize("send", [by_smtplib, by_aiosmtplib])


@each
def test_a_mail_is_sent_once_over_a_restart(stage, server, send):
    box, port = server
    assert send(port, message()) == {}
    stage.restart()
    assert send(port, message()) == {}
    assert len(box.mails) == 1
    (record,) = stage.effects()
    assert (record.kind, record.state) == (EffectKind.MAIL_SEND, EffectState.DONE)
    assert record.slot == "MAIL b@example.com"


@each
def test_the_message_id_is_made_of_the_key(stage, server, send):
    box, port = server
    send(port, message())
    (record,) = stage.effects()
    line = f"Message-ID: <{record.key}@example.com>".encode()
    assert line in box.mails[0].original_content


@each
def test_a_message_id_of_the_agent_is_kept_and_says_nothing(stage, server, send):
    box, port = server
    mine = make_msgid()
    send(port, message(Message_ID=mine))
    assert mine.encode() in box.mails[0].original_content
    stage.restart()
    send(port, message(Message_ID=make_msgid()))
    assert len(box.mails) == 1


@each
def test_an_equal_mail_is_a_duplicate_unless_it_is_named(stage, server, send):
    box, port = server
    send(port, message())
    with pytest.raises(DuplicateCallError, match=r"soulguard\.effect"):
        send(port, message())
    with effect("reminder"):
        send(port, message())
    send(port, message(text="something else"))
    assert len(box.mails) == 3


@each
def test_a_mail_that_may_have_been_taken_waits_for_a_person(stage, server, send):
    box, port = server
    box.mode = "lost"
    with pytest.raises((smtplib.SMTPServerDisconnected, aiosmtplib.SMTPException)):
        send(port, message())
    box.mode = ""
    for _ in range(2):
        with pytest.raises(InDoubtError, match=r"send a mail to b@example\.com"):
            send(port, message())
        stage.restart()
    assert len(box.mails) == 1


@each
@pytest.mark.parametrize("mode", ["refuse", "busy"])
def test_a_mail_that_the_server_refused_may_be_sent_again(stage, server, send, mode):
    box, port = server
    box.mode = mode
    with pytest.raises((smtplib.SMTPException, aiosmtplib.SMTPException)):
        send(port, message())
    box.mode = ""
    assert send(port, message()) == {}
    assert len(box.mails) == 1
    assert [e.state for e in stage.effects()] == [EffectState.DONE]


@each
def test_whom_the_server_refused_is_told_again(stage, server, send):
    box, port = server
    first = send(port, message(to="b@example.com, nobody@example.com"))
    stage.restart()
    again = send(port, message(to="b@example.com, nobody@example.com"))
    assert list(again) == list(first) == ["nobody@example.com"]
    assert again["nobody@example.com"][0] == 550
    assert len(box.mails) == 1
