"""A mail server that takes every mail and sends none (RFC 5321, as much as clients use).

TLS and logins are granted to anybody: nothing is checked and nothing leaves.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import BinaryIO

from soulguard.effects import mail
from soulguard.model.call import Call

_HELLO = (
    b"250-drill\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-SIZE 52428800\r\n"
    b"250-STARTTLS\r\n250 AUTH PLAIN LOGIN\r\n"
)
_OK = b"250 OK\r\n"


def serve(connection: socket.socket, deliver: Callable[[Call], None]) -> None:
    """Talk to one client; `deliver` is told each mail before it is confirmed."""
    connection.sendall(b"220 drill\r\n")
    sender, people = "", list[str]()
    with connection.makefile("rb") as file:
        while text := file.readline(1 << 16):
            verb = text[:4].upper().decode("latin-1")
            if verb == "MAIL":
                sender, people = _address(text), []
            elif verb == "RCPT":
                people.append(_address(text))
            elif verb == "DATA":
                connection.sendall(b"354 go on\r\n")
                deliver(_call(sender, people, _data(file)))
            reply = _reply(verb, text, file, connection)
            if reply:
                connection.sendall(reply)
            if verb == "QUIT":
                return


def _reply(
    verb: str, text: bytes, file: BinaryIO, connection: socket.socket
) -> bytes:  # fmt: skip
    if text.startswith(b"\0TLS"):
        return b""
    if verb == "EHLO":
        return _HELLO
    if verb == "STAR":
        return b"220 go on\r\n"
    if verb == "QUIT":
        return b"221 bye\r\n"
    if verb == "AUTH":
        words = text.split()
        asks = 2 if words[1].upper() == b"LOGIN" else 1
        for _ in range(asks - max(len(words) - 2, 0)):
            connection.sendall(b"334 \r\n")
            file.readline()
        return b"235 welcome\r\n"
    return _OK


def _data(file: BinaryIO) -> bytes:
    lines = []
    while (line := file.readline()) not in (b".\r\n", b""):
        lines.append(line[1:] if line.startswith(b"..") else line)
    return b"".join(lines)


def _address(text: bytes) -> str:
    return text.decode("utf-8", "replace").partition("<")[2].partition(">")[0]


def _call(sender: str, people: list[str], body: bytes) -> Call:
    headers = (("Content-Type", mail.TYPE), ("Envelope-From", sender))
    url = "mailto:" + ",".join(sorted(people))
    return Call(mail.METHOD, url, headers, body)
