"""The doors of smtplib and aiosmtplib: a mail is asked about before it is handed over.

``sendmail`` is where every way to send a mail ends. A refusal by the server means that
nothing was sent; a connection that breaks after the message began leaves it open.
"""

from __future__ import annotations

import sys

from soulguard.guard.http import exchange
from soulguard.guard.http.exchange import dressed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_REFUSED = frozenset({
    "SMTPSenderRefused", "SMTPRecipientsRefused", "SMTPRecipientRefused",
    "SMTPDataError", "SMTPHeloError", "SMTPNotSupported", "SMTPNotSupportedError",
    "SMTPResponseException", "ValueError", "TypeError", "UnicodeEncodeError",
})  # fmt: skip
"""Exceptions that say: the server did not take the mail, or was never asked."""


def _sendmail(original: Any) -> Any:
    def sendmail(  # noqa: PLR0917 - the original's signature
        self: Any, from_addr: str, to_addrs: Any, msg: Any, mail_options: Any = (),
        rcpt_options: Any = (),
    ) -> Any:  # fmt: skip
        body = _bytes(msg)
        if body is None or not exchange.unsafe("MAIL"):
            return original(self, from_addr, to_addrs, msg, mail_options, rcpt_options)
        question = _question(from_addr, to_addrs, body, "smtplib")
        permit = exchange.permit(question)
        if permit.replay:
            return _recorded(permit)
        body = body if permit.body is None else permit.body
        stage = _Stage(self)
        try:
            refused = original(
                self, from_addr, to_addrs, body, mail_options, rcpt_options
            )
        except BaseException as error:
            _failed(permit, error, sent=stage.sent)
            raise
        finally:
            stage.leave()
        _sent(permit, "250", refused)
        return refused

    return dressed(sendmail, original)


def _async_sendmail(original: Any) -> Any:
    async def sendmail(
        self: Any, sender: str, recipients: Any, message: Any, /, **options: Any
    ) -> Any:
        body = _bytes(message)
        if body is None or not exchange.unsafe("MAIL"):
            return await original(self, sender, recipients, message, **options)
        question = _question(sender, recipients, body, "aiosmtplib")
        permit = await _permit(question)
        if permit.replay:
            return _recorded(permit), permit.data["reason"]
        body = body if permit.body is None else permit.body
        try:
            errors, response = await original(self, sender, recipients, body, **options)
        except BaseException as error:
            _failed(permit, error, sent=True)
            raise
        _sent(permit, response, errors)
        return errors, response

    return dressed(sendmail, original)


TABLE = (
    ("smtplib", "SMTP.sendmail", _sendmail),
    ("aiosmtplib.smtp", "SMTP.sendmail", _async_sendmail),
)


class _Stage:
    """Notices when the message itself begins to be sent."""

    def __init__(self, smtp: Any) -> None:
        self._smtp = smtp
        self.sent = False
        smtp.data = self._data

    def _data(self, msg: Any) -> Any:
        self.sent = True
        return type(self._smtp).data(self._smtp, msg)

    def leave(self) -> None:
        """Give the client its own method back."""
        self._smtp.__dict__.pop("data", None)


def _bytes(message: Any) -> bytes | None:
    """Give the mail as it goes over the wire; None where the client will refuse it."""
    if isinstance(message, bytes):
        return message
    if not isinstance(message, str) or not message.isascii():
        return None
    lines = message.replace("\r\n", "\n").replace("\r", "\n")
    return lines.replace("\n", "\r\n").encode("ascii")


def _question(sender: str, recipients: Any, body: bytes, name: str) -> Any:
    people = [recipients] if isinstance(recipients, str) else list(recipients)
    headers = [("Content-Type", "message/rfc822"), ("Envelope-From", str(sender))]
    url = "mailto:" + ",".join(sorted(_address(p) for p in people))
    return exchange.question("MAIL", url, headers, body, name)


def _address(text: str) -> str:
    return text.rpartition("<")[2].rstrip("> ").strip() if "<" in text else text.strip()


async def _permit(question: Any) -> exchange.Permit:
    while True:
        permit = exchange.begin(question)
        if isinstance(permit, exchange.Permit):
            return permit
        await sys.modules["asyncio"].sleep(permit)


def _failed(permit: exchange.Permit, error: BaseException, *, sent: bool) -> None:
    name = type(error).__name__
    permit.flight.failed(name, sent=sent and name not in _REFUSED)


def _sent(permit: exchange.Permit, response: str, refused: Any) -> None:
    """Tell that the server took the mail, and whom it refused."""
    pairs = [
        (f"Refused-{code}", f"{address} {_text(reply)}")
        for address, (code, reply) in dict(refused).items()
    ]
    permit.flight.answered(exchange.Reply(250, str(response), "SMTP", pairs))


def _recorded(permit: exchange.Permit) -> dict[str, tuple[int, Any]]:
    """Give the recorded answer as the client gives it: whom the server refused."""
    refused: dict[str, tuple[int, Any]] = {}
    for name, value in permit.data["headers"]:
        if name.startswith("Refused-"):
            address, _, reply = value.partition(" ")
            refused[address] = (int(name[8:]), reply.encode("latin-1", "replace"))
    return refused


def _text(reply: Any) -> str:
    return reply.decode("latin-1") if isinstance(reply, bytes) else str(reply)
