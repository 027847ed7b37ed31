"""Owns what a mail is: its identity, and the Message-ID that carries its key.

A mail travels as a call with the method ``MAIL`` and a ``mailto:`` URL of its
recipients. Identity is the envelope, the headers without Date and Message-ID, and the
bodies of the parts, whatever their boundary. Formats: RFC 5322, RFC 2045. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from soulguard.model.call import Call
from soulguard.model.provider import Carrier, Provider

METHOD = "MAIL"
TYPE = "message/rfc822"

SMTP = Provider("smtp", "a mail server", Carrier("mail", "Message-ID"))
"""What holds for every mail server: it drops no repeat, whatever the Message-ID."""

_VOLATILE = frozenset({"date", "message-id", "content-type", "mime-version"})
_ID = re.compile(
    rb"^message-id:[ \t]*([^\r\n]*(?:\r?\n[ \t][^\r\n]*)*)",
    re.IGNORECASE | re.MULTILINE,
)


def parse(body: bytes) -> Any:
    """Read a mail as JSON values: its headers and its parts."""
    mail = message_from_bytes(body)
    return {"headers": _headers(mail), "parts": _parts(mail)}


def contents(body: bytes) -> Iterator[bytes]:
    """Give what a reader sees of a mail: its headers and its parts, decoded."""
    mail = message_from_bytes(body)
    for name, value in mail.items():
        yield f"{name}: {_said(value)}".encode("utf-8", "replace")
    for part in mail.walk():
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield content


def fields(body: bytes, people: Iterable[str]) -> dict[str, list[Any]]:
    """Give the headers of a mail by their names in lower case, as a reader sees them.

    Beside them: `attachment`, the names of what is attached, and `bcc`, those of the
    recipients (`people`) whom no header names.
    """
    mail = message_from_bytes(body)
    found: dict[str, list[Any]] = {}
    for name, value in mail.items():
        found.setdefault(name.lower(), []).append(_said(value).strip())
    seen = " ".join(
        str(v) for name in ("to", "cc") for v in found.get(name, ())
    ).lower()
    hidden = [who for who in people if who.lower() not in seen]
    if hidden:
        found.setdefault("bcc", []).extend(hidden)
    if attached := list(_attached(mail)):
        found["attachment"] = attached
    return found


def _attached(mail: Message) -> Iterator[str]:
    for part in mail.walk():
        if part.get_content_disposition() == "attachment" or part.get_filename():
            yield part.get_filename() or part.get_content_type()


def message_id(body: bytes) -> str:
    """Give a mail's Message-ID, empty when it has none."""
    found = _ID.search(_split(body)[0])
    words = found.group(1).decode("latin-1").split() if found else []
    return words[0] if words else ""


def with_message_id(body: bytes, value: str) -> bytes:
    """Give the mail with another Message-ID; nothing else is touched."""
    head, rest = _split(body)
    line = b"Message-ID: " + value.encode("latin-1")
    found = _ID.search(head)
    if found:
        return head[: found.start()] + line + head[found.end() :] + rest
    end = b"\r\n" if b"\r\n" in body else b"\n"
    return line + end + body


def as_message_id(key: str, call: Call) -> str:
    """Give the Message-ID for a key, under the sender's domain."""
    domain = call.header("envelope-from").rpartition("@")[2].strip("<> ")
    return f"<{key}@{domain or 'localhost'}>"


def _said(value: Any) -> str:
    """Give a header's words decoded (RFC 2047), as they stand where they cannot be."""
    try:
        return str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        return str(value)


def _split(body: bytes) -> tuple[bytes, bytes]:
    found = re.search(rb"\r?\n\r?\n", body)
    return (body[: found.start()], body[found.start() :]) if found else (body, b"")


def _headers(mail: Message) -> list[str]:
    return sorted(
        f"{name.lower()}: {' '.join(str(value).split())}"
        for name, value in mail.items()
        if name.lower() not in _VOLATILE
    )


def _parts(mail: Message) -> list[dict[str, Any]]:
    found = []
    for part in mail.walk():
        if part.is_multipart():
            continue
        content = part.get_payload(decode=True)
        text = content.decode("latin-1") if isinstance(content, bytes) else ""
        found.append({
            "type": part.get_content_type(), "name": part.get_filename() or "",
            "content": text.replace("\r\n", "\n").rstrip("\n"),
        })  # fmt: skip
    return found
